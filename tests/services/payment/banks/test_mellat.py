"""The same port before a two-phase bank: verified is not yet ours, settled is, and what can't be settled goes back."""

from dataclasses import replace
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from services.payment.attempts import reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks import exchange_log
from services.payment.banks.mellat import Credentials, Mellat
from services.payment.banks.port import (
    Exchange,
    Mismatch,
    NotOpened,
    NotPaid,
    NotReversed,
    Opened,
    Order,
    Paid,
    Reversed,
    SessionStatus,
    Settled,
    TwoPhaseBank,
    Unknown,
)
from services.payment.tables import EXCHANGES
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt
from tests.services.payment.samples import AMOUNT, AT, FIRST, ISSUE, record, start
from tests.support.sandbox_bank import CALLBACK, SandboxBank

CREDENTIALS = Credentials("1234567", "sazman", SecretStr("rAz-e-bank"))
ORDER = Order(UUID(int=10**20 + 77), AMOUNT, "حق عضویت <۱۴۰۵>")


class Desk:
    """The adapter, its evidence, and the payer at the bank's page."""

    def __init__(self, bank: SandboxBank) -> None:
        self.bank = bank
        self.kept: list[Exchange] = []
        self.adapter = Mellat(bank.url, bank.url, CALLBACK, CREDENTIALS, httpx.Timeout(5), self.kept.append)

    def open(self, order: Order = ORDER) -> str:
        opened = self.adapter.create(order)
        assert isinstance(opened, Opened)
        return opened.authority

    def choose(self, authority: str, choice: str) -> str:
        return httpx.post(self.adapter.page(authority), data={"do": choice}, trust_env=False).text

    def paid(self) -> str:
        authority = self.open()
        self.choose(authority, "pay")
        return authority


@pytest.fixture
def desk(bank: SandboxBank) -> Desk:
    return Desk(bank)


def test_verified_and_then_settled_it_is_ours_and_asking_again_changes_nothing(desk: Desk) -> None:
    authority = desk.paid()
    assert isinstance(desk.adapter, TwoPhaseBank)
    assert desk.adapter.inquire(authority) is SessionStatus.PAID
    first = desk.adapter.verify(authority, AMOUNT)
    assert isinstance(first, Paid)
    assert desk.adapter.inquire(authority) is SessionStatus.PAID
    assert desk.adapter.settle(authority) == desk.adapter.settle(authority) == Settled()
    again = desk.adapter.verify(authority, AMOUNT)
    assert isinstance(again, Paid)
    assert again.reference == first.reference
    assert desk.adapter.inquire(authority) is SessionStatus.VERIFIED


def test_the_key_of_a_session_looks_as_the_contract_wants_it(desk: Desk) -> None:
    authority = desk.open()
    assert len(authority) == 36
    assert authority.isalnum()
    assert authority[0] == "A"


def test_the_browser_comes_back_by_post_with_what_it_was_told(desk: Desk) -> None:
    authority = desk.open()
    page = desk.choose(authority, "pay")
    assert f'method="post" action="{CALLBACK}?attempt={ORDER.attempt}"' in page
    assert authority[-21:] in page


def test_cancelled_foreign_or_of_another_amount_it_is_not_paid(desk: Desk) -> None:
    authority = desk.open()
    assert desk.adapter.inquire(authority) is SessionStatus.IN_BANK
    assert desk.adapter.verify(authority, AMOUNT) == NotPaid("not_paid")
    desk.choose(authority, "cancel")
    assert desk.adapter.inquire(authority) is SessionStatus.FAILED
    assert desk.adapter.verify("A" + "9" * 14 + authority[-21:], AMOUNT) == Mismatch("session_unknown")
    other = desk.open(Order(UUID(int=5), AMOUNT, ""))
    desk.choose(other, "pay")
    assert desk.adapter.verify(other, AMOUNT - 10) == Mismatch("amount_differs")


def test_an_order_is_opened_once(desk: Desk) -> None:
    desk.open()
    assert desk.adapter.create(ORDER) == NotOpened("code 41")


