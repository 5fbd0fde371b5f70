"""A command is decided once, whole or not at all, whoever else writes to its stream."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4

import pytest
from psycopg import sql
from sqlalchemy import Connection, insert, make_url
from sqlalchemy.exc import OperationalError

from shared.contract.base import Event
from shared.contract.envelope import Metadata, Recorded
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import DECISIONS_MAX, Records, caused_by
from shared.event_store.decider import Decider
from shared.event_store.log import EventLog, VersionConflict
from shared.event_store.sql import engines, postgres
from tests.support import sample_log
from tests.support.sample_log import AT, LOG, SEEN, append, database, fact, history, seen
from tests.support.servers import servers
from tests.support.servers.prepared_databases import Prepare


@dataclass(frozen=True)
class Count:
    """Made-up: record one more fact, up to three."""

    id: UUID = field(default_factory=uuid4)
    at: datetime = AT


def decide(_command: Count, state: int) -> list[Event]:
    if state == 3:
        raise Refused(Reason.ALREADY_DECIDED)
    return [fact("001", state)]


COUNTER: Decider[Count, int] = Decider(decide, lambda state, _event: state + 1, 0)
STREAM = "renewal/001"


@pytest.fixture
def prepare() -> Prepare:
    return sample_log.create_tables


def test_the_same_command_again_returns_what_it_did_the_first_time(database_url: str) -> None:
    records = Records(database(database_url), LOG)
    command = Count()
    first = records.handle(STREAM, command, COUNTER)
    records.handle(STREAM, Count(), COUNTER)
    again = records.handle(STREAM, command, COUNTER)
    assert again.recorded == first.recorded
    assert (first.is_new, again.is_new) == (True, False)
    assert len(history(records.database)) == 2


def test_what_a_command_of_yesterday_brings_is_recorded_today(database_url: str) -> None:
    now = AT + timedelta(days=1)
    log = EventLog("renewal", lambda _connection, _recorded: None, now=lambda: now)
    [recorded] = Records(database(database_url), log).handle(STREAM, Count(at=AT), COUNTER).recorded
    assert recorded.recorded_at == now


def test_a_refused_command_records_nothing(database_url: str) -> None:
    records = Records(database(database_url), LOG)
    for _ in range(3):
        records.handle(STREAM, Count(), COUNTER)
    with pytest.raises(Refused):
        records.handle(STREAM, Count(), COUNTER)
    assert len(history(records.database)) == 3


def test_what_accompanies_a_command_is_written_with_it_or_not_at_all(database_url: str) -> None:
    records = Records(database(database_url), LOG)

    def fails(_connection: Connection, _recorded: tuple[Recorded, ...]) -> None:
        raise LookupError("the form cannot be kept")

    with pytest.raises(LookupError):
        records.handle(STREAM, Count(), COUNTER, fails)
    assert history(records.database) == []
    assert seen(records.database) == []


def test_a_conflict_is_decided_again_on_what_the_other_left(postgres_url: str) -> None:
    """On PostgreSQL only: a SQLite file has one writer at a time, and the rival would wait until we are done."""
    db = database(postgres_url)
    records = Records(db, LOG)
    rival = iter([0])

    def interrupted(command: Count, state: int) -> list[Event]:
        if next(rival, None) is not None:
            append(database(postgres_url), "001", 0)
        return decide(command, state)

    handled = records.handle(STREAM, Count(), Decider(interrupted, COUNTER.evolve, 0))
    assert handled.state == 2
    assert [one.version for one in history(db)] == [1, 2]


def test_an_error_that_follows_from_an_old_version_does_not_hide_the_conflict(database_url: str) -> None:
    """Whoever has read the stream before a rival appended writes rows that the rival's stand in the way of."""
    db = database(database_url)

    class ReadTooEarly(EventLog):
        read_before: ClassVar[list[list[Recorded]]] = [[]]

        def stream(self, connection: Connection, stream: str) -> list[Recorded]:
            return self.read_before.pop() if self.read_before else super().stream(connection, stream)

    def keep(connection: Connection, recorded: tuple[Recorded, ...]) -> None:
        (one,) = recorded
        connection.execute(insert(SEEN).values(id=one.version, source="forms", position=0, stream=one.stream))

    append(db, "001", 0, log=EventLog("renewal", lambda _connection, _recorded: None))
    db.write(lambda connection: connection.execute(insert(SEEN).values(id=1, source="forms", position=0, stream="")))
    blind = ReadTooEarly("renewal", lambda _connection, _recorded: None)
    handled = Records(db, blind).handle(STREAM, Count(), COUNTER, keep)
    assert [one.version for one in handled.recorded] == [2]


