"""Queries of a member's capacity: answered from the projection's rows, or as of an instant from the facts up to it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from services.capacity.ledger import domain
from services.capacity.ledger import what_if as rules_of_what_if
from services.capacity.ledger.domain import EVERY_MEMBER, EVERY_YEAR, Fact, Summary
from services.capacity.ledger.lines import Line
from services.capacity.ledger.what_if import Holding
from services.capacity.policies import registry
from services.capacity.projection.projector import facts_in_year
from services.capacity.tables import rows
from services.capacity.tables.projections import FACTS, LINES, SUMMARIES
from shared.contract.auth.events import MemberEnrolled, MembershipChanged
from shared.contract.capacity import answers, queries
from shared.contract.refusals import Reason, Refused
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared
from shared.policies.capacity_policy import Policy
from shared.text import persian

PROVINCE = Prepared(
    select(FACTS.c.province)
    .where(FACTS.c.member == bindparam("of_member"))
    .order_by(FACTS.c.source, FACTS.c.position.desc())
    .limit(1)
)
REGISTERED = Prepared(
    select(FACTS)
    .where(FACTS.c.member == bindparam("of_member"), FACTS.c.year == EVERY_YEAR)
    .order_by(FACTS.c.position.desc())
    .limit(1)
)


def province_of(connection: Connection, member: str) -> str:
    """The member's province as `domain.province_of` finds it; empty for an unknown member."""
    row = PROVINCE.first(connection, {"of_member": member})
    return row.province or "" if row else ""


def registered(connection: Connection, member: str) -> MemberEnrolled | MembershipChanged:
    """The register's newest entry of a member."""
    row = REGISTERED.first(connection, {"of_member": member})
    event = row and rows.fact_of(row).event
    if not isinstance(event, MemberEnrolled | MembershipChanged):
        raise Refused(Reason.UNKNOWN_MEMBER)
    return event


def summary_of(connection: Connection, member: str, year: int) -> Summary | None:
    """The summary of a member and year; None before the grant."""
    registry.first(connection, year)
    row = by_key.find(connection, SUMMARIES, {"member": member, "year": year})
    return rows.summary_of(row) if row else None


def capacity(connection: Connection, member: str, year: int, now: datetime) -> answers.Capacity:
    """A member's capacity of a year now."""
    summary = summary_of(connection, member, year)
    return domain.capacity(member, year, province_of(connection, member), summary, now)


def explain(
    connection: Connection, member: str, year: int, now: datetime, as_of: datetime | None = None
) -> answers.Explanation:
    """The capacity and its lines: now from the rows, as of an instant from the facts up to it, by the same fold."""
    if as_of is None:
        found = capacity(connection, member, year, now)
        query = select(LINES).where(*is_of(LINES, member, year)).order_by(LINES.c.line)
        lines: Iterable[Line] = map(rows.line_of, connection.execute(query))
    else:
        facts, first = facts_of_year(connection, member, year)
        ledger = domain.derive(domain.as_of(facts, as_of), first)
        found = domain.capacity(member, year, province_of(connection, member), ledger.summary, as_of)
        lines = ledger.lines
    moment = max(as_of or now, found.updated_at)
    return answers.Explanation(
        capacity=found, lines=tuple(line.answer() for line in lines if line.effective_at <= moment)
    )


def facts_of_year(connection: Connection, member: str, year: int) -> tuple[list[Fact], Policy]:
    """A member's facts that count in a year, and the policy before its corrections."""
    facts = rows.facts_of(connection, [member, EVERY_MEMBER])
    return facts_in_year(facts.get(member, []), facts.get(EVERY_MEMBER, []), registry.first(connection, year))


def what_if(connection: Connection, query: queries.WhatIf, today: date) -> answers.WhatIfResult:
    """Whether a job that is not declared fits beside what the member holds in the year that it begins in."""
    year = persian.jalali_year_of(query.starts_on)
    state = domain.fold(*facts_of_year(connection, query.member, year))
    holding = (
        Holding(*state.grant.declared, is_granted=True)
        if state.grant
        else Holding(registered(connection, query.member).licence)
    )
    return rules_of_what_if.what_if(holding, state.policy, query, today)


def is_of(table: Table, member: str, year: int) -> tuple[Any, Any]:
    """The conditions for the table's rows of a member and year."""
    return table.c.member == member, table.c.year == year
