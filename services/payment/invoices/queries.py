"""What payment is asked about, read from its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, func, select, tuple_

from services.payment.accounting import credit_entries, receipts
from services.payment.invoices import covered_years
from services.payment.invoices.projection import LINES, WAIVERS
from services.payment.refunds import queue
from services.payment.tables.projections import ATTEMPTS, INVOICES, TASKS
from shared.contract.payment import answers, queries
from shared.contract.payment.answers import AttemptStatus
from shared.contract.refusals import Reason, Refused

ORDER = {
    "settled": INVOICES.c.settled_at,
    "confirmed": INVOICES.c.confirmed_at.desc(),
    "open": INVOICES.c.issued_at,
    "reversed": INVOICES.c.reversed_at,
}
REFUNDS = ("reversal_unknown", "refund_due", "refund_asked", "refund_granted")
OUTCOMES = {
    "started": "unknown",
    "settled": "paid",
    "failed": "not_paid",
    "held": "held",
    "duplicate": "duplicate",
    "reversed": "reversed",
}
"""What a member is told of an attempt: one without an outcome is unknown, never failed."""


@dataclass(frozen=True)
class Attempt:
    """An attempt on file, with what is needed to ask the bank about it."""

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


def stream_of(member: str, year: int) -> str:
    """The stream of a member's invoice of a year."""
    return f"invoice/{member}/{year}"


def attempt_of(connection: Connection, *, authority: str | None = None, attempt: UUID | None = None) -> Attempt | None:
    """An attempt by the bank's key of it or by its own."""
    by = ATTEMPTS.c.authority == authority if authority is not None else ATTEMPTS.c.attempt == attempt
    row = connection.execute(select(ATTEMPTS).where(by)).mappings().one_or_none()
    return None if row is None else Attempt(**row)


def must_find(connection: Connection, attempt: UUID) -> Attempt:
    """An attempt by our own key of it; refused where there is none."""
    found = attempt_of(connection, attempt=attempt)
    if found is None:
        raise Refused(Reason.UNKNOWN_PAYMENT)
    return found


def unfinished(connection: Connection, member: str, year: int) -> list[Attempt]:
    """The invoice's attempts whose outcome is not known, the newest first."""
    query = select(ATTEMPTS).where(ATTEMPTS.c.member == member, ATTEMPTS.c.year == year, ATTEMPTS.c.status == "started")
    rows = connection.execute(query.order_by(ATTEMPTS.c.started_at.desc())).mappings()
    return [Attempt(**row) for row in rows]


def invoice(connection: Connection, member: str, year: int) -> answers.Invoice | None:
    """A member's invoice of a year."""
    of_year = [one for one in invoices_of(connection, member) if one.year == year]
    return of_year[0] if of_year else None


def years_of(connection: Connection, member: str) -> list[int]:
    """The years that the member has an invoice of, the oldest first."""
    query = select(INVOICES.c.year).where(INVOICES.c.member == member).order_by(INVOICES.c.year)
    return list(connection.execute(query).scalars())


def due_between(connection: Connection, since: datetime, until: datetime) -> list[str]:
    """The streams of the unpaid invoices whose time runs out between two instants."""
    query = select(INVOICES.c.member, INVOICES.c.year).where(INVOICES.c.status == "open")
    due = query.where(INVOICES.c.payable_until >= since, INVOICES.c.payable_until <= until)
    return [stream_of(row.member, row.year) for row in connection.execute(due.order_by(INVOICES.c.payable_until))]


def invoices_of(connection: Connection, member: str) -> tuple[answers.Invoice, ...]:
    """A member's invoices, the newest year first."""
    query = select(INVOICES).where(INVOICES.c.member == member).order_by(INVOICES.c.year.desc())
    return with_attempts(connection, connection.execute(query).mappings().all())


def payments(connection: Connection, question: queries.ListPayments) -> answers.Payments:
    """A page of a province's invoices of one status: settled ones the oldest first, confirmed ones the newest first."""
    wanted = [
        INVOICES.c.province == question.province,
        INVOICES.c.status == question.status.replace("reversed", "open"),
    ]
    if question.status == "reversed":
        gave_way = (INVOICES.c.replaced_by_year, INVOICES.c.cancelled_at)
        wanted += [INVOICES.c.reversed_at.is_not(None), *(column.is_(None) for column in gave_way)]
    total = connection.execute(select(func.count()).select_from(INVOICES).where(*wanted)).scalar_one()
    page = select(INVOICES).where(*wanted).order_by(ORDER[question.status], INVOICES.c.member, INVOICES.c.year)
    rows = connection.execute(page.limit(question.limit).offset(question.offset)).mappings().all()
    return answers.Payments(invoices=with_attempts(connection, rows), total=total)


def with_attempts(connection: Connection, rows: Sequence[RowMapping]) -> tuple[answers.Invoice, ...]:
    """The invoices of these rows, each with its attempts, the oldest first."""
    keys = [(row["member"], row["year"]) for row in rows]
    query = select(ATTEMPTS).where(tuple_(ATTEMPTS.c.member, ATTEMPTS.c.year).in_(keys)).order_by(ATTEMPTS.c.started_at)
    attempts: dict[tuple[str, int], list[answers.Attempt]] = {key: [] for key in keys}
    asked_back = queue.asked_back(connection, keys)
    for row in connection.execute(query).mappings():
        about = {**row, "is_asked_back": row["attempt"] in asked_back}
        attempts[row["member"], row["year"]].append(answers.Attempt.model_validate(about))
    papers = receipts.of_invoices(connection, keys)
    credit = credit_entries.of_invoices(connection, keys)
    covered = covered_years.of_invoices(connection, keys)
    return tuple(
        answers.Invoice.model_validate(
            {
                **row,
                "lines": LINES.validate_json(row["lines"]),
                "waivers": WAIVERS.validate_json(row["waivers"]),
                "attempts": attempts[row["member"], row["year"]],
                "receipts": papers[row["member"], row["year"]],
                "covered": covered[row["member"], row["year"]],
                "credit_rials": credit.get((row["member"], row["year"]), 0),
            }
        )
        for row in rows
    )


def result(connection: Connection, attempt: Attempt) -> answers.PaymentResult:
    """What is known of an attempt's outcome, of its way back, and of the invoice's need of another payment."""
    of_attempt = (TASKS.c.attempt == attempt.attempt, TASKS.c.kind.in_(REFUNDS))
    on_its_way = connection.execute(select(TASKS.c.kind).where(*of_attempt).order_by(TASKS.c.since.desc())).scalar()
    of_invoice = (INVOICES.c.member == attempt.member, INVOICES.c.year == attempt.year)
    stands = (INVOICES.c.replaced_by_year.is_(None), INVOICES.c.cancelled_at.is_(None))
    waits = select(INVOICES.c.year).where(*of_invoice, *stands, INVOICES.c.status == "open")
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
            "refund": (on_its_way or "").removeprefix("refund_").removeprefix("reversal_"),
            "refunded_rials": attempt.refunded_rials,
            "credited_rials": credit_entries.of_attempt(connection, attempt.attempt),
            "is_payable": connection.execute(waits).first() is not None,
            "receipt": paper.token if paper else None,
        }
    )
