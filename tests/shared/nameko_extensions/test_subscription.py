"""A subscription whose source seals nothing: it holds few and short messages, and what is wrong is seen."""

from collections.abc import Iterator, Sized
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import eventlet
import pytest
from kombu import Connection
from sqlalchemy import delete

from shared.contract.operations.answers import RecordedEvents
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import Delivery
from shared.event_store.database import Database
from shared.messaging import in_memory, topology
from shared.nameko_extensions import subscription as module
from shared.nameko_extensions.subscription import UNSEALED_MAX, Subscription
from shared.subscriptions.follower import Follower
from shared.subscriptions.reconciliation.taking_back import Reconciliation
from shared.subscriptions.replay import jobs
from shared.subscriptions.replay.jobs import Job
from shared.subscriptions.seal_check import SealBroken
from shared.subscriptions.source_signatures import SourceSignatures
from tests.conftest import fresh_name
from tests.support.restorable_source import EPOCH, Source
from tests.support.sample_log import SEEN, append, database, history, see, seen
from tests.support.seals import is_signed

TURNS_MAX = 3 * UNSEALED_MAX


class Flooded(Subscription):
    """Whenever it waits for a delivery, one more comes that nobody has sealed."""

    def __init__(self, connection: Connection, body: str) -> None:
        super().__init__("renewal", apply=lambda _connection, _event: None)
        self.subscriber = "capacity"
        self.signatures = SourceSignatures("renewal", is_signed)
        self.producer = connection.Producer(auto_declare=False)
        self.body = body
        self.turns = self.pulls = 0
        self.most: list[int] = []
        self.events: list[Delivery] = []
        self.follower = SimpleNamespace(receive=self.hold)  # type: ignore[assignment]

    def hold(self, events: list[Delivery]) -> int:
        self.events = events
        return 0

    def catch_up(self) -> bool:
        self.pulls += 1
        return True

    def gather(self, connection: Connection, deliveries: Sized) -> bool:
        self.turns += 1
        self.most.append(len(deliveries))
        self._stopping = self.turns > TURNS_MAX
        self.producer.publish(
            self.body, exchange="renewal.events", routing_key="Forged", content_type="application/json",
            content_encoding="utf-8",
        )  # fmt: skip
        return super().gather(connection, deliveries)


EVENT = (
    '{"id": "00000000-0000-0000-0000-000000000001", "source": "renewal", "type": "Forged", "subject": "renewal/1/1405",'
    ' "time": "2026-04-01T08:00:00Z", "sequence": 1, "streamversion": 1, "data": {},'
    ' "correlationid": "00000000-0000-0000-0000-000000000001", "causationid": "00000000-0000-0000-0000-000000000001"}'
)


def flooded(body: str) -> Flooded:
    in_memory.register()
    with Connection(f"in-memory://{fresh_name()}") as connection:
        topology.declare(connection, "renewal")
        subscription = Flooded(connection, body)
        subscription.listen(connection)
    return subscription


def test_messages_that_are_never_sealed_are_dropped_and_the_source_is_read() -> None:
    subscription = flooded(EVENT)
    assert max(subscription.most) < UNSEALED_MAX
    assert subscription.pulls > TURNS_MAX // UNSEALED_MAX


def test_a_message_longer_than_any_event_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVENT_BYTES_MAX", len(EVENT))
    assert flooded(EVENT).events
    assert not flooded(f"{EVENT} ").events


@pytest.fixture
def follower(tmp_path: Path) -> Iterator[Follower]:
    """Has applied three events of its source."""
    own = database(f"sqlite:///{tmp_path / 'own.db'}")
    append(own, "001", 0, count=3)
    made = Follower(own, "renewal", see, lambda after, limit: history(own, after)[:limit], lambda _seconds: None)
    made.catch_up()
    yield made
    own.close()


def following(follower: Follower, head: int) -> Subscription:
    """A subscription whose source answers that it has so many events, and that it has sealed none of them."""
    subscription = Subscription("renewal", apply=see)
    subscription.follower = follower
    subscription.signatures = SourceSignatures("renewal", is_signed)
    subscription.own = SimpleNamespace(database=follower.database)  # type: ignore[assignment]
    answer = RecordedEvents(events=(), head=head)
    subscription.rpc_client = SimpleNamespace(call=lambda _query, service: answer)  # type: ignore[assignment] # noqa: ARG005
    return subscription


def test_a_log_that_has_lost_its_end_is_an_alarm(follower: Follower) -> None:
    """What the source records from then on would have positions that were applied already, and be dropped as duplicates."""
    subscription = following(follower, head=2)
    with pytest.raises(SealBroken, match="ends at 2, and had an event 3 before"):
        subscription.pull(3, 1)
    assert "ends at 2" in subscription.state(datetime.now(UTC)).alarm


def test_a_source_that_seals_no_more_is_lagging(follower: Follower) -> None:
    subscription = following(follower, head=5)
    assert subscription.pull(3, 1) == []
    state = subscription.state(datetime.now(UTC) + timedelta(seconds=90))
    assert (state.lag_events, state.lag_seconds >= 90, state.alarm) == (2, True, "")


def test_a_source_without_more_events_is_not(follower: Follower) -> None:
    state = following(follower, head=3).state(datetime.now(UTC) + timedelta(seconds=90))
    assert (state.lag_events, state.lag_seconds, state.alarm) == (0, 0, "")


