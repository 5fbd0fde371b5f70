"""One member of the payment scenarios: the way to the bank and back, and its visible outcome."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

import httpx
from pydantic import SecretStr

from clients.bank.notices.signatures import Signatures
from shared.contract import bounds
from shared.contract.capacity import queries as capacity_queries
from shared.contract.payment import answers, finance_answers
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands as renewal_commands
from tests.demo import page, users
from tests.demo.users import Person
from tests.faults.load import declaration
from tests.support.system import ANSWER_SECONDS, YEAR, Cluster, fresh

T = TypeVar("T")
PATIENCE_SECONDS = 40
PAUSE_SECONDS, PAUSE_SECONDS_MAX = 0.1, 0.5
"""A pause grows from one look to the next: whoever waits for long leaves the machine to what is waited for."""
NOT_YET_FOLLOWED = {Reason.UNKNOWN_MEMBER, Reason.NOT_ALLOWED, Reason.NO_INVOICE, Reason.NO_CAPACITY}
STRANGER = Signatures([SecretStr("whsec_c29tZWJvZHktZWxzZQ==")])
MERCHANT = "11111111-2222-4333-8444-555555555555"


@dataclass(frozen=True)
class Visit:
    """A payment session at the bank."""

    attempt: UUID
    page: str

    @property
    def authority(self) -> str:
        return self.page.rpartition("/")[2]


class Seen(NamedTuple):
    """The visible outcome of a member's payment once all events are applied."""

    attempts: tuple[str, ...]
    invoice: str
    ledger: tuple[tuple[str, int], ...]
    tasks: frozenset[str]
    alerts: frozenset[str]


