"""The moments of an invoice: when it was issued, each attempt to pay it, its confirmation and cancellation; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from shared.contract.payment.answers import Invoice


@dataclass(frozen=True)
class Moment:
    """Something that happened to an invoice; its code is in the group `timeline` of `shared/translations`."""

    code: str
    at: datetime
    amount_rials: int = 0


def moments(invoice: Invoice) -> Iterator[Moment]:
    """All that an invoice tells of what happened to it, not in the order of time."""
    yield Moment("invoice_issued", invoice.issued_at, invoice.amount_rials)
    for attempt in invoice.attempts:
        yield Moment("payment_started", attempt.started_at, attempt.amount_rials)
        if attempt.ended_at is not None and attempt.status != "started":
            yield Moment(f"payment_{attempt.status}", attempt.ended_at, attempt.amount_rials)
    if invoice.confirmed_at is not None:
        yield Moment("invoice_confirmed", invoice.confirmed_at)
    if invoice.cancelled_at is not None:
        yield Moment("invoice_cancelled", invoice.cancelled_at)
