"""Attempts as rows: found by the bank's key or by ours, and those that have no outcome yet."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from services.payment.accounting import credit_entries, receipts
from services.payment.invoices.state import stream_of
from services.payment.tables import ATTEMPTS, INVOICES, REVERSALS, TASKS, UNKNOWN
from shared.contract.payment import answers
from shared.contract.payment.answers import AttemptStatus
from shared.contract.refusals import Reason, Refused
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared
from shared.settings import Settings

REFUNDS = ("refund_due", "refund_requested", "refund_granted")
OUTCOMES = {
    "started": "unknown",
    "settled": "paid",
    "failed": "not_paid",
    "held": "held",
    "duplicate": "duplicate",
    "reversed": "reversed",
}
"""What a member is shown of an attempt: one without an outcome is unknown, never failed."""
BANKS = get_args(Settings.model_fields["bank_kind"].annotation)
OF_SESSION = Prepared(
    select(ATTEMPTS)
    .where(ATTEMPTS.c.bank.in_([bindparam(f"bank_{number}", bank) for number, bank in enumerate(BANKS)]))
    .where(ATTEMPTS.c.authority == bindparam("of"))
    .order_by(ATTEMPTS.c.started_at)
)
"""With all banks, because the index has the bank before its key."""


@dataclass(frozen=True)
class Attempt:
    """An attempt with what an inquiry at the bank needs."""

    attempt: UUID
    member: str
    year: int
    bank: str
    authority: str
    amount_rials: int
    status: AttemptStatus
    started_at: datetime
    ended_at: datetime | None
    bank_reference: str
    card_mask: str
    cause: str
    refunded_rials: int = 0

    @property
    def is_paid(self) -> bool:
        """Whether the bank has taken money for it and we have recorded that."""
        return self.status in {"settled", "duplicate"}

    @property
    def stream(self) -> str:
        return stream_of(self.member, self.year)


def attempt_of(connection: Connection, *, authority: str | None = None, attempt: UUID | None = None) -> Attempt | None:
    """An attempt by the bank's key of it or by its own."""
    if authority is not None:
        return next(iter(of_session(connection, authority)), None)
    row = by_key.find(connection, ATTEMPTS, {"attempt": attempt})
    return None if row is None else Attempt(**row._asdict())


def of_session(connection: Connection, authority: str) -> list[Attempt]:
    """The attempt of a bank's key, at whichever bank."""
    return [Attempt(**row._asdict()) for row in OF_SESSION.rows(connection, {"of": authority})]


def must_find(connection: Connection, attempt: UUID) -> Attempt:
    """An attempt by our own key of it; refused where there is none."""
    found = attempt_of(connection, attempt=attempt)
    if found is None:
        raise Refused(Reason.UNKNOWN_PAYMENT)
    return found


def unfinished(connection: Connection, member: str, year: int) -> list[Attempt]:
    """The invoice's attempts whose outcome is not known, the newest first."""
    key = {"member": member, "year": year, "status": "started"}
    return [Attempt(**row._asdict()) for row in reversed(by_key.find_all(connection, ATTEMPTS, key, "started_at"))]


def is_reversal_requested(connection: Connection, attempt: UUID) -> bool:
    """Whether we have requested a reversal that is not answered yet."""
    return bool(REVERSALS.armed(connection, [attempt]))


def result(connection: Connection, key: UUID) -> answers.PaymentResult:
    """What is known of an attempt's outcome, of its way back, and of the invoice's need of another payment."""
    attempt = must_find(connection, key)
    tasks = by_key.find_all(connection, TASKS, {"attempt": attempt.attempt}, "since")
    on_its_way = next((one.kind for one in reversed(tasks) if one.kind in REFUNDS), None)
    if REVERSALS.armed(connection, [attempt.attempt], UNKNOWN):
        on_its_way = "refund_unknown"
    waits = {"member": attempt.member, "year": attempt.year, "status": "open"}
    invoice = by_key.find(connection, INVOICES, waits)
    paper = receipts.by_token(connection, receipts.token_of(attempt.attempt))
    return answers.PaymentResult.model_validate(
        {
            "attempt": attempt.attempt,
            "outcome": OUTCOMES[attempt.status],
            "amount_rials": attempt.amount_rials,
            "year": attempt.year,
            "bank_reference": attempt.bank_reference,
            "settled_at": attempt.ended_at if attempt.is_paid else None,
            "cause": attempt.cause if attempt.status == "reversed" else "",
            "refund": (on_its_way or "").removeprefix("refund_"),
            "refunded_rials": attempt.refunded_rials,
            "credited_rials": credit_entries.credit_of_attempt(connection, attempt.member, attempt.attempt),
            "is_payable": bool(invoice and invoice.replaced_by_year is None and invoice.cancelled_at is None),
            "receipt": paper.token if paper else None,
        }
    )
