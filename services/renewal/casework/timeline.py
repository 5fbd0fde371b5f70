"""The timeline of a case: the events of a renewal and of its assignments with who did what when, and the internal notes in between."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from services.renewal.casework import assignments
from services.renewal.tables import CASE_NOTES
from shared import personal_data
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import casework_answers, commands, events
from shared.event_store.log import EventLog
from shared.event_store.sql import upsert

NOTE = "note"


def write_note(connection: Connection, command: commands.WriteCaseNote) -> None:
    """Store an internal note; sent again, it is the same one. About an erased member none is stored any more."""
    if personal_data.is_erased(connection, command.member):
        raise Refused(Reason.MEMBER_ERASED)
    row = {"member": command.member, "year": command.year, "text": command.text}
    upsert.add(
        connection, CASE_NOTES, {"note": command.id, **row, "written_by": command.actor, "written_at": command.at}
    )


def timeline(
    connection: Connection, log: EventLog, member: str, year: int, *, with_notes: bool
) -> casework_answers.Timeline:
    """All of a case, the oldest first."""
    streams = (f"renewal/{member}/{year}", assignments.stream_of(member, year))
    recorded = sorted(
        (one for stream in streams for one in log.stream(connection, stream)), key=lambda one: one.position
    )
    found = [*map(entry, recorded), *(notes(connection, member, year) if with_notes else ())]
    return casework_answers.Timeline(entries=tuple(sorted(found, key=lambda one: one.at)))


def entry(recorded: Recorded) -> casework_answers.TimelineEntry:
    """What an event says for a reader: its kind, who did it and when, and its details."""
    details: dict[str, object] = {}
    match recorded.event:
        case events.DeclarationSubmitted() as event:
            details = {"version": event.declaration_version}
        case events.RenewalReturned() as event:
            details = {"fields": tuple(one.field for one in event.fields)}
        case events.RenewalAssigned() as event:
            details = {"officer": event.officer}
        case _:
            pass
    about = {"kind": recorded.type, "at": recorded.recorded_at, "by": recorded.metadata.actor}
    return casework_answers.TimelineEntry.model_validate({**about, **details})


def notes(connection: Connection, member: str, year: int) -> Iterable[casework_answers.TimelineEntry]:
    query = select(CASE_NOTES).where(CASE_NOTES.c.member == member, CASE_NOTES.c.year == year)
    for row in connection.execute(query.order_by(CASE_NOTES.c.written_at, CASE_NOTES.c.note)):
        yield casework_answers.TimelineEntry(kind=NOTE, at=row.written_at, by=row.written_by, text=row.text)
