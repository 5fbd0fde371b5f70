"""Stops an address at which messages have failed too often."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection

from services.notification.addresses import contacts, domain
from shared.contract.envelope import Metadata
from shared.contract.notification.values import Way
from shared.event_store.command_handler import handle
from shared.event_store.log import EventLog


class Failure(NamedTuple):
    """A message that has failed for good, and the id of the address that it went to."""

    person: str
    attempt: UUID
    way: Way
    address_id: UUID | None
    at: datetime


def count_failure(connection: Connection, log: EventLog, failure: Failure) -> None:
    """Count a hard failure of a message, and stop the address where it is one too many."""
    person, attempt, way, address_id, at = failure
    if contacts.count_failure(connection, person, way, address_id, at):
        command = domain.Stop(uuid5(attempt, "stop"), at, person, way, "failing")
        cause = Metadata(correlation_id=attempt, causation_id=command.id, actor=f"program:{log.source}")
        handle(connection, log, domain.stream_of(person), command, domain.ADDRESSES, cause)
