"""The bank is down: nobody is sent there, it is asked now and then, and the time that was lost is given back."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from services.payment.attempts import checkout, outages, reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks import circuit_breaker, exchange_log
from services.payment.banks.port import Opened, Order
from services.payment.banks.zarinpal import Zarinpal
from services.payment.invoices import queries
from services.payment.tables import EXCHANGES
from shared.contract.payment import commands
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt, types
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    FIRST,
    ISSUE,
    MEMBER,
    OTHER_MEMBER,
    PAYABLE_UNTIL,
    SECOND,
    YEAR,
    fail,
    issue,
    record,
    stamped,
    start,
)
from tests.support.sandbox_bank import CALLBACK, MERCHANT, SandboxBank

MINUTE = timedelta(minutes=1)


class Clock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def verification(records: Records, bank: SandboxBank, clock: Clock) -> Verification:
    """As the service makes it: what is said to the bank is kept."""
    keep = exchange_log.recorder(records.database, "zarinpal", clock)
    return Verification(records, Zarinpal(bank.url, bank.url, CALLBACK, MERCHANT, httpx.Timeout(5), keep))


def pay(verification: Verification, at: datetime, key: UUID = FIRST) -> str:
    command = commands.StartPayment(**stamped(at))
    return checkout.start(command, key, verification).redirect_url.rpartition("/")[2]


def refused(verification: Verification, at: datetime) -> Reason:
    with pytest.raises(Refused) as refusal:
        pay(verification, at)
    return refusal.value.reason


def payable_until(records: Records, member: str) -> datetime:
    with records.read() as connection:
        found = queries.invoice(connection, member, YEAR)
    assert found is not None
    return found.payable_until


def break_down(verification: Verification, bank: SandboxBank, at: datetime = AT) -> None:
    """Three members want to pay, and the bank answers none."""
    bank.switch("create_500", 3)
    for minutes in range(3):
        assert refused(verification, at + minutes * MINUTE) is Reason.BANK_UNREACHABLE


def test_what_was_said_to_the_bank_is_kept_raw_without_our_whole_id(
    records: Records, verification: Verification, bank: SandboxBank
) -> None:
    record(records, ISSUE)
    authority = pay(verification, AT)
    bank.choose(authority, "pay")
    verification.verify_and_record(attempt(records), AT)
    with records.read() as connection:
        rows = connection.execute(select(EXCHANGES).order_by(EXCHANGES.c.number)).mappings().all()
    assert [(row["query"], row["authority"], row["is_usable"]) for row in rows] == [
        ("request", authority, True),
        ("verify", authority, True),
    ]
    assert all(MERCHANT not in row["request"] and MERCHANT[:4] in row["request"] for row in rows)
    assert attempt(records).bank_reference in rows[1]["answer"]


def test_an_answer_that_cannot_be_kept_is_not_acted_on(
    records: Records, verification: Verification, bank: SandboxBank
) -> None:
    record(records, ISSUE)
    bank.choose(pay(verification, AT), "pay")
    records.write(EXCHANGES.drop)
    with pytest.raises(Exception, match="bank_exchanges"):
        verification.verify_and_record(attempt(records), AT)
    assert types(records) == ["InvoiceIssued", "PaymentStarted"]


def test_after_three_silences_nobody_is_sent_to_the_bank(
    records: Records, verification: Verification, bank: SandboxBank
) -> None:
    record(records, ISSUE)
    break_down(verification, bank)
    assert refused(verification, AT + 3 * MINUTE) is Reason.BANK_UNREACHABLE  # the sandbox is well, but nobody asks it
    with records.read() as connection:
        found = circuit_breaker.health_of(connection, "zarinpal")
    assert (found.is_up, found.down_since) == (False, AT)


def test_an_outage_is_on_record_and_ends_when_the_bank_answers_a_probe(
    records: Records, verification: Verification, bank: SandboxBank, clock: Clock
) -> None:
    record(records, ISSUE)
    break_down(verification, bank)
    for minutes in (3, 4, 5):
        clock.now = AT + minutes * MINUTE
        outages.track(verification, clock.now)
    assert types(records) == ["InvoiceIssued", "BankOutageBegan", "BankOutageEnded"]
    assert pay(verification, AT + 6 * MINUTE)
    outages.track(verification, AT + 7 * MINUTE)
    assert types(records)[-1] == "PaymentStarted"


def test_only_who_was_about_to_run_out_of_time_is_given_the_outage_back(
    records: Records, verification: Verification, bank: SandboxBank, clock: Clock
) -> None:
    began = clock.now = PAYABLE_UNTIL - 5 * MINUTE
    record(records, ISSUE)
    record(records, replace(issue(OTHER_MEMBER), at=AT + timedelta(days=4)), member=OTHER_MEMBER)
    break_down(verification, bank, began)
    for minutes in (3, 60, 60.5):
        clock.now = began + minutes * MINUTE
        outages.track(verification, clock.now)
    assert payable_until(records, MEMBER) == PAYABLE_UNTIL + 60.5 * MINUTE
    assert payable_until(records, OTHER_MEMBER) == PAYABLE_UNTIL + timedelta(days=4)
    assert types(records)[-2:] == ["InvoiceExtended", "BankOutageEnded"]


def test_while_the_bank_is_down_it_is_asked_about_nothing_else(
    records: Records, verification: Verification, bank: SandboxBank
) -> None:
    record(records, ISSUE, start())
    break_down_quietly(records)
    assert reconciler.poll_due_attempts(verification, AT + 10 * MINUTE) == 0
    assert reconciler.sweep(verification, AT + 10 * MINUTE) == 0


def break_down_quietly(records: Records) -> None:
    for _ in range(circuit_breaker.FAILURES_MAX):
        records.write(lambda connection: circuit_breaker.record_answer(connection, "zarinpal", AT, is_well=False))


def test_the_sweep_finds_a_paid_attempt_that_was_closed_too_early(
    records: Records, verification: Verification, bank: SandboxBank
) -> None:
    record(records, ISSUE)
    bank.choose(pay(verification, AT), "lose")
    record(records, fail())
    assert reconciler.sweep(verification, AT + MINUTE) == 1
    assert reconciler.sweep(verification, AT + 2 * MINUTE) == 0
    assert reconciler.poll_due_attempts(verification, AT + 2 * MINUTE) == 1
    assert attempt(records).status == "settled"


def test_the_sweep_settles_what_nobody_told_of(records: Records, verification: Verification, bank: SandboxBank) -> None:
    record(records, ISSUE)
    bank.choose(pay(verification, AT), "lose")
    assert reconciler.sweep(verification, AT) == 1
    assert reconciler.poll_due_attempts(verification, AT) == 1
    assert attempt(records).status == "settled"


def test_a_payment_that_no_record_asks_for_is_no_members(
    records: Records, verification: Verification, bank: SandboxBank, caplog: pytest.LogCaptureFixture
) -> None:
    opened = verification.bank.create(Order(SECOND, AMOUNT, "حق عضویت"))
    assert isinstance(opened, Opened)
    bank.choose(opened.authority, "lose")
    assert reconciler.sweep(verification, AT) == 0
    assert opened.authority in caplog.text
