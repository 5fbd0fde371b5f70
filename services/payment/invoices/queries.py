"""Queries of invoices: a member's, a page of a province's, with attempts, receipts, slips, credit and covered years."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, false, func, select, tuple_

from services.payment.accounting import credit_entries, receipts
from services.payment.invoices.projection import LINES, WAIVERS
from services.payment.tables import ATTEMPTS, COVERED_YEARS, INVOICES, REFERENCES, REVERSALS, TASKS
from shared.contract.payment import answers, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.values import CoveredYear
from shared.event_store.sql import by_key

ORDER = {
    "settled": INVOICES.c.settled_at,
    "confirmed": INVOICES.c.confirmed_at.desc(),
    "open": INVOICES.c.issued_at,
    "reversed": INVOICES.c.reversed_at,
}
REVERSED = (
    INVOICES.c.status == "open",
    INVOICES.c.reversed_at.is_not(None),
    INVOICES.c.replaced_by_year.is_(None),
    INVOICES.c.cancelled_at.is_(None),
)


def invoice(connection: Connection, member: str, year: int) -> answers.Invoice | None:
    """A member's invoice of a year."""
    of_year = [one for one in invoices_of(connection, member) if one.year == year]
    return of_year[0] if of_year else None


def must_find(connection: Connection, member: str, year: int) -> answers.Invoice:
    """The same; refused where there is none."""
    found = invoice(connection, member, year)
    if found is None:
        raise Refused(Reason.NO_INVOICE)
    return found


def province_of(connection: Connection, member: str, year: int) -> str:
    """The province of a member's invoice of a year; refused where there is none."""
    row = by_key.find(connection, INVOICES, {"member": member, "year": year})
    if row is None:
        raise Refused(Reason.NO_INVOICE)
    return str(row.province)


def invoices_of(connection: Connection, member: str) -> tuple[answers.Invoice, ...]:
    """A member's invoices, the newest year first."""
    rows = reversed(by_key.find_all(connection, INVOICES, {"member": member}, "year"))
    return with_attempts(connection, [row._asdict() for row in rows])


def payments(connection: Connection, message: queries.ListPayments) -> answers.Payments:
    """A page of a province's invoices of one status: settled ones the oldest first, confirmed ones the newest first."""
    wanted = [INVOICES.c.province == message.province]
    if message.reference:
        wanted.append(tuple_(INVOICES.c.member, INVOICES.c.year).in_(paid_by(connection, message.reference)))
    elif message.status == "reversed":
        wanted += REVERSED
    else:
        wanted.append(INVOICES.c.status == message.status)
    late = is_late(message.late_before)
    if message.only_late:
        wanted += late
    total = count(connection, wanted)
    page = select(INVOICES).where(*wanted).order_by(ORDER[message.status], INVOICES.c.member, INVOICES.c.year)
    rows = connection.execute(page.limit(message.limit).offset(message.offset)).mappings().all()
    here = INVOICES.c.province == message.province
    return answers.Payments(
        invoices=with_attempts(connection, rows) if rows else (),
        total=total,
        late=count(connection, (here, *late)),
        reversed=count(connection, (here, *REVERSED)),
    )


def is_late(before: datetime | None) -> tuple[ColumnElement[bool], ...]:
    """Whether a payment waits for confirmation since before an instant; none does without one."""
    return (INVOICES.c.status == "settled", INVOICES.c.settled_at < before) if before else (false(),)


def count(connection: Connection, conditions: Iterable[ColumnElement[bool]]) -> int:
    return connection.execute(select(func.count()).select_from(INVOICES).where(*conditions)).scalar_one()


def paid_by(connection: Connection, reference: str) -> list[tuple[str, int]]:
    """Member and year of the invoices that payments with a bank's reference have counted for; a look in the index for each bank."""
    of_bank = REFERENCES.c.reference == reference
    found: list[tuple[str, int]] = []
    bank = ""
    while (
        bank := connection.execute(select(func.min(REFERENCES.c.bank)).where(REFERENCES.c.bank > bank)).scalar() or ""
    ):
        query = (
            select(ATTEMPTS.c.member, ATTEMPTS.c.year)
            .join(REFERENCES, REFERENCES.c.attempt == ATTEMPTS.c.attempt)
            .where(REFERENCES.c.bank == bank, of_bank)
        )
        found += [(row.member, row.year) for row in connection.execute(query)]
    return found


def with_attempts(connection: Connection, rows: Sequence[RowMapping | dict[str, Any]]) -> tuple[answers.Invoice, ...]:
    """The invoices of these rows, each with its attempts, the oldest first."""
    keys = [(row["member"], row["year"]) for row in rows]
    attempts: dict[tuple[str, int], list[answers.Attempt]] = {key: [] for key in keys}
    members = {member for member, _ in keys}
    found = by_key.find_among(connection, ATTEMPTS, "member", members, "started_at")
    attempt_rows = [row for row in found if (row.member, row.year) in attempts]
    being_reversed = REVERSALS.armed(connection, (row.attempt for row in attempt_rows))
    for row in attempt_rows:
        about = {**row._asdict(), "is_reversal_requested": str(row.attempt) in being_reversed}
        attempts[row.member, row.year].append(answers.Attempt.model_validate(about))
    papers = receipts.receipts_of(connection, keys)
    granted = receipts.slips_of(connection, keys)
    credit = credit_entries.credit_of_invoices(connection, keys)
    covered = covered_years(connection, keys)
    wanted = requested_waivers(connection, members)
    return tuple(
        answers.Invoice.model_validate(
            {
                **row,
                "lines": LINES.validate_json(row["lines"]),
                "waivers": WAIVERS.validate_json(row["waivers"]),
                "attempts": attempts[row["member"], row["year"]],
                "receipts": papers[row["member"], row["year"]],
                "slips": granted[row["member"], row["year"]],
                "covered": covered[row["member"], row["year"]],
                "credit_rials": credit[row["member"], row["year"]].counted_rials,
                "credit_spent_rials": credit[row["member"], row["year"]].spent_rials,
                "waiver_requested_rials": wanted.get((row["member"], row["year"]), 0),
            }
        )
        for row in rows
    )


def requested_waivers(connection: Connection, members: Collection[str]) -> dict[tuple[str, int], int]:
    """What waits to be waived with an approval, by member and year."""
    tasks = by_key.find_among(connection, TASKS, "member", members)
    wanted = [one for one in tasks if (one.kind, one.cause) == ("write_off_requested", "waiver")]
    return {(one.member, one.year): one.amount_rials for one in wanted}


def covered_years(connection: Connection, keys: list[tuple[str, int]]) -> dict[tuple[str, int], list[CoveredYear]]:
    """The covered years of invoices, by member and year, each one's oldest first."""
    found: dict[tuple[str, int], list[CoveredYear]] = {key: [] for key in keys}
    for row in by_key.find_among(connection, COVERED_YEARS, "member", {member for member, _ in keys}, "year"):
        if (row.member, row.for_year) in found:
            found[row.member, row.for_year].append(CoveredYear.model_validate(row._asdict()))
    return found
