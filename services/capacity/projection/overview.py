"""A province's capacity of a year for its managers: who uses too much, and how many members use which share, by field."""

import json
from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from services.capacity.ledger import domain
from services.capacity.policies import registry
from services.capacity.tables import rows
from services.capacity.tables.projections import SUMMARIES
from shared.contract.capacity import answers, queries
from shared.contract.values import LicenceField

SHARES = (0, 25, 50, 75, 100)
"""Percent of the ceiling, up to which members are counted together; beyond the last they use too much."""
OVER = "over_"
"""How the warnings of too much use begin."""

Uses = list[tuple[int, int]]
"""Ceilings, each with what is used of it."""


def over_use(connection: Connection, query: queries.ListOverUse, at: datetime) -> answers.OverUse:
    """The members who use more than they may, the largest excess first."""
    registry.first(connection, query.year)
    too_much = or_(SUMMARIES.c.used_units > SUMMARIES.c.ceiling_units, SUMMARIES.c.warnings.contains(OVER))
    excess = SUMMARIES.c.used_units - SUMMARIES.c.ceiling_units
    members = select(SUMMARIES).where(is_in(query.province, query.year), too_much)
    ordered = connection.execute(members.order_by(excess.desc(), SUMMARIES.c.member))
    found = [row for row in ordered if query.field is None or is_over(row.fields, query.field)]
    page = found[query.offset : query.offset + query.limit]
    return answers.OverUse(
        capacities=tuple(domain.capacity(row.member, row.year, row.province, rows.summary_of(row), at) for row in page),
        total=len(found),
    )


def is_over(fields: str, wanted: LicenceField) -> bool:
    """Whether more is used of a field than its ceiling, by a summary's JSON."""
    return any(field == wanted and used > ceiling for field, ceiling, used in json.loads(fields))


def overview(connection: Connection, query: queries.GetCapacityOverview) -> answers.CapacityOverview:
    """How many use which share, all together and field by field."""
    registry.first(connection, query.year)
    columns = (SUMMARIES.c.ceiling_units, SUMMARIES.c.used_units, SUMMARIES.c.fields)
    found = connection.execute(select(*columns).where(is_in(query.province, query.year))).all()
    by_field: dict[LicenceField, Uses] = {field: [] for field in LicenceField}
    for row in found:
        for field, ceiling, used in json.loads(row.fields):
            by_field[LicenceField(field)].append((ceiling, used))
    whole = use_overview(None, [(row.ceiling_units, row.used_units) for row in found])
    fields = tuple(use_overview(field, uses) for field, uses in by_field.items())
    return answers.CapacityOverview(province=query.province, year=query.year, overviews=(whole, *fields))


def use_overview(field: LicenceField | None, uses: Uses) -> answers.UseOverview:
    """The sums, and how many use up to each share; nothing is used of nothing."""
    shares = Counter(share_of(*use) for use in uses)
    return answers.UseOverview(
        field=field,
        members=len(uses),
        ceiling_units=sum(ceiling for ceiling, _ in uses),
        used_units=sum(used for _, used in uses),
        shares=tuple(answers.ShareCount(up_to_percent=share, members=shares[share]) for share in (*SHARES, None)),
    )


def share_of(ceiling: int, used: int) -> int | None:
    return next((share for share in SHARES if used * 100 <= share * ceiling), None)


def is_in(province: str, year: int) -> ColumnElement[bool]:
    """The summaries of a province and year."""
    return and_(SUMMARIES.c.province == province, SUMMARIES.c.year == year)
