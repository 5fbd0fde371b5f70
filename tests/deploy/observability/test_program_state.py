"""Metrics of a program's state follow what happens to it: parked events, alarms by their cause, the broker, the database."""

from pathlib import Path
from typing import Any

import pytest
from nameko.containers import ServiceContainer

from deploy import databases
from deploy.observability.program_state import ProgramState
from services.payment.service import PaymentService
from shared.contract.operations import answers
from shared.contract.refusals import Reason, Refused
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.messaging.relay import NotConfirmed
from shared.nameko_extensions import EventStore, Subscription
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.settings import Settings
from shared.subscriptions import epochs, parking
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.follower import Follower
from shared.subscriptions.seal_check import SealBroken
from tests.support.sample_log import AT, fact, metadata

RENEWAL = ("payment", "renewal")


@pytest.fixture
def payment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The payment program just after its start; no source answers it, and it reaches no broker."""
    settings = Settings(var=tmp_path)
    databases.prepare(["payment"], settings, print)
    container = ServiceContainer(PaymentService, {"AMQP_URI": "memory://", "settings": settings})
    (store,) = (one for one in container.dependencies if isinstance(one, EventStore))
    store.setup()
    for one in subscriptions_of(container):
        one.follower = Follower(one.own.database, one.source, one.apply, one.pull, lambda _seconds: None)
        one.signatures = None

    def no_answer(_subscription: Subscription, _now: object) -> answers.SubscriptionState:
        raise Refused(Reason.NO_ANSWER)

    monkeypatch.setattr(Subscription, "state", no_answer)
    container.started = True
    return container


def subscriptions_of(container: Any) -> list[Any]:
    return [one for one in container.dependencies if isinstance(one, Subscription)]


def from_renewal(container: Any) -> Any:
    return next(one for one in subscriptions_of(container) if one.source == "renewal")


def relay_of(container: Any) -> Any:
    return next(one.relay for one in container.dependencies if isinstance(one, EventStore))


def database_of(container: Any) -> Database:
    database: Database = container.shared_extensions[ProgramDatabase].database
    return database


def values(container: Any, metric: str) -> dict[tuple[str, ...], float]:
    return {one.labels: one.value for one in ProgramState(container).samples() if one.metric == metric}


def test_a_source_that_does_not_answer_leaves_the_lag_unknown_and_the_rest_known(payment: Any) -> None:
    assert values(payment, "tamdid_follower_lag_seconds") == {}
    assert values(payment, "tamdid_follower_checkpoint")[RENEWAL] == 0
    assert values(payment, "tamdid_follower_alarm") == {}


def test_parked_events_are_counted_and_too_many_are_an_alarm(payment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"partition_key": "1", "type": "x", "error": "x", "attempts": 4, "recorded_at": AT, "digest": "0" * 64}
    parked = parking.PARKED.insert().values(source="renewal", position=1, **row)
    database_of(payment).write(lambda connection: connection.execute(parked).close())
    assert values(payment, "tamdid_parked_events")[RENEWAL] == 1
    assert values(payment, "tamdid_follower_alarm") == {}
    monkeypatch.setattr(parking, "PARKED_MAX", 1)
    assert values(payment, "tamdid_follower_alarm") == {(*RENEWAL, "parking"): 1}


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (epochs.replaced("renewal", Checkpoint(7), epochs.LogState(7, 3)), "epoch"),
        (SealBroken("renewal 7 is not sealed"), "seal"),
        (parking.ParkingFailed("renewal 7 can neither be applied nor parked"), "parking"),
    ],
    ids=["epoch", "seal", "parking"],
)
def test_an_alarm_has_its_cause(payment: Any, error: Exception, cause: str) -> None:
    from_renewal(payment).follower.alarm = f"{type(error).__name__}: {error}"
    assert values(payment, "tamdid_follower_alarm") == {(*RENEWAL, cause): 1}


def test_a_subscription_that_is_stopped_has_not_lost_the_broker(payment: Any) -> None:
    subscription = from_renewal(payment)
    subscription.connection_status.mark_down(OSError("no route to host"))
    assert values(payment, "tamdid_broker_connected")[RENEWAL] == 0
    error = parking.ParkingFailed("renewal 7 can neither be applied nor parked")
    subscription.connection_status.mark_down(error)
    subscription.follower.alarm = f"{type(error).__name__}: {error}"
    subscription.is_stopped = True
    assert values(payment, "tamdid_broker_connected")[RENEWAL] == 1
    assert values(payment, "tamdid_follower_alarm") == {(*RENEWAL, "parking"): 1}


def test_a_broker_that_does_not_confirm_is_told_from_one_that_is_away(payment: Any) -> None:
    relay = relay_of(payment)
    relay.connection_status.mark_down(OSError("no route to host"))
    assert values(payment, "tamdid_relay_unconfirmed") == {("payment",): 0}
    relay.connection_status.mark_down(NotConfirmed("no confirm in time"))
    assert values(payment, "tamdid_relay_unconfirmed") == {("payment",): 1}
    assert values(payment, "tamdid_broker_connected")["payment", "relay"] == 0
    relay.connection_status.mark_up()
    assert values(payment, "tamdid_broker_connected")["payment", "relay"] == 1
    assert values(payment, "tamdid_relay_unconfirmed") == {("payment",): 0}


def test_what_the_relay_has_before_it_is_unpublished(payment: Any) -> None:
    log = EventLog("payment", lambda _connection, _recorded: None)
    database_of(payment).write(lambda writing: log.append(writing, "invoice/1/1405", 0, [fact("1")], metadata(), AT))
    assert values(payment, "tamdid_log_position") == {("payment",): 1}
    assert values(payment, "tamdid_relay_unpublished_events") == {("payment",): 1}


def test_a_database_that_is_away_is_told_and_ends_the_rest(payment: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    away = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    monkeypatch.setattr(payment.shared_extensions[ProgramDatabase], "database", away)
    assert values(payment, "tamdid_database_up") == {("payment",): 0}
    assert values(payment, "tamdid_program_ready") == {("payment",): 0}
    assert values(payment, "tamdid_log_position") == {}
