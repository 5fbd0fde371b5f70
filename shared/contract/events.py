"""What has happened, in the words of those who keep it; each docstring is the glossary's entry.

A fact's meaning never changes and a field is never renamed. No name, national code, address, phone or secret is ever in one:
those lie in rows (`note`, `declaration_version`, `member` point to them) that can be erased.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contract.values import CoveredYear, Employment, InvoiceLine, Job, Licence, Rials, Role, UnpaidYear, Waiver


class Event(BaseModel):
    """A fact. Readers ignore fields they do not know, so that fields can be added."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    source: ClassVar[str]
    """The service (or client) whose log holds it."""

    def __init_subclass__(cls, *, source: str, **options: object) -> None:
        super().__init_subclass__(**options)  # type: ignore[arg-type]
        cls.source = source


class MemberEnrolled(Event, source="auth"):
    """A member stands on the roll: in which province, with which licence, paid through which Jalali year (none: never paid)."""

    member: str
    province: str
    licence: Licence
    paid_through: int | None = None
    enrolled_by: str
    enrolled_at: AwareDatetime


class MembershipChanged(Event, source="auth"):
    """The roll says something new of a member; the whole entry is repeated, so the last one tells all."""

    member: str
    province: str
    licence: Licence
    paid_through: int | None = None
    changed_by: str
    changed_at: AwareDatetime


class MemberRemoved(Event, source="auth"):
    """A member stands on the roll no more, because the import that brought them is undone; nothing else had followed from it."""

    member: str
    province: str
    removed_by: str
    removed_at: AwareDatetime


class OfficerAppointed(Event, source="auth"):
    """An officer has these roles in these provinces from now on; appointing again replaces both."""

    officer: str
    roles: tuple[Role, ...]
    provinces: tuple[str, ...]
    appointed_by: str
    appointed_at: AwareDatetime


class OfficerDismissed(Event, source="auth"):
    """An officer has no role any more and cannot sign in."""

    officer: str
    dismissed_by: str
    dismissed_at: AwareDatetime


class PasswordChanged(Event, source="auth"):
    """A member or officer has set a password of their own; the password itself is only a hash in a row."""

    account: str
    """The account as an actor, such as `member:0123456`."""
    changed_by: str
    changed_at: AwareDatetime


class RenewalRequested(Event, source="renewal"):
    """A member has asked to renew the membership of a Jalali year; one renewal a member and year."""

    member: str
    year: int
    province: str
    licence: Licence
    tracking_code: str
    requested_at: AwareDatetime


class DeclarationSubmitted(Event, source="renewal"):
    """A member has declared (خوداظهاری); the form's texts lie in the row of this version, jobs and employment are here."""

    member: str
    year: int
    declaration_version: int
    licence: Licence
    employment: Employment
    jobs: tuple[Job, ...]
    submitted_at: AwareDatetime
    review_due_at: AwareDatetime
    review_is_promised: bool = True
    """False where the office's calendar had no hours in sight: `review_due_at` is then only how far it could be seen."""


class RenewalReturned(Event, source="renewal"):
    """The manager has sent the declaration back for correction; the reason's text is the row `note`."""

    member: str
    year: int
    note: UUID
    returned_by: str
    returned_at: AwareDatetime


class RenewalRejected(Event, source="renewal"):
    """The manager has rejected the renewal for good; the reason's text is the row `note`."""

    member: str
    year: int
    note: UUID
    rejected_by: str
    rejected_at: AwareDatetime


class RenewalApproved(Event, source="renewal"):
    """The manager has approved the renewal: the amount is fixed now and payment opens. Carries all that payment and capacity need."""

    member: str
    year: int
    province: str
    licence: Licence
    employment: Employment
    jobs: tuple[Job, ...]
    unpaid_years: tuple[UnpaidYear, ...] = ()
    """Earlier years that the register does not have as paid, the oldest first; payment knows which of them it was paid itself."""
    never_paid: bool = False
    """Whether the register knows of no paid year at all: then the entrance fee is due."""
    paid_through: int | None = None
    """The last year that the register has as paid; it may lie after the renewal's own."""
    waivers: tuple[Waiver, ...] = ()
    note: UUID | None = None
    """The row with the reason of the waivers."""
    approved_by: str
    approved_at: AwareDatetime


