"""What has happened, in the words of those who keep it; each docstring is the glossary's entry.

A fact's meaning never changes and a field is never renamed. No name, national code, address, phone or secret is ever in one:
those lie in rows (`note`, `declaration_version`, `member` point to them) that can be erased.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contract.values import Employment, InvoiceLine, Job, Licence, Rials, Role


class Event(BaseModel):
    """A fact. Readers ignore fields they do not know, so that fields can be added."""

    model_config = ConfigDict(frozen=True, extra="ignore")
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


class InvoiceIssued(Event, source="payment"):
    """The amount of an approved renewal is frozen, to be paid until an instant; a later tariff never changes it."""

    member: str
    year: int
    province: str
    lines: tuple[InvoiceLine, ...]
    amount_rials: Rials
    issued_at: AwareDatetime
    payable_until: AwareDatetime


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
    """A second attempt of a paid invoice was paid as well: the money is kept on record and owed back to the member."""

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


class BankNoticeReceived(Event, source="bank"):
    """The bank's signed notice about an attempt is stored; it proves nothing but is a reason to ask the bank."""

    notice_id: str
    authority: str
    body_digest: str
    """SHA-256 of the body, hexadecimal: the same notice id with another body is refused."""
    received_at: AwareDatetime


EVENTS: Mapping[str, type[Event]] = {event.__name__: event for event in Event.__subclasses__()}
"""Every event by its type name."""