def eventually(is_so: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Poll until a condition holds."""
    until, pause = time.monotonic() + seconds, PAUSE_SECONDS
    while not is_so():
        assert time.monotonic() < until, f"within {seconds:g} s it was not so: {what}"
        time.sleep(pause)
        pause = min(1.5 * pause, PAUSE_SECONDS_MAX)


class Member:
    """A member with an approved renewal, whose invoice is to be paid."""

    def __init__(self, cluster: Cluster, person: Person) -> None:
        self.cluster = cluster
        self.person = person
        self.name = person.name
        self.of: dict[str, Any] = {"member": person.name, "year": YEAR}
        self.portal = cluster.signed_in("member", person.name, person.secret)
        self.browser = httpx.Client(timeout=ANSWER_SECONDS, trust_env=False)
        self.visits: list[Visit] = []

    def close(self) -> None:
        self.portal.close()
        self.browser.close()

    def be_approved(self) -> None:
        """From the request to the invoice."""
        form = declaration(random.Random(self.name))  # noqa: S311 - nothing secret hangs on it
        once_followed(lambda: self.portal.call(renewal_commands.RequestRenewal(**fresh(), **self.of)))
        self.portal.call(renewal_commands.SubmitDeclaration(**fresh(), **self.of, form=form))
        self.cluster.manager.call(renewal_commands.ApproveRenewal(**fresh(), **self.of, declaration_version=1))
        eventually(lambda: bool(self.portal.call(payment_queries.GetInvoices(member=self.name)).invoices), "an invoice")

    # ------------------------------------------------------------ to the bank and back

    def go_to_bank(self, command_id: UUID | None = None) -> Visit:
        """Press the button of the invoice."""
        once = fresh() | ({"id": command_id} if command_id else {})
        found = self.portal.call(payment_commands.StartPayment(**once, **self.of))
        visit = Visit(found.attempt, found.redirect_url)
        self.visits.append(visit)
        return visit

    def refused(self) -> Reason:
        """Why the button does not lead to the bank."""
        try:
            self.go_to_bank()
        except Refused as refused:
            return refused.reason
        raise AssertionError("the bank's page was opened")

    def press(self, visit: Visit, button: str = "pay") -> str:
        """Press a button at the bank; the way back to the portal, where the browser is sent back."""
        answer = self.browser.post(visit.page, data={"do": button})
        assert answer.status_code < 400, answer.text
        back = answer.headers.get("location", "")
        return back if back.startswith(self.cluster.portal) else ""

    def way_back(self, visit: Visit, status: str = "OK", authority: str = "") -> str:
        """The way back as anybody could type it."""
        key = authority or visit.authority
        return f"{self.cluster.portal}/payment/return?attempt={visit.attempt}&Authority={key}&Status={status}"

    def pay_at_second_bank(self) -> str:
        """Pay where the page posts the browser back; the heading of the page that comes."""
        there = page.read(self.browser.post(self.go_to_bank().page, data={"do": "pay"}).text)
        [form] = there.forms
        said = {control.name: control.value for control in form.controls}
        return page.read(self.browser.post(form.action, data=said, follow_redirects=True).text).heading

    def open(self, address: str) -> str:
        """Open an address without any session; the heading of the page that comes."""
        answer = self.browser.get(address, follow_redirects=True)
        return page.read(answer.text).heading

    def pay(self) -> Visit:
        """The straight way: to the bank, pay, and back."""
        visit = self.go_to_bank()
        self.open(self.press(visit))
        self.becomes("settled")
        return visit

    def becomes(self, *attempts: str) -> None:
        """Wait until the attempts have these states."""
        eventually(lambda: self.attempts() == attempts, f"attempts {attempts}, but {self.attempts()}")

    # ------------------------------------------------------------ the bank

    def notify(self, visit: Visit, notice_id: str = "", age: timedelta = timedelta(0), **more: Any) -> int:
        """Send a notice as the bank would; the answer."""
        signatures = more.pop("signatures", self.cluster.signatures)
        body = json.dumps({"type": "payment.changed", "authority": visit.authority, **more})
        headers = signatures.headers(notice_id or f"msg_{uuid4().hex}", body, datetime.now(UTC) - age)
        return self.cluster.bank.post("/webhooks/bank", content=body, headers=headers).status_code

    def at_bank(self, visit: Visit, deed: str, minutes: int = 0) -> None:
        """Something happens to a session at the bank."""
        sent = {"do": deed, "minutes": minutes}
        self.cluster.bank.post(f"/sandbox/sessions/{visit.authority}", json=sent).raise_for_status()

    def reverse_in_silence(self, visit: Visit) -> None:
        """The bank returns the money without a notice."""
        request = {"merchant_id": MERCHANT, "authority": visit.authority}
        answer = self.cluster.bank.post("/pg/v4/payment/reverse.json", json=request).json()
        assert answer["data"]["code"] == 100, answer

    # ------------------------------------------------------------ the desk

    def confirm(self) -> None:
        """The manager confirms what is settled, and the capacity follows."""
        self.cluster.manager.call(
            payment_commands.ConfirmPayment(**fresh(), **self.of, amount_rials=self.invoice().amount_rials)
        )

    def capacity(self) -> str:
        """The status of the year's capacity."""
        query = capacity_queries.GetCapacity(**self.of)
        return once_followed(lambda: self.portal.call(query).status)

    def capacity_becomes(self, status: str) -> None:
        eventually(lambda: self.capacity() == status, f"capacity {status}")

    # ------------------------------------------------------------ what is seen

    def invoice(self) -> answers.Invoice:
        return self.portal.call(payment_queries.GetInvoices(member=self.name)).invoices[0]

    def attempts(self) -> tuple[str, ...]:
        return tuple(one.status for one in self.invoice().attempts)

    def balance(self) -> finance_answers.Balance:
        return self.portal.call(payment_queries.GetBalance(member=self.name))

    def alerts(self) -> frozenset[str]:
        """The alerts about this member, and those that name nobody."""
        query = payment_queries.ListAlerts(province=users.PROVINCE, limit=bounds.PAGE_MAX)
        found = self.cluster.finance.call(query).alerts
        return frozenset(one.kind for one in found if one.member in {self.name, ""})

    def tasks(self) -> frozenset[str]:
        query = payment_queries.ListMoneyTasks(province=users.PROVINCE, limit=bounds.PAGE_MAX)
        return frozenset(one.kind for one in self.cluster.finance.call(query).tasks if one.member == self.name)

    def seen(self) -> Seen:
        invoice, balance = self.invoice(), self.balance()
        ledger = tuple((one.kind, one.amount_rials) for one in balance.entries)
        assert sum(rials for _, rials in ledger) == balance.balance_rials
        attempts = tuple(one.status for one in invoice.attempts)
        return Seen(attempts, invoice.status, ledger, self.tasks(), self.alerts())

    def banks_book(self) -> int:
        """The money that the bank's own book has for us of this member's sessions."""
        lines = self.cluster.bank.get("/sandbox/statement.csv").content.decode("utf-8-sig").splitlines()
        names = lines[0].split(",")
        rows = [dict(zip(names, line.split(","), strict=True)) for line in lines[1:]]
        keys = {visit.authority for visit in self.visits}
        return sum(
            int(row["amount_rial"])
            for row in rows
            if row["authority"] in keys and row["status"] in {"PAID", "VERIFIED"}
        )


def once_followed(call: Callable[[], T]) -> T:
    """Repeat the query until the service knows its member."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return call()
        except Refused as refused:
            if refused.reason not in NOT_YET_FOLLOWED or time.monotonic() > until:
                raise
        time.sleep(PAUSE_SECONDS)
