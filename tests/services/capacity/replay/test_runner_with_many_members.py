"""The members of several provinces, each with one of several stories: what the subscriptions have left is what a rebuild makes of the events."""

from collections.abc import Iterator
from itertools import islice

import pytest

from services.capacity import subscriptions
from services.capacity.ledger.domain import SourceEvent
from shared.contract.envelope import Recorded
from shared.contract.seal import GENESIS
from shared.contract.values import MemberClass
from shared.event_store.database import Database
from shared.subscriptions import checkpoints
from tests.services.capacity.replay.sources import World
from tests.services.capacity.sample_events import (
    approved,
    changed,
    confirmed,
    employed,
    enrolled,
    job,
    licence,
    on,
    withdrawn,
)

MEMBERS = {"sqlite": 10_000, "postgresql": 5_000}
"""More than the rebuild reads, fills and compares at once; `make bench ARGS="--only rebuild"` takes all 50,000 of the country."""
BATCH_EVENTS = 5_000
"""Events that one transaction hears."""
USUAL = (
    enrolled(on("1404/01/01")),
    approved(on("1405/02/01"), job(starts="1405/07/01"), employment=employed(ends="1405/06/31")),
    confirmed(on("1405/02/03")),
)
STORIES: tuple[tuple[SourceEvent, ...], ...] = (
    USUAL,
    (*USUAL, changed(on("1405/08/01"), licence(MemberClass.GRADE_1))),
    (*USUAL, withdrawn(on("1405/03/01")), confirmed(on("1405/04/01"))),
    (enrolled(on("1404/01/01"), licence(expires="1405/05/10")), *USUAL[1:]),
    (enrolled(on("1404/01/01")), approved(on("1405/02/01"), job(), job(), job()), confirmed(on("1405/02/03"))),
    (enrolled(on("1404/01/01")),),
)


def all_events(members: int) -> Iterator[SourceEvent]:
    """All that is told of so many members, member by member."""
    for index in range(members):
        member = f"{100_000_000 + index}"
        for one in STORIES[index % len(STORIES)]:
            yield one.model_copy(update={"member": member})


def receive(world: World, events: Iterator[Recorded]) -> None:
    """Hear everything as subscriptions do, many events a transaction, and say how far they are."""
    while batch := list(islice(events, BATCH_EVENTS)):
        world.database.write(lambda connection, batch=batch: subscriptions.on_events(connection, batch))  # type: ignore[misc]
    rows = [{"source": source, "position": head, "chain": GENESIS} for source, head in world.recorder.heads.items()]
    world.database.write(lambda connection: connection.execute(checkpoints.CHECKPOINTS.insert(), rows).close())


def recorded(world: World, members: int) -> Iterator[Recorded]:
    for one in all_events(members):
        event = world.recorder.record(one)
        world.source(event.source).events.append(event)
        yield event


@pytest.mark.slow
def test_a_rebuild_of_all_members_is_equal_to_the_live_rows(database: Database) -> None:
    world, members = World(database), MEMBERS[database.engine.dialect.name]
    receive(world, recorded(world, members))
    found = world.rebuild(check=True)
    assert (found.status, found.differences, found.error) == ("checked", {}, "")
    assert found.events == sum(world.recorder.heads.values())
