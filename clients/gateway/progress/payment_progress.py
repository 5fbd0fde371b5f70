"""Progress of paying an invoice, from the invoice, its attempts and the bank's health; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from shared.contract.payment.answers import Attempt, BankHealth, Invoice
from shared.text import persian

State = Literal[
    "open", "under_way", "pending", "held", "bank_down", "expired", "replaced", "cancelled", "settled", "confirmed"
]
"""`under_way`: begun at the bank, which has taken nothing yet. `pending`: begun, and the bank's answer is not known.
`held`: finance has to review it. `bank_down`: open while the bank does not answer."""


@dataclass(frozen=True)
class PaymentProgress:
    """An invoice to be paid; `is_certain` where the bank has just answered about its open attempts."""

    invoice: Invoice
    at: datetime
    health: BankHealth | None = None
    is_certain: bool = False
    BANK_PAGE_MINUTES: ClassVar[int] = 20
    """As long as payment leads to the same session at the bank again."""

    @property
    def state(self) -> State:
        invoice = self.invoice
        if invoice.status != "open":
            return invoice.status
        if self.unfinished and not self.is_certain:
            return "pending"
        if self.held:
            return "held"
        if invoice.cancelled_at is not None:
            return "cancelled"
        if invoice.replaced_by_year is not None:
            return "replaced"
        if invoice.payable_until < self.at:
            return "expired"
        if self.is_bank_down:
            return "bank_down"
        return "under_way" if self.unfinished else "open"

    @property
    def is_renewable(self) -> bool:
        """Whether the member may have it issued again at its amount: only in the Jalali year of its issue."""
        return persian.jalali_year(self.at) == persian.jalali_year(self.invoice.issued_at)

    @property
    def resumable_until(self) -> datetime | None:
        """Until when the member is led to the same payment at the bank again; None where there is none."""
        if self.unfinished is None:
            return None
        until = self.unfinished.started_at + timedelta(minutes=self.BANK_PAGE_MINUTES)
        return until if until > self.at else None

    @property
    def is_in_doubt(self) -> bool:
        """Whether money may have been taken already, so that the member must not pay again."""
        return self.state in {"pending", "held"}

    @property
    def unfinished(self) -> Attempt | None:
        """The newest attempt without an outcome."""
        return self._newest("started")

    @property
    def held(self) -> Attempt | None:
        """The newest attempt that needs an officer's decision."""
        return self._newest("held")

    @property
    def surplus(self) -> tuple[Attempt, ...]:
        """Attempts whose money is here and does not count for this invoice."""
        return tuple(one for one in self.invoice.attempts if one.status == "duplicate")

    @property
    def is_bank_down(self) -> bool:
        return self.health is not None and not self.health.is_up

    def _newest(self, status: str) -> Attempt | None:
        return next((one for one in reversed(self.invoice.attempts) if one.status == status), None)
