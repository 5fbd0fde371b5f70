"""What the tables are made of and asked for: a batch of events comes in, the ledgers it touches are derived again."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, select, tuple_

from services.capacity.ledger import domain
from services.capacity.ledger import what_if as trying
from services.capacity.ledger.domain import COUNTS, EVERY_YEAR, EVERYBODY, Fact, Ledger
from services.capacity.ledger.lines import Line
from services.capacity.policies import registry
from services.capacity.tables import bulk_copy, rows
from services.capacity.tables.rows import FACTS, LINES, LIVE, SUMMARIES, TABLES, TURN, Key, Tables, Values
from shared.contract.auth import events
from shared.contract.capacity import answers, queries
from shared.contract.envelope import Recorded
from shared.contract.policy import Policy
from shared.contract.refusals import Reason, Refused
from shared.event_store import group_commit
from shared.event_store.database import Database
from shared.text import persian

__all__ = ["TABLES"]

DERIVED_AT_ONCE = 500
"""Members and years whose facts are held in memory together, when a correction of the policy touches all of a year."""


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
    """Put facts into the tables, and derive what they touch: a correction of a year's policy, all members of that year."""
    put(connection, tables.facts, facts)
    touched = {(fact["member"], fact["year"]) for fact in facts}
    derive_years(connection, {year for member, year in touched if member == EVERYBODY}, tables, touched)


def derive_years(
    connection: Connection, years: Iterable[int], tables: Tables = LIVE, besides: Collection[Key] = ()
) -> None:
    """Derive whole years again, of all members of whom anything is known in them, and some members and years besides."""
    touched = set(besides)
    for year in years:
        touched |= {(member, year) for member in members_of(connection, tables, tables.facts.c.year == year)}
    derive_again(connection, touched, tables)


def put(connection: Connection, table: Table, fresh: Sequence[Values]) -> None:
    """Insert rows by the driver's own statement: putting SQLAlchemy's together takes longer than running it."""
    with group_commit.driver_errors_as_sqlalchemy(connection):
        bulk_copy.insert(connection, table, fresh)


def members_of(connection: Connection, tables: Tables, which: ColumnElement[bool]) -> list[str]:
    """The members of whom such facts are known."""
    members = select(tables.facts.c.member).distinct().where(which, tables.facts.c.member != EVERYBODY)
    return list(connection.execute(members).scalars())


def derive_again(connection: Connection, touched: Collection[Key], tables: Tables = LIVE) -> None:
    """Derive the ledgers of these members and years, some at a time, and put them in the place of those that were there."""
    keys = sorted(key for key in touched if key[0] != EVERYBODY)
    for start in range(0, len(keys), DERIVED_AT_ONCE):
        part = keys[start : start + DERIVED_AT_ONCE]
        known = facts_of(connection, {EVERYBODY, *(member for member, _ in part)}, tables)
        registry.learn(connection, {year for facts in known.values() for year, _ in facts} - {EVERY_YEAR})
        write(connection, derive(known, set(part)), tables)


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


def facts_of_everybody(database: Database, tables: Tables) -> dict[str, list[tuple[int, Fact]]]:
    """The facts that count for every member, as `derive` wants them beside a member's own."""
    with database.read() as connection:
        return facts_of(connection, [EVERYBODY], tables)


def derive(facts: Mapping[str, list[tuple[int, Fact]]], touched: Collection[Key]) -> dict[Key, tuple[str, Ledger]]:
    """The province and the ledger of each member and year touched; a member touched in every year, in all of them.

    What is known of everybody is among the facts.
    """
    derived = {}
    amendments = facts.get(EVERYBODY, [])
    for member, known in facts.items():
        years = {year for year, _ in known} - {EVERY_YEAR} if member != EVERYBODY else set()
        if (member, EVERY_YEAR) not in touched:
            years = {year for year in years if (member, year) in touched}
        province = domain.province_of(fact for _, fact in known)
        for year in years & registry.published().keys():
            own, first = heard_in(year, known, amendments)
            derived[member, year] = province, domain.derive(own, first)
    return derived


def heard_in(
    year: int, known: Iterable[tuple[int, Fact]], amendments: Iterable[tuple[int, Fact]]
) -> tuple[list[Fact], Policy]:
    """What counts of a member in a year, with the corrections of its policy, and the policy before them."""
    corrections = [fact for its_year, fact in amendments if its_year == year]
    heard = [fact for its_year, fact in known if its_year in (EVERY_YEAR, year)]
    return heard + corrections, domain.first_policy(corrections, registry.of(year))


def write(connection: Connection, derived: Mapping[Key, tuple[str, Ledger]], tables: Tables = LIVE) -> None:
    """Put ledgers in the place of those that were there."""
    if not derived:
        return
    lines, summaries = values(derived)
    for table, fresh in ((tables.lines, lines), (tables.summaries, summaries)):
        connection.execute(delete(table).where(tuple_(table.c.member, table.c.year).in_(list(derived))))
        put(connection, table, fresh)


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
    registry.of(year, connection)
    row = connection.execute(select(SUMMARIES).where(of(SUMMARIES, member, year))).first()
    province = province_of(connection, member)
    return domain.capacity(member, year, province, rows.summary_of(row) if row else None, at)


def band(connection: Connection, member: str, year: int, at: datetime) -> answers.CapacityBand:
    """Roughly what is left of a member's year at a moment that is now."""
    registry.of(year, connection)
    row = connection.execute(select(SUMMARIES).where(of(SUMMARIES, member, year))).first()
    return domain.band(year, rows.summary_of(row) if row else None, at)


def explain(
    connection: Connection, member: str, year: int, now: datetime, as_of: datetime | None = None
) -> answers.Explanation:
    """The capacity and its lines: now from the rows, as of an instant from the facts up to it, by the same fold."""
    if as_of is None:
        capacity = get(connection, member, year, now)
        found = connection.execute(select(LINES).where(of(LINES, member, year)).order_by(LINES.c.line))
        lines: Iterable[Line] = map(rows.line_of, found)
    else:
        heard, first = heard_of(connection, member, year)
        ledger = domain.derive(domain.as_of(heard, as_of), first)
        capacity = domain.capacity(member, year, province_of(connection, member), ledger.summary, as_of)
        lines = ledger.lines
    moment = max(as_of or now, capacity.updated_at)
    return answers.Explanation(
        capacity=capacity, lines=tuple(line.answer() for line in lines if line.effective_at <= moment)
    )


def heard_of(connection: Connection, member: str, year: int) -> tuple[list[Fact], Policy]:
    """What was heard of a member that counts in a year, and the policy that the year went by at first."""
    known = facts_of(connection, [member, EVERYBODY])
    return heard_in(year, known.get(member, []), known.get(EVERYBODY, []))


def what_if(connection: Connection, question: queries.WhatIf, today: date) -> answers.WhatIfResult:
    """Hold a job that nobody has declared against what the member holds in the year that it begins in."""
    heard = domain.heard_of(*heard_of(connection, question.member, persian.jalali_year_of(question.starts_on)))
    held = (
        trying.Held(*heard.granted.matter, is_granted=True)
        if heard.granted
        else trying.Held(register_of(connection, question.member).licence)
    )
    return trying.what_if(held, heard.policy, question, today)


def of(table: Table, member: str, year: int) -> ColumnElement[bool]:
    """The table's rows of a member and year."""
    return and_(table.c.member == member, table.c.year == year)
