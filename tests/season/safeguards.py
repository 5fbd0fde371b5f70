"""Safeguards that can be taken out of the program under test, each by its name: a season without one has to find it."""

from collections.abc import Callable, Mapping
from unittest.mock import patch

from sqlalchemy import Connection, delete, select

from services.notification import followed
from services.notification.delivery import ways
from services.notification.notices import notifying
from services.notification.tables import ATTEMPTS, MESSAGES
from shared.event_store.command_handler import Records


def forget_messages_on_their_way(records: Records) -> None:
    """As if a message were put on record after its provider has had it, and not before: a crash in between leaves no row."""
    open_ones = MESSAGES.c.attempt.not_in(select(ATTEMPTS.c.attempt))

    def forget(connection: Connection) -> None:
        connection.execute(delete(MESSAGES).where(open_ones))

    records.write(forget)


def send_what_is_of_before(_records: Records) -> None:
    """As if what was told between a backup and its restore were told again."""
    patch.object(notifying, "is_before_start", return_value=False).start()


def send_at_night(_records: Records) -> None:
    patch.object(ways, "is_quiet", return_value=False).start()


def send_what_is_undone(_records: Records) -> None:
    patch.object(followed, "undone", return_value=()).start()


SAFEGUARDS: Mapping[str, Callable[[Records], None]] = {
    "": lambda _records: None,
    "message-row": forget_messages_on_their_way,
    "epoch": send_what_is_of_before,
    "quiet-hours": send_at_night,
    "undo": send_what_is_undone,
}
"""What takes each of them out; nothing by the empty name."""
