"""Assignments of renewals to officers: their stream, their projection, and who holds which renewal now."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, select, tuple_

from services.renewal.casework import colleagues
from services.renewal.casework.domain import (
    CLAIM_WORKING_TIME,
    HAND_OVER_WORKING_TIME,
    Assignment,
    AssignmentContext,
    Command,
    assignment_decider,
    held,
    require_on_desk,
)
from services.renewal.office_hours import calendar
from services.renewal.office_hours.rules import Rule
from services.renewal.tables import ASSIGNMENTS, RENEWALS
from shared.contract.envelope import Metadata, Recorded
from shared.contract.renewal import answers, casework_answers, commands, events
from shared.event_store import command_handler
from shared.event_store.command_handler import Handled, Records
from shared.event_store.sql import by_key, upsert


def stream_of(member: str, year: int) -> str:
    """A stream beside the renewal's own: who works on it changes nothing of what may be decided."""
    return f"assignment/{member}/{year}"


def handle(records: Records, rule: Rule, command: Command) -> Handled[Assignment]:
    """Claim, release or hand over."""

    def work(connection: Connection, metadata: Metadata) -> Handled[Assignment]:
        decider = assignment_decider(context_of(connection, rule, command))
        stream = stream_of(command.member, command.year)
        return command_handler.handle(connection, records.own_log(), stream, command, decider, metadata)

    return records.transact(command, work)


def context_of(connection: Connection, rule: Rule, command: Command) -> AssignmentContext:
    """What the decision rests on, read in its transaction."""
    row = by_key.find(connection, RENEWALS, {"member": command.member, "year": command.year})
    province = row.province if row else ""
    officer = command.officer if isinstance(command, commands.HandOverRenewal) else ""
    working_time = HAND_OVER_WORKING_TIME if officer else CLAIM_WORKING_TIME
    return AssignmentContext(
        status=row.status if row else None,
        until=end_of(connection, rule, province, command.at, working_time),
        stands_in_for=colleagues.absent(connection, command.actor, command.at),
        is_colleague=bool(officer) and colleagues.manages(connection, officer, province),
    )


def end_of(connection: Connection, rule: Rule, province: str, at: datetime, working_time: timedelta) -> datetime:
    """So much working time later; where the office has no hours in sight, so much time later."""
    hours = calendar.working_hours(connection, rule, province, at)
    return hours.after(at, working_time) or at + working_time


def require_assignable(connection: Connection, member: str, year: int, by: tuple[str, datetime]) -> None:
    """Refuse what a hand-over by an actor at a time would be refused for, to whichever colleague."""
    actor, at = by
    query = select(RENEWALS.c.status).where(RENEWALS.c.member == member, RENEWALS.c.year == year)
    require_on_desk(AssignmentContext(status=connection.execute(query).scalar()))
    if found := held_by_colleague(connection, member, year, actor, at):
        raise held(found)


def project(connection: Connection, recorded: Recorded) -> None:
    """Apply an event of the service's own log, in its transaction."""
    match recorded.event:
        case events.RenewalAssigned() as event:
            row = event.model_dump(include={"officer", "until", "assigned_by", "assigned_at"})
            upsert.put(connection, ASSIGNMENTS, {"member": event.member, "year": event.year}, row)
        case events.RenewalReleased() as event:
            by_key.remove(connection, ASSIGNMENTS, {"member": event.member, "year": event.year})
        case _:
            pass


def is_held(now: datetime, *officers: str) -> ColumnElement[bool]:
    """Whether a renewal is assigned now, to one of these officers where any are named."""
    same = (ASSIGNMENTS.c.member == RENEWALS.c.member, ASSIGNMENTS.c.year == RENEWALS.c.year)
    live = and_(*same, ASSIGNMENTS.c.until > now, *([ASSIGNMENTS.c.officer.in_(officers)] if officers else []))
    return select(ASSIGNMENTS.c.member).where(live).exists()


def is_for(connection: Connection, holder: str, viewer: str, now: datetime) -> ColumnElement[bool]:
    """The condition of the desk's filter: `mine` has what the viewer stands in for, `nobody` what is assigned to nobody."""
    if holder == "nobody":
        return ~is_held(now)
    return is_held(now, viewer, *colleagues.absent(connection, viewer, now))


def held_by_colleague(connection: Connection, member: str, year: int, actor: str, at: datetime) -> Assignment | None:
    """The assignment of a renewal, where it is a colleague's for whom the actor does not stand in."""
    row = by_key.find(connection, ASSIGNMENTS, {"member": member, "year": year})
    if row is None or not (found := Assignment(row.officer, row.until)).is_live(at):
        return None
    return None if row.officer in {actor, *colleagues.absent(connection, actor, at)} else found


def attach(
    connection: Connection, renewals: Sequence[answers.Renewal], viewer: str, now: datetime
) -> tuple[answers.Renewal, ...]:
    """The renewals, each that is on the desk with its assignment, for an officer."""
    found = live_of(connection, ((one.member, one.year) for one in renewals if one.status == "submitted"), viewer, now)
    return tuple(
        one.model_copy(update={"assignment": found[key]}) if (key := (one.member, one.year)) in found else one
        for one in renewals
    )


def live_of(
    connection: Connection, keys: Iterable[tuple[str, int]], viewer: str, now: datetime
) -> dict[tuple[str, int], casework_answers.Assignment]:
    """The assignments of renewals that have not ended, by member and year."""
    wanted = list(keys)
    key = tuple_(ASSIGNMENTS.c.member, ASSIGNMENTS.c.year)
    query = select(ASSIGNMENTS).where(key.in_(wanted), ASSIGNMENTS.c.until > now)
    rows = connection.execute(query).mappings().all() if wanted else ()
    mine = {viewer, *colleagues.absent(connection, viewer, now)} if rows else set()
    return {
        (row["member"], row["year"]): casework_answers.Assignment.model_validate(
            {**row, "is_mine": row["officer"] in mine}
        )
        for row in rows
    }
