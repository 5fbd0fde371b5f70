"""What the tables are made of and asked for: a batch of events comes in, the ledgers it touches are derived again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, insert, select, tuple_

from services.capacity import domain, policy, rows
from services.capacity.domain import COUNTS, EVERY_YEAR, Fact, Ledger
from services.capacity.ledger import Line
from services.capacity.rows import FACTS, LINES, LIVE, SUMMARIES, TABLES, TURN, Key, Tables, Values
from shared.contract import answers, events
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused

__all__ = ["TABLES"]


def hear(connection: Connection, heard: Recorded) -> None:
    """Take one event of any of the sources; those that don't count pass by."""
    hear_all(connection, [heard])


def hear_all(connection: Connection, batch: Iterable[Recorded]) -> None:
    """Keep the facts of a batch, and derive the ledgers of the members and years that they touch."""
    facts = [rows.fact_values(heard) for heard in batch if heard.type in COUNTS]
    if not facts:
        return
    take_turn(connection)
    keep(connection, facts, LIVE)


def keep(connection: Connection, facts: Sequence[Values], tables: Tables) -> None:
    """Put facts into the tables, and derive what they touch."""
    connection.execute(insert(tables.facts), facts)
    touched = {(fact["member"], fact["year"]) for fact in facts}
    write(connection, derive(facts_of(connection, {member for member, _ in touched}, tables), touched), tables)


def take_turn(connection: Connection) -> None:
    """Let one lane write at a time, across all copies of this program.

    Two lanes that derive the same member's rows side by side would each miss the fact that the other has not committed.
    """
    connection.execute(select(TURN.c.id).with_for_update())


def facts_of(
    connection: Connection, members: Collection[str], tables: Tables = LIVE
) -> dict[str, list[tuple[int, Fact]]]:
    """All facts of the members, each with its year."""
    found = defaultdict(list)
    for row in connection.execute(select(tables.facts).where(tables.facts.c.member.in_(members))):
        found[row.member].append((row.year, rows.fact_of(row)))
    return found


def derive(facts: Mapping[str, list[tuple[int, Fact]]], touched: Collection[Key]) -> dict[Key, tuple[str, Ledger]]:
    """The province and the ledger of each member and year touched; a member touched in every year, in all of them."""
    derived = {}
    for member, known in facts.items():
        years = {year for year, _ in known} - {EVERY_YEAR}
        if (member, EVERY_YEAR) not in touched:
            years = {year for year in years if (member, year) in touched}
        province = domain.province_of(fact for _, fact in known)
        for year in years & policy.published().keys():
            heard = [fact for its_year, fact in known if its_year in (EVERY_YEAR, year)]
            derived[member, year] = province, domain.derive(heard, policy.of(year))
    return derived


def write(connection: Connection, derived: Mapping[Key, tuple[str, Ledger]], tables: Tables = LIVE) -> None:
    """Put ledgers in the place of those that were there."""
    if not derived:
        return
    lines, summaries = values(derived)
    for table, fresh in ((tables.lines, lines), (tables.summaries, summaries)):
        connection.execute(delete(table).where(tuple_(table.c.member, table.c.year).in_(list(derived))))
        if fresh:
            connection.execute(insert(table), fresh)


def values(derived: Mapping[Key, tuple[str, Ledger]]) -> tuple[list[Values], list[Values]]:
    """The rows of lines and of summaries."""
    lines = [line for key, (_, ledger) in derived.items() for line in rows.line_values(key, ledger)]
    summaries = [
        rows.summary_values(key, province, ledger.summary)
        for key, (province, ledger) in derived.items()
        if ledger.summary
    ]
    return lines, summaries


def province_of(connection: Connection, member: str) -> str:
    """The member's province as `domain.province_of` finds it; empty for a member never heard of."""
    newest = select(FACTS.c.province).where(FACTS.c.member == member).order_by(FACTS.c.source, FACTS.c.position.desc())
    return connection.execute(newest.limit(1)).scalar() or ""


def register_of(connection: Connection, member: str) -> events.MemberEnrolled | events.MembershipChanged:
    """The register's newest entry of a member."""
    query = select(FACTS).where(FACTS.c.member == member, FACTS.c.year == EVERY_YEAR).order_by(FACTS.c.position.desc())
    row = connection.execute(query.limit(1)).first()
    told = row and rows.fact_of(row).event
    if not isinstance(told, events.MemberEnrolled | events.MembershipChanged):
        raise Refused(Reason.UNKNOWN_MEMBER)
    return told


def get(connection: Connection, member: str, year: int, at: datetime) -> answers.Capacity:
    """A member's capacity of a year at a moment that is now."""
    policy.of(year)
    row = connection.execute(select(SUMMARIES).where(of(SUMMARIES, member, year))).first()
    province = province_of(connection, member)
    return domain.capacity(member, year, province, rows.summary_of(row) if row else None, at)


def explain(
    connection: Connection, member: str, year: int, now: datetime, as_of: datetime | None = None
) -> answers.Explanation:
    """The capacity and its lines: now from the rows, as of an instant from the facts up to it, by the same fold."""
    if as_of is None:
        capacity = get(connection, member, year, now)
        found = connection.execute(select(LINES).where(of(LINES, member, year)).order_by(LINES.c.line))
        lines: Iterable[Line] = map(rows.line_of, found)
    else:
        known = facts_of(connection, [member]).get(member, [])
        heard = [fact for its_year, fact in known if its_year in (EVERY_YEAR, year)]
        ledger = domain.derive(domain.as_of(heard, as_of), policy.of(year))
        capacity = domain.capacity(member, year, province_of(connection, member), ledger.summary, as_of)
        lines = ledger.lines
    moment = max(as_of or now, capacity.updated_at)
    return answers.Explanation(
        capacity=capacity, lines=tuple(line.answer() for line in lines if line.effective_at <= moment)
    )


def of(table: Table, member: str, year: int) -> ColumnElement[bool]:
    """The table's rows of a member and year."""
    return and_(table.c.member == member, table.c.year == year)
