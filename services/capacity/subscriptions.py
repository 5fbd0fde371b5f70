"""What capacity does on the events of auth, renewal and payment: it projects those that count, and ignores the others."""

from collections.abc import Sequence

from sqlalchemy import Connection

from services.capacity.projection import projector
from shared.contract.envelope import Recorded


def on_event(connection: Connection, event: Recorded) -> None:
    """Project one event."""
    projector.project(connection, [event])


def on_events(connection: Connection, events: Sequence[Recorded]) -> None:
    """Project a batch at once, with the same result as one event after another."""
    projector.project(connection, events)
