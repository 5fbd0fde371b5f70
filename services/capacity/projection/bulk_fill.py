"""Capacity's rows of very many events at once: the facts are stored in bulk, then each member's ledger is derived once from all of them."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, select

from services.capacity.ledger.domain import EVERY_MEMBER, EVERY_YEAR
from services.capacity.policies import registry
from services.capacity.projection import projector
from services.capacity.tables import bulk_reads, rows
from services.capacity.tables.projections import FACTS, LINES, SUMMARIES
from services.capacity.tables.rows import Values
from shared.contract.envelope import Recorded
from shared.event_store.sql import bulk
from shared.subscriptions.replay.projections import Bulk, Pacing

DERIVED_AT_ONCE = 250
"""Members whose rows one transaction writes: what a rebuild holds in memory does not grow with the number of events."""
MEMBERS_IN_A_ROW = 50
"""Members that are derived before RPC calls get their turn: they must not wait for long."""

Range = tuple[str, str]
"""The members after one number up to another."""


def store(connection: Connection, events: Sequence[Recorded]) -> None:
    """Store the facts among the events, and derive nothing of them yet."""
    bulk.insert(connection, FACTS, projector.facts_among(events))


def derive(connection: Connection, pacing: Pacing) -> None:
    """Derive the ledgers of all members from their stored facts, in the order of their numbers."""
    with connection.begin():
        counted = select(func.count(FACTS.c.member.distinct())).where(FACTS.c.member != EVERY_MEMBER)
        total = connection.execute(counted).scalar_one()
        of_every_member = rows.facts_of(connection, [EVERY_MEMBER])
        policies = registry.recorded(connection)
    derived = 0
    pacing.report("deriving", derived, total)
    for members, count in ranges(connection):
        lines: list[Values] = []
        summaries: list[Values] = []
        with connection.begin():
            for number, (member, facts) in enumerate(bulk_reads.read_facts(connection, FACTS, *members), start=1):
                known = {**of_every_member, member: facts}
                new = projector.values(projector.derive(known, {(member, EVERY_YEAR)}, policies))
                lines += new[0]
                summaries += new[1]
                if number % MEMBERS_IN_A_ROW == 0:
                    pacing.pause(0)
            bulk.insert(connection, LINES, lines)
            bulk.insert(connection, SUMMARIES, summaries)
        derived += count
        pacing.report("deriving", derived, total)
        pacing.pause(0)


def ranges(connection: Connection) -> Iterator[tuple[Range, int]]:
    """All members in ranges, with how many each has."""
    after = EVERY_MEMBER
    while True:
        query = select(FACTS.c.member).distinct().where(FACTS.c.member > after)
        with connection.begin():
            found = connection.execute(query.order_by(FACTS.c.member).limit(DERIVED_AT_ONCE)).scalars().all()
        if not found:
            return
        yield (after, found[-1]), len(found)
        after = found[-1]


BULK = Bulk(store, derive)
