"""Grants of what an admin has requested about an officer, by a second admin; and the list of what waits."""

from datetime import datetime

from sqlalchemy import Connection, select

from services.auth.accounts import queries
from services.auth.officers import request_details
from services.auth.officers.appointments import put_in_force, stream_of
from services.auth.officers.domain import Context, hindrance, must_be_open, officer_decider
from services.auth.officers.state import Officer, Requested
from services.auth.sign_in import credentials, recovery
from services.auth.tables import OFFICER_REQUESTS
from shared.contract.auth import answers, commands, events
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport
from shared.contract.values import Role
from shared.event_store.command_handler import Records, handle
from shared.event_store.log import EventLog

Decision = commands.GrantOfficerRequest | commands.DeclineOfficerRequest


def load(connection: Connection, log: EventLog, officer: str) -> Officer:
    """An officer, folded from the stream."""
    return officer_decider(Context()).fold(one.event for one in log.stream(connection, stream_of(officer)))


def load_actors(connection: Connection, log: EventLog, *actors: str) -> dict[str, Officer]:
    return {actor: load(connection, log, actor.partition(":")[2]) for actor in actors}


def decide(records: Records, command: Decision, caller: Passport) -> None:
    """Grant or decline; what a grant puts in force is written with it."""
    caller.must_have(Role.ADMIN)
    log = records.own_log()

    def work(connection: Connection, metadata: Metadata) -> None:
        log.lock(connection)
        open_requests = load(connection, log, command.officer).requests
        asker = open_requests[command.request].requested_by if command.request in open_requests else caller.actor
        context = Context(caller.provinces, admins=load_actors(connection, log, asker, caller.actor))
        handled = handle(connection, log, stream_of(command.officer), command, officer_decider(context), metadata)
        if not handled.is_new:
            return
        details = request_details.remove(connection, command.request)
        match handled.recorded[0].event:
            case events.OfficerAppointed() if details is not None:
                put_in_force(connection, command.officer, details, command.at)
            case events.OfficerDismissed():
                credentials.delete_hash(connection, f"officer:{command.officer}")
                recovery.end_access(connection, f"officer:{command.officer}")
            case _:
                pass

    records.transact(command, work)


def open_requests(
    connection: Connection, log: EventLog, caller: Passport, at: datetime
) -> tuple[answers.OfficerRequest, ...]:
    """What waits for a grant, the oldest first, with who may give it and why the caller may not."""
    admins = load_actors(connection, log, *(f"officer:{name}" for name in queries.admins(connection)))
    found = []
    for row in connection.execute(select(OFFICER_REQUESTS)).all():
        officer = load(connection, log, row.officer)
        requested = must_be_open(row.request, officer)
        known = {**load_actors(connection, log, requested.requested_by, caller.actor), **admins}
        hindrances = {actor: hindrance(requested, officer, known, actor, at) for actor in known}
        found.append(
            answers.OfficerRequest.model_validate(
                requested.model_dump()
                | {
                    "full_name": full_name(connection, requested),
                    "granters": [actor.partition(":")[2] for actor in admins if hindrances[actor] is None],
                    "hindrance": hindrances[caller.actor] or "",
                }
            )
        )
    return tuple(sorted(found, key=lambda one: (one.requested_at, one.request)))


def full_name(connection: Connection, requested: Requested) -> str:
    """The name that the request would set, else the one that the officer has."""
    details = request_details.find(connection, requested.request)
    known = queries.officer_names(connection, [requested.officer])
    return details.full_name if details else known.get(requested.officer, "")
