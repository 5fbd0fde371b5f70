"""Answers of payment to its commands and queries."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Answer
from shared.contract.values import (
    CoveredYear,
    InvoiceLine,
    MemberClass,
    Rials,
    Waiver,
)

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
    is_reversal_requested: bool = False
    """Its reversal is requested at the bank: until the bank declines, finance cannot refund it."""


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
    """When the bank took the money back, or officers its slip: the receipt is good for nothing."""
    refunded_rials: Rials = 0
    """What we have sent back of it."""


class Slip(Answer):
    """A deposit slip that was granted to count for an invoice."""

    request: UUID
    """By which it was granted, and by which its reversal is requested."""
    slip: str
    """Its number at the bank."""
    amount_rials: Rials
    paid_on: date
    granted_at: AwareDatetime
    is_reversal_requested: bool = False
    """A colleague has still to grant that it counts no more."""
    reversed_at: AwareDatetime | None = None
    """Since when it counts no more."""


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
    """When a payment that had settled it went back, or a slip; it is open again, or was paid anew since."""
    cancelled_at: AwareDatetime | None = None
    """When it was cancelled with a refund: nothing is owed any more."""
    received_rials: int = 0
    """What counts for it of payments, slips and credit, less refunds; below 0 where more has gone back than came."""
    credit_rials: Rials = 0
    """What of that is the member's credit from other years."""
    credit_spent_rials: Rials = 0
    """What it received too much that counts for other years instead, without surplus payments."""
    written_off_rials: Rials = 0
    waiver_requested_rials: Rials = 0
    """What the manager wants to waive and nobody has granted yet; it is owed until then."""
    issued_at: AwareDatetime
    payable_until: AwareDatetime
    settled_at: AwareDatetime | None = None
    confirmed_at: AwareDatetime | None = None
    bank_reference: str = ""
    card_mask: str = ""
    attempts: tuple[Attempt, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    """The oldest first."""
    slips: tuple[Slip, ...] = ()
    """The oldest first; those that count no more among them."""


class MemberInvoices(Answer):
    """A member's invoices, the newest year first; empty before any approval."""

    invoices: tuple[Invoice, ...]


class CheckedPayment(Answer):
    """An invoice, after an inquiry about its open attempts."""

    invoice: Invoice
    is_certain: bool
    """Whether the bank answered about each: then one that is still open has taken no money, and may be gone on with."""


class PaymentPage(Answer):
    """Where the browser goes to pay."""

    attempt: UUID
    redirect_url: str


class PaymentResult(Answer):
    """What the bank answered about one attempt; `unknown` is resolved by polling, so the page refreshes."""

    attempt: UUID
    outcome: Literal["paid", "not_paid", "unknown", "held", "duplicate", "reversed"]
    amount_rials: Rials
    year: int
    bank_reference: str = ""
    settled_at: AwareDatetime | None = None
    cause: str = ""
    """Why it was reversed: `by_bank`, or `duplicate` where nothing needed it."""
    refund: Literal["", "unknown", "due", "requested", "granted"] = ""
    """The step of its refund: requested at the bank without a known answer, or by finance."""
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
    late: int = 0
    """How many of the province wait for confirmation since before the query's `late_before`."""
    reversed: int = 0
    """How many of the province the bank has reversed, and nobody has paid anew."""


class BankHealth(Answer):
    """Whether the bank answers, and since when it does not."""

    bank: str
    is_up: bool
    down_since: AwareDatetime | None = None
    answered_at: AwareDatetime | None = None
    """When it last gave a usable answer."""


class Tariff(Answer):
    """The fees of a year."""

    year: int
    fees: dict[MemberClass, Rials]
    """A year's membership by class."""
    entrance_rials: Rials = 0
    """For joining, or joining again; 0 where none is charged."""
    version: str = ""
    """The file, by its year and which text of it, such as `1405-3f2a9c0d1e4b`."""
    source: tuple[str, ...] = ()
    """Where the figures come from, as the head of the file says."""


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
    """The later year whose unpaid invoice charges this one's years, and would replace this one's."""
    entrance_rials: Rials = 0
    credit_rials: Rials = 0
    """What of it the member's surplus would pay."""