class RenewalWithdrawn(Event, source="renewal"):
    """The member has taken the request back before its approval; it may be requested again."""

    member: str
    year: int
    withdrawn_at: AwareDatetime


class CalendarDaySet(Event, source="renewal"):
    """An officer has set a province's office hours of one day; without hours the office is closed."""

    province: str
    on: date
    opens: time | None
    closes: time | None
    label: str
    set_by: str
    set_at: AwareDatetime


class PolicyAmended(Event, source="renewal"):
    """An officer has corrected the capacity policy of a Jalali year: from now on its tables are those of `after`.

    Both texts are whole TOML files, so that every moment before and after can be derived from this log alone. Why is the
    row `note`.
    """

    year: int
    before: str
    after: str
    digest: str
    """By what the text `after` is known: the end of the policy's version, such as `1405-3f2a9c0d1e4b`."""
    note: UUID
    amended_by: str
    amended_at: AwareDatetime


class InvoiceIssued(Event, source="payment"):
    """The amount of an approved renewal is frozen, to be paid until an instant; a later tariff never changes it."""

    member: str
    year: int
    province: str
    lines: tuple[InvoiceLine, ...]
    entrance_rials: Rials = 0
    """The fee for joining, or for joining again after too many unpaid years."""
    waivers: tuple[Waiver, ...] = ()
    waived_by: str = ""
    """The manager who let the member off; the reason is renewal's row `note` of the approval."""
    amount_rials: Rials
    """The lines and the entrance fee, less the waivers."""
    covered: tuple[CoveredYear, ...] = ()
    """The years of the approval that are not charged, each with what covers it."""
    issued_at: AwareDatetime
    payable_until: AwareDatetime


class InvoiceExtended(Event, source="payment"):
    """An invoice may be paid for longer, for a `cause`: `bank_outage`, or `renewed` by the member after its time was over."""

    member: str
    year: int
    payable_until: AwareDatetime
    cause: str
    extended_at: AwareDatetime


class InvoiceReplaced(Event, source="payment"):
    """An invoice stands no more: a later year's invoice charges its years, and waits to be paid. It can't be paid from now on."""

    member: str
    year: int
    province: str
    amount_rials: Rials
    replaced_by_year: int
    replaced_at: AwareDatetime


class PaymentStarted(Event, source="payment"):
    """One attempt to pay an invoice is open at the bank under `authority`, the bank's key of it."""

    member: str
    year: int
    attempt: UUID
    authority: str
    bank: str = "zarinpal"
    """The bank, by its adapter's name."""
    amount_rials: Rials
    started_at: AwareDatetime


class PaymentSettled(Event, source="payment"):
    """The bank's own answer to our verify says that the stored amount is paid, under a reference that counts once for ever."""

    member: str
    year: int
    province: str
    attempt: UUID
    authority: str
    bank: str = "zarinpal"
    """The bank, by its adapter's name."""
    amount_rials: Rials
    bank_reference: str
    card_mask: str
    settled_at: AwareDatetime


class PaymentFailed(Event, source="payment"):
    """The bank's own answer says that an attempt was not paid and will not be; no money is owed back."""

    member: str
    year: int
    attempt: UUID
    authority: str
    cause: str
    failed_at: AwareDatetime


class PaymentHeld(Event, source="payment"):
    """The bank's answer contradicts our record (another amount, another's session): nothing counts as paid, a person must look."""

    member: str
    year: int
    attempt: UUID
    authority: str
    cause: str
    held_at: AwareDatetime


