"""Projection of invoices, of what they cover, and of attempts."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Column, ColumnElement, Connection, bindparam, insert, select, update

from services.payment.invoices.own_events import CreditEvent, InvoiceEvent
from services.payment.tables import ATTEMPTS, COVERED_YEARS, INVOICES
from shared.contract import base
from shared.contract.payment import events, finance_events
from shared.contract.values import InvoiceLine, Waiver
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared

LINES = TypeAdapter(tuple[InvoiceLine, ...])
WAIVERS = TypeAdapter(tuple[Waiver, ...])

OF_INVOICE = (INVOICES.c.member == bindparam("of_member"), INVOICES.c.year == bindparam("of_year"))
COUNT = {
    column.name: Prepared(update(INVOICES).where(*OF_INVOICE).values({column: column + bindparam("rials")}))
    for column in (INVOICES.c.received_rials, INVOICES.c.written_off_rials)
}
"""Add what counts for an invoice."""
SETTLE = Prepared(
    update(INVOICES)
    .where(*OF_INVOICE, INVOICES.c.received_rials + INVOICES.c.written_off_rials >= INVOICES.c.amount_rials)
    .where(INVOICES.c.status == "open", INVOICES.c.cancelled_at.is_(None), INVOICES.c.replaced_by_year.is_(None))
    .values(status="settled"),
    ("settled_at",),
)
Granted = finance_events.WriteOffGranted | finance_events.ManualPaymentGranted
Counts = Granted | events.CreditCounted | events.CreditReturned | events.PaymentSettled


def project(connection: Connection, own: base.Event) -> None:
    """Write what an event about an invoice means for the rows."""
    match own:
        case events.InvoiceIssued() as event:
            issue(connection, event)
        case events.InvoiceReplaced() as event:
            replace(connection, event)
        case events.InvoiceExtended() as event:
            change_invoice(connection, event, payable_until=event.payable_until)
        case events.InvoiceCancelled() as event:
            change_invoice(connection, event, status="open", cancelled_at=event.cancelled_at)
        case (
            finance_events.WriteOffGranted()
            | finance_events.ManualPaymentGranted()
            | finance_events.ManualPaymentReversed()
            | events.CreditCounted()
            | events.CreditTaken()
            | events.CreditReturned()
            | events.CreditWithdrawn()
        ) as event:
            project_money(connection, event)
        case events.PaymentConfirmed() as event:
            change_invoice(connection, event, status="confirmed", confirmed_at=event.confirmed_at)
        case event:
            project_attempt(connection, event)


def project_money(connection: Connection, event: Granted | finance_events.ManualPaymentReversed | CreditEvent) -> None:
    """Write what money beside the bank's attempts means for the rows."""
    match event:
        case finance_events.WriteOffGranted():
            settle_by(connection, event, event.granted_at, INVOICES.c.written_off_rials)
        case finance_events.ManualPaymentGranted():
            settle_by(connection, event, event.granted_at, INVOICES.c.received_rials)
        case finance_events.ManualPaymentReversed():
            reopen_by(connection, event, event.granted_at)
        case events.CreditCounted():
            settle_by(connection, event, event.counted_at, INVOICES.c.received_rials)
        case events.CreditTaken(attempt=None):
            change_invoice(connection, event, received_rials=INVOICES.c.received_rials - event.amount_rials)
        case events.CreditReturned(attempt=None):
            settle_by(connection, event, event.returned_at, INVOICES.c.received_rials)
        case events.CreditWithdrawn():
            reopen_by(connection, event, event.withdrawn_at)
        case _:
            pass


def project_attempt(connection: Connection, event: base.Event) -> None:
    """Write what an event about one attempt means for the rows."""
    match event:
        case events.PaymentStarted():
            by_key.add(connection, ATTEMPTS, {**event.model_dump(), "status": "started"})
        case events.PaymentSettled():
            paid = {"bank_reference": event.bank_reference, "card_mask": event.card_mask}
            end_attempt(connection, event, event.settled_at, status="settled", **paid)
            change_invoice(connection, event, **paid)
            settle_by(connection, event, event.settled_at, INVOICES.c.received_rials)
        case events.DuplicatePaymentFound():
            paid = {"bank_reference": event.bank_reference, "card_mask": event.card_mask}
            end_attempt(connection, event, event.found_at, status="duplicate", **paid)
        case events.PaymentFailed():
            end_attempt(connection, event, event.failed_at, status="failed", cause=event.cause)
        case events.PaymentHeld():
            end_attempt(connection, event, event.held_at, status="held", cause=event.cause)
        case events.PaymentReversed():
            reverse_attempt(connection, event)
        case finance_events.RefundPaid():
            refund_attempt(connection, event)
        case _:
            pass


