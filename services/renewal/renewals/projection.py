"""The projections of renewals and of the decisions on them, as the events of the service's own log leave them."""

from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, update

from services.renewal.declarations import changes
from services.renewal.tables import DECISIONS, RENEWALS
from shared.contract.envelope import Recorded
from shared.contract.renewal import events
from shared.contract.values import Employment, Job, Licence
from shared.event_store.sql import upsert
from shared.text import persian

JOBS = TypeAdapter(tuple[Job, ...])
Decision = events.RenewalReturned | events.RenewalRejected | events.RenewalApproved


def project(connection: Connection, recorded: Recorded) -> None:
    """Apply an event of the service's own log, in its transaction."""
    match recorded.event:
        case events.RenewalRequested() as event:
            upsert.put(connection, RENEWALS, {"member": event.member, "year": event.year}, {
                "province": event.province,
                **licence_columns(event.licence, event.year),
                "status": "requested",
                "tracking_code": event.tracking_code,
                "requested_at": event.requested_at,
                "submitted_at": None,
                "review_due_at": None,
                "desk_place": None,
                "times_returned": 0,
            })  # fmt: skip
        case events.DeclarationSubmitted() as event:
            submit(connection, event)
        case events.RenewalReturned() as event:
            decide(connection, recorded, event, "returned", event.returned_by, event.returned_at)
            change(connection, event, {"times_returned": RENEWALS.c.times_returned + 1})
        case events.RenewalRejected() as event:
            decide(connection, recorded, event, "rejected", event.rejected_by, event.rejected_at)
        case events.RenewalApproved() as event:
            decide(connection, recorded, event, "approved", event.approved_by, event.approved_at)
        case events.RenewalWithdrawn() as event:
            change(connection, event, {"status": "withdrawn", "review_due_at": None, "desk_place": None})
        case _:
            pass


def submit(connection: Connection, event: events.DeclarationSubmitted) -> None:
    """Put a declaration on the desk, with what it changes of the one before."""
    found = changes.find(declared_before(connection, event), changes.of_event(event))
    change(connection, event, {
        "status": "submitted",
        **licence_columns(event.licence, event.year),
        "declaration_version": event.declaration_version,
        "job_count": len(event.jobs),
        "change": found.change,
        "changed_parts": " ".join(found.parts),
        "submitted_at": event.submitted_at,
        "review_due_at": event.review_due_at if event.review_is_promised else None,
        "desk_place": event.review_due_at,
        "employment": event.employment.model_dump_json(),
        "jobs": JOBS.dump_json(event.jobs).decode(),
    })  # fmt: skip


def licence_columns(licence: Licence, year: int) -> dict[str, Any]:
    """A licence, and what the desk is sorted out by of it; each field between blanks, so that one is found as a word."""
    _, last_day = persian.year_bounds(year)
    return {
        "licence": licence.model_dump_json(),
        "member_class": licence.member_class.value,
        "licence_fields": f" {' '.join(licence.fields)} ",
        "licence_ends": licence.expires_on is not None and licence.expires_on < last_day,
    }


def declared_before(connection: Connection, event: events.DeclarationSubmitted) -> changes.Declared | None:
    """The member's declaration before this one: the version before, or else that of an earlier year."""
    query = (
        select(RENEWALS.c.licence, RENEWALS.c.employment, RENEWALS.c.jobs)
        .where(RENEWALS.c.member == event.member, RENEWALS.c.year <= event.year, RENEWALS.c.employment.is_not(None))
        .order_by(RENEWALS.c.year.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    licence, employment = Licence.model_validate_json(row.licence), Employment.model_validate_json(row.employment)
    return changes.Declared(licence, employment, JOBS.validate_json(row.jobs))


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