def test_a_source_is_not_silent_where_the_subscribers_own_database_is_slow(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription, checkpoint = following(follower, head=3), follower.checkpoint

    def slow() -> int:
        eventlet.sleep(2 * module.SOURCE_ANSWER_SECONDS)
        return checkpoint()

    monkeypatch.setattr(module, "SOURCE_ANSWER_SECONDS", 0.01)
    monkeypatch.setattr(follower, "checkpoint", slow)
    assert subscription.state(datetime.now(UTC)).head == 3


class Restoring(Subscription):
    """Its source is restored behind it when it waits for the first delivery; it stops after an error, or when nothing comes any more."""

    def __init__(self, source: Source, own: Database, url: str) -> None:
        super().__init__("renewal", apply=see)
        self.restorable, self.is_restored = source, False
        self.subscriber = "capacity"
        self.signatures = source.signatures
        self.own = SimpleNamespace(database=own)  # type: ignore[assignment]
        self.follower = Follower(own, "renewal", see, self.pull_next, lambda _seconds: None)
        self.container = SimpleNamespace(config={"AMQP_URI": url})
        self.rpc_client = SimpleNamespace(  # type: ignore[assignment]
            call=lambda query, service: source.answer(query.after, query.limit)  # noqa: ARG005
        )

    def gather(self, connection: Connection, deliveries: Sized) -> bool:
        if not self.is_restored:
            self.is_restored = True
            self.restorable.restore()
            producer = connection.Producer(auto_declare=False)
            for message in self.restorable.messages(2, "002"):
                producer.publish(
                    message.body, exchange="renewal.events", routing_key="Any", headers=message.headers or {},
                    content_type="application/json", content_encoding="utf-8",
                )  # fmt: skip
        has_come = super().gather(connection, deliveries)
        self._stopping = not has_come
        return has_come


def test_an_event_that_is_applied_while_its_source_answers_is_no_lag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Source(tmp_path)
    source.record(3)
    subscription = Restoring(source, database(f"sqlite:///{tmp_path / 'own.db'}"), "")
    subscription.follower.catch_up()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(subscription.follower, "checkpoint", iter([2, 3]).__next__)
        state = subscription.state(tomorrow)
    assert (state.lag_events, state.lag_seconds, state.alarm) == (0, 0, "")
    source.record(2)
    monkeypatch.setattr(subscription.follower, "checkpoint", iter([3, 4]).__next__)
    state = subscription.state(tomorrow)
    assert (state.lag_events, state.lag_seconds > 80_000) == (1, True)


@pytest.fixture
def stopped(rabbitmq_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Restoring:
    """A subscription whose source was restored to the third of seven events, and has recorded two others since."""
    monkeypatch.setattr(module, "RETRY_SECONDS", 0)
    monkeypatch.setattr(module, "IDLE_CHECK_SECONDS", 1)
    own, source = database(f"sqlite:///{tmp_path / 'own.db'}"), Source(tmp_path)
    with Connection(rabbitmq_url) as connection:
        topology.declare(connection, "renewal")
    subscription = Restoring(source, own, rabbitmq_url)
    source.record(3)
    subscription.follower.catch_up()
    source.back_up()
    source.record(4)
    mark_down = subscription.connection_status.mark_down

    def stop(error: Exception) -> None:
        mark_down(error)
        subscription._stopping = True

    monkeypatch.setattr(subscription.connection_status, "mark_down", stop)
    subscription.run()
    return subscription


def test_what_a_restored_source_sends_stays_on_the_queue_until_the_follower_is_reconciled(
    stopped: Restoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, state = stopped.own.database, stopped.own_state()
    assert (state.is_stopped, state.checkpoint, seen(own)) == (True, 7, [1, 2, 3, 4, 5, 6, 7])
    assert f"its epoch {str(EPOCH)[:8]} began after 3 and ends at 5" in state.alarm

    reconciliation = Reconciliation(own, stopped.restorable.log())
    compared = reconciliation.compare()
    assert reconciliation.take_back(compared, "officer:root", datetime.now(UTC))
    monkeypatch.setattr(stopped, "catch_up", lambda: False)  # the first thing that it gets is a delivery
    stopped._stopping = False
    stopped.run()
    state = stopped.own_state()
    assert (state.is_stopped, state.checkpoint, seen(own)) == (True, 3, [1, 2, 3, 4, 5, 6, 7])
    assert "rows hold what was taken back of the source" in state.alarm

    rebuild = Job(own, uuid4(), check=False, now=lambda: datetime.now(UTC))
    own.write(lambda writing: jobs.start(writing, rebuild.rebuild, "officer:root", datetime.now(UTC)))
    own.write(lambda writing: writing.execute(delete(SEEN).where(SEEN.c.position > compared.common.position)).close())
    rebuild.end("switched")
    stopped._stopping = False
    stopped.run()
    state = stopped.own_state()
    assert (state.is_stopped, state.alarm, seen(own)) == (False, "", [1, 2, 3, 4, 5])
    assert (state.head, state.lag_events) == (5, 0), "not the head that the log had before"


def test_a_source_that_is_silent_has_not_mended_anything(stopped: Restoring) -> None:
    """Whoever looks at `/ready` then still sees that it is stopped, and why."""

    def silent(_query: object, service: str) -> RecordedEvents:
        raise Refused(Reason.NO_ANSWER)

    alarm = stopped.own_state().alarm
    stopped.rpc_client = SimpleNamespace(call=silent)  # type: ignore[assignment]
    stopped._stopping = False
    stopped.run()
    state = stopped.own_state()
    assert (state.is_stopped, state.alarm, state.checkpoint) == (True, alarm, 7)
    assert "began after 3" in state.alarm
