"""What capacity does on the events of auth, renewal and payment: it projects those that count, and records what they come to."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Connection

from services.capacity.grants import recording
from services.capacity.personal_data import PERSONAL_DATA
from services.capacity.projection import projector
from shared import personal_data
from shared.contract.auth import events as auth_events
from shared.contract.envelope import Recorded

ERASED = auth_events.MemberErased.__name__


def on_event(connection: Connection, event: Recorded) -> None:
    """Project one event."""
    on_events(connection, [event])


def on_events(connection: Connection, events: Sequence[Recorded]) -> None:
    """Project a batch at once, with the same result as one event after another; of an erasure, report what stays and why."""
    projector.project(connection, events, partial(recording.record_batch, batch=recording.Batch(events)))
    for one in events:
        erased = one.event if one.type == ERASED else None
        if isinstance(erased, auth_events.MemberErased):
            personal_data.erase(connection, PERSONAL_DATA, erased.member, erased.erased_at)
