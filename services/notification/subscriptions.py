"""Subscriptions of notification: what the other services' facts mean for its rows, and whom they are told to."""

from datetime import datetime

from sqlalchemy import Connection

from services.notification import followed
from services.notification.notices import domain, kinds, notifying
from services.notification.notices.kinds import Case, ToNotify
from services.notification.notices.notifying import Fact
from services.notification.personal_data import PERSONAL_DATA
from services.notification.reminders import arming
from services.notification.reminders.rules import Rules
from services.notification.tables import INVOICES, RENEWALS
from services.notification.webhooks import queueing
from shared import personal_data
from shared.contract.auth import events as auth_events
from shared.contract.capacity import events as capacity_events
from shared.contract.envelope import Recorded
from shared.contract.notification.values import NoticeKind
from shared.contract.payment import events as payment_events
from shared.contract.values import Role
from shared.event_store.command_handler import caused_by, handle
from shared.event_store.log import EventLog
from shared.event_store.sql import by_key


def on_event(connection: Connection, recorded: Recorded, log: EventLog, rules: Rules, at: datetime) -> None:
    """React to an event of another service and project it, in the checkpoint's transaction."""
    if isinstance(recorded.event, auth_events.MemberErased):  # before the rows go, for it counts them
        personal_data.erase(connection, PERSONAL_DATA, recorded.event.member, recorded.event.erased_at)
    followed.project(connection, recorded)
    undo(connection, recorded, log, at)
    case = case_of(connection, recorded) if isinstance(recorded.event, kinds.OF_CASE) else Case()
    for one in (*kinds.notices_of(recorded.event, case), *to_finance(connection, recorded, case)):
        if (fact := fact_in(connection, recorded, one.kind)) is not None:
            notifying.notify(connection, log, one, fact, at)
    arming.arm(connection, recorded, rules)
    queueing.queue(connection, recorded)


def fact_in(connection: Connection, recorded: Recorded, kind: NoticeKind) -> Fact | None:
    """What is told of an event: the id by which it is told once, when it happened (of capacity, what it follows from), and its cause.

    The id of a capacity's grant is that of the payment's confirmation, for a person is told of both in one notice. None where no
    confirmation is waiting for its capacity: its own timer tells it, or has told it, without.

    The id of a payment whose result is not known is the attempt: its timer of half an hour tells the same (`arming`).
    """
    event, cause = recorded.event, caused_by(recorded)
    match event:
        case capacity_events.CapacityGranted():
            confirmation = event.confirmation or arming.awaited_confirmation(connection, event.member, event.year)
            return Fact(confirmation, event.granted_at, cause) if confirmation else None
        case capacity_events.CapacityNearlyUsed():
            return Fact(recorded.event_id, event.nearly_used_at, cause)
        case payment_events.PaymentHeld() if kind is NoticeKind.PAYMENT_UNKNOWN:
            return Fact(event.attempt, recorded.recorded_at, cause)
        case _:
            return Fact(recorded.event_id, recorded.recorded_at, cause)


def case_of(connection: Connection, recorded: Recorded) -> Case:
    """The renewal that an event is about, or the member alone."""
    row = by_key.find(connection, RENEWALS, member_year_of(recorded))
    return Case(row.province, row.tracking_code) if row else Case()


def member_year_of(recorded: Recorded) -> dict[str, object]:
    return {name: getattr(recorded.event, name, None) for name in ("member", "year")}


def to_finance(connection: Connection, recorded: Recorded, case: Case) -> list[ToNotify]:
    """Each officer of finance of the province is told of money that needs a person, also before the renewal is heard of."""
    found = kinds.of_office(recorded.event)
    if found is None:
        return []
    invoice = by_key.find(connection, INVOICES, member_year_of(recorded))
    province = invoice.province if invoice else case.province
    return [
        ToNotify(officer, *found, province) for officer in notifying.officers_of(connection, province, Role.FINANCE)
    ]


def undo(connection: Connection, recorded: Recorded, log: EventLog, at: datetime) -> None:
    """A decision that is undone in time is told to nobody."""
    for person, notice in followed.undone(connection, recorded):
        command = domain.Pass(recorded.event_id, at, "undone")
        handle(connection, log, domain.stream_of(person, notice), command, domain.NOTICE, caused_by(recorded))
