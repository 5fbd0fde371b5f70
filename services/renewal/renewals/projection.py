"""The projections of renewals and of the decisions on them, as the events of the service's own log leave them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

from pydantic import TypeAdapter
from sqlalchemy import Connection, bindparam, select

from services.renewal.declarations import changes
from services.renewal.tables import DECISIONS, RENEWALS
from shared.contract.base import Event
from shared.contract.envelope import Recorded
from shared.contract.renewal import events
from shared.contract.values import APPROVAL_RULE, Employment, Job, Licence
from shared.event_store.sql import by_key, upsert
from shared.event_store.sql.prepared import Prepared
from shared.text import persian

JOBS = TypeAdapter(tuple[Job, ...])
OFF_THE_DESK = {"review_due_at": None, "desk_place": None, "correction_due_at": None}
DECLARED_UNTIL = Prepared(
    select(RENEWALS.c.licence, RENEWALS.c.employment, RENEWALS.c.jobs)
    .where(RENEWALS.c.member == bindparam("of"), RENEWALS.c.year <= bindparam("until"))
    .where(RENEWALS.c.employment.is_not(None))
    .order_by(RENEWALS.c.year.desc())
    .limit(1)
)
CLOSED: Mapping[type[Event], str] = {events.RenewalWithdrawn: "withdrawn", events.RenewalExpired: "expired"}
Decision = events.RenewalReturned | events.RenewalRejected | events.RenewalApproved


def project(connection: Connection, recorded: Recorded) -> None:
    """Apply an event of the service's own log, in its transaction."""
    match recorded.event:
        case events.RenewalRequested() as event:
            request(connection, event)
        case events.DeclarationSubmitted() as event:
            submit(connection, event)
        case events.DeclarationRecalled() as event:
            recall(connection, event)
        case events.ReviewOpened() as event:
            change(connection, event, {"opened_at": event.opened_at})
        case events.RenewalReturned() | events.RenewalRejected() | events.RenewalApproved() as event:
            project_decision(connection, recorded, event)
        case events.DecisionUndone() as event:
            undo(connection, event)
        case events.RenewalWithdrawn() | events.RenewalExpired() as event:
            change(connection, event, {"status": CLOSED[type(event)], **OFF_THE_DESK})
        case _:
            pass


def request(connection: Connection, event: events.RenewalRequested) -> None:
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
        "approved_by_rule": False,
        "opened_at": None,
        "correction_due_at": None,
        "recalled_at": None,
    })  # fmt: skip


def project_decision(connection: Connection, recorded: Recorded, event: Decision) -> None:
    match event:
        case events.RenewalReturned():
            decide(connection, recorded, event, "returned", event.returned_by, event.returned_at)
            due = {"correction_due_at": event.correction_due_at}
            change(connection, event, {"times_returned": RENEWALS.c.times_returned + 1, **due})
        case events.RenewalRejected():
            decide(connection, recorded, event, "rejected", event.rejected_by, event.rejected_at)
        case events.RenewalApproved():
            decide(connection, recorded, event, "approved", event.approved_by, event.approved_at)
            change(connection, event, {"approved_by_rule": event.approved_by.startswith(f"{APPROVAL_RULE}:")})
        case _:
            assert_never(event)


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
        "opened_at": None,
        "correction_due_at": None,
        "recalled_at": None,
    })  # fmt: skip


def recall(connection: Connection, event: events.DeclarationRecalled) -> None:
    """Put the version that was returned before in the place of the recalled one, or none where that was the first."""
    returned = event.returned
    recalled = RENEWALS.c.recalled_versions + f" {event.declaration_version} "
    row: dict[str, Any] = {
        "status": "returned" if returned else "requested",
        **OFF_THE_DESK,
        "opened_at": None,
        "recalled_at": event.recalled_at,
        "recalled_versions": recalled,
        "declaration_version": returned.declaration_version if returned else 0,
        "job_count": len(returned.jobs) if returned else 0,
        "change": None,
        "changed_parts": "",
        "submitted_at": returned.submitted_at if returned else None,
        "employment": returned.employment.model_dump_json() if returned else None,
        "jobs": JOBS.dump_json(returned.jobs if returned else ()).decode(),
    }
    if returned:
        row |= {**licence_columns(returned.licence, event.year), "correction_due_at": returned.correction_due_at}
    change(connection, event, row)


def undo(connection: Connection, event: events.DecisionUndone) -> None:
    """Mark the decision, and put the declaration back in its place on the desk."""
    this = {"member": event.member, "year": event.year, "note": event.decision}
    by_key.change(connection, DECISIONS, this, {"undone_at": event.undone_at})
    times = RENEWALS.c.times_returned - (1 if event.outcome == "returned" else 0)
    change(connection, event, {"status": "submitted", "correction_due_at": None, "times_returned": times})


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
    row = DECLARED_UNTIL.first(connection, {"of": event.member, "until": event.year})
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
    by_key.change(connection, RENEWALS, {"member": event.member, "year": event.year}, row)
