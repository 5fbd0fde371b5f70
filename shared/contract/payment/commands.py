"""Commands that payment decides."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contract.base import Command
from shared.contract.bounds import AMOUNT, COUNTED, RIALS_MAX
from shared.contract.payment import answers, finance_answers
from shared.contract.text_types import AS_CODE
from shared.contract.values import (
    Day,
    Instant,
    JalaliYear,
    MembershipNo,
    ReasonText,
    StatementDigest,
    StatementLine,
    TypedRials,
)

STATEMENT_BATCH_MAX = 200
"""Lines of a bank's statement in one command."""
STATEMENT_LINES_MAX = 100_000
PositiveRials = Annotated[int, Field(gt=0, le=RIALS_MAX), AMOUNT]
BankReference = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z/-]{3,60}$"), AS_CODE]
"""A number that a bank gave to a transfer or a slip."""


class StartPayment(Command[answers.PaymentPage], service="payment"):
    """Open an attempt at the bank for the member's invoice."""

    member: MembershipNo
    year: JalaliYear


class RenewInvoice(Command[answers.Invoice], service="payment"):
    """Give the member more time to pay an invoice that was not paid in time, at the same amount and within the Jalali year of its issue.

    It renews the invoice, not the membership, and nothing happens while the invoice may still be paid.
    """

    member: MembershipNo
    year: JalaliYear


class VerifyPayment(Command[answers.PaymentResult], service="payment"):
    """Inquire about an attempt at the bank, because a browser came back with its key; the browser's parameters prove nothing."""

    authority: Annotated[str, StringConstraints(pattern=r"^[AS][0-9A-Za-z]{35}$")]
    attempt: UUID | None = None
    """Our own key of the attempt that the browser was sent away with; another's is refused, and an alert."""
    claims: Literal["", "paid", "not_paid"] = ""
    """The outcome by the browser's parameters: only compared with the bank's answer; a contradiction is an alert."""


class CheckPayment(Command[answers.CheckedPayment], service="payment"):
    """Inquire about an invoice's open attempts at the bank, before the member is offered to pay; starts none."""

    member: MembershipNo
    year: JalaliYear


class ConfirmPayment(Command[answers.Invoice], service="payment"):
    """The manager confirms a settled payment."""

    member: MembershipNo
    year: JalaliYear
    amount_rials: TypedRials
    """What the manager saw; another amount on record is a conflict."""


class RequestRefund(Command[answers.Invoice], service="payment"):
    """Ask to send a payment back, whole or in part; a colleague grants it. More than is left of it is refused."""

    member: MembershipNo
    year: JalaliYear
    attempt: UUID
    amount_rials: PositiveRials
    ends_membership: bool = False
    """For the payment that the invoice was settled by: cancel the invoice, and take back what was confirmed."""
    reason: ReasonText


class GrantRefund(Command[answers.Invoice], service="payment"):
    """Grant a colleague's request."""

    member: MembershipNo
    year: JalaliYear
    request: UUID


class RecordRefund(Command[answers.Invoice], service="payment"):
    """Say that a granted refund was sent, with the reference of the transfer."""

    member: MembershipNo
    year: JalaliYear
    request: UUID
    bank_reference: BankReference


class RequestWriteOff(Command[answers.Invoice], service="payment"):
    """Ask to give up a part of what an invoice is owed."""

    member: MembershipNo
    year: JalaliYear
    amount_rials: PositiveRials
    reason: ReasonText


class GrantWriteOff(Command[answers.Invoice], service="payment"):
    """Grant a colleague's request."""

    member: MembershipNo
    year: JalaliYear
    request: UUID


class RequestManualPayment(Command[answers.Invoice], service="payment"):
    """Put a deposit slip forward that shall count for an invoice; more than is owed becomes the member's credit."""

    member: MembershipNo
    year: JalaliYear
    amount_rials: PositiveRials
    slip: BankReference
    paid_on: Day
    reason: ReasonText


class GrantManualPayment(Command[answers.Invoice], service="payment"):
    """Grant a colleague's request; a slip counts once."""

    member: MembershipNo
    year: JalaliYear
    request: UUID


class RequestManualPaymentReversal(Command[answers.Invoice], service="payment"):
    """Ask that a slip which counts for an invoice, replaced or cancelled ones too, counts no more: it was another member's, say, or its cheque bounced."""

    member: MembershipNo
    year: JalaliYear
    manual_payment: UUID
    """The slip's own request, by whose grant it counts."""
    reason: ReasonText


class GrantManualPaymentReversal(Command[answers.Invoice], service="payment"):
    """Grant a colleague's request: what is missing then is owed again, and the slip's number may count anew."""

    member: MembershipNo
    year: JalaliYear
    request: UUID


class DeclineRequest(Command[answers.Invoice], service="payment"):
    """Decline a colleague's request, or withdraw one's own."""

    member: MembershipNo
    year: JalaliYear
    request: UUID
    reason: ReasonText


class OpenStatement(Command[finance_answers.Statement], service="payment"):
    """Begin to hand a bank's statement over; opened anew, what was handed over of it before is forgotten."""

    statement: StatementDigest
    bank: Annotated[str, StringConstraints(pattern="^[a-z]{3,20}$")] = "zarinpal"
    lines: Annotated[int, Field(ge=1, le=STATEMENT_LINES_MAX), COUNTED]
    total_rials: TypedRials
    """Of all lines that are not reversed, by the file or the uploader."""
    corrects: StatementDigest | None = None
    """The counted statement that this one replaces: lines that only that one has count no more."""


class AddStatementLines(Command[finance_answers.Statement], service="payment"):
    """Hand over a batch of a statement's lines; the first of a file is number 1. The same batch again changes nothing."""

    statement: StatementDigest
    first_line: Annotated[int, Field(ge=1, le=STATEMENT_LINES_MAX), COUNTED]
    lines: Annotated[tuple[StatementLine, ...], Field(min_length=1, max_length=STATEMENT_BATCH_MAX)]


class CountStatement(Command[finance_answers.Statement], service="payment"):
    """Count the whole statement; refused, and deleted, when a line is missing or the total is wrong.

    A correction is counted by another officer than the one who opened it, and opens the closed days that it changes again.
    """

    statement: StatementDigest
    opened_at: Instant | None = None
    """When it was handed over, as its counter saw it: a correction that was changed since is a conflict."""


class CloseDay(Command[finance_answers.ReconciledDay], service="payment"):
    """Close a day: its totals by the statement and by the ledger are put on record as they are now.

    By another officer than those who counted the statements of the day, or the correction that has opened it again.
    """

    bank: Annotated[str, StringConstraints(pattern="^[a-z]{3,20}$")] = "zarinpal"
    on: Day
    figures: Annotated[str, StringConstraints(pattern="^([0-9a-f]{16})?$")] = ""
    """What `GetDay` has shown to who closes the day; where it comes to something else by now, it stays open."""
