"""Idempotency keys: the digest of each command by its id, so that another command under the same id is refused as a conflict."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Connection, String, Table, Uuid, bindparam, delete, select

from shared.contract.base import Command
from shared.contract.refusals import ID_TAKEN, Reason, Refused
from shared.contract.values import MASKED
from shared.event_store.database import Instant
from shared.event_store.log import TABLES
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared

RETENTION = timedelta(days=90)
"""A retry comes within minutes; a recorded command is also recognised by its events."""
STAMPS = {"id", "deadline", "at"}
"""Fields that differ when the same command is sent again."""

COMMAND_IDS = Table(
    "command_ids",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("at", Instant, nullable=False),
)
DIGEST = Prepared(select(COMMAND_IDS.c.digest).where(COMMAND_IDS.c.id == bindparam("of")))


def claim(connection: Connection, command: Command[Any]) -> bool:
    """Record a command's id in the transaction of its effect, or refuse it where another command has used it; False where this one came before."""
    command_digest = digest(command)
    if upsert.add(connection, COMMAND_IDS, {"id": command.id, "digest": command_digest, "at": command.at}):
        return True
    if DIGEST.first(connection, {"of": command.id}) != (command_digest,):
        raise Refused(Reason.CONFLICT, {"id": ID_TAKEN})
    return False


def digest(command: Command[Any]) -> str:
    """A hash of who sends which command. Typed secrets are masked in it, and a field that a later version adds with a default changes nothing."""
    content = command.model_dump_json(exclude=STAMPS, exclude_defaults=True, context={MASKED: True})
    return sha256(f"{type(command).__name__} {content}".encode()).hexdigest()


def delete_expired(connection: Connection, at: datetime) -> None:
    """Delete the ids whose retention is over."""
    connection.execute(delete(COMMAND_IDS).where(COMMAND_IDS.c.at <= at - RETENTION))
