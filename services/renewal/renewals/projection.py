"""The projections of renewals and of the decisions on them, as the events of the service's own log leave them."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, update

from services.renewal.tables import DECISIONS, RENEWALS
from shared.contract.envelope import Recorded
from shared.contract.renewal import events
from shared.contract.values import Job
from shared.event_store.sql import upsert

JOBS = TypeAdapter(tuple[Job, ...])
Decision = events.RenewalReturned | events.RenewalRejected | events.RenewalApproved


def project(connection: Connection, recorded: Recorded) -> None:
    """Apply an event of the service's own log, in its transaction."""
    match recorded.event:
        case events.RenewalRequested() as event:
            upsert.put(connection, RENEWALS, {"member": event.member, "year": event.year}, {
                "province": event.province,
                "licence": event.licence.model_dump_json(),
                "status": "requested",
                "tracking_code": event.tracking_code,
                "requested_at": event.requested_at,
                "submitted_at": None,
                "review_due_at": None,
                "desk_place": None,
            })  # fmt: skip
        case events.DeclarationSubmitted() as event:
            change(connection, event, {
                "status": "submitted",
                "licence": event.licence.model_dump_json(),
                "submitted_at": event.submitted_at,
                "review_due_at": event.review_due_at if event.review_is_promised else None,
                "desk_place": event.review_due_at,
                "employment": event.employment.model_dump_json(),
                "jobs": JOBS.dump_json(event.jobs).decode(),
            })  # fmt: skip
        case events.RenewalReturned() as event:
            decide(connection, recorded, event, "returned", event.returned_by, event.returned_at)
        case events.RenewalRejected() as event:
            decide(connection, recorded, event, "rejected", event.rejected_by, event.rejected_at)
        case events.RenewalApproved() as event:
            decide(connection, recorded, event, "approved", event.approved_by, event.approved_at)
        case events.RenewalWithdrawn() as event:
            change(connection, event, {"status": "withdrawn", "review_due_at": None, "desk_place": None})
        case _:
            pass


def decide(  # noqa: PLR0913 - the parts of a decision
    connection: Connection, recorded: Recorded, event: Decision, outcome: str, by: str, at: datetime
) -> None:
    """Insert a decision and change the renewal's status."""
    change(connection, event, {"status": outcome})
    key = {"member": event.member, "year": event.year}
    row = {**key, "outcome": outcome, "decided_by": by, "decided_at": at, "note": event.note}
    upsert.put(connection, DECISIONS, {"position": recorded.position}, row)


def change(connection: Connection, event: Any, row: dict[str, Any]) -> None:
    """Change the row of a renewal that was requested before."""
    same = (RENEWALS.c.member == event.member, RENEWALS.c.year == event.year)
    connection.execute(update(RENEWALS).where(*same).values(row))
