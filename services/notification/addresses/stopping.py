"""Stops an address at which messages have failed too often."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection

from services.notification.addresses import contacts, domain
from shared.contract.envelope import Metadata
from shared.contract.notification.values import Way
from shared.event_store.command_handler import handle
from shared.event_store.log import EventLog


def count_failure(  # noqa: PLR0913 - what has failed, and where
    connection: Connection, log: EventLog, person: str, way: Way, attempt: UUID, at: datetime
) -> None:
    """Count a hard failure of a message, and stop the address where it is one too many."""
    if contacts.count_failure(connection, person, way, at):
        command = domain.Stop(uuid5(attempt, "stop"), at, person, way, "failing")
        cause = Metadata(correlation_id=attempt, causation_id=command.id, actor=f"program:{log.source}")
        handle(connection, log, domain.stream_of(person), command, domain.ADDRESSES, cause)
