"""What comes back for an ask; facts of the moment, generous to readers that know fewer fields."""

from datetime import date, time
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contract.declaration import Declaration
from shared.contract.passport import Passport
from shared.contract.values import (
    CoveredYear,
    Employment,
    InvoiceLine,
    Job,
    Licence,
    LicenceField,
    MemberClass,
    Rials,
    Role,
    UnpaidYear,
    Waiver,
)


class Answer(BaseModel):
    """The answer to a command or a question."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Done(Answer):
    """The command was accepted; `position` is the log's head after it, 0 where nothing is logged."""

    position: int = 0


# --- auth


class Challenge(Answer):
    """A security phrase to be read or heard; `hint` is its text in development only."""

    challenge_id: UUID
    image_png: str
    """Base64."""
    expires_at: AwareDatetime
    hint: str | None = None


class ChallengeSound(Answer):
    """The same phrase spoken."""

    sound_wav: str
    """Base64."""


class SignInRule(Answer):
    """Whether the next sign-in of this account must solve a challenge."""

    challenge_needed: bool


class Session(Answer):
    """An opened session; the token is a secret of the browser's cookie or of the CLI's own file."""

    token: str
    passport: Passport
    expires_at: AwareDatetime


class SignedPassport(Answer):
    """A signed passport of the session's holder, good for a few minutes."""

    token: str
    passport: Passport
    expires_at: AwareDatetime


class MemberCard(Answer):
    """What the roll says of a member; the name is personal data and shown only to those who may see it."""

    member: str
    first_name: str
    last_name: str
    national_code_masked: str
    province: str
    licence: Licence
    paid_through: int | None
    has_own_password: bool


class CheckLink(Answer):
    """The member's link for strangers (`token`, None while there is none), and how often it was opened, newest times first."""

    token: str | None
    issued_at: AwareDatetime | None = None
    views: int = 0
    viewed_at: tuple[AwareDatetime, ...] = ()


class CheckedMember(Answer):
    """What a stranger's page is made of; `member` is for the gateway alone, which asks the capacity by it."""

    member: str
    first_name: str
    last_name: str
    province: str
    licence: Licence
    paid_through: int | None


class OfficerCard(Answer):
    """An officer and what the officer may do."""

    officer: str
    full_name: str
    roles: tuple[Role, ...]
    provinces: tuple[str, ...]


class Officers(Answer):
    """All officers."""

    officers: tuple[OfficerCard, ...]


class MemberNames(Answer):
    """Full names by membership number; erased or unknown members are missing."""

    names: dict[str, str]


class OfficerNames(Answer):
    """Full names by officer name; who was never appointed is missing."""

    names: dict[str, str]


class RollChange(Answer):
    """What the roll said in a column and what it says now; of national codes only the last digits."""

    column: str
    before: str
    after: str


class RollRowResult(Answer):
    """What became of one row of an imported roll (`row` counts from the batch's first); `errors` maps columns to error codes."""

    row: int
    outcome: Literal["enrolled", "changed", "unchanged", "wrong"]
    errors: dict[str, str] = Field(default_factory=dict)
    changes: tuple[RollChange, ...] = ()
    held_by: str = ""
    """The member who has the national code that another one is given."""


class RollReport(Answer):
    """What became of a batch of the roll."""

    rows: tuple[RollRowResult, ...]


class UndoneImport(Answer):
    """How many members' entries an undone import has put back, and how many members it has taken off the roll."""

    changed: int
    removed: int


# --- renewal

RenewalStatus = Literal["requested", "submitted", "returned", "approved", "rejected", "withdrawn"]


class DeclarationOnFile(Answer):
    """One kept version of a declaration."""

    version: int
    submitted_at: AwareDatetime
    form: Declaration


class Decision(Answer):
    """What the manager decided, when and why."""

    outcome: Literal["returned", "rejected", "approved"]
    by: str
    at: AwareDatetime
    reason: str = ""


class MineClaim(Answer):
    """A member has declared to be a mine's technical manager for some days of a year."""

    member: str
    year: int
    province: str
    """Of the member's renewal."""
    status: RenewalStatus
    starts_on: date
    ends_on: date
    claimed_at: AwareDatetime


