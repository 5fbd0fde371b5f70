"""What a province's members use of a year: who uses too much, and how many use which share, by field."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from services.capacity.ledger import domain
from services.capacity.policies import registry
from services.capacity.tables import rows
from services.capacity.tables.rows import SUMMARIES
from shared.contract.capacity import answers, queries
from shared.contract.values import LicenceField

SHARES = (0, 25, 50, 75, 100)
"""Percent of the ceiling, up to which members are counted together; beyond the last they use too much."""
OVER = "over_"
"""How the warnings of too much use begin."""


class Use(NamedTuple):
    """A ceiling, and what is used of it."""

    ceiling_units: int
    used_units: int


def over_use(connection: Connection, question: queries.ListOverUse, at: datetime) -> answers.OverUse:
    """The members who use more than they may, the largest excess first."""
    registry.of(question.year, connection)
    too_much = or_(SUMMARIES.c.used_units > SUMMARIES.c.ceiling_units, SUMMARIES.c.warnings.contains(OVER))
    wanted = and_(of(question.province, question.year), too_much)
    excess = SUMMARIES.c.used_units - SUMMARIES.c.ceiling_units
    query = select(SUMMARIES).where(wanted).order_by(excess.desc(), SUMMARIES.c.member)
    found = [row for row in connection.execute(query) if question.field is None or is_over(row.fields, question.field)]
    page = found[question.offset : question.offset + question.limit]
    return answers.OverUse(
        capacities=tuple(domain.capacity(row.member, row.year, row.province, rows.summary_of(row), at) for row in page),
        total=len(found),
    )


def is_over(fields: str, wanted: LicenceField) -> bool:
    """Whether more is used of a field than its ceiling, by a summary's JSON."""
    return any(field == wanted and used > ceiling for field, ceiling, used in json.loads(fields))


def overview(connection: Connection, question: queries.GetCapacityOverview) -> answers.CapacityOverview:
    """How many use which share, all together and field by field."""
    registry.of(question.year, connection)
    columns = (SUMMARIES.c.ceiling_units, SUMMARIES.c.used_units, SUMMARIES.c.fields)
    found = connection.execute(select(*columns).where(of(question.province, question.year))).all()
    by_field: dict[LicenceField, list[Use]] = {field: [] for field in LicenceField}
    for row in found:
        for field, ceiling, used in json.loads(row.fields):
            by_field[LicenceField(field)].append(Use(ceiling, used))
    whole = counted(None, [Use(row.ceiling_units, row.used_units) for row in found])
    fields = tuple(counted(field, uses) for field, uses in by_field.items())
    return answers.CapacityOverview(province=question.province, year=question.year, overviews=(whole, *fields))


def counted(field: LicenceField | None, uses: Sequence[Use]) -> answers.UseOverview:
    return answers.UseOverview(
        field=field,
        members=len(uses),
        ceiling_units=sum(use.ceiling_units for use in uses),
        used_units=sum(use.used_units for use in uses),
        shares=tuple(shares(uses)),
    )


def shares(uses: Iterable[Use]) -> list[answers.ShareCount]:
    """How many use up to each share; nothing is used of nothing."""
    found = Counter(share_of(use) for use in uses)
    return [answers.ShareCount(up_to_percent=share, members=found[share]) for share in (*SHARES, None)]


def share_of(use: Use) -> int | None:
    return next((share for share in SHARES if use.used_units * 100 <= share * use.ceiling_units), None)


def of(province: str, year: int) -> ColumnElement[bool]:
    """The summaries of a province and year."""
    return and_(SUMMARIES.c.province == province, SUMMARIES.c.year == year)
