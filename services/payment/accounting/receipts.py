"""Receipts: one for each payment or slip that counts, numbered without a hole, marked when the money goes back; and the slips."""

from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, func, select, update

from services.payment.tables import RECEIPTS, SLIPS
from shared.contract import base
from shared.contract.payment import answers, events, finance_events
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared
from shared.text import persian

OF_SLIP = ("request", "member", "year", "slip", "amount_rials", "paid_on", "granted_at")
LAST_NUMBER = Prepared(
    select(func.coalesce(func.max(RECEIPTS.c.number), 0).label("number")).where(
        RECEIPTS.c.province == bindparam("of"), RECEIPTS.c.series_year == bindparam("of_year")
    )
)


def project(connection: Connection, event: base.Event) -> None:
    """Write what an event of ours means for receipts and slips."""
    match event:
        case events.PaymentSettled():
            issue(connection, event, event.attempt, event.settled_at, event.bank_reference)
        case finance_events.ManualPaymentGranted():
            issue(connection, event, event.request, event.granted_at, event.slip)
            by_key.add(connection, SLIPS, event.model_dump(include=set(OF_SLIP)))
        case events.PaymentReversed():
            of_attempt = RECEIPTS.c.token == token_of(event.attempt)
            connection.execute(update(RECEIPTS).where(of_attempt).values(reversed_at=event.reversed_at))
        case finance_events.RefundPaid():
            of_attempt = RECEIPTS.c.token == token_of(event.attempt)
            refunded = RECEIPTS.c.refunded_rials + event.amount_rials
            connection.execute(update(RECEIPTS).where(of_attempt).values(refunded_rials=refunded))
        case _:
            project_reversal_of_slip(connection, event)


def project_reversal_of_slip(connection: Connection, event: base.Event) -> None:
    """Write what two officers decide about a slip that counts."""
    match event:
        case finance_events.ManualPaymentReversalRequested():
            waits: dict[str, Any] = {"reversal_request": event.request}
            by_key.change(connection, SLIPS, {"request": event.manual_payment}, waits)
        case finance_events.RequestDeclined():
            this = (SLIPS.c.member == event.member, SLIPS.c.year == event.year)
            of_reversal = SLIPS.c.reversal_request == event.request
            connection.execute(update(SLIPS).where(*this, of_reversal).values(reversal_request=None))
        case finance_events.ManualPaymentReversed():
            gone: dict[str, Any] = {"reversal_request": None, "reversed_at": event.granted_at}
            by_key.change(connection, SLIPS, {"request": event.manual_payment}, gone)
            worthless = {"reversed_at": event.granted_at}
            by_key.change(connection, RECEIPTS, {"token": token_of(event.manual_payment)}, worthless)
        case _:
            pass


def issue(
    connection: Connection,
    event: events.PaymentSettled | finance_events.ManualPaymentGranted,
    of: UUID,
    paid_at: datetime,
    reference: str,
) -> None:
    """Appends wait for each other at the log's counter, so the next number is nobody else's; undone, it is given back."""
    series_year = persian.jalali_year(paid_at)
    (last,) = LAST_NUMBER.first(connection, {"of": event.province, "of_year": series_year})
    row = {
        "token": token_of(of),
        "province": event.province,
        "series_year": series_year,
        "number": last + 1,
        "member": event.member,
        "invoice_year": event.year,
        "amount_rials": event.amount_rials,
        "bank_reference": reference,
        "paid_at": paid_at,
        "refunded_rials": 0,
    }
    by_key.add(connection, RECEIPTS, row)


def token_of(payment: UUID) -> UUID:
    """The receipt's token, from the random id of the attempt or of the slip's request; it does not lead back to that."""
    return uuid5(payment, "receipt")


def by_token(connection: Connection, token: UUID) -> answers.Receipt | None:
    """The receipt of a token."""
    row = by_key.find(connection, RECEIPTS, {"token": token})
    return None if row is None else answers.Receipt.model_validate(row._asdict())


def receipts_of(connection: Connection, keys: list[tuple[str, int]]) -> dict[tuple[str, int], list[answers.Receipt]]:
    """The receipts of invoices, by member and year, each one's oldest first."""
    found: dict[tuple[str, int], list[answers.Receipt]] = {key: [] for key in keys}
    rows = by_key.find_among(connection, RECEIPTS, "member", {member for member, _ in keys})
    for row in sorted(rows, key=attrgetter("paid_at", "number")):
        if (row.member, row.invoice_year) in found:
            found[row.member, row.invoice_year].append(answers.Receipt.model_validate(row._asdict()))
    return found


def slips_of(connection: Connection, keys: list[tuple[str, int]]) -> dict[tuple[str, int], list[answers.Slip]]:
    """The slips of invoices, by member and year, each one's oldest first."""
    found: dict[tuple[str, int], list[answers.Slip]] = {key: [] for key in keys}
    rows = by_key.find_among(connection, SLIPS, "member", {member for member, _ in keys})
    for row in sorted(rows, key=attrgetter("granted_at", "request")):
        if (row.member, row.year) in found:
            about = {**row._asdict(), "is_reversal_requested": row.reversal_request is not None}
            found[row.member, row.year].append(answers.Slip.model_validate(about))
    return found