def issue(connection: Connection, event: events.InvoiceIssued) -> None:
    """An invoice over nothing needs no payment, only the confirmation."""
    parts = {"lines": LINES.dump_json(event.lines).decode(), "waivers": WAIVERS.dump_json(event.waivers).decode()}
    paid = {"status": "open"} if event.amount_rials else {"status": "settled", "settled_at": event.issued_at}
    fields = event.model_dump(exclude={*parts, "covered", "waiver_persons", "schema_version"})
    by_key.add(connection, INVOICES, fields | parts | paid)
    insert_covered_years(connection, event)


def replace(connection: Connection, event: events.InvoiceReplaced) -> None:
    """It is replaced; the ones that it had replaced point to the valid one."""
    unpaid = {"status": "open", "settled_at": None, "confirmed_at": None}
    change_invoice(connection, event, replaced_by_year=event.replaced_by_year, **unpaid)
    gave_way = (INVOICES.c.member == event.member, INVOICES.c.replaced_by_year == event.year)
    connection.execute(update(INVOICES).where(*gave_way).values(replaced_by_year=event.replaced_by_year))


Ending = events.PaymentSettled | events.DuplicatePaymentFound | events.PaymentFailed | events.PaymentHeld


def end_attempt(connection: Connection, event: Ending, ended_at: datetime, **values: str) -> None:
    """An attempt's outcome is known."""
    by_key.change(connection, ATTEMPTS, {"attempt": event.attempt}, {"ended_at": ended_at, **values})


def reverse_attempt(connection: Connection, event: events.PaymentReversed) -> None:
    """Money has gone back; an invoice that was settled by it is open again as far as anything is owed."""
    of_attempt = ATTEMPTS.c.attempt == event.attempt
    status = connection.execute(select(ATTEMPTS.c.status).where(of_attempt)).scalar_one()
    connection.execute(update(ATTEMPTS).where(of_attempt).values(status="reversed", cause=event.cause))
    if status == "settled":
        reopen_by(connection, event, event.reversed_at)


def refund_attempt(connection: Connection, event: finance_events.RefundPaid) -> None:
    """A refunded amount counts no more; of a surplus payment nothing ever did."""
    of_attempt = ATTEMPTS.c.attempt == event.attempt
    status = connection.execute(select(ATTEMPTS.c.status).where(of_attempt)).scalar_one()
    refunded = ATTEMPTS.c.refunded_rials + event.amount_rials
    connection.execute(update(ATTEMPTS).where(of_attempt).values(refunded_rials=refunded))
    if status == "settled":
        change_invoice(connection, event, received_rials=INVOICES.c.received_rials - event.amount_rials)


Gone = events.PaymentReversed | events.CreditWithdrawn | finance_events.ManualPaymentReversed


def reopen_by(connection: Connection, event: Gone, at: datetime) -> None:
    """Something counts for an invoice no more; once anything is owed it is open."""
    received = INVOICES.c.received_rials - event.amount_rials
    change_invoice(connection, event, received_rials=received, reversed_at=at)
    owed = INVOICES.c.received_rials + INVOICES.c.written_off_rials < INVOICES.c.amount_rials
    is_open = {"status": "open", "settled_at": None, "confirmed_at": None, "bank_reference": "", "card_mask": ""}
    connection.execute(update(INVOICES).where(*is_invoice_of(event), owed).values(**is_open))


def settle_by(connection: Connection, event: Counts, at: datetime, column: Column[int]) -> None:
    """Something counts for an invoice; once nothing is owed any more it is settled."""
    of_invoice = {"of_member": event.member, "of_year": event.year}
    COUNT[column.name].run(connection, {**of_invoice, "rials": event.amount_rials})
    SETTLE.run(connection, {**of_invoice, "settled_at": at})


def is_invoice_of(event: InvoiceEvent) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The event's own invoice."""
    return INVOICES.c.member == event.member, INVOICES.c.year == event.year


def change_invoice(connection: Connection, event: InvoiceEvent, **values: Any) -> None:
    by_key.change(connection, INVOICES, {"member": event.member, "year": event.year}, values)


def insert_covered_years(connection: Connection, issued: events.InvoiceIssued) -> None:
    about = {"member": issued.member, "for_year": issued.year}
    if issued.covered:
        connection.execute(insert(COVERED_YEARS), [about | one.model_dump() for one in issued.covered])