def test_it_is_given_back_within_three_hours(desk: Desk, bank: SandboxBank) -> None:
    authority = desk.paid()
    desk.adapter.verify(authority, AMOUNT)
    desk.adapter.settle(authority)
    bank.clock.advance(minutes=179)
    assert desk.adapter.reverse(authority) == Reversed()
    assert desk.adapter.reverse(authority) == Reversed()
    assert desk.adapter.inquire(authority) is SessionStatus.REVERSED
    other = desk.open(Order(UUID(int=5), AMOUNT, ""))
    desk.choose(other, "pay")
    desk.adapter.verify(other, AMOUNT)
    desk.adapter.settle(other)
    bank.clock.advance(minutes=181)
    assert isinstance(desk.adapter.reverse(other), NotReversed)


def test_a_reversal_whose_answer_is_lost_took_effect(desk: Desk, bank: SandboxBank) -> None:
    authority = desk.paid()
    desk.adapter.verify(authority, AMOUNT)
    desk.adapter.settle(authority)
    bank.switch("reverse_502")
    assert isinstance(desk.adapter.reverse(authority), Unknown)
    assert desk.adapter.inquire(authority) is SessionStatus.REVERSED


def test_without_a_settle_the_money_goes_back_after_twenty_minutes(desk: Desk, bank: SandboxBank) -> None:
    authority = desk.paid()
    desk.adapter.verify(authority, AMOUNT)
    bank.clock.advance(minutes=21)
    assert desk.adapter.inquire(authority) is SessionStatus.REVERSED
    assert desk.adapter.verify(authority, AMOUNT) == NotPaid("not_paid")


def test_silence_is_unknown_and_never_a_no(desk: Desk, bank: SandboxBank) -> None:
    authority = desk.paid()
    bank.switch("verify_502")
    assert isinstance(desk.adapter.verify(authority, AMOUNT), Unknown)
    nowhere = Mellat("http://127.0.0.1:9", bank.url, CALLBACK, CREDENTIALS, httpx.Timeout(1))
    assert isinstance(nowhere.verify(authority, AMOUNT), Unknown)
    assert isinstance(nowhere.settle(authority), Unknown)
    assert isinstance(nowhere.reverse(authority), Unknown)
    assert nowhere.inquire(authority) is SessionStatus.UNKNOWN
    assert isinstance(nowhere.create(ORDER), NotOpened)


def test_our_password_is_neither_in_the_evidence_nor_in_what_is_printed(desk: Desk) -> None:
    desk.adapter.verify(desk.paid(), AMOUNT)
    assert desk.kept
    for text in (*map(str, desk.kept), repr(desk.adapter), repr(CREDENTIALS)):
        assert "rAz-e-bank" not in text
    assert all("sazman" not in exchange.request for exchange in desk.kept)


def begun(records: Records, desk: Desk) -> Verification:
    """A started attempt that is paid at the bank."""
    authority = desk.paid()
    record(records, ISSUE, replace(start(FIRST, authority), bank="mellat"))
    return Verification(records, desk.adapter)


def test_an_attempt_counts_only_once_it_is_settled(records: Records, desk: Desk, bank: SandboxBank) -> None:
    verification = begun(records, desk)
    bank.switch("settle_drop")
    assert verification.verify_and_record(attempt(records), AT) is None
    assert attempt(records).status == "started"
    assert verification.verify_and_record(attempt(records), AT) == "settled"


def test_what_the_bank_will_not_settle_goes_back_and_is_not_paid(
    records: Records, desk: Desk, bank: SandboxBank
) -> None:
    verification = begun(records, desk)
    bank.switch("settle_fails")
    assert verification.verify_and_record(attempt(records), AT) == "failed"
    assert attempt(records).cause == "not_settled"
    assert desk.adapter.inquire(attempt(records).authority) is SessionStatus.REVERSED


def test_the_reconciler_finishes_what_a_lost_browser_left(records: Records, bank: SandboxBank) -> None:
    desk = Desk(bank)
    desk.adapter = Mellat(
        bank.url,
        bank.url,
        CALLBACK,
        CREDENTIALS,
        httpx.Timeout(5),
        exchange_log.recorder(records.database, "mellat", lambda: AT),
    )
    verification = begun(records, desk)
    assert reconciler.poll_due_attempts(verification, AT.replace(hour=10)) == 1
    assert attempt(records).status == "settled"
    with records.read() as connection:
        requests = list(connection.execute(select(EXCHANGES.c.query).order_by(EXCHANGES.c.number)).scalars())
    assert requests[-2:] == ["bpInquiryRequest", "bpSettleRequest"]
