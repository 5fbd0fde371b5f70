"""Arms the timers of reminders: a fact says when somebody is to be reminded, and what is true then is looked at when it is due."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.notification.reminders.rules import Rules
from services.notification.timers import GRANTS, INVOICE_ENDS, PAYMENTS, PROMISES
from shared.contract.envelope import Recorded
from shared.contract.payment import events as payment
from shared.contract.renewal import events as renewal
from shared.subscriptions.timers import Timer, Timers


def arm(connection: Connection, recorded: Recorded, rules: Rules) -> None:
    """Arm the timers that an event calls for.

    None is cancelled by what comes in between, for that is looked at when the timer is due. The one exception is a withdrawn
    confirmation, for which no capacity will come.
    """
    match recorded.event:
        case payment.InvoiceIssued() | payment.InvoiceExtended() as event:
            arm_invoice(connection, event.member, event.year, event.payable_until, rules)
        case payment.PaymentStarted() as event:
            arm_at(connection, PAYMENTS, event.attempt, event.started_at + timedelta(minutes=rules.minutes.payment))
        case payment.PaymentConfirmed() as event:
            due_at = recorded.recorded_at + timedelta(minutes=rules.minutes.capacity)
            payload = f"{recorded.event_id} {recorded.recorded_at.isoformat()}"
            GRANTS.arm(connection, f"{event.member}/{event.year}", due_at, payload=payload)
        case payment.ConfirmationWithdrawn() as event:
            GRANTS.cancel(connection, f"{event.member}/{event.year}")
        case renewal.DeclarationSubmitted(review_is_promised=True) as event:
            due_at = event.review_due_at - timedelta(minutes=rules.minutes.promise)
            arm_at(connection, PROMISES, f"{event.member}/{event.year}/{event.declaration_version}", due_at)
        case _:
            pass


def arm_at(connection: Connection, timers: Timers, key: object, due_at: datetime) -> None:
    """The payload keeps the instant, which a claim moves."""
    timers.arm(connection, key, due_at, payload=due_at.isoformat())


def armed_for(timer: Timer) -> datetime:
    """When a timer was first due."""
    return datetime.fromisoformat(timer.payload) if timer.payload else timer.due_at


def arm_invoice(connection: Connection, member: str, year: int, payable_until: datetime, rules: Rules) -> None:
    for days in rules.days.invoice:
        INVOICE_ENDS.arm(connection, f"{member}/{year}/{days}", payable_until - timedelta(days=days))


def awaited_confirmation(connection: Connection, member: str, year: int) -> UUID | None:
    """The confirmation whose capacity is waited for."""
    timer = GRANTS.find(connection, f"{member}/{year}")
    return None if timer is None else confirmation_in(timer)[0]


def confirmation_in(timer: Timer) -> tuple[UUID, datetime]:
    """The event of a confirmation, and when it was recorded."""
    event, recorded_at = timer.payload.split(" ")
    return UUID(event), datetime.fromisoformat(recorded_at)
