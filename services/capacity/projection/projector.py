"""The projector: stores the facts of a batch of events, and derives again the ledgers that they touch."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Table, select

from services.capacity.ledger import domain
from services.capacity.ledger.domain import EVENT_TYPES, EVERY_MEMBER, EVERY_YEAR, Fact, Ledger
from services.capacity.policies import registry
from services.capacity.tables import bulk_reads, rows
from services.capacity.tables.projections import FACTS, LINES, SUMMARIES
from services.capacity.tables.rows import Facts, Key, Values
from services.capacity.tables.state import lock_projection
from shared.contract.envelope import Recorded
from shared.event_store.sql import bulk, by_key, group_commit
from shared.observability.log_format import describe
from shared.policies.capacity_policy import Policy

Derived = Mapping[Key, tuple[str, Ledger]]
"""The province and the ledger of members and years."""
OnDerived = Callable[[Connection, Derived], None]
"""Is told what was derived while the rows are still those of before."""
DERIVED_AT_ONCE = 500
"""Members and years whose facts are held in memory together, when a correction of the policy touches all of a year."""


def report_nothing(_connection: Connection, _derived: Derived) -> None:
    """A replay is nothing new."""


def project(connection: Connection, events: Iterable[Recorded], on_derived: OnDerived) -> None:
    """Apply the events of a subscription to the live rows, which one subscription at a time may write."""
    facts = facts_among(events)
    if facts:
        lock_projection(connection)
        store_facts(connection, facts, on_derived)


def replay(connection: Connection, events: Iterable[Recorded]) -> None:
    """Apply events to rows that nobody else writes."""
    store_facts(connection, facts_among(events), report_nothing)


def facts_among(events: Iterable[Recorded]) -> list[Values]:
    """The rows of the events that count; `Unreadable` names one that no row can be made of."""
    found = []
    for event in events:
        if event.type in EVENT_TYPES:
            try:
                found.append(rows.fact_values(event))
            except (KeyError, TypeError, ValueError) as error:
                raise bulk_reads.Unreadable(f"{event.source} {event.position}: {describe(error)}") from error
    return found


def store_facts(connection: Connection, facts: Sequence[Values], on_derived: OnDerived) -> None:
    """Insert facts, and derive what they touch: a correction of a year's policy, all members of that year."""
    insert(connection, FACTS, facts)
    touched = {(fact["member"], fact["year"]) for fact in facts}
    derive_years(connection, {year for member, year in touched if member == EVERY_MEMBER}, on_derived, touched)


def derive_years(
    connection: Connection, years: Iterable[int], on_derived: OnDerived, touched: Collection[Key] = ()
) -> None:
    """Derive whole years again, of all members who have facts in them, and some members and years besides."""
    keys = set(touched)
    for year in years:
        keys |= {(member, year) for member in members_of(connection, FACTS.c.year == year)}
    derive_again(connection, keys, on_derived)


def insert(connection: Connection, table: Table, values: Sequence[Values]) -> None:
    """Insert rows by the driver's own statement: composing SQLAlchemy's takes longer than running it."""
    with group_commit.driver_errors_as_sqlalchemy(connection):
        bulk.insert(connection, table, values)


def members_of(connection: Connection, which: ColumnElement[bool]) -> list[str]:
    """The members who have such facts."""
    members = select(FACTS.c.member).distinct().where(which, FACTS.c.member != EVERY_MEMBER)
    return list(connection.execute(members).scalars())


def derive_again(connection: Connection, touched: Collection[Key], on_derived: OnDerived) -> None:
    """Derive the ledgers of these members and years, some at a time, and replace their rows."""
    keys = sorted(key for key in touched if key[0] != EVERY_MEMBER)
    policies = registry.recorded(connection) if keys else {}
    for start in range(0, len(keys), DERIVED_AT_ONCE):
        part = keys[start : start + DERIVED_AT_ONCE]
        facts = rows.facts_of(connection, {EVERY_MEMBER, *(member for member, _ in part)})
        derived = derive(facts, set(part), policies)
        on_derived(connection, derived)
        replace(connection, derived)


def derive(facts: Facts, touched: Collection[Key], policies: Mapping[int, Policy]) -> dict[Key, tuple[str, Ledger]]:
    """The province and the ledger of each member and year touched; a member touched in every year, in all of them.

    The facts of every member are among the facts.
    """
    derived = {}
    amendments = facts.get(EVERY_MEMBER, [])
    for member, known in facts.items():
        years = {year for year, _ in known} - {EVERY_YEAR} if member != EVERY_MEMBER else set()
        if (member, EVERY_YEAR) not in touched:
            years = {year for year in years if (member, year) in touched}
        province = domain.province_of(fact for _, fact in known)
        for year in years & policies.keys():
            own, first = facts_in_year(known, amendments, policies[year])
            derived[member, year] = province, domain.derive(own, first)
    return derived


def facts_in_year(
    known: Iterable[tuple[int, Fact]], amendments: Iterable[tuple[int, Fact]], recorded: Policy
) -> tuple[list[Fact], Policy]:
    """A member's facts that count in a policy's year, with the corrections of the policy, and the policy before them."""
    corrections = [fact for year, fact in amendments if year == recorded.year]
    own = [fact for year, fact in known if year in (EVERY_YEAR, recorded.year)]
    return own + corrections, domain.first_policy(corrections, recorded)


def replace(connection: Connection, derived: Derived) -> None:
    """Replace the rows of these members and years."""
    if not derived:
        return
    lines, summaries = values(derived)
    for table, new in ((LINES, lines), (SUMMARIES, summaries)):
        by_key.remove_each(connection, table, ("member", "year"), derived)
        insert(connection, table, new)


def values(derived: Derived) -> tuple[list[Values], list[Values]]:
    """The rows of lines and of summaries."""
    lines = [line for key, (_, ledger) in derived.items() for line in rows.line_values(key, ledger)]
    summaries = [
        rows.summary_values(key, province, ledger.summary)
        for key, (province, ledger) in derived.items()
        if ledger.summary
    ]
    return lines, summaries
