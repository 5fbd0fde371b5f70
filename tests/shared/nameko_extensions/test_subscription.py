"""What a subscription does with messages before their seal has come: of somebody who seals none, it holds few and short ones."""

from collections.abc import Sized
from types import SimpleNamespace

import pytest
from kombu import Connection

from shared.contract.seal import Delivery
from shared.messaging import in_memory, topology
from shared.nameko_extensions import subscription as module
from shared.nameko_extensions.subscription import UNSEALED_MAX, Subscription
from tests.conftest import fresh_name

TURNS_MAX = 3 * UNSEALED_MAX


class Flooded(Subscription):
    """Whenever it waits for a delivery, one more comes that nobody has sealed."""

    def __init__(self, connection: Connection, body: str) -> None:
        super().__init__("renewal", apply=lambda _connection, _event: None)
        self.subscriber = "capacity"
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