class DuplicatePaymentFound(Event, source="payment"):
    """An attempt was paid that its invoice does not need: the money is on record, and owed back to the member.

    The invoice was paid before (by another attempt or by a slip), replaced by a later year's, or cancelled.
    """

    member: str
    year: int
    province: str
    attempt: UUID
    authority: str
    bank: str = "zarinpal"
    """The bank, by its adapter's name."""
    amount_rials: Rials
    bank_reference: str
    card_mask: str
    found_at: AwareDatetime


class PaymentConfirmed(Event, source="payment"):
    """The manager has confirmed a settled payment; the year's capacity follows."""

    member: str
    year: int
    province: str
    amount_rials: Rials
    confirmed_by: str
    confirmed_at: AwareDatetime


class PaymentReversed(Event, source="payment"):
    """Money that was counted has gone back to the payer, by the bank's word: it reversed the payment itself, or because we asked."""

    member: str
    year: int
    province: str
    attempt: UUID
    authority: str
    bank: str
    amount_rials: Rials
    bank_reference: str
    cause: str
    """`by_bank`, or why we asked for it, such as `duplicate`."""
    reversed_at: AwareDatetime


class ConfirmationWithdrawn(Event, source="payment"):
    """A confirmed payment is not there any more: what followed from its confirmation is taken back until the next one."""

    member: str
    year: int
    province: str
    cause: str
    """`reversed` or `refunded`."""
    withdrawn_at: AwareDatetime


class RefundDue(Event, source="payment"):
    """The bank did not give a surplus payment back: somebody of finance has to."""

    member: str
    year: int
    province: str
    attempt: UUID
    amount_rials: Rials
    cause: str
    due_at: AwareDatetime


class RefundAsked(Event, source="payment"):
    """An officer asks for a refund; a colleague has to grant it. The reason's text is the row `note`."""

    member: str
    year: int
    province: str
    request: UUID
    attempt: UUID
    amount_rials: Rials
    ends_membership: bool
    """Whether the invoice is cancelled with it, and with it what was confirmed."""
    note: UUID
    asked_by: str
    asked_at: AwareDatetime


class RefundGranted(Event, source="payment"):
    """A second officer has granted a refund; the money still has to be sent."""

    member: str
    year: int
    province: str
    request: UUID
    attempt: UUID
    amount_rials: Rials
    granted_by: str
    granted_at: AwareDatetime


class RefundPaid(Event, source="payment"):
    """A granted refund was sent to the payer, under the bank's reference of the transfer."""

    member: str
    year: int
    province: str
    request: UUID
    attempt: UUID
    amount_rials: Rials
    bank_reference: str
    paid_by: str
    paid_at: AwareDatetime


class InvoiceCancelled(Event, source="payment"):
    """An invoice is owed no more, because the payment that it stood on was refunded and the membership ended with it."""

    member: str
    year: int
    province: str
    amount_rials: Rials
    cancelled_at: AwareDatetime


class WriteOffAsked(Event, source="payment"):
    """An officer asks to give up a part of what an invoice is owed; a colleague has to grant it."""

    member: str
    year: int
    province: str
    request: UUID
    amount_rials: Rials
    note: UUID
    asked_by: str
    asked_at: AwareDatetime


class WriteOffGranted(Event, source="payment"):
    """A part of what an invoice is owed is given up."""

    member: str
    year: int
    province: str
    request: UUID
    amount_rials: Rials
    granted_by: str
    granted_at: AwareDatetime


class ManualPaymentAsked(Event, source="payment"):
    """An officer has a deposit slip for an invoice before them; a colleague has to look at it as well."""

    member: str
    year: int
    province: str
    request: UUID
    amount_rials: Rials
    slip: str
    """The slip's number at the bank, which counts once for ever."""
    paid_on: date
    note: UUID
    asked_by: str
    asked_at: AwareDatetime


class ManualPaymentGranted(Event, source="payment"):
    """A deposit slip counts for an invoice; it is settled once nothing is owed any more."""

    member: str
    year: int
    province: str
    request: UUID
    amount_rials: Rials
    slip: str
    paid_on: date
    granted_by: str
    granted_at: AwareDatetime


