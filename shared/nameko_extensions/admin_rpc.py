"""RPC methods for operators of any service: read its log, get the state of its subscriptions, list, retry and drop parked events."""

from datetime import UTC, datetime

import eventlet
from sqlalchemy import Connection

from shared.contract import base
from shared.contract.operations import answers, commands, queries
from shared.contract.passport import Bearer, Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.nameko_extensions.rpc_server import asked
from shared.nameko_extensions.subscription import Lane
from shared.subscriptions import parking


class EventLogRpc:
    """A service with a log of its own."""

    caller: Passport
    records: Records

    @asked
    def read_events(self, question: queries.ReadEvents) -> answers.RecordedEvents:
        return self.records.read_events(question, self.caller)


class SubscriptionRpc:
    """A service with lanes from others' logs."""

    caller: Passport
    records: Records

    @asked
    def get_lanes(self, question: queries.GetLanes) -> answers.Lanes:  # noqa: ARG002 - it asks for all
        if self.caller.bearer is not Bearer.PROGRAM:
            self.caller.must_have(Role.ADMIN)
        states = list(eventlet.GreenPool().imap(state_of, lanes_of(self)))
        unreachable = tuple(lane.source for lane, was_reached in states if not was_reached)
        return answers.Lanes(lanes=tuple(lane for lane, _ in states), unreachable=unreachable)

    @asked
    def list_parked(self, question: queries.ListParked) -> answers.ParkedEvents:
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            waiting = parking.list_parked(connection, question.source, question.partition_key)
        page = waiting[question.offset : question.offset + question.limit]
        parked = tuple(answers.ParkedEvent.model_validate(one, from_attributes=True) for one in page)
        return answers.ParkedEvents(parked=parked, total=len(waiting))

    @asked
    def retry_parked(self, command: commands.RetryParked) -> answers.Retried:
        self.caller.must_have(Role.ADMIN)
        applied = lane_from(self, command.source).follower.retry(command.partition_key)
        with self.records.read() as connection:
            waiting = parking.list_parked(connection, command.source, command.partition_key)
        return answers.Retried(applied=applied, waiting=len(waiting))

    @asked
    def drop_parked(self, command: commands.DropParked) -> base.Done:
        self.caller.must_have(Role.ADMIN)
        with self.records.read() as connection:
            found = [one for one in parking.list_parked(connection, command.source) if one.position == command.position]
        actor = self.caller.actor

        def drop(connection: Connection) -> bool:
            return bool(found) and parking.drop(connection, found[0], command.reason, actor, command.at)

        if not self.records.write(drop):
            raise Refused(Reason.NOT_PARKED)
        return base.Done()


def lanes_of(service: object) -> list[Lane]:
    """The lanes that a service's class declares."""
    names = [name for name, declared in vars(type(service)).items() if isinstance(declared, Lane)]
    return [getattr(service, name) for name in names]


def state_of(lane: Lane) -> tuple[answers.LaneState, bool]:
    """How a lane stands, and whether its source has answered."""
    try:
        return lane.state(datetime.now(UTC)), True
    except Refused:
        return lane.own_state(), False


def lane_from(service: object, source: str) -> Lane:
    """The lane from a source; `Refused` where the service does not follow it."""
    for lane in lanes_of(service):
        if lane.source == source:
            return lane
    raise Refused(Reason.NOT_PARKED)
