"""A rebuild of renewal's projections, of its own log and auth's, while both are written: what is right stays, what was spoilt is mended."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, delete, insert, update

from services.renewal import subscriptions
from services.renewal.service import LOG, RenewalService
from services.renewal.tables import DRAFTS, MEMBERS, RENEWALS, TABLES
from shared.contract.envelope import Metadata, Recorded
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.follower import Follower
from shared.subscriptions.replay import fill, source_reader
from tests.services.capacity.replay.sources import Log
from tests.services.renewal.samples import AT
from tests.services.renewal.test_replay import BEGIN, EVERY_STEP, STEPS, Story
from tests.support.rebuilds import Rebuilds


class World(Story):
    """Renewal's records, with auth's log and the subscription that follows it."""

    def __init__(self, database: Database) -> None:
        super().__init__(Records(database, LOG))
        self.database = database
        self.auth = Log("auth")
        self.fails_at: set[int] = set()

    def follow(self, event: Any, stream: str) -> None:
        """Auth records; `catch_up` is what renewal does then."""
        about = ("auth", len(self.auth.events) + 1, stream, len(self.auth.events) + 1, uuid4(), type(event).__name__)
        cause = {"correlation_id": str(uuid4()), "causation_id": str(uuid4())}
        metadata = Metadata.model_validate(cause)
        self.auth.events.append(Recorded(*about, event.model_dump_json(), metadata, AT))
        self.catch_up()

    def catch_up(self) -> None:
        self.subscription().catch_up()

    def subscription(self) -> Follower:
        return Follower(self.database, "auth", self.apply, self.auth.pull, lambda _seconds: None)

    def apply(self, connection: Connection, recorded: Recorded) -> None:
        if recorded.position in self.fails_at:
            raise LookupError("not yet")
        subscriptions.on_auth_event(connection, recorded)

    def take(self, *steps: tuple[str, str]) -> None:
        for step, member in steps:
            STEPS[step](self, member)

    @cached_property
    def rebuilds(self) -> Rebuilds:
        return Rebuilds(self.database, RenewalService.projections, [self.auth], AT)


@pytest.fixture
def world(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(fill, "PROJECTED_AT_ONCE", 1)
    monkeypatch.setattr(source_reader, "READ_EVENTS_MAX", 2)
    database = Database(database_url)
    database.create_tables(log.TABLES, checkpoints.TABLES, parking.TABLES, *TABLES)
    made = World(database)
    made.take(*BEGIN, *EVERY_STEP)
    yield made
    database.close()


def spoil(connection: Connection) -> None:
    connection.execute(update(RENEWALS).where(RENEWALS.c.member == "0123456").values(status="withdrawn"))
    connection.execute(delete(MEMBERS).where(MEMBERS.c.member == "0123457"))
    connection.execute(insert(MEMBERS).values(member="0999999", province="fars", licence="{}"))


def test_what_is_parked_or_dropped_is_left_out_and_what_is_retried_comes_back(world: World) -> None:
    world.fails_at = {len(world.auth.events) + 1, len(world.auth.events) + 2}
    world.take(("changed", "0123456"), ("changed", "0123457"), ("removed", "0123456"))
    with world.database.read() as connection:
        first, second, _ = parking.list_parked(connection)
    world.database.write(lambda one: parking.drop(one, second, "it was recorded twice", "officer:root", AT))
    assert world.rebuilds.rebuild(check=True).differences == {}
    world.fails_at.clear()
    assert world.subscription().retry(first.partition_key) == 2
    assert world.rebuilds.rebuild(check=True).differences == {}
    before = world.rebuilds.live()
    world.database.write(spoil)
    world.rebuilds.rebuild()
    assert world.rebuilds.live() == before


def test_state_is_not_touched(world: World) -> None:
    """A replay of a removal deletes no draft that was typed since."""
    world.take(("removed", "0123456"), ("enrolled", "0123456"), ("types", "0123456"))
    world.database.write(spoil)
    assert world.rebuilds.rebuild().status == "switched"
    with world.database.read() as connection:
        assert connection.execute(DRAFTS.select()).all() != []


def test_a_source_that_has_lost_what_was_followed_is_named(world: World) -> None:
    followed, events = len(world.auth.events), world.auth.events[:-1]
    world.auth = Log("auth")
    world.auth.events += events
    error = f"LookupError: the log of auth ends at {followed - 1}, its subscription is at {followed}"
    assert world.rebuilds.rebuild().error == error
