"""What tests of webhooks share: a webhook in the rows, events that it wants, and the sending to it with a clock that a test moves."""

import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deploy.containers import secrets
from services.notification.webhook_tables import DELIVERIES, WEBHOOKS
from services.notification.webhooks import administering
from services.notification.webhooks.posting import Poster, Result
from services.notification.webhooks.sending import Sending, Threads
from services.notification.webhooks.signing import SecretBox
from shared.contract.base import Event
from shared.contract.notification import commands
from shared.contract.notification.webhook_events import OFFERED
from shared.event_store.command_handler import Records
from shared.keys import Keys
from tests.services.notification import samples as s
from tests.services.notification.notices.test_subscriptions import follow
from tests.support.system import fresh

URL = "https://receiver.example/hook"
ADMIN = "officer:rahbar"


@dataclass
class FakePost:
    """A receiver that takes everything unless a test says otherwise."""

    results: dict[str, Result] = field(default_factory=dict)
    """By URL."""
    sent: list[tuple[str, Mapping[str, str], str]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def __call__(self, url: str, headers: Mapping[str, str], body: str) -> Result:
        self.sent.append((url, headers, body))
        self.meanwhile()
        return self.results.get(url, Result(200))

    def ids(self, url: str = URL) -> list[str]:
        return [headers["webhook-id"] for sent_to, headers, _ in self.sent if sent_to == url]


@dataclass
class Desk:
    """The rows of one database, the sending, and the time."""

    records: Records
    box: SecretBox
    post: Any = field(default_factory=FakePost)
    now: datetime = s.AT
    threads: Threads = field(default_factory=lambda: Threads(start=lambda work: work()))
    is_development: bool = False

    def add(self, url: str = URL, events: Sequence[str] = OFFERED, provinces: Sequence[str] = (s.PROVINCE,)) -> UUID:
        command = commands.AddWebhook(
            **fresh() | {"at": s.AT, "actor": ADMIN}, url=url, events=tuple(events), provinces=tuple(provinces)
        )
        self.records.write(
            lambda connection: administering.add(connection, self.box, command, is_development=self.is_development)
        )
        return command.id

    def secret(self, webhook: UUID) -> str:
        return self.box.decrypt(self.row(webhook).secret, webhook)

    def row(self, webhook: UUID) -> Any:
        with self.records.read() as connection:
            return connection.execute(select(WEBHOOKS).where(WEBHOOKS.c.webhook == webhook)).one()

    def deliveries(self) -> list[Any]:
        with self.records.read() as connection:
            return list(connection.execute(select(DELIVERIES).order_by(DELIVERIES.c.position, DELIVERIES.c.webhook)))

    def follow(self, *events: Event, first: int = 1) -> None:
        follow(self.records, *events, at=self.now, first=first)

    def send(self, after: timedelta = timedelta()) -> None:
        """Let the time go on, and send until a round finds nothing."""
        self.now += after
        self.sending().run_round()

    def sending(self) -> Sending:
        return Sending(self.records, self.box, self.post, lambda: self.now, self.threads, lambda: 0.0)


def secret_box(folder: Path) -> SecretBox:
    """A box by a new key of the program."""
    secrets.make_keys(folder, ["notification"])
    return SecretBox(Keys("notification", folder))


def loopback(*addresses: str) -> Callable[..., list[Any]]:
    """A lookup that answers every name with these addresses, and notes the names."""

    def lookup(host: str, port: int, **_: object) -> list[Any]:
        lookup.names.append(host)  # type: ignore[attr-defined]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    lookup.names = []  # type: ignore[attr-defined]
    return lookup


def poster(
    lookup: Any = socket.getaddrinfo, tls: ssl.SSLContext | None = None, *, is_development: bool = True
) -> Poster:
    return Poster(is_development, tls or ssl.create_default_context(), lookup, seconds=2)
