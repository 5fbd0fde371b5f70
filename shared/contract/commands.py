"""What is asked for, in the imperative; each names the service that decides it and what comes back."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contract import answers
from shared.contract.asks import Command
from shared.contract.bounds import AMOUNT, COUNTED, RIALS_MAX
from shared.contract.declaration import Declaration
from shared.contract.policy import POLICY_LENGTH_MAX
from shared.contract.texts import AS_CODE, AS_LINE, AS_PARAGRAPHS
from shared.contract.values import (
    Day,
    Hour,
    JalaliYear,
    MembershipNo,
    OfficerName,
    Position,
    Province,
    Role,
    Secret,
    Sequence,
    Source,
    StatementDigest,
    StatementLine,
    TypedRials,
    Version,
    Waiver,
)

ROLL_BATCH_MAX = 200
"""Rows of a roll in one command."""
ROLL_ROWS_MAX = 10**6
CELL_LENGTH_MAX = 5000
RollRow = Annotated[
    dict[
        Annotated[str, StringConstraints(max_length=100)], Annotated[str, StringConstraints(max_length=CELL_LENGTH_MAX)]
    ],
    Field(max_length=100),
]

STATEMENT_BATCH_MAX = 200
"""Lines of a bank's statement in one command."""
STATEMENT_LINES_MAX = 100_000

ReasonText = Annotated[str, StringConstraints(min_length=10, max_length=1000), AS_PARAGRAPHS]
"""A reason a member reads: at least 10 characters (docs/domain.md 7.5)."""

PROVINCES_MAX = 100
WAIVERS_MAX = 100
DRAFT_FIELDS_MAX = 400
DraftField = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,30}(\.[a-z_0-9]{1,30}){0,2}$")]
DraftText = Annotated[str, StringConstraints(max_length=1000), AS_PARAGRAPHS]
"""A field of the form by its dotted name, and its text as it was typed."""

PolicyFile = Annotated[str, StringConstraints(min_length=1, max_length=POLICY_LENGTH_MAX)]
"""The whole text of a year's policy file (`shared/contract/policy.py`)."""

PositiveRials = Annotated[int, Field(gt=0, le=RIALS_MAX), AMOUNT]
BankReference = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z/-]{3,60}$"), AS_CODE]
"""A number that a bank gave to a transfer or a slip."""

# --- auth


class NewChallenge(Command[answers.Challenge], service="auth"):
    """Draw a new security phrase."""


class SignIn(Command[answers.Session], service="auth"):
    """Open a session for a member (national code or own password) or an officer (password)."""

    bearer: Annotated[str, StringConstraints(pattern="^(member|officer)$")]
    name: Annotated[str, StringConstraints(max_length=40)]
    password: Secret
    challenge_id: UUID | None = None
    challenge_answer: Annotated[str, StringConstraints(max_length=20)] = ""
    address: Annotated[str, StringConstraints(max_length=45)] = ""
    """The network address that tries, for the delays; told by the gateway."""


class SignOut(Command[answers.Done], service="auth"):
    """End a session."""

    session: Secret


class IssuePassport(Command[answers.SignedPassport], service="auth"):
    """Sign a short passport for a session's holder."""

    session: Secret


class SetPassword(Command[answers.Done], service="auth"):
    """Set a password of one's own; the current one (or the national code) proves who asks."""

    current: Secret
    new: Secret


class ImportMembers(Command[answers.RollReport], service="auth"):
    """Put a batch of the roll's rows on record; `dry_run` only checks. Rows are texts as the file has them, by column name."""

    rows: Annotated[tuple[RollRow, ...], Field(max_length=ROLL_BATCH_MAX)]
    first_row: Annotated[int, Field(ge=1, le=ROLL_ROWS_MAX), COUNTED] = 1
    dry_run: bool = False
    import_id: UUID | None = None
    """The import that the batch belongs to; it can be undone as a whole."""


class UndoImport(Command[answers.UndoneImport], service="auth"):
    """Put back what stood on the roll before an import; refused whole where something has followed from it."""

    import_id: UUID


class IssueCheckLink(Command[answers.CheckLink], service="auth"):
    """Make a link by which strangers check a member's card; the one before leads nowhere any more."""

    member: MembershipNo


class RevokeCheckLink(Command[answers.Done], service="auth"):
    """Let the member's link lead nowhere."""

    member: MembershipNo