class ContestedMine(Answer):
    """A mine that several members say they are the technical manager of, in days that overlap; the first claim first."""

    cadastre_code: str
    """As the first of them has written it."""
    claims: tuple[MineClaim, ...]


class ContestedMines(Answer):
    """A page of mines that several members claim, in the order of their codes."""

    mines: tuple[ContestedMine, ...]
    total: int


class Renewal(Answer):
    """Where a renewal stands."""

    member: str
    year: int
    province: str
    licence: Licence
    status: RenewalStatus
    tracking_code: str
    requested_at: AwareDatetime
    submitted_at: AwareDatetime | None = None
    review_due_at: AwareDatetime | None = None
    declarations: tuple[DeclarationOnFile, ...] = ()
    """Oldest first; only in the answer about one renewal."""
    decisions: tuple[Decision, ...] = ()
    employment: Employment | None = None
    jobs: tuple[Job, ...] = ()
    contested_mines: tuple[ContestedMine, ...] = ()
    """Mines of this declaration that others claim too; only in the answer about one renewal, and for officers alone."""


class Draft(Answer):
    """What a member has typed into the declaration and not sent, by the form's dotted names."""

    fields: dict[str, str]
    kept_at: AwareDatetime


class MemberRenewal(Answer):
    """A member's renewal of a year, if there is one, and the year that can be renewed now."""

    current_year: int
    renewal: Renewal | None = None
    last_declaration: Declaration | None = None
    """To fill the form with, from this or an earlier year."""
    draft: Draft | None = None
    """Of the renewal's declaration; told to the member alone."""
    unpaid_years: tuple[UnpaidYear, ...] = ()
    """The earlier years that the register does not have as paid."""
    never_paid: bool = False
    paid_through: int | None = None
    """The last year that the register has as paid; one that covers the year to be renewed is not charged again."""


class PolicyAct(Answer):
    """A recorded correction of a year's capacity policy: who, when, why, and each cell that it changed."""

    year: int
    position: int
    """Of the event in renewal's log, which the lines that follow from it name."""
    by: str
    at: AwareDatetime
    reason: str
    version: str
    """The policy that has counted since."""
    changes: tuple[str, ...]
    """Such as `ceilings.grade_2.extraction: 72000 → 73000`, in units of 0.01 P."""


class PolicyActs(Answer):
    """The corrections of a year's capacity policy, the oldest first."""

    acts: tuple[PolicyAct, ...]


class Desk(Answer):
    """A page of the manager's desk (کارتابل), the oldest promise first."""

    renewals: tuple[Renewal, ...]
    total: int
    overdue: int


class OfficeHours(Answer):
    """Whether the office is open now, and when it opens next."""

    open_now: bool
    opens_at: AwareDatetime
    closes_at: AwareDatetime
    """Of the current window when open, else of the next one."""
    review_due_at: AwareDatetime
    """By when a request submitted now would be reviewed."""
    is_known: bool = True
    """False while the calendar has no hours in sight that a review could be promised for: the instants say nothing then."""


class CalendarDay(Answer):
    """A day that differs from the week's rule."""

    on: date
    opens: time | None
    closes: time | None
    label: str


class Calendar(Answer):
    """The days of a Jalali year that differ from the week's rule."""

    days: tuple[CalendarDay, ...]


# --- payment

AttemptStatus = Literal["started", "settled", "failed", "held", "duplicate", "reversed"]


class Attempt(Answer):
    """One attempt to pay."""

    attempt: UUID
    status: AttemptStatus
    amount_rials: Rials
    started_at: AwareDatetime
    ended_at: AwareDatetime | None = None
    bank_reference: str = ""
    card_mask: str = ""
    cause: str = ""
    refunded_rials: Rials = 0
    is_asked_back: bool = False
    """The bank is asked to give it back: until it has declined, people can't."""


class Receipt(Answer):
    """A receipt for money that counts for an invoice. `number` counts from 1 by province and Jalali year, without a hole."""

    token: UUID
    """What its public check is found by; it can't be guessed."""
    province: str
    series_year: int
    """The Jalali year in which the money came, in Tehran; the number is of that year."""
    number: int
    member: str
    invoice_year: int
    amount_rials: Rials
    bank_reference: str = ""
    paid_at: AwareDatetime
    reversed_at: AwareDatetime | None = None
    """When the bank took the money back: the receipt is good for nothing."""
    refunded_rials: Rials = 0
    """What we have sent back of it."""


