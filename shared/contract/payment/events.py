"""Events of payment, which its log records; each docstring is the event's entry in docs/events.md."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from shared.contract.base import Event
from shared.contract.values import CoveredYear, InvoiceLine, Rials, Waiver


class MemberYear(BaseModel):
    """The invoice that an event is about: its member and Jalali year."""

    member: str
    year: int


class InvoiceInProvince(MemberYear):
    """The invoice that an event is about, with its province."""

    province: str


class UnpaidAttempt(MemberYear):
    """An attempt that does not count as paid, and why."""

    attempt: UUID
    authority: str
    cause: str


class PaidAttempt(InvoiceInProvince):
    """An attempt that was paid at the bank."""

    attempt: UUID
    authority: str
    bank: str = "zarinpal"
    """The bank, by its adapter's name."""
    amount_rials: Rials
    bank_reference: str
    card_mask: str


class InvoiceIssued(Event, InvoiceInProvince, source="payment"):
    """The amount of an approved renewal is frozen, to be paid until an instant; a later tariff never changes it."""

    lines: tuple[InvoiceLine, ...]
    entrance_rials: Rials = 0
    """The fee for joining, or for joining again after too many unpaid years."""
    waivers: tuple[Waiver, ...] = ()
    """What was waived or written off of the invoices that this one replaces."""
    waived_by: str = ""
    """Who requested the last of the waivers."""
    waiver_persons: tuple[str, ...] = ()
    """All who requested or granted the waivers, `waived_by` among them; none of them confirms the payment."""
    amount_rials: Rials
    """The lines and the entrance fee, less the waivers."""
    covered: tuple[CoveredYear, ...] = ()
    """The years of the approval that are not charged, each with what covers it."""
    issued_at: AwareDatetime
    payable_until: AwareDatetime
    schema_version: Literal[2] = 2
    """Before version 2, `waiver_persons` was not complete."""


class InvoiceExtended(Event, MemberYear, source="payment"):
    """An invoice may be paid for longer, for a `cause`: `bank_outage`, or `renewed` by the member after its time was over."""

    payable_until: AwareDatetime
    cause: str
    extended_at: AwareDatetime


class InvoiceReplaced(Event, InvoiceInProvince, source="payment"):
    """An invoice is replaced: a later year's unpaid invoice charges its years. It can't be paid from now on."""

    amount_rials: Rials
    replaced_by_year: int
    replaced_at: AwareDatetime


class PaymentStarted(Event, MemberYear, source="payment"):
    """One attempt to pay an invoice is open at the bank under `authority`, the bank's key of it."""

    attempt: UUID
    authority: str
    bank: str = "zarinpal"
    """The bank, by its adapter's name."""
    amount_rials: Rials
    started_at: AwareDatetime


class PaymentSettled(Event, PaidAttempt, source="payment"):
    """The bank has answered our verify that the stored amount is paid, under a reference that counts once for ever."""

    settled_at: AwareDatetime


class PaymentFailed(Event, UnpaidAttempt, source="payment"):
    """The bank has answered that an attempt was not paid and will not be; no money is owed back."""

    failed_at: AwareDatetime


class PaymentHeld(Event, UnpaidAttempt, source="payment"):
    """The bank's answer contradicts our record (another amount, another's session): nothing counts as paid until an officer decides."""

    held_at: AwareDatetime


class DuplicatePaymentFound(Event, PaidAttempt, source="payment"):
    """An attempt was paid that its invoice does not need: the money is on record, and owed back to the member.

    The invoice was paid before (by another attempt or by a slip), replaced by a later year's, or cancelled.
    """

    found_at: AwareDatetime


class PaymentConfirmed(Event, InvoiceInProvince, source="payment"):
    """The manager has confirmed a settled payment; the year's capacity follows."""

    amount_rials: Rials
    confirmed_by: str
    confirmed_at: AwareDatetime


class PaymentReversed(Event, InvoiceInProvince, source="payment"):
    """Counted money has gone back to the payer, by the bank's answer: it reversed the payment itself, or on our request."""

    attempt: UUID
    authority: str
    bank: str
    amount_rials: Rials
    bank_reference: str
    cause: str
    """`by_bank`, or the reason of our request, such as `duplicate`."""
    reversed_at: AwareDatetime


class ConfirmationWithdrawn(Event, InvoiceInProvince, source="payment"):
    """A confirmed payment is not there any more: what followed from its confirmation is taken back until the next one."""

    cause: str
    """`reversed` or `refunded`."""
    withdrawn_at: AwareDatetime


class InvoiceCancelled(Event, InvoiceInProvince, source="payment"):
    """An invoice is owed no more, because the payment that it stood on was refunded and the membership ended with it."""

    amount_rials: Rials
    cancelled_at: AwareDatetime


class CreditTaken(Event, InvoiceInProvince, source="payment"):
    """Surplus money of an invoice goes to a later one of the same member, which has its `CreditCounted`."""

    attempt: UUID | None = None
    """The surplus payment that it is taken from; without one, what the invoice received too much."""
    amount_rials: Rials
    to_year: int
    taken_at: AwareDatetime


class CreditCounted(Event, InvoiceInProvince, source="payment"):
    """A member's surplus of another year counts for an invoice; it is settled once nothing is owed any more."""

    amount_rials: Rials
    from_year: int
    counted_at: AwareDatetime


class CreditReturned(Event, InvoiceInProvince, source="payment"):
    """Credit comes back to where it was taken, because the bank has taken that money back, or officers a slip; the other invoice has its `CreditWithdrawn`."""

    attempt: UUID | None = None
    """The surplus payment that it was taken from, as in `CreditTaken`."""
    amount_rials: Rials
    from_year: int
    """Where it counted."""
    returned_at: AwareDatetime


class CreditWithdrawn(Event, InvoiceInProvince, source="payment"):
    """Credit counts for an invoice no more, because the money that it came from is gone; what is due then is owed again."""

    amount_rials: Rials
    to_year: int
    """Where it goes back to."""
    withdrawn_at: AwareDatetime


class BankOutageBegan(Event, source="payment"):
    """A bank has stopped answering: nobody is sent there until it answers again."""

    bank: str
    began_at: AwareDatetime


class BankOutageEnded(Event, source="payment"):
    """A bank answers again; invoices whose time ran out meanwhile may be paid for as much longer."""

    bank: str
    began_at: AwareDatetime
    ended_at: AwareDatetime
