"""Liveness and readiness over HTTP, from the programs' own state, with the reason where one is not ready."""

from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nameko.containers import ServiceContainer

from clients.gateway.service import Gateway
from deploy import databases, health
from services.payment.service import PaymentService
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.messaging import connection_status
from shared.messaging.connection_status import ConnectionStatus
from shared.nameko_extensions import EventStore, Subscription
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.nameko_extensions.rpc_transport import ReconnectingConsumer
from shared.settings import Settings
from shared.subscriptions import parking
from shared.subscriptions.follower import Follower
from tests.support.later_version import RenewalReopened
from tests.support.sample_log import AT, fact, metadata

answer = partial(health.answer, handles_signals=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that a test moves."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(connection_status, "monotonic", lambda: clock.now)
    return clock


@pytest.fixture
def payment(clock: SimpleNamespace, tmp_path: Path) -> Any:
    """The payment program just after its start, as nameko holds it; nothing reaches a broker."""
    settings = Settings(var=tmp_path)
    databases.prepare(["payment"], settings, print)
    container = ServiceContainer(PaymentService, {"AMQP_URI": "memory://", "settings": settings})
    (store,) = (one for one in container.dependencies if isinstance(one, EventStore))
    store.setup()
    for one in subscriptions_of(container).values():
        one.follower = Follower(one.own.database, one.source, one.apply, one.pull, lambda _seconds: None)
    calls_of(container).mark_up()
    container.started = True
    return container


def calls_of(container: Any) -> ConnectionStatus:
    consumer: ReconnectingConsumer = container.shared_extensions[ReconnectingConsumer]
    return consumer.connection_status


def subscriptions_of(container: Any) -> dict[str, Subscription]:
    return {one.source: one for one in container.dependencies if isinstance(one, Subscription)}


def relay_of(container: Any) -> Any:
    return next(one.relay for one in container.dependencies if isinstance(one, EventStore))


def database_of(container: Any) -> Database:
    database: Database = container.shared_extensions[ProgramDatabase].database
    return database


def test_a_program_that_has_just_started_is_ready_and_tells_all_it_knows(payment: Any) -> None:
    status, report = answer("/ready", [payment])
    assert status == "200 OK"
    assert (report["ready"], report["reasons"]) == (True, [])
    state = report["programs"]["payment"]
    assert (state["started"], state["database"]) == (True, "answers")
    assert state["relay"] == {"connected": False, "seconds": 0.0, "error": "", "behind": 0}
    assert state["subscriptions"]["renewal"] == {
        "connected": False, "seconds": 0.0, "error": "", "position": 0, "behind": 0, "parked": 0, "unknown": 0, "full": False,
        "is_stopped": False,
    }  # fmt: skip
    assert sorted(state["subscriptions"]) == sorted(subscriptions_of(payment))


def test_a_subscription_that_has_lost_the_broker_for_long_is_the_reason(payment: Any, clock: SimpleNamespace) -> None:
    relay_of(payment).connection_status.mark_up()
    for subscription in subscriptions_of(payment).values():
        subscription.connection_status.mark_up()
    subscriptions_of(payment)["renewal"].connection_status.mark_down(OSError("no route to host\nand more"))
    clock.now += health.DISCONNECTED_SECONDS_MAX
    subscriptions_of(payment)["renewal"].connection_status.mark_down(OSError("no route to host"))
    assert answer("/ready", [payment])[0] == "200 OK"
    clock.now += 1
    status, report = answer("/ready", [payment])
    assert status == "503 Service Unavailable"
    assert report["reasons"] == [
        "payment: subscription from renewal: disconnected for 31 s (OSError: no route to host)"
    ]
    assert answer("/live", [payment]) == ("200 OK", {"live": True})
    subscriptions_of(payment)["renewal"].connection_status.mark_up()
    assert answer("/ready", [payment])[1]["reasons"] == []


def test_a_relay_that_has_lost_the_broker_for_long_is_a_reason_too(payment: Any, clock: SimpleNamespace) -> None:
    for subscription in subscriptions_of(payment).values():
        subscription.connection_status.mark_up()
    clock.now += health.DISCONNECTED_SECONDS_MAX + 1
    assert answer("/ready", [payment])[1]["reasons"] == ["payment: relay: disconnected for 31 s ()"]


def test_calls_and_replies_that_do_not_come_are_a_reason_too(payment: Any, clock: SimpleNamespace) -> None:
    relay_of(payment).connection_status.mark_up()
    for subscription in subscriptions_of(payment).values():
        subscription.connection_status.mark_up()
    calls_of(payment).mark_down(TimeoutError("timed out"))
    clock.now += health.DISCONNECTED_SECONDS_MAX + 1
    assert answer("/ready", [payment])[1]["reasons"] == [
        "payment: calls: disconnected for 31 s (TimeoutError: timed out)"
    ]


def test_what_the_relay_and_the_subscriptions_have_before_them_is_told(payment: Any) -> None:
    log = EventLog("payment", lambda _connection, _recorded: None)
    report = [fact("001")]
    database_of(payment).write(lambda connection: log.append(connection, "invoice/001/1405", 0, report, metadata(), AT))
    subscriptions_of(payment)["renewal"].head = 7
    state = answer("/ready", [payment])[1]["programs"]["payment"]
    assert state["relay"]["behind"] == 1
    assert state["subscriptions"]["renewal"]["behind"] == 7


def test_events_of_a_later_version_in_its_own_log_are_a_reason(payment: Any) -> None:
    assert answer("/ready", [payment])[1]["programs"]["payment"]["unknown_types"] == []
    (store,) = (one for one in payment.dependencies if isinstance(one, EventStore))
    log = EventLog("payment", lambda _connection, _recorded: None)
    stranger = RenewalReopened(member="001")
    database_of(payment).write(lambda writing: log.append(writing, "invoice/001/1405", 0, [stranger], metadata(), AT))
    assert store.log is not None
    with database_of(payment).read() as connection:
        store.log.read(connection, 0, 10)
    try:
        status, report = answer("/ready", [payment])
    finally:
        store.log.unknown_types.clear()  # the log of payment is this whole process's
    assert status == "503 Service Unavailable"
    assert report["reasons"] == [
        "payment: its own log holds RenewalReopened (version 1), which only a later version of the program knows"
    ]


def test_a_full_parking_is_a_reason(payment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parking, "PARKED_MAX", 1)
    row = {"partition_key": "1", "type": "x", "error": "x", "attempts": 4, "recorded_at": AT, "digest": "0" * 64}
    parked = parking.PARKED.insert().values(source="renewal", position=1, **row)
    database_of(payment).write(lambda connection: connection.execute(parked).close())
    status, report = answer("/ready", [payment])
    assert status == "503 Service Unavailable"
    assert report["reasons"] == ["payment: subscription from renewal: 1 events are parked, and it is stopped"]


def test_a_subscription_before_an_event_that_cannot_be_parked_is_a_reason(payment: Any) -> None:
    subscription = subscriptions_of(payment)["renewal"]
    subscription.is_stopped = True
    subscription.connection_status.mark_down(
        parking.ParkingFailed("renewal 2 can neither be applied nor parked: DataError")
    )
    status, report = answer("/ready", [payment])
    assert status == "503 Service Unavailable"
    (reason,) = report["reasons"]
    assert reason.startswith("payment: subscription from renewal: it is stopped (")
    assert "renewal 2 can neither be applied nor parked" in reason


def test_a_database_that_does_not_answer_is_a_reason(payment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(payment.shared_extensions[ProgramDatabase], "database", away)
    reasons = answer("/ready", [payment])[1]["reasons"]
    assert reasons == ["payment: its database does not answer (OperationalError)"]


def test_a_program_that_has_not_started_is_not_ready(payment: Any) -> None:
    payment.started = False
    assert answer("/ready", [payment])[1]["reasons"] == ["payment: has not started"]


def test_a_process_that_no_signal_stops_cleanly_yet_is_not_ready(payment: Any) -> None:
    status, report = answer("/ready", [payment], handles_signals=False)
    assert (status, report["reasons"]) == ("503 Service Unavailable", ["the process is still starting"])


def test_a_program_with_pages_is_ready_once_it_listens() -> None:
    container = ServiceContainer(Gateway, {"AMQP_URI": "memory://", "settings": Settings()})
    container.started = True
    assert answer("/ready", [container])[1]["reasons"] == ["gateway: has not started"]
    (server,) = container.dependencies
    server.is_listening = True
    assert answer("/ready", [container])[0] == "200 OK"


def test_nothing_else_is_told(payment: Any) -> None:
    assert answer("/", [payment])[0] == "404 Not Found"
