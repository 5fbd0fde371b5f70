"""What a restore changes in the database of auth: erasures that the backup does not know are recorded again, and all sessions end."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, delete
from sqlalchemy.exc import SQLAlchemyError

from services.auth.accounts import projection
from services.auth.personal_data import PERSONAL_DATA
from services.auth.tables import SESSIONS
from shared import personal_data
from shared.contract.auth.events import MemberErased
from shared.contract.envelope import Metadata, Recorded
from shared.event_store.database import Database
from shared.event_store.log import OF_STREAM, EventLog

LOG = EventLog("auth", projection.project)
PAGE_EVENTS = 500


def end_sessions(restored: Path) -> None:
    """Delete all sessions: some of them were ended since the backup, because they were stolen."""
    database = Database(f"sqlite:///{restored.absolute()}")
    try:
        database.write(delete_sessions)
    finally:
        database.close()


def delete_sessions(connection: Connection) -> None:
    connection.execute(delete(SESSIONS))


def record_erasures_again(formers: Sequence[Path], restored: Path) -> Sequence[str] | None:
    """Record in a restored database of auth the erasures of the former ones, and delete the members' rows; the members, or None where one can't be read, or there is none."""
    database = Database(f"sqlite:///{restored.absolute()}")
    try:
        with database.read() as connection:
            last = LOG.read(connection, LOG.head(connection) - 1, 1)
        known = [erased(former, after=last[0] if last else None) for former in formers]
        again = [one for found in known for one in found or ()]
        members = database.write(lambda connection: [member_of(one) for one in again if record(connection, one)])
        return None if not known or None in known else members
    finally:
        database.close()


def erased(path: Path, after: Recorded | None) -> list[Recorded] | None:
    """The erasures in a log of auth after an event; None where the log does not have that event, or can't be read to its end."""
    database = Database(f"sqlite:///{path.absolute()}")
    found: list[Recorded] = []
    position = after.position if after else 0
    try:
        with database.read() as connection:
            if after and LOG.read(connection, position - 1, 1) != [after]:
                return None
            while page := LOG.read(connection, position, PAGE_EVENTS):
                found += [event for event in page if event.type == MemberErased.__name__]
                position = page[-1].position
            is_whole = position == LOG.head(connection) and all(event.is_known for event in found)
            return found if is_whole else None
    except (SQLAlchemyError, sqlite3.Error, ValueError):
        return None
    finally:
        database.close()


def record(connection: Connection, erasure: Recorded) -> bool:
    """Record an erasure as it was granted, and delete the member's rows; False where the log has it."""
    history = OF_STREAM.rows(connection, {"of": erasure.stream})  # whatever a later version has recorded
    if any(event.type == erasure.type for event in history):
        return False
    cause = Metadata(
        correlation_id=erasure.metadata.correlation_id, causation_id=erasure.event_id, actor=erasure.metadata.actor
    )
    LOG.append(connection, erasure.stream, len(history), [erasure.event], cause, LOG.now())
    personal_data.erase(connection, PERSONAL_DATA, member_of(erasure), datetime.now(UTC))
    return True


def member_of(erasure: Recorded) -> str:
    return erasure.stream.partition("/")[2]