class Invoice(Answer):
    """A year's invoice and what was paid on it."""

    member: str
    year: int
    province: str
    lines: tuple[InvoiceLine, ...]
    entrance_rials: Rials = 0
    waivers: tuple[Waiver, ...] = ()
    waived_by: str = ""
    amount_rials: Rials
    covered: tuple[CoveredYear, ...] = ()
    """The years of its approval that it does not charge, each with what covers it."""
    status: Literal["open", "settled", "confirmed"]
    replaced_by_year: int | None = None
    """The later year whose invoice charges this one's years again: this one can't be paid any more."""
    reversed_at: AwareDatetime | None = None
    """When a payment that had settled it went back; it is open again, or was paid anew since."""
    cancelled_at: AwareDatetime | None = None
    """When it was cancelled with a refund: nothing is owed any more."""
    received_rials: int = 0
    """What counts for it of payments, slips and credit, less refunds; below 0 where more has gone back than came."""
    credit_rials: Rials = 0
    """What of that is the member's credit from other years."""
    written_off_rials: Rials = 0
    issued_at: AwareDatetime
    payable_until: AwareDatetime
    settled_at: AwareDatetime | None = None
    confirmed_at: AwareDatetime | None = None
    bank_reference: str = ""
    card_mask: str = ""
    attempts: tuple[Attempt, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    """The oldest first."""


class MemberInvoices(Answer):
    """A member's invoices, the newest year first; empty before any approval."""

    invoices: tuple[Invoice, ...]


class CheckedPayment(Answer):
    """An invoice, after the bank was asked about its open attempts."""

    invoice: Invoice
    is_certain: bool
    """Whether the bank answered about each: then one that is still open has taken no money, and may be gone on with."""


class PaymentPage(Answer):
    """Where the browser goes to pay."""

    attempt: UUID
    redirect_url: str


class PaymentResult(Answer):
    """What the bank answered about one attempt; `unknown` heals itself, so the page asks again."""

    attempt: UUID
    outcome: Literal["paid", "not_paid", "unknown", "held", "duplicate", "reversed"]
    amount_rials: Rials
    year: int
    bank_reference: str = ""
    settled_at: AwareDatetime | None = None
    cause: str = ""
    """Why it was reversed: `by_bank`, or `duplicate` where nothing needed it."""
    refund: Literal["", "unknown", "due", "asked", "granted"] = ""
    """How far it is on its way back: the bank was asked and nobody knows its answer, or it goes by people's hands."""
    refunded_rials: Rials = 0
    credited_rials: Rials = 0
    """What of it counts for a later invoice instead."""
    is_payable: bool = False
    """Whether the invoice waits for a payment now."""
    receipt: UUID | None = None
    """The token of its receipt."""


class Payments(Answer):
    """A page of settled payments, the oldest unconfirmed first."""

    invoices: tuple[Invoice, ...]
    total: int


EntryKind = Literal["charge", "payment", "reversal", "refund", "credit", "write_off", "adjustment"]
"""An invoice's amount; money for it; money that the bank took back; money sent back; money that no invoice needed; debt that
was given up; a charge that stands no more."""


class LedgerEntry(Answer):
    """One entry of a member's ledger; never edited. Positive in the member's favour."""

    kind: EntryKind
    amount_rials: int
    year: int
    """The invoice's year."""
    reference: str = ""
    """The bank's number of the money, where there is one."""
    by: str = ""
    at: AwareDatetime
    position: int
    """Of the event in payment's log that the entry follows from."""


class Balance(Answer):
    """A member's balance, the sum of the entries: below zero is owed by the member, above zero to the member."""

    member: str
    balance_rials: int
    entries: tuple[LedgerEntry, ...]
    """The oldest first."""


class MoneyTask(Answer):
    """Something about money that waits for an officer; `task` is the request's id, or the attempt's where nobody asked yet."""

    task: UUID
    kind: Literal[
        "held",
        "reversal_asked",
        "reversal_unknown",
        "refund_due",
        "refund_asked",
        "refund_granted",
        "write_off_asked",
        "manual_payment_asked",
        "taken_back",
    ]
    """A reversal is asked of the bank by the program, and waits for its answer; `taken_back` is of a payment that counted and that
    the bank took back: somebody should speak with the member."""
    member: str
    year: int
    attempt: UUID | None = None
    amount_rials: Rials
    cause: str = ""
    reason: str = ""
    asked_by: str = ""
    granted_by: str = ""
    since: AwareDatetime


class MoneyTasks(Answer):
    """A page of a province's money tasks, the oldest first."""

    tasks: tuple[MoneyTask, ...]
    total: int


AlertKind = Literal[
    "callback_unknown",
    "callback_of_another",
    "callback_contradicts",
    "callback_again",
    "notice_not_signed",
    "notice_differs",
    "payment_unknown",
    "amount_differs",
    "session_of_another",
    "session_unknown",
    "reference_counted_before",
    "disputed",
    "credit_gone",
]
"""A browser came back with a key of no attempt; with another attempt's key; saying what the bank does not say; once more.
A notice was not signed, or came with another body. The bank has a payment that no record asks for; another amount, another's
session, no such session; a reference that counts already; a payer disputes a payment; or a surplus that counts for a later
invoice has gone back to the payer."""


class Alert(Answer):
    """Something that nobody in good order does, or that finance must answer; it changed no money. One row, counted."""

    kind: AlertKind
    attempt: UUID | None = None
    """The attempt that it is about; none where it named nothing of ours, which is counted by the day."""
    member: str = ""
    year: int | None = None
    times: int
    first_at: AwareDatetime
    last_at: AwareDatetime


class Alerts(Answer):
    """A page of alerts, the latest first."""

    alerts: tuple[Alert, ...]
    total: int


class BankHealth(Answer):
    """Whether the bank answers, and since when it does not."""

    bank: str
    is_up: bool
    down_since: AwareDatetime | None = None
    answered_at: AwareDatetime | None = None
    """When it last gave a usable answer."""


class StatementChange(Answer):
    """What a file that is handed over makes of one payment in the bank's counted statements."""

    kind: Literal["added", "changed", "given_back", "gone"]
    """`changed` contradicts a counted line, `given_back` only continues it; what is `gone` stands in the corrected file alone."""
    authority: str
    bank_reference: str = ""
    before_rials: Rials = 0
    after_rials: Rials = 0
    before_on: date | None = None
    """The bank's day of the payment, in Tehran."""
    after_on: date | None = None


class StatementDifference(Answer):
    """What a file that is handed over makes of the bank's counted statements; a line that stands there already is one line."""

    same: int
    """Payments that other files have already."""
    added: int
    changed: int
    given_back: int
    gone: int
    before_rials: Rials
    """What the payments of this file, and of the one that it corrects, come to before it counts, and after."""
    after_rials: Rials
    changes: tuple[StatementChange, ...] = ()
    """The first of them; those that are only added are listed for a correction alone."""
    reopens: tuple[date, ...] = ()
    """Closed days that are opened again when it counts."""


class Statement(Answer):
    """How far a statement is handed over, or that it counts."""

    statement: str
    status: Literal["open", "counted"]
    lines: int
    lines_here: int
    total_rials: Rials
    bank: str = ""
    opened_by: str = ""
    opened_at: AwareDatetime | None = None
    counted_by: str = ""
    counted_at: AwareDatetime | None = None
    is_correction: bool = False
    """Whether it says otherwise than what counts, so that another officer than the opener has to count it."""
    corrects: str = ""
    corrected_by: str = ""
    """The statement that counts instead of this one."""
    difference: StatementDifference | None = None
    """Of a file that is here whole and not counted yet."""


class Statements(Answer):
    """A page of a bank's statements, the latest first; without their differences."""

    statements: tuple[Statement, ...]
    total: int


class StatementException(Answer):
    """A payment on which the bank's statement and our records do not agree, now; what was healed since is not listed."""

    kind: Literal["missing_here", "missing_there", "amount_differs", "duplicate"]
    """The bank has it and we have not; we have it and the bank has not (any more); both have it, over different amounts; it
    was paid beside another one, or stands twice in the statements."""
    authority: str
    bank_rials: Rials
    our_rials: Rials
    bank_reference: str = ""
    member: str = ""
    year: int | None = None
    at: AwareDatetime


class Day(Answer):
    """A day's payments by the statement and by the ledger; the difference is explained by the exceptions."""

    bank: str
    on: date
    bank_rials: Rials
    ledger_rials: Rials
    exceptions: tuple[StatementException, ...]
    closed_by: str = ""
    closed_at: AwareDatetime | None = None
    reopened_by: str = ""
    """Who counted the correction by which the day was opened again; empty once it is closed anew."""
    reopened_at: AwareDatetime | None = None


class FeeEstimate(Answer):
    """What a renewal would cost, before any approval."""

    year: int
    member_class: MemberClass
    amount_rials: Rials
    """What would be charged: the lines and the entrance fee."""
    lines: tuple[InvoiceLine, ...] = ()
    """Each year's fee at its own tariff, the oldest first."""
    covered: tuple[CoveredYear, ...] = ()
    """The years that would not be charged, each with what covers it."""
    charged_by_year: int | None = None
    """The later year whose invoice, still to be paid, charges this one's years: this one's would give way to it."""
    entrance_rials: Rials = 0
    credit_rials: Rials = 0
    """What of it the member's surplus would pay."""


# --- capacity

LineKind = Literal["grant", "regrade", "use", "release", "suspension", "restoration", "expiry", "withdrawal"]
"""Given by a confirmed payment; changed with the grade; used by a job; given back by it; held while the licence has expired;
given back when it was renewed; gone with the year; taken back with the payment."""


class CapacityLine(Answer):
    """One line of the ledger: what it adds to or takes from the year's capacity, and the event that caused it."""

    kind: LineKind
    units: int
    """In 0.01 P; a grant is positive, a use negative; the lines of a moment add up to what remains (below zero: over-used)."""
    field: LicenceField | None = None
    job: Job | None = None
    """The job that uses; a use without one is the employment's."""
    months: int | None = None
    """Started months of the year that the use was counted by, where the rule counts months."""
    rule: str
    """The policy's row, such as `1405 ceilings.grade_2.extraction`."""
    source: str
    position: int
    effective_at: AwareDatetime


class FieldCapacity(Answer):
    """One licence field's part: its jobs may use its own ceiling, and all jobs together the greatest of the ceilings."""

    field: LicenceField
    ceiling_units: int
    used_units: int
    remaining_units: int


class Capacity(Answer):
    """A member's capacity of a Jalali year, in units of 0.01 P."""

    member: str
    year: int
    province: str
    status: Literal["none", "active", "expired"]
    """`none` until the payment is confirmed; `expired` after the licence's or the year's end."""
    ceiling_units: int
    used_units: int
    remaining_units: int
    valid_until: date | None
    warnings: tuple[str, ...] = ()
    """Codes, such as `over_ceiling`, `licence_expires_early`."""
    fields: tuple[FieldCapacity, ...] = ()
    updated_at: AwareDatetime


class Explanation(Answer):
    """The capacity and every line that makes it."""

    capacity: Capacity
    lines: tuple[CapacityLine, ...]


class PolicyInUse(Answer):
    """The capacity policy that a year goes by, as the text of its file."""

    year: int
    version: str
    file: str


class JobUnits(Answer):
    """What each declared job would use, in the order asked, and the ceiling they are held against; units of 0.01 P."""

    units: tuple[int, ...]
    employment_units: int
    ceiling_units: int
    ceiling_rule: str = ""
    """The policy's row of the ceiling, such as `1405 ceilings.grade_2.extraction`."""
    fields: tuple[FieldCapacity, ...] = ()
    """What the jobs would use of each licence field's own ceiling."""
    problems: dict[str, str] = Field(default_factory=dict)
    """By dotted place (`jobs.0.degree`), a code such as `degree_not_allowed`."""


class WhatIf(Answer):
    """What a job would use, what would remain, and the rules that it would break; units of 0.01 P."""

    member: str
    year: int
    field: LicenceField | None
    starts_on: date
    ends_on: date
    fits: bool
    units: int
    rule: str
    """The policy's row that the units come from."""
    months: int | None = None
    left_units: int
    """What is left now of what the year and the field allow."""
    remaining_units: int
    """What would remain after it; below zero: by so much it is too large."""
    ceiling_units: int = 0
    """Of all jobs together, which with this one would use `used_units`."""
    used_units: int = 0
    fields: tuple[FieldCapacity, ...] = ()
    """The same of each licence field's own ceiling."""
    problems: dict[str, str] = Field(default_factory=dict)
    """By code (such as `over_ceiling`, `degree_not_allowed`), the policy's row that says so; empty where none does."""


Left = Literal["nothing", "under_quarter", "under_half", "under_three_quarters", "more"]
"""Parts of a ceiling; `more` is three quarters and above."""


class CapacityBand(Answer):
    """What is left of a year's capacity, only roughly: what a stranger may know."""

    year: int
    status: Literal["none", "active", "expired"]
    left: Left


class OverUse(Answer):
    """A page of the members who use more than they may, the largest excess first."""

    capacities: tuple[Capacity, ...]
    total: int


class ShareCount(Answer):
    """How many members use a share of their ceiling: more than the share before, up to this one."""

    up_to_percent: int | None
    """None: more than the whole."""
    members: int


class UseOverview(Answer):
    """What members use of a field, or (without one) of everything; units of 0.01 P."""

    field: LicenceField | None
    members: int
    ceiling_units: int
    used_units: int
    shares: tuple[ShareCount, ...]


class CapacityOverview(Answer):
    """What a province's members use of a year's capacity: everything first, then field by field."""

    province: str
    year: int
    overviews: tuple[UseOverview, ...]


class RebuildDifference(Answer):
    """A row of the live tables that a rebuild found missing there, too many, or other than it should be."""

    table: str
    key: str
    """The row's key, its parts with slashes between, such as `0123456/1405/2`."""
    kind: Literal["missing", "extra", "other"]


class Rebuild(Answer):
    """How far the newest rebuild is, or how it ended; what it compares and switches are rows, each event read once."""

    rebuild: UUID | None = None
    status: Literal["none", "running", "switched", "checked", "cancelled", "failed", "lost"]
    """`lost`: it has said nothing for so long that its program must have ended."""
    phase: Literal["reading", "deriving", "comparing", "switching"] = "reading"
    check: bool = False
    started_by: str = ""
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    events: int = 0
    events_total: int = 0
    members: int = 0
    """Members derived, then compared, in the phase of the moment."""
    members_total: int = 0
    differences: dict[str, int] = Field(default_factory=dict)
    """How many rows differ, by table; the tables without any are missing."""
    first_differences: tuple[RebuildDifference, ...] = ()
    error: str = ""


# --- every log


class RecordedEvent(Answer):
    """An event as read from a log: a CloudEvent's fields as JSON text."""

    cloud_event: str


class RecordedEvents(Answer):
    """Events after a position, in order, and the log's head."""

    events: tuple[RecordedEvent, ...]
    head: Annotated[int, Field(ge=0)]


# --- every follower


class ParkedEvent(Answer):
    """An event whose handler kept failing, or (without an error) one that waits behind such a one of the same member."""

    source: str
    position: int
    sequence: str
    type: str
    error: str
    attempts: int
    recorded_at: AwareDatetime


class ParkedEvents(Answer):
    """What a service has parked, in order; `total` counts beyond the page."""

    parked: tuple[ParkedEvent, ...]
    total: int


class Retried(Answer):
    """How many events of a sequence were applied, and how many still wait."""

    applied: int
    waiting: int


class LaneState(Answer):
    """How far a service follows a source; lag in events, and in seconds since the oldest event not yet applied."""

    source: str
    checkpoint: int
    head: int
    lag_events: int
    lag_seconds: float
    parked: int
    full: bool = False
    """So much is parked that the lane stands still."""
    stands: bool = False
    """It is before an event that can neither be applied nor parked, and goes on only when that is mended."""
    connected: bool = True
    """Whether the copy that answers listens at the broker."""
    error: str = ""
    """Why it does not, or did not lately."""


class Lanes(Answer):
    """All lanes of a service; of a source in `unreachable`, which does not answer, the head is the last that was seen."""

    lanes: tuple[LaneState, ...]
    unreachable: tuple[str, ...] = ()