class OpenCheckLink(Command[answers.CheckedMember], service="auth"):
    """Look at a card by its link, which the member is told of; asked by the gateway for whoever has the link."""

    token: Secret
    address: Annotated[str, StringConstraints(max_length=45)] = ""
    """The network address that looks, to hold back those who look too often; it is forgotten within minutes."""


class AppointOfficer(Command[answers.Done], service="auth"):
    """Appoint an officer, or change an officer's roles and provinces; a password is needed only the first time."""

    officer: OfficerName
    full_name: Annotated[str, StringConstraints(min_length=2, max_length=80), AS_LINE]
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=len(Role))]
    provinces: Annotated[tuple[Province, ...], Field(max_length=PROVINCES_MAX)]
    password: Secret | None = None


class DismissOfficer(Command[answers.Done], service="auth"):
    """Take all roles from an officer and end the officer's sessions."""

    officer: OfficerName


# --- renewal


class RequestRenewal(Command[answers.Renewal], service="renewal"):
    """Ask to renew the current Jalali year («تمدید عضویت»)."""

    member: MembershipNo
    year: JalaliYear


class SubmitDeclaration(Command[answers.Renewal], service="renewal"):
    """Submit the self-declaration, or its correction."""

    member: MembershipNo
    year: JalaliYear
    form: Declaration


class KeepDraft(Command[answers.Done], service="renewal"):
    """Keep what a member has typed into the declaration, right or wrong, to go on with it later; sending it forgets it."""

    member: MembershipNo
    year: JalaliYear
    fields: Annotated[dict[DraftField, DraftText], Field(max_length=DRAFT_FIELDS_MAX)]


class WithdrawRenewal(Command[answers.Renewal], service="renewal"):
    """Take the request back before its approval."""

    member: MembershipNo
    year: JalaliYear


class ReturnRenewal(Command[answers.Renewal], service="renewal"):
    """Send the declaration back for correction, with a reason the member reads."""

    member: MembershipNo
    year: JalaliYear
    reason: ReasonText


class RejectRenewal(Command[answers.Renewal], service="renewal"):
    """Reject the renewal, with a reason the member reads."""

    member: MembershipNo
    year: JalaliYear
    reason: ReasonText


class ApproveRenewal(Command[answers.Renewal], service="renewal"):
    """Approve the renewal as declared in `declaration_version`; a later version in between is a conflict."""

    member: MembershipNo
    year: JalaliYear
    declaration_version: Version
    waivers: Annotated[tuple[Waiver, ...], Field(max_length=WAIVERS_MAX)] = ()
    """What the member is let off; at most the fee of the year counts."""
    reason: ReasonText | None = None
    """Needed for waivers; the member reads it."""


class SetCalendarDay(Command[answers.Done], service="renewal"):
    """Set a province's office hours of one day; without hours the office is closed that day."""

    province: Province
    on: Day
    opens: Hour | None = None
    closes: Hour | None = None
    label: Annotated[str, StringConstraints(min_length=2, max_length=80), AS_LINE]


class AmendPolicy(Command[answers.PolicyAct], service="renewal"):
    """Correct the capacity policy of a year; who and why is kept on record, and each member sees the lines that change."""

    year: JalaliYear
    before: PolicyFile
    """The text that is gone by, as the officer saw it; another one on record is a conflict."""
    after: PolicyFile
    reason: ReasonText


# --- payment


class StartPayment(Command[answers.PaymentPage], service="payment"):
    """Open an attempt at the bank for the member's invoice."""

    member: MembershipNo
    year: JalaliYear


class RenewInvoice(Command[answers.Invoice], service="payment"):
    """Have an invoice that was not paid in time issued again at the same amount, in the Jalali year in which it was issued."""

    member: MembershipNo
    year: JalaliYear


class VerifyPayment(Command[answers.PaymentResult], service="payment"):
    """Ask the bank about an attempt, because a browser came back with its key; what the browser says is not believed."""

    authority: Annotated[str, StringConstraints(pattern=r"^[AS][0-9A-Za-z]{35}$")]
    attempt: UUID | None = None
    """Our own key of the attempt that the browser was sent away with; another's is refused, and an alert."""
    claims: Literal["", "paid", "not_paid"] = ""
    """What the browser says became of it: only held against the bank's answer, a contradiction is an alert."""


class CheckPayment(Command[answers.CheckedPayment], service="payment"):
    """Ask the bank how an invoice's open attempts stand, before the member is offered to pay; opens none."""

    member: MembershipNo
    year: JalaliYear