def test_endless_conflicts_end_in_a_refusal(sqlite_url: str) -> None:
    db = database(sqlite_url)
    tries = []

    class Contested(EventLog):
        def append(self, *_arguments: object, **_options: object) -> tuple[Recorded, ...]:
            tries.append(1)
            raise VersionConflict

    with pytest.raises(Refused) as refusal:
        Records(db, Contested("renewal", LOG.project)).handle(STREAM, Count(), COUNTER)
    assert refusal.value.reason is Reason.CONFLICT
    assert len(tries) == DECISIONS_MAX


def test_cause_and_correlation_follow_the_chain() -> None:
    first = Metadata(correlation_id=uuid4(), causation_id=uuid4(), actor="member:001")
    recorded_event = Recorded("renewal", 1, STREAM, 1, uuid4(), "RenewalWithdrawn", "{}", first, AT)
    assert caused_by(recorded_event) == Metadata(
        correlation_id=first.correlation_id, causation_id=recorded_event.event_id, actor="member:001"
    )


def test_a_refusal_by_a_primary_that_has_lost_its_standby_is_no_answer(
    postgres_url: str, postgres_server: servers.Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been superseded: the standby would have events that this one has not."""
    deadline = time.monotonic() + 30
    url = make_url(postgres_url)
    both = url.update_query_dict({"host": [f"{url.host}:{url.port}"] * 2}).render_as_string(hide_password=False)
    records = Records(database(both), LOG)
    for _ in range(3):
        records.handle(STREAM, Count(), COUNTER)
    assert isinstance(failure(records), Refused)
    monkeypatch.setattr(postgres.Connection, "answer_seconds_max", 1)
    with waiting_for_a_standby(postgres_server):
        while isinstance(failure(records), Refused):
            assert time.monotonic() < deadline, "commits do not wait"
    while not isinstance(failure(records), Refused):
        assert time.monotonic() < deadline, "commits still wait"


def test_whatever_a_superseded_primary_fails_by_is_decided_again_by_the_other_one(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers_used = ["superseded", "primary", *["superseded"] * DECISIONS_MAX]
    monkeypatch.setattr(engines, "has_standby", lambda _url: True)
    monkeypatch.setattr(engines, "server_of", lambda _connection: servers_used[0])
    monkeypatch.setattr(engines, "commit_a_message", lambda _connection: "primary")
    records = Records(database(sqlite_url), None)

    def fail(_connection: Connection) -> None:
        raise LookupError(servers_used.pop(0))

    with pytest.raises(LookupError, match="primary"):
        records.write(fail)
    with pytest.raises(Refused) as refused:
        records.write(fail)
    assert (refused.value.reason, servers_used) == (Reason.NO_ANSWER, [])


def failure(records: Records) -> Exception:
    """What one command too many comes to."""
    with pytest.raises((Refused, OperationalError)) as raised:
        records.handle(STREAM, Count(), COUNTER)
    return raised.value


@contextmanager
def waiting_for_a_standby(server: servers.Postgres) -> Iterator[None]:
    """Within the block no commit is acknowledged, as soon as a process of the server's own has taken the setting over."""
    setting = sql.SQL("ALTER SYSTEM SET synchronous_standby_names = {}")
    try:
        server.execute(setting.format("gone"))
        server.execute(sql.SQL("SELECT pg_reload_conf()").format())
        yield
    finally:
        server.execute(setting.format(""))
        server.execute(sql.SQL("SELECT pg_reload_conf()").format())
