"""Handling of amendments of a year's capacity policy: what a grant rests on, the reasons in rows, and the acts for readers."""

from datetime import datetime
from typing import assert_never
from uuid import UUID

from sqlalchemy import Connection, insert, select

from services.renewal.policy_amendments.domain import Colleagues, Command, hindrance, policy_decider
from services.renewal.tables import NOTES, OFFICERS, SET_UPS
from shared.contract.envelope import Metadata, Recorded
from shared.contract.passport import Passport
from shared.contract.renewal import answers, commands, events
from shared.contract.values import Role
from shared.event_store.command_handler import Records, handle
from shared.event_store.log import EventLog
from shared.policies import capacity_policy
from shared.policies.two_persons import SetUp


def stream_of(year: int) -> str:
    return f"policy/{year}"


def decide(records: Records, command: Command) -> int:
    """Request, grant or decline; the position of what was recorded."""
    log = records.own_log()

    def work(connection: Connection, metadata: Metadata) -> int:
        decider = policy_decider(colleagues_of(connection, log, command))
        handled = handle(connection, log, stream_of(command.year), command, decider, metadata)
        if handled.is_new and isinstance(command, commands.AmendPolicy):
            connection.execute(insert(NOTES).values(note=command.id, text=command.reason, written_at=command.at))
        return handled.recorded[0].position

    return records.transact(command, work)


def colleagues_of(connection: Connection, log: EventLog, command: Command) -> Colleagues:
    """What is known of who requested and who grants."""
    if not isinstance(command, commands.GrantPolicyAmendment):
        return Colleagues()
    for one in log.stream(connection, stream_of(command.year)):
        if isinstance(one.event, events.PolicyAmendmentRequested) and one.event.request == command.request:
            return colleagues(connection, one.event.requested_by, command.actor)
    return Colleagues()


def colleagues(connection: Connection, requester: str, granter: str) -> Colleagues:
    """By auth's events; an officer of whom none has come yet was proved an admin by the passport of the request."""
    of_both = select(OFFICERS.c.officer, OFFICERS.c.is_admin).where(OFFICERS.c.officer.in_((requester, granter)))
    is_admin = {row.officer: row.is_admin for row in connection.execute(of_both)}
    return Colleagues(
        is_requester_admin=is_admin.get(requester, True),
        is_granter_known=is_admin.get(granter, False),
        requester_set_up_by_granter=set_up(connection, requester, granter),
        granter_set_up_by_requester=set_up(connection, granter, requester),
    )


def set_up(connection: Connection, officer: str, by: str) -> SetUp | None:
    row = connection.execute(select(SET_UPS).where(SET_UPS.c.officer == officer, SET_UPS.c.by == by)).one_or_none()
    return SetUp(row.at, row.is_alone) if row else None


def acts(records: Records, year: int, caller: Passport, at: datetime) -> answers.PolicyActs:
    """The amendments of a year with their reasons, and for admins what is requested."""
    with records.read() as connection:
        recorded = records.own_log().stream(connection, stream_of(year))
        reasons = reasons_of(connection, recorded)
        amended = policy_decider(Colleagues()).fold(one.event for one in recorded)
        requests = [
            act(one.position, one.event, reasons).model_copy(
                update={"hindrance": hindrance_of(connection, one.event, caller, at)}
            )
            for one in recorded
            if isinstance(one.event, events.PolicyAmendmentRequested) and one.event.request in amended.requests
        ]
    in_force = [
        act(one.position, one.event, reasons) for one in recorded if isinstance(one.event, events.PolicyAmended)
    ]
    return answers.PolicyActs(acts=tuple(in_force), requests=tuple(requests) if Role.ADMIN in caller.roles else ())


def hindrance_of(
    connection: Connection, requested: events.PolicyAmendmentRequested, caller: Passport, at: datetime
) -> str:
    known = colleagues(connection, requested.requested_by, caller.actor)
    return hindrance(requested, caller.actor, known, at) or ""


def reasons_of(connection: Connection, recorded: list[Recorded]) -> dict[UUID, str]:
    """Why each amendment was requested."""
    known = (one.event for one in recorded)
    notes = [one.note for one in known if isinstance(one, events.PolicyAmended | events.PolicyAmendmentRequested)]
    rows = connection.execute(select(NOTES.c.note, NOTES.c.text).where(NOTES.c.note.in_(notes)))
    return {row.note: row.text for row in rows}


def act(
    position: int, event: events.PolicyAmended | events.PolicyAmendmentRequested, reasons: dict[UUID, str]
) -> answers.PolicyAct:
    before, after = capacity_policy.parse(event.before), capacity_policy.parse(event.after)
    match event:
        case events.PolicyAmended():
            by, at, granted_by = event.amended_by, event.amended_at, event.granted_by
        case events.PolicyAmendmentRequested():
            by, at, granted_by = event.requested_by, event.requested_at, ""
        case _:
            assert_never(event)
    return answers.PolicyAct(
        year=event.year,
        position=position,
        by=by,
        at=at,
        reason=reasons.get(event.note, ""),
        version=after.version,
        changes=tuple(capacity_policy.changes(before, after)),
        request=event.request,
        granted_by=granted_by,
    )


def act_at(records: Records, year: int, position: int) -> answers.PolicyAct:
    """What was requested or granted at a position."""
    with records.read() as connection:
        (recorded,) = (one for one in records.own_log().stream(connection, stream_of(year)) if one.position == position)
        reasons = reasons_of(connection, [recorded])
    event = recorded.event
    if not isinstance(event, events.PolicyAmended | events.PolicyAmendmentRequested):
        raise TypeError(f"{event} at {position} is no amendment")
    return act(position, event, reasons)
