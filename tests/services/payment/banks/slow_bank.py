"""The payment service under nameko before a bank that holds back its answers until it is let go; told by `test_bulkhead.py`."""

import eventlet

eventlet.monkey_patch()

import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from eventlet import wsgi
from eventlet.event import Event
from nameko.runners import ServiceRunner
from nameko.timer import timer

from deploy import databases
from deploy.containers import secrets
from deploy.run import WORKERS_MAX
from services.payment.banks import bulkhead
from services.payment.invoices import domain, state
from services.payment.invoices.internal_commands import IssueInvoice
from services.payment.service import LOG, PaymentService
from shared.contract.operations import queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.payment import commands
from shared.contract.refusals import Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.messaging import in_memory
from shared.nameko_extensions import EventStore, RpcClient
from shared.passports import PassportOffice
from shared.settings import Settings
from tests.services.payment.samples import LINES, PROVINCE, YEAR

CALLERS = 40
WAIT_SECONDS = 30
assert bulkhead.BANK_CALLS_MAX < WORKERS_MAX < CALLERS


class SlowBank:
    """Opens no session before it is let go; everything else it answers at once, with nothing."""

    def __init__(self) -> None:
        self.holds = 0
        self.go = Event()
        self.listener = eventlet.listen(("127.0.0.1", 0))
        eventlet.spawn_n(wsgi.server, self.listener, self.answer, log_output=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def answer(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        data: dict[str, Any] = {"code": 100, "authorities": []}
        if environ["PATH_INFO"].endswith("/request.json"):
            self.holds += 1
            data["authority"] = f"S0{self.holds:034}"
            self.go.wait()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"data": data, "errors": []}).encode()]


class Prober:
    """Asks."""

    name = "gateway"
    call = RpcClient()
    given: Any = None

    @timer(interval=1000, eager=True)
    def give(self) -> None:
        Prober.given = self.call


def until(is_so: Any, what: str) -> None:
    with eventlet.Timeout(WAIT_SECONDS, AssertionError(f"it never was so: {what}")):
        while not is_so():
            eventlet.sleep(0.02)


def start_payment(member: str, office: PassportOffice) -> str:
    """What comes of pressing the button."""
    now = datetime.now(UTC)
    command = commands.StartPayment(id=uuid4(), deadline=now + timedelta(minutes=1), member=member, year=YEAR)
    try:
        passport = Passport(principal_kind=PrincipalKind.MEMBER, subject=member, command_id=command.id)
        Prober.given(command, office.sign(passport, "payment", now))
    except Refused as refused:
        return refused.reason.value
    return "opened"


def issue_invoices(runner: ServiceRunner, members: list[str]) -> None:
    payment = next(one for one in runner.containers if one.service_name == "payment")
    store = next(one for one in payment.dependencies if isinstance(one, EventStore))
    records = Records(store.own.database, LOG)
    for member in members:
        issue = IssueInvoice(uuid4(), datetime.now(UTC), member, YEAR, PROVINCE, LINES)
        records.handle(state.stream_of(member, YEAR), issue, domain.INVOICE)


def measure(runner: ServiceRunner, bank: SlowBank, settings: Settings) -> None:
    """More callers than workers want the bank; another service's question is answered while every call to it is held."""
    members = [f"{number:07}" for number in range(CALLERS)]
    issue_invoices(runner, members)
    office = PassportOffice("auth", settings.keys_folder)
    admin = Passport(principal_kind=PrincipalKind.OFFICER, subject="admin", roles=frozenset({Role.ADMIN}))
    outcomes: list[str] = []
    for member in members:
        eventlet.spawn(start_payment, member, office).link(lambda done: outcomes.append(done.wait()))
    until(lambda: len(outcomes) == CALLERS - bulkhead.BANK_CALLS_MAX, "those without room are refused")
    until(lambda: bank.holds == bulkhead.BANK_CALLS_MAX, "those with room are at the bank")
    read = Prober.given(queries.ReadEvents(after=0), office.sign(admin, "payment", datetime.now(UTC)), "payment")
    assert read.head == CALLERS, read.head
    assert len(outcomes) == CALLERS - bulkhead.BANK_CALLS_MAX, "no call to the bank has ended meanwhile"
    bank.go.send()
    until(lambda: len(outcomes) == CALLERS, "those with room are answered")
    print(json.dumps(Counter(outcomes)), flush=True)


def main(broker_url: str, database_url: str, var: str) -> None:
    in_memory.register()
    bank = SlowBank()
    settings = Settings(
        var=Path(var), broker_url=broker_url, database_url=database_url, bank_url=bank.url, development=True
    )
    secrets.make_keys(settings.keys_folder, secrets.KEY_HOLDERS)
    databases.prepare(["payment"], settings, print)
    runner = ServiceRunner({"AMQP_URI": broker_url, "settings": settings, "max_workers": WORKERS_MAX})
    for service in (PaymentService, Prober):
        runner.add_service(service)
    runner.start()
    until(lambda: Prober.given is not None, "the services run")
    measure(runner, bank, settings)
    runner.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
