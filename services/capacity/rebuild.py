"""Derive the rows again, hold them against the live ones row by row, and put right what differs.

The facts are read from this program's own table. To rebuild from the sources instead, fill other tables through
`views.hear_all` from position 0 and hold those against the live ones.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, Table, delete, select

from services.capacity import views
from services.capacity.domain import EVERY_YEAR, Ledger
from services.capacity.rows import FACTS, LINES, SUMMARIES, Key, Values
from shared.command_handler import Records
from shared.contract import answers

MEMBERS_AT_ONCE = 500
"""Members whose rows one transaction derives: what a rebuild holds in memory does not grow with the number of events."""


class Again(NamedTuple):
    """Some members' ledgers derived again: from how many facts, and how many of the live rows differ."""

    ledgers: dict[Key, tuple[str, Ledger]]
    facts: int
    differences: int


def rebuild(records: Records, check: bool) -> answers.RebuildReport:
    """Derive every member's rows; with `check` only count what differs. The lanes go on between one batch and the next."""
    events = members = differences = 0
    last = ""
    while batch := next_members(records, last):
        again = look(records, batch) if check else put_right(records, batch)
        events, members, differences = events + again.facts, members + len(batch), differences + again.differences
        last = batch[-1]
    return answers.RebuildReport(events=events, members=members, differences=differences)


def next_members(records: Records, last: str) -> Sequence[str]:
    """The next members by their number."""
    query = select(FACTS.c.member).distinct().where(FACTS.c.member > last).order_by(FACTS.c.member)
    with records.read() as connection:
        return connection.execute(query.limit(MEMBERS_AT_ONCE)).scalars().all()


def look(records: Records, members: Collection[str]) -> Again:
    """Compare and change nothing."""
    with records.read() as connection:
        return derive_again(connection, members)


def put_right(records: Records, members: Collection[str]) -> Again:
    """Compare in the turn of a writer, and replace the rows of these members where any differs."""

    def work(connection: Connection) -> Again:
        views.take_turn(connection)
        again = derive_again(connection, members)
        if again.differences:
            for table in (LINES, SUMMARIES):
                connection.execute(delete(table).where(table.c.member.in_(members)))
            views.write(connection, again.ledgers)
        return again

    return records.write(work)


def derive_again(connection: Connection, members: Collection[str]) -> Again:
    """The ledgers of all years of these members, held against the live rows."""
    facts = views.facts_of(connection, members)
    ledgers = views.derive(facts, {(member, EVERY_YEAR) for member in members})
    lines, summaries = views.values(ledgers)
    differences = differing(connection, LINES, members, lines) + differing(connection, SUMMARIES, members, summaries)
    return Again(ledgers, sum(map(len, facts.values())), differences)


def differing(connection: Connection, table: Table, members: Collection[str], fresh: Iterable[Values]) -> int:
    """How many rows of these members are missing, too many, or other than they should be."""
    names = [column.name for column in table.primary_key]
    live = connection.execute(select(table).where(table.c.member.in_(members))).mappings()
    lives = {tuple(row[name] for name in names): dict(row) for row in live}
    should = {tuple(row[name] for name in names): row for row in fresh}
    return sum(lives.get(key) != should.get(key) for key in lives.keys() | should.keys())
