"""Arms the timers of reminders: a fact says when somebody is to be reminded, and what is true then is looked at when it is due."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from services.notification.reminders.rules import Rules
from services.notification.tables import INVOICE_ENDS, PAYMENTS, PROMISES
from shared.contract.envelope import Recorded
from shared.contract.payment import events as payment
from shared.contract.renewal import events as renewal


def arm(connection: Connection, recorded: Recorded, rules: Rules) -> None:
    """Arm what a fact calls for; it is not cancelled by what comes in between, since that is looked at when it is due."""
    match recorded.event:
        case payment.InvoiceIssued() | payment.InvoiceExtended() as event:
            arm_invoice(connection, event.member, event.year, event.payable_until, rules)
        case payment.PaymentStarted() as event:
            PAYMENTS.arm(connection, event.attempt, event.started_at + timedelta(minutes=rules.minutes.payment))
        case renewal.DeclarationSubmitted(review_is_promised=True) as event:
            due_at = event.review_due_at - timedelta(minutes=rules.minutes.promise)
            PROMISES.arm(connection, f"{event.member}/{event.year}/{event.declaration_version}", due_at)
        case _:
            pass


def arm_invoice(connection: Connection, member: str, year: int, payable_until: datetime, rules: Rules) -> None:
    for days in rules.days.invoice:
        INVOICE_ENDS.arm(connection, f"{member}/{year}/{days}", payable_until - timedelta(days=days))
