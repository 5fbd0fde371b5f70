"""Money goes back to a member once: nothing is sent while nobody knows whether the bank has given it back itself."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.payment.attempts.verification import Verification
from services.payment.banks.port import NotReversed, Opened, Order, Reversed, SessionStatus, Unknown
from services.payment.invoices import domain, state
from services.payment.refunds import worker
from shared.contract.payment import commands
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.payment.attempts.test_verification import attempt
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.refunds.test_worker import SOON, balance, paid_twice, waiting
from tests.services.payment.samples import (
    AMOUNT,
    FIRST,
    MANAGER,
    OTHER_MEMBER,
    SECOND,
    YEAR,
    issue,
    record,
    settle,
    stamped,
    start,
)
from tests.support.sandbox_bank import SandboxBank

FARID = "officer:farid"
REASON = "دو بار از یک کارت برداشت شده است"


class SilentAfterReversal(FakeBank):
    """Gives a payment back, and whatever is asked afterwards is not answered until it is well again."""

    def __init__(self) -> None:
        super().__init__(session_status=SessionStatus.VERIFIED)
        self.reversals = 0

    def reverse(self, authority: str) -> Reversed | NotReversed | Unknown:
        self.note(authority)
        self.reversals += 1
        self.session_status = SessionStatus.UNKNOWN
        return Unknown("lost")


def call(key: UUID, **more: Any) -> commands.RequestRefund:
    return commands.RequestRefund(**stamped(attempt=key, amount_rials=AMOUNT, actor=FARID, reason=REASON, **more))


def grant(request: UUID) -> commands.GrantRefund:
    return commands.GrantRefund(**stamped(SOON, request=request, actor=MANAGER))


def sent(request: UUID, reference: str) -> commands.RecordRefund:
    return commands.RecordRefund(**stamped(SOON, request=request, actor=FARID, bank_reference=reference))


def refusal(verification: Verification, command: commands.GrantRefund | commands.RecordRefund) -> Reason:
    with pytest.raises(Refused) as refused:
        worker.must_not_have_gone_back(command, verification)
    return refused.value.reason


@pytest.fixture
def owed(records: Records, bank: SandboxBank) -> tuple[Verification, UUID]:
    """A second payment that the bank declined to give back, and the refund that finance has asked for."""
    verification = paid_twice(records, bank)
    bank.switch("reverse_refused")
    worker.reverse_due_payments(verification, SOON)
    request = call(SECOND)
    record(records, request)
    return verification, request.id


def test_a_reversal_whose_answer_is_lost_is_asked_about_and_sent_once(
    sqlite_records: Records, bank: SandboxBank
) -> None:
    paid_twice(sqlite_records, bank)
    silent = SilentAfterReversal()
    verification = Verification(sqlite_records, silent)
    assert worker.reverse_due_payments(verification, SOON) == 1
    assert [task.kind for task in waiting(sqlite_records)] == ["reversal_unknown"]
    for minutes in range(1, 5):
        worker.reverse_due_payments(verification, SOON + timedelta(minutes=minutes))
    with pytest.raises(Refused, match="refund_in_flight"):
        record(sqlite_records, call(SECOND))
    silent.session_status = SessionStatus.REVERSED
    worker.reverse_due_payments(verification, SOON + timedelta(hours=5))
    assert (attempt(sqlite_records, SECOND).status, silent.reversals) == ("reversed", 1)
    assert (balance(sqlite_records)[0], waiting(sqlite_records)) == (0, [])


def test_the_sandbox_can_lose_the_answer_to_a_reversal_and_to_the_questions_after_it(
    sqlite_records: Records, bank: SandboxBank
) -> None:
    verification = paid_twice(sqlite_records, bank)
    bank.switch("reverse_drop", 2)
    for minutes in range(3):
        assert attempt(sqlite_records, SECOND).status == "duplicate"
        worker.reverse_due_payments(verification, SOON + timedelta(minutes=minutes))
    assert attempt(sqlite_records, SECOND).status == "reversed"


def test_what_waits_for_the_bank_is_told_to_finance(sqlite_records: Records, bank: SandboxBank) -> None:
    paid_twice(sqlite_records, bank)
    assert [(one.kind, one.attempt, one.amount_rials) for one in waiting(sqlite_records)] == [
        ("reversal_requested", SECOND, AMOUNT)
    ]


def test_a_refund_is_not_granted_once_the_bank_has_given_the_money_back(
    records: Records, bank: SandboxBank, owed: tuple[Verification, UUID]
) -> None:
    verification, request = owed
    worker.must_not_have_gone_back(grant(request), verification)
    assert isinstance(bank.adapter.reverse(attempt(records, SECOND).authority), Reversed)
    assert refusal(verification, grant(request)) is Reason.GIVEN_BACK_BY_BANK
    assert (attempt(records, SECOND).status, balance(records)[0]) == ("reversed", 0)
    assert refusal(verification, grant(request)) is Reason.GIVEN_BACK_BY_BANK


def test_a_transfer_is_not_put_on_record_once_the_bank_has_given_the_money_back(
    records: Records, bank: SandboxBank, owed: tuple[Verification, UUID]
) -> None:
    verification, request = owed
    record(records, grant(request))
    bank.adapter.reverse(attempt(records, SECOND).authority)
    assert refusal(verification, sent(request, "PAYA1405")) is Reason.GIVEN_BACK_BY_BANK
    assert balance(records)[0] == 0


def test_while_the_bank_is_silent_no_refund_is_granted(records: Records, owed: tuple[Verification, UUID]) -> None:
    silent = Verification(records, FakeBank(session_status=SessionStatus.UNKNOWN))
    assert refusal(silent, grant(owed[1])) is Reason.REFUND_UNKNOWN
    assert attempt(records, SECOND).status == "duplicate"


def test_the_reference_of_a_refund_counts_once_for_ever(
    records: Records, bank: SandboxBank, owed: tuple[Verification, UUID]
) -> None:
    record(records, grant(owed[1]), sent(owed[1], "PAYA1405"))
    opened = bank.adapter.create(Order(UUID(int=7), AMOUNT, "حق عضویت"))
    assert isinstance(opened, Opened)
    of_other: list[domain.Command] = [issue(OTHER_MEMBER), start(UUID(int=7), opened.authority)]
    record(records, *of_other, settle(UUID(int=7), "777"), member=OTHER_MEMBER)
    request = call(UUID(int=7), ends_membership=True)
    record(records, request, grant(request.id), member=OTHER_MEMBER)
    with pytest.raises(domain.ReferenceTaken):
        records.handle(state.stream_of(OTHER_MEMBER, YEAR), sent(request.id, "PAYA1405"), domain.INVOICE)


def test_a_payment_of_a_bank_that_is_used_no_more_is_refunded_by_people_alone(records: Records) -> None:
    record(records, issue(), start(), settle())
    request = call(FIRST, ends_membership=True)
    record(records, request)
    elsewhere = FakeBank()
    elsewhere.capabilities = elsewhere.capabilities.__class__("mellat", True)
    worker.must_not_have_gone_back(grant(request.id), Verification(records, elsewhere))
