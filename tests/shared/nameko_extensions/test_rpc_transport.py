"""Where replies go: to programs that may call the service, and to nobody where the message was no call."""

from types import SimpleNamespace
from typing import Any

import pytest

from shared.nameko_extensions.rpc_transport import send_reply


class Channel:
    """Keeps what is published."""

    def __init__(self) -> None:
        self.published: list[str] = []

    def prepare_message(self, body: str, **_options: Any) -> str:
        return body

    def basic_publish(self, _message: str, exchange: str, routing_key: str) -> None:
        assert exchange == "nameko-rpc"
        self.published.append(routing_key)


@pytest.mark.parametrize(
    ("came_by", "reply_to", "goes"),
    [
        ("payment.read_events", "capacity-reply-0a", True),
        ("payment.read_events", "bank-reply-0a", False),
        ("payment.read_events", "renewal.approve_renewal", False),
        ("gateway-reply-0a", "admin-reply-0a", False),
    ],
    ids=["a caller", "no caller", "a call", "a reply to a reply"],
)
def test_a_reply_goes_only_where_the_broker_takes_it(came_by: str, reply_to: str, goes: bool) -> None:
    """For any other key the broker closes the connection, and delivers the message again on the next one."""
    channel = Channel()
    message = SimpleNamespace(channel=channel, delivery_info={"routing_key": came_by}, properties={})
    send_reply(message, {"result": None}, reply_to)
    assert channel.published == ([reply_to] if goes else [])
