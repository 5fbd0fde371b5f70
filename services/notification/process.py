"""Process manager of notification: what follows from its own events beside the rows, in the transaction that appends them, and once."""

from sqlalchemy import Connection

from services.notification.timers import SENDING
from shared.contract.envelope import Recorded
from shared.contract.notification import events


def react(connection: Connection, recorded: Recorded) -> None:
    """Arm the timer by which a notice is sent, or looked at again after something has become of a message."""
    match recorded.event:
        case events.NoticeDue(notice=notice, send_at=at):
            SENDING.arm(connection, notice, at)
        case events.NoticeSent(notice=notice, sent_at=at):
            SENDING.arm(connection, notice, at)
        case events.NoticeFailed(notice=notice, failed_at=at):
            SENDING.arm(connection, notice, at)
        case events.ResendRequested(notice=notice, requested_at=at):
            SENDING.arm(connection, notice, at)
        case events.NoticeDelivered(notice=notice, delivered_at=at):
            SENDING.arm(connection, notice, at)  # it may be the message before the one that an officer wants
        case events.NoticePassed(notice=notice):
            SENDING.cancel(connection, notice)
        case _:
            pass
