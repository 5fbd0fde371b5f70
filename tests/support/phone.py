"""The real phone, served over HTTP and SMTP on free ports, with a clock that the test moves."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from werkzeug.serving import make_server

from clients.phone import smtp, tables
from clients.phone.account import Account
from clients.phone.app import make_app
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.settings import Settings

AT = datetime(2027, 3, 20, 20, 29, tzinfo=UTC)
"""A minute before midnight of 29 Esfand 1405 in Tehran."""
NUMBER = "09120000007"


class Clock:
    """The phone's time, moved by hand."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Phone:
    """A running phone, and what a test does there."""

    def __init__(self, url: str, smtp_port: int, clock: Clock) -> None:
        self.url = url
        self.smtp_port = smtp_port
        self.clock = clock
        self.http = httpx.Client(base_url=url, trust_env=False)

    def register(self, provider: str, name: str, text: str) -> None:
        """Let a provider know an approved text."""
        self.http.put(f"/templates/{provider}/{name}", json={"text": text}).raise_for_status()

    def switch(self, provider: str, fault: str, value: int = 1, to: str = "") -> None:
        """Let something go wrong."""
        self.http.put(f"/faults/{provider}/{fault}", json={"value": value, "to": to}).raise_for_status()

    def messages(self, to: str = "") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.http.get("/messages", params={"to": to}).json()
        return found


@contextmanager
def running(folder: Path) -> Iterator[Phone]:
    """A phone of its own until the block ends, with what an earlier one has left in the folder."""
    database, clock = Database(f"sqlite:///{folder}/phone.db"), Clock()
    database.create_tables(tables.STATE)
    records = Records(database, None)
    web = make_server("127.0.0.1", 0, make_app(records, Settings(development=True), clock), threaded=True)
    mail = socket.create_server(("127.0.0.1", 0))
    threads = [
        threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.02}),
        threading.Thread(target=smtp.serve, args=(mail, Account(records, "smtp", clock))),
    ]
    for thread in threads:
        thread.start()
    phone = Phone(f"http://127.0.0.1:{web.server_port}", mail.getsockname()[1], clock)
    try:
        yield phone
    finally:
        phone.http.close()
        web.shutdown()
        mail.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        web.server_close()
        mail.close()
        database.close()
