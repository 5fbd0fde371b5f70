"""Erasures of members, for admins: the recorded act and the deletion of auth's own rows in one transaction, and the list of what waits."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from services.auth.erasure.domain import Command, Context, erasure_decider
from services.auth.officers.domain import hindrance_of_second
from services.auth.officers.grants import load_actors
from services.auth.officers.rpc import OfficerRpc
from services.auth.personal_data import PERSONAL_DATA
from services.auth.tables import ERASURE_REQUESTS
from shared import personal_data
from shared.contract import base
from shared.contract.auth import commands, erasure_answers, events, queries
from shared.contract.envelope import Metadata
from shared.contract.passport import Passport
from shared.contract.refusals import Reason
from shared.contract.values import Role
from shared.event_store.command_handler import Records, handle
from shared.event_store.log import EventLog
from shared.nameko_extensions import rpc


def decide(records: Records, command: Command, caller: Passport) -> None:
    """Request, grant or decline an erasure."""
    log, stream = records.own_log(), f"member/{command.member}"

    def work(connection: Connection, metadata: Metadata) -> None:
        log.lock(connection)
        requested = erasure_decider(Context()).fold(one.event for one in log.stream(connection, stream)).requested
        reason = hindrance(connection, log, requested, caller, command.at) if requested else None
        context = Context(caller.provinces, reason)
        handled = handle(connection, log, stream, command, erasure_decider(context), metadata)
        if handled.is_new and isinstance(command, commands.GrantErasure):
            personal_data.erase(connection, PERSONAL_DATA, command.member, command.at)

    records.transact(command, work)


def hindrance(
    connection: Connection, log: EventLog, requested: events.ErasureRequested, caller: Passport, at: datetime
) -> Reason | None:
    """Why the caller may not grant what was requested; None where nothing hinders."""
    admins = load_actors(connection, log, requested.requested_by, caller.actor)
    return hindrance_of_second(requested.requested_by, caller.actor, {requested.province}, admins, at)


def open_requests(
    connection: Connection, log: EventLog, caller: Passport, at: datetime
) -> tuple[erasure_answers.ErasureRequest, ...]:
    """What waits for a grant in the caller's provinces, the oldest first, with why the caller may not give it."""
    query = select(ERASURE_REQUESTS).where(ERASURE_REQUESTS.c.province.in_(caller.provinces))
    found = []
    for row in connection.execute(
        query.order_by(ERASURE_REQUESTS.c.requested_at, ERASURE_REQUESTS.c.member)
    ).mappings():
        requested = events.ErasureRequested.model_validate(dict(row))
        reason = hindrance(connection, log, requested, caller, at)
        found.append(erasure_answers.ErasureRequest(**requested.model_dump(), hindrance=reason or ""))
    return tuple(found)


class ErasureRpc(OfficerRpc):
    """RPC methods of the auth service about erasures, beside those about officers, and confirmed like them: no code undoes one."""

    @rpc
    def request_erasure(self, command: commands.RequestErasure) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def grant_erasure(self, command: commands.GrantErasure) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def decline_erasure(self, command: commands.DeclineErasure) -> base.Done:
        self.must_be_confirmed_admin(command.at)
        decide(self.records, command, self.caller)
        return self.done()

    @rpc
    def list_erasures(self, query: queries.ListErasures) -> erasure_answers.ErasureRequests:  # noqa: ARG002 - it asks for all
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            return erasure_answers.ErasureRequests(
                requests=open_requests(connection, self.records.own_log(), self.caller, datetime.now(UTC))
            )
