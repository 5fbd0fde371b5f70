"""The real sandbox bank and receiver, served over HTTP on a free port, with a clock that the test moves."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
from pydantic import SecretStr
from werkzeug.serving import make_server

from clients.bank import app, tables
from clients.bank.notices.signatures import Signatures
from clients.bank.sandbox.outbox import Sender
from services.payment.banks.zarinpal import Zarinpal
from shared.app_context import AppContext
from shared.contract.base import Answer, Message
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.settings import Settings
from tests.support.servers.prepared_databases import sqlite_file

A = TypeVar("A", bound=Answer)

MERCHANT = "11111111-2222-4333-8444-555555555555"
PORTAL = "http://portal.test"
CALLBACK = f"{PORTAL}/payment/return"
SECRETS = [SecretStr("whsec_bmV3LXNlY3JldC1vZi10aGUtYmFuaw=="), SecretStr("whsec_b2xkLXNlY3JldC1vZi10aGUtYmFuaw==")]
AT = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)


class Clock:
    """The bank's time, moved by hand."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now

    def advance(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


def no_service_to_call(message: Message[A], passport: str | None = None, service: str | None = None) -> A:
    raise AssertionError(f"the bank program calls no service, not even {service or message.service} as {passport}")


def create_tables(database: Database) -> None:
    database.create_tables(log.TABLES, tables.STATE)


def records_at(url: str) -> Records:
    """Records of the bank program in a database with its tables."""
    return Records(Database(url), EventLog("bank", tables.project))


def program(records: Records, **settings: object) -> AppContext:
    """The bank program, in development unless told otherwise."""
    given = {"development": True, "webhook_secrets": SECRETS, "public_url": PORTAL, **settings}
    return AppContext(no_service_to_call, Settings.model_validate(given), records)


class SandboxBank:
    """A running sandbox bank, and what a payer's browser does there."""

    def __init__(self, url: str, records: Records, clock: Clock) -> None:
        self.url = url
        self.records = records
        self.clock = clock
        self.http = httpx.Client(base_url=url, trust_env=False)
        self.adapter = self.adapter_of(MERCHANT)

    def adapter_of(self, merchant: str) -> Zarinpal:
        return Zarinpal(self.url, self.url, CALLBACK, merchant, httpx.Timeout(5))

    def choose(self, authority: str, choice: str) -> httpx.Response:
        """Press a button of the payment page."""
        return self.http.post(f"/pg/StartPay/{authority}", data={"do": choice})

    def switch(self, fault: str, value: int = 1) -> None:
        """Let something go wrong."""
        self.http.put(f"/sandbox/faults/{fault}", json={"value": value}).raise_for_status()

    def send_notices(self) -> int:
        """Send the outbox's notices that are due by the bank's clock."""
        sender = Sender(self.records, Signatures(SECRETS), f"{self.url}/webhooks/bank")
        return sender.send_due(max(self.clock.now, datetime.now(UTC)))


@contextmanager
def running(folder: Path) -> Iterator[SandboxBank]:
    """A sandbox bank of its own until the block ends, with what an earlier one has left in the folder."""
    file = folder / "bank.db"
    if not file.exists():
        file.write_bytes(sqlite_file(create_tables))
    records, clock = records_at(f"sqlite:///{file}"), Clock()
    server = make_server("127.0.0.1", 0, app.make_app(program(records), clock), threaded=True)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    bank = SandboxBank(f"http://127.0.0.1:{server.server_port}", records, clock)
    try:
        yield bank
    finally:
        bank.http.close()
        server.shutdown()
        serving.join()
        server.server_close()
        records.database.close()
