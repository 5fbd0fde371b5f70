"""Projections of the followed logs: members, officers, renewals, invoices and attempts to pay, each a pure function of its log."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from sqlalchemy import Connection, select

from services.notification.notices.kinds import RULES
from services.notification.tables import ATTEMPTS_TO_PAY, CALENDAR, INVOICES, MEMBERS, NOTICES, OFFICERS, RENEWALS
from shared.contract.auth import events as auth
from shared.contract.base import Event
from shared.contract.envelope import Recorded
from shared.contract.payment import events as payment
from shared.contract.payment import finance_events as finance
from shared.contract.renewal import events as renewal
from shared.event_store.sql import by_key, upsert

STATUS_AFTER: Mapping[type[Event], str] = {
    renewal.DecisionUndone: "submitted",
    renewal.RenewalReturned: "returned",
    renewal.RenewalRejected: "rejected",
    renewal.RenewalApproved: "approved",
    renewal.RenewalWithdrawn: "withdrawn",
    renewal.RenewalExpired: "expired",
}
HELD_KINDS = [kind.value for kind, rule in RULES.items() if rule.holds_for]


def project(connection: Connection, recorded: Recorded) -> None:
    """Write what an event of another service means for the rows."""
    {"auth": project_auth, "renewal": project_renewal, "payment": project_payment}.get(
        recorded.source, project_nothing
    )(connection, recorded)


def project_nothing(_connection: Connection, _recorded: Recorded) -> None:
    """What capacity says is told, and needs no row."""


def project_auth(connection: Connection, recorded: Recorded) -> None:
    match recorded.event:
        case auth.MemberEnrolled() | auth.MembershipChanged() as event:
            row = {
                "province": event.province,
                "paid_through": event.paid_through,
                "licence_ends_on": event.licence.expires_on,
            }
            upsert.put(connection, MEMBERS, {"member": event.member}, row)
        case auth.MemberRemoved() | auth.MemberErased() as event:
            by_key.remove(connection, MEMBERS, {"member": event.member})
        case auth.OfficerAppointed() as event:
            row = {"roles": f" {' '.join(event.roles)} ", "provinces": f" {' '.join(event.provinces)} "}
            upsert.put(connection, OFFICERS, {"officer": event.officer}, row)
        case auth.OfficerDismissed() as event:
            by_key.remove(connection, OFFICERS, {"officer": event.officer})
        case _:
            pass


def project_renewal(connection: Connection, recorded: Recorded) -> None:
    event = recorded.event
    match event:
        case renewal.RenewalRequested():
            row = {"province": event.province, "tracking_code": event.tracking_code, "status": "requested"}
            key = {"member": event.member, "year": event.year}
            upsert.put(connection, RENEWALS, key, {**row, "review_due_at": None})
        case renewal.DeclarationSubmitted():
            due_at = event.review_due_at if event.review_is_promised else None
            set_status(connection, event.member, event.year, "submitted", review_due_at=due_at)
        case renewal.CalendarDaySet():
            is_open = event.opens is not None and event.closes is not None
            upsert.put(connection, CALENDAR, {"province": event.province, "on": event.on}, {"is_open": is_open})
        case renewal.DeclarationRecalled():
            set_status(connection, event.member, event.year, "returned" if event.returned else "requested")
        case _ if type(event) in STATUS_AFTER:
            set_status(connection, event.member, event.year, STATUS_AFTER[type(event)])  # type: ignore[attr-defined]
        case _:
            pass


def set_status(connection: Connection, member: str, year: int, status: str, **more: object) -> None:
    by_key.change(connection, RENEWALS, {"member": member, "year": year}, {"status": status, **more})


def project_payment(connection: Connection, recorded: Recorded) -> None:
    match recorded.event:
        case payment.InvoiceIssued() as event:
            row = {
                "province": event.province,
                "amount_rials": event.amount_rials,
                "payable_until": event.payable_until,
                "is_open": event.amount_rials > 0,
            }
            upsert.put(connection, INVOICES, {"member": event.member, "year": event.year}, row)
        case payment.InvoiceExtended() as event:
            change_invoice(connection, event, payable_until=event.payable_until)
        case payment.InvoiceReplaced() | payment.InvoiceCancelled() | finance.ManualPaymentGranted() as event:
            change_invoice(connection, event, is_open=False)
        case payment.PaymentStarted() as event:
            row = {"member": event.member, "year": event.year, "amount_rials": event.amount_rials, "is_open": True}
            upsert.put(connection, ATTEMPTS_TO_PAY, {"attempt": event.attempt}, row)
        case payment.PaymentSettled() as event:
            change_invoice(connection, event, is_open=False)
            close_attempt(connection, event.attempt)
        case payment.PaymentFailed() | payment.PaymentHeld() | payment.DuplicatePaymentFound() as event:
            close_attempt(connection, event.attempt)
        case _:
            pass


def change_invoice(connection: Connection, event: payment.MemberYear, **values: object) -> None:
    by_key.change(connection, INVOICES, {"member": event.member, "year": event.year}, values)


def close_attempt(connection: Connection, attempt: UUID) -> None:
    by_key.change(connection, ATTEMPTS_TO_PAY, {"attempt": attempt}, {"is_open": False})


def undone(connection: Connection, recorded: Recorded) -> Iterator[tuple[str, UUID]]:
    """The notice of a decision that is undone, by person: the last one, unless it has arrived; one that is in the inbox alone goes from there."""
    if isinstance(recorded.event, renewal.DecisionUndone):
        this = (NOTICES.c.member == recorded.event.member, NOTICES.c.year == recorded.event.year)
        decisions = select(NOTICES).where(*this, NOTICES.c.kind.in_(HELD_KINDS)).order_by(NOTICES.c.notified_at.desc())
        for last in connection.execute(decisions.limit(1)):
            if last.delivered_at is None:
                yield last.person, last.notice
