"""One invoice's facts and commands, for the tests that tell its story."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.payment.attempts import polling
from services.payment.invoices import domain, state
from services.payment.invoices.internal_commands import (
    FailAttempt,
    HoldAttempt,
    IssueInvoice,
    SettleAttempt,
    StartAttempt,
)
from shared.contract import base
from shared.contract.envelope import Metadata, Recorded
from shared.contract.payment import commands, events
from shared.contract.renewal import events as renewal_events
from shared.contract.values import Employment, EmploymentStatus, InvoiceLine, Licence, LicenceField, MemberClass
from shared.event_store.command_handler import Records

MEMBER, YEAR, PROVINCE = "0123456", 1405, "isfahan"
AT = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
PAYABLE_UNTIL = AT + timedelta(days=30)
LICENCE = Licence(member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2027, 9, 1))
AMOUNT = 9_000_000
LINES = (InvoiceLine(year=YEAR, member_class=MemberClass.GRADE_2, amount_rials=AMOUNT),)
FIRST, SECOND = UUID(int=1), UUID(int=2)
BANK = "zarinpal"
AUTHORITY, OTHER_AUTHORITY = "S0" + "1" * 34, "S0" + "2" * 34
REFERENCE, OTHER_REFERENCE = "200000001", "200000002"
MASK = "502229******5995"
MANAGER = "officer:modir"


def stamped(at: datetime = AT, **more: Any) -> dict[str, Any]:
    """What every command has, and the invoice it is about."""
    return {"id": uuid4(), "deadline": at + timedelta(seconds=10), "at": at, "member": MEMBER, "year": YEAR, **more}


def issue(member: str = MEMBER, province: str = PROVINCE) -> IssueInvoice:
    return IssueInvoice(uuid4(), AT, member, YEAR, province, LINES)


ISSUE = issue()


def start(attempt: UUID = FIRST, authority: str = AUTHORITY, at: datetime = AT) -> StartAttempt:
    return StartAttempt(uuid4(), at, attempt, BANK, authority, f"member:{MEMBER}")


def settle(attempt: UUID = FIRST, reference: str = REFERENCE, at: datetime = AT) -> SettleAttempt:
    return SettleAttempt(uuid4(), at, attempt, reference, MASK)


def fail(attempt: UUID = FIRST, cause: str = "failed") -> FailAttempt:
    return FailAttempt(uuid4(), AT, attempt, cause)


def hold(attempt: UUID = FIRST, cause: str = "amount_differs") -> HoldAttempt:
    return HoldAttempt(uuid4(), AT, attempt, cause)


def confirm(amount_rials: int = AMOUNT) -> commands.ConfirmPayment:
    return commands.ConfirmPayment(**stamped(amount_rials=amount_rials, actor=MANAGER))


ABOUT: dict[str, Any] = {"member": MEMBER, "year": YEAR}
ISSUED = events.InvoiceIssued(
    **ABOUT, province=PROVINCE, lines=LINES, amount_rials=AMOUNT, issued_at=AT, payable_until=PAYABLE_UNTIL
)  # fmt: skip


def started(attempt: UUID = FIRST, authority: str = AUTHORITY, at: datetime = AT) -> events.PaymentStarted:
    return events.PaymentStarted(**ABOUT, attempt=attempt, authority=authority, amount_rials=AMOUNT, started_at=at)


def settled(attempt: UUID = FIRST, authority: str = AUTHORITY, reference: str = REFERENCE) -> events.PaymentSettled:
    return events.PaymentSettled(
        **ABOUT, province=PROVINCE, attempt=attempt, authority=authority, amount_rials=AMOUNT,
        bank_reference=reference, card_mask=MASK, settled_at=AT,
    )  # fmt: skip


STARTED, SETTLED = started(), settled()
STARTED_AGAIN = started(SECOND, OTHER_AUTHORITY)
FAILED = events.PaymentFailed(**ABOUT, attempt=FIRST, authority=AUTHORITY, cause="failed", failed_at=AT)
HELD = events.PaymentHeld(**ABOUT, attempt=FIRST, authority=AUTHORITY, cause="amount_differs", held_at=AT)
DUPLICATE = events.DuplicatePaymentFound(
    **ABOUT, province=PROVINCE, attempt=SECOND, authority=OTHER_AUTHORITY, amount_rials=AMOUNT,
    bank_reference=OTHER_REFERENCE, card_mask=MASK, found_at=AT,
)  # fmt: skip
CONFIRMED = events.PaymentConfirmed(
    **ABOUT, province=PROVINCE, amount_rials=AMOUNT, confirmed_by=MANAGER, confirmed_at=AT
)  # fmt: skip
APPROVED = renewal_events.RenewalApproved(
    **ABOUT,
    province=PROVINCE,
    licence=LICENCE,
    employment=Employment(status=EmploymentStatus.SELF_EMPLOYED),
    jobs=(),
    approved_by=MANAGER,
    approved_at=AT,
)


def as_recorded(event: base.Event, position: int = 1) -> Recorded:
    """An event as it comes out of another's subscription, recorded a minute after it happened."""
    return Recorded(
        source=event.source,
        position=position,
        stream="elsewhere",
        version=1,
        event_id=UUID(int=position),
        type=type(event).__name__,
        data=event.model_dump_json(),
        metadata=Metadata(correlation_id=UUID(int=7), causation_id=UUID(int=8), actor=MANAGER),
        recorded_at=AT + timedelta(minutes=1),
    )


OTHER_MEMBER = "0000007"


def record(records: Records, *done: domain.Command, member: str = MEMBER) -> None:
    """Handle commands one after another on a member's invoice."""
    for command in done:
        records.handle(state.stream_of(member, YEAR), command, domain.INVOICE, polling.schedule_first())