class CreditTaken(Event, source="payment"):
    """Surplus money of an invoice goes to a later one of the same member, which has its `CreditCounted`."""

    member: str
    year: int
    province: str
    attempt: UUID | None = None
    """The surplus payment that it is taken from; without one, what the invoice received too much."""
    amount_rials: Rials
    to_year: int
    taken_at: AwareDatetime


class CreditCounted(Event, source="payment"):
    """A member's surplus of another year counts for an invoice; it is settled once nothing is owed any more."""

    member: str
    year: int
    province: str
    amount_rials: Rials
    from_year: int
    counted_at: AwareDatetime


class CreditReturned(Event, source="payment"):
    """Credit comes back to where it was taken, because the bank has taken that money back; the other invoice has its `CreditWithdrawn`."""

    member: str
    year: int
    province: str
    attempt: UUID | None = None
    """The surplus payment that it was taken from, as in `CreditTaken`."""
    amount_rials: Rials
    from_year: int
    """Where it counted."""
    returned_at: AwareDatetime


class CreditWithdrawn(Event, source="payment"):
    """Credit counts for an invoice no more, because the bank has taken back the money that it came from; what is due then is owed again."""

    member: str
    year: int
    province: str
    amount_rials: Rials
    to_year: int
    """Where it goes back to."""
    withdrawn_at: AwareDatetime


class RequestDeclined(Event, source="payment"):
    """An officer has declined what another asked for; the reason's text is the row `note`."""

    member: str
    year: int
    province: str
    request: UUID
    note: UUID
    declined_by: str
    declined_at: AwareDatetime


class BankOutageBegan(Event, source="payment"):
    """A bank has stopped answering: nobody is sent there until it answers again."""

    bank: str
    began_at: AwareDatetime


class BankOutageEnded(Event, source="payment"):
    """A bank answers again; invoices whose time ran out meanwhile may be paid for as much longer."""

    bank: str
    began_at: AwareDatetime
    ended_at: AwareDatetime


class StatementCounted(Event, source="payment"):
    """A bank's statement is whole and its total right: its lines count as the bank's word, once for ever."""

    statement: str
    """SHA-256 of the file, hexadecimal."""
    bank: str
    lines: int
    total_rials: Rials
    counted_by: str
    counted_at: AwareDatetime
    is_correction: bool = False
    """Whether its lines count instead of counted ones that say otherwise."""
    corrects: str = ""
    """The statement that counts no more from now on, if it takes the place of one."""
    opened_by: str = ""


class DayClosed(Event, source="payment"):
    """Finance has held a day's payments against the bank's statement; the difference is explained by so many exceptions."""

    bank: str
    on: date
    """The bank's day of the payments, in Tehran."""
    bank_rials: Rials
    ledger_rials: Rials
    exceptions: int
    closed_by: str
    closed_at: AwareDatetime


class DayReopened(Event, source="payment"):
    """A corrected statement says otherwise of a closed day, which is to be held against our records and closed anew."""

    bank: str
    on: date
    statement: str
    """The correction."""
    reopened_by: str
    reopened_at: AwareDatetime


class BankNoticeReceived(Event, source="bank"):
    """The bank's signed notice about an attempt is stored; it proves nothing but is a reason to ask the bank."""

    notice_id: str
    authority: str
    body_digest: str
    """SHA-256 of the body, hexadecimal: the same notice id with another body is refused."""
    received_at: AwareDatetime


class BankNoticeRefused(Event, source="bank"):
    """Somebody sent what is no notice of the bank's, or another one under an id that was used: an alert, the first of an hour."""

    cause: str
    """`not_signed` (no good signature, or an old one), `differs` (the same id with another body)."""
    refused_at: AwareDatetime


EVENTS: Mapping[str, type[Event]] = {event.__name__: event for event in Event.__subclasses__()}
"""Every event by its type name."""