class ConfirmPayment(Command[answers.Invoice], service="payment"):
    """The manager confirms a settled payment."""

    member: MembershipNo
    year: JalaliYear
    amount_rials: TypedRials
    """What the manager saw; another amount on record is a conflict."""


class AskRefund(Command[answers.Invoice], service="payment"):
    """Ask to send a payment back, whole or in part; a colleague grants it. More than is left of it is refused."""

    member: MembershipNo
    year: JalaliYear
    attempt: UUID
    amount_rials: PositiveRials
    ends_membership: bool = False
    """For the payment that the invoice was settled by: cancel the invoice, and take back what was confirmed."""
    reason: ReasonText


class GrantRefund(Command[answers.Invoice], service="payment"):
    """Grant what a colleague asked for."""

    member: MembershipNo
    year: JalaliYear
    request: UUID


class RecordRefund(Command[answers.Invoice], service="payment"):
    """Say that a granted refund was sent, with the reference of the transfer."""

    member: MembershipNo
    year: JalaliYear
    request: UUID
    bank_reference: BankReference


class AskWriteOff(Command[answers.Invoice], service="payment"):
    """Ask to give up a part of what an invoice is owed."""

    member: MembershipNo
    year: JalaliYear
    amount_rials: PositiveRials
    reason: ReasonText


class GrantWriteOff(Command[answers.Invoice], service="payment"):
    """Grant what a colleague asked for."""

    member: MembershipNo
    year: JalaliYear
    request: UUID


class AskManualPayment(Command[answers.Invoice], service="payment"):
    """Put a deposit slip forward that shall count for an invoice; more than is owed becomes the member's credit."""

    member: MembershipNo
    year: JalaliYear
    amount_rials: PositiveRials
    slip: BankReference
    paid_on: Day
    reason: ReasonText


class GrantManualPayment(Command[answers.Invoice], service="payment"):
    """Grant what a colleague asked for; a slip counts once."""

    member: MembershipNo
    year: JalaliYear
    request: UUID


class DeclineRequest(Command[answers.Invoice], service="payment"):
    """Decline what was asked for (or take one's own request back)."""

    member: MembershipNo
    year: JalaliYear
    request: UUID
    reason: ReasonText


class OpenStatement(Command[answers.Statement], service="payment"):
    """Begin to hand a bank's statement over; opened anew, what was handed over of it before is forgotten."""

    statement: StatementDigest
    bank: Annotated[str, StringConstraints(pattern="^[a-z]{3,20}$")] = "zarinpal"
    lines: Annotated[int, Field(ge=1, le=STATEMENT_LINES_MAX), COUNTED]
    total_rials: TypedRials
    """Of all lines that are not reversed, as the file itself or whoever brings it says."""
    corrects: StatementDigest | None = None
    """The counted statement that this one takes the place of: what stands only there counts no more."""


class AddStatementLines(Command[answers.Statement], service="payment"):
    """Hand over a batch of a statement's lines; the first of a file is number 1. The same batch again changes nothing."""

    statement: StatementDigest
    first_line: Annotated[int, Field(ge=1, le=STATEMENT_LINES_MAX), COUNTED]
    lines: Annotated[tuple[StatementLine, ...], Field(min_length=1, max_length=STATEMENT_BATCH_MAX)]


class CountStatement(Command[answers.Statement], service="payment"):
    """Take the statement for the bank's word, whole; refused, and forgotten, when a line is missing or the total is wrong.

    A correction is counted by another officer than the one who opened it, and opens the closed days that it changes again.
    """

    statement: StatementDigest


class CloseDay(Command[answers.Day], service="payment"):
    """Close a day: its totals by the statement and by the ledger are put on record as they are now."""

    bank: Annotated[str, StringConstraints(pattern="^[a-z]{3,20}$")] = "zarinpal"
    on: Day


# --- capacity


class RebuildCapacity(Command[answers.Rebuild], service="capacity"):
    """Start to read all events again beside the live rows, compare, and switch; `check` only compares. One at a time."""

    check: bool = False


class CancelRebuild(Command[answers.Rebuild], service="capacity"):
    """End the rebuild that runs, without a trace; nothing where none runs."""


# --- every service that follows others; asked of any of them by its name


class RetryParked(Command[answers.Retried]):
    """Take a parked sequence (a member's events) up again, in its order."""

    source: Source
    sequence: Sequence


class DropParked(Command[answers.Done]):
    """Give a parked event up for ever; who and why is kept on record."""

    source: Source
    position: Position
    reason: ReasonText
