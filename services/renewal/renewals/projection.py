"""What renewal keeps to answer questions: members as heard, renewals, declarations, decisions with their notes, special days."""

from datetime import date, datetime, time
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    Uuid,
    delete,
    update,
)

from shared.contract.auth import events as auth_events
from shared.contract.envelope import Recorded
from shared.contract.renewal import events
from shared.contract.values import Job
from shared.event_store import upsert
from shared.event_store.database import Instant

NATIONWIDE = "*"
"""The province of days that hold everywhere until a province says otherwise."""
JOBS = TypeAdapter(tuple[Job, ...])

TABLES = MetaData()
MEMBERS = Table(
    "members",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("province", String(20), nullable=False),
    Column("licence", Text, nullable=False),
)
ROLL = Table(
    "roll_history",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("member_class", String(20), nullable=False),
    Column("paid_through", Integer),
    Column("told_at", Instant, nullable=False),
)
"""All that the roll ever said of a member's class and payments: arrears are counted by what it said then."""
RENEWALS = Table(
    "renewals",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("province", String(20), nullable=False),
    Column("licence", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("tracking_code", String(12), nullable=False),
    Column("requested_at", Instant, nullable=False),
    Column("submitted_at", Instant),
    Column("review_due_at", Instant),
    Column("desk_place", Instant),
    Column("employment", Text),
    Column("jobs", Text, nullable=False, default="[]"),
    Index("desk", "province", "status", "desk_place"),
)
DECLARATIONS = Table(
    "declarations",
    TABLES,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("submitted_at", Instant, nullable=False),
    Column("form", Text, nullable=False),
)
DECISIONS = Table(
    "decisions",
    TABLES,
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("decided_by", String(60), nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("note", Uuid),
    Index("decisions_of_renewal", "member", "year"),
)
NOTES = Table("notes", TABLES, Column("note", Uuid, primary_key=True), Column("text", Text, nullable=False))
CALENDAR = Table(
    "calendar_days",
    TABLES,
    Column("province", String(20), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("opens", Time),
    Column("closes", Time),
    Column("label", String(120), nullable=False),
    Column("seeded", Boolean, nullable=False),
)


def hear(connection: Connection, heard: Recorded) -> None:
    """Keep what auth tells of members."""
    match heard.event:
        case auth_events.MemberEnrolled() | auth_events.MembershipChanged() as told:
            row = {"province": told.province, "licence": told.licence.model_dump_json()}
            upsert.put(connection, MEMBERS, {"member": told.member}, row)
            at = told.enrolled_at if isinstance(told, auth_events.MemberEnrolled) else told.changed_at
            said = {"member_class": told.licence.member_class.value, "paid_through": told.paid_through, "told_at": at}
            upsert.put(connection, ROLL, {"member": told.member, "position": heard.position}, said)
        case auth_events.MemberRemoved() as told:
            for table in (MEMBERS, ROLL):
                connection.execute(delete(table).where(table.c.member == told.member))
        case _:
            pass


def project(connection: Connection, recorded: Recorded) -> None:
    """Bring the views up to an event of our own, in its transaction."""
    match recorded.event:
        case events.RenewalRequested() as told:
            upsert.put(connection, RENEWALS, key_of(told), {
                "province": told.province,
                "licence": told.licence.model_dump_json(),
                "status": "requested",
                "tracking_code": told.tracking_code,
                "requested_at": told.requested_at,
                "submitted_at": None,
                "review_due_at": None,
                "desk_place": None,
            })  # fmt: skip
        case events.DeclarationSubmitted() as told:
            change(connection, told, {
                "status": "submitted",
                "licence": told.licence.model_dump_json(),
                "submitted_at": told.submitted_at,
                "review_due_at": told.review_due_at if told.review_is_promised else None,
                "desk_place": told.review_due_at,
                "employment": told.employment.model_dump_json(),
                "jobs": JOBS.dump_json(told.jobs).decode(),
            })  # fmt: skip
        case events.RenewalReturned() as told:
            decided(connection, recorded, told, "returned", told.returned_by, told.returned_at)
        case events.RenewalRejected() as told:
            decided(connection, recorded, told, "rejected", told.rejected_by, told.rejected_at)
        case events.RenewalApproved() as told:
            decided(connection, recorded, told, "approved", told.approved_by, told.approved_at)
        case events.RenewalWithdrawn() as told:
            change(connection, told, {"status": "withdrawn", "review_due_at": None, "desk_place": None})
        case events.CalendarDaySet() as told:
            set_day(connection, told.province, told.on, (told.opens, told.closes), told.label, seeded=False)
        case _:
            pass


def decided(  # noqa: PLR0913 - what a decision is
    connection: Connection,
    recorded: Recorded,
    told: events.RenewalReturned | events.RenewalRejected | events.RenewalApproved,
    outcome: str,
    by: str,
    at: datetime,
) -> None:
    """Put a decision on record and move the renewal."""
    change(connection, told, {"status": outcome})
    row = {**key_of(told), "outcome": outcome, "decided_by": by, "decided_at": at, "note": getattr(told, "note", None)}
    upsert.put(connection, DECISIONS, {"position": recorded.position}, row)


def set_day(  # noqa: PLR0913 - the columns of a day
    connection: Connection, province: str, on: date, hours: tuple[time | None, time | None], label: str, seeded: bool
) -> None:
    """Set a special day of a province."""
    row = {"opens": hours[0], "closes": hours[1], "label": label, "seeded": seeded}
    upsert.put(connection, CALENDAR, {"province": province, "on": on}, row)


def change(connection: Connection, told: Any, row: dict[str, Any]) -> None:
    """Change the row of a renewal that was requested before."""
    same = (RENEWALS.c.member == told.member, RENEWALS.c.year == told.year)
    connection.execute(update(RENEWALS).where(*same).values(row))


def key_of(told: Any) -> dict[str, Any]:
    return {"member": told.member, "year": told.year}
