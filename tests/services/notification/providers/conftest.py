"""A server that stands for a provider, and a message to send."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.notification.providers.port import Message
from tests.support.scripted_http import Scripted, serving

NUMBER = "09120000007"


@pytest.fixture(autouse=True, scope="module")
def clients_closed() -> Iterator[None]:
    """Close the adapters' connections, which a program keeps to its end."""
    made: list[httpx.Client] = []
    with pytest.MonkeyPatch.context() as patch:
        original = httpx.Client.__init__

        def keep(self: httpx.Client, *args: Any, **options: Any) -> None:
            made.append(self)
            original(self, *args, **options)

        patch.setattr(httpx.Client, "__init__", keep)
        yield
    for client in made:
        client.close()


@pytest.fixture
def script() -> Iterator[Scripted]:
    with serving() as running:
        yield running


@pytest.fixture
def message() -> Message:
    """A message with two tokens."""
    return Message(
        attempt=UUID("00000000-0000-4000-8000-00000000000a"),
        address=NUMBER,
        template="tamdid-approved",
        tokens={"tracking_code": "T-۱۴۰۵-۱", "until": "۱۴۰۵/۱۲/۲۹"},
        text="درخواست T-۱۴۰۵-۱ رسید.\nپاسخ تا ۱۴۰۵/۱۲/۲۹",
    )
