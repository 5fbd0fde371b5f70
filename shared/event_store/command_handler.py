"""The command handler: load the stream, decide, append and project in one transaction, once for each command id."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from shared.contract import cloud_events
from shared.contract.base import Command
from shared.contract.envelope import Metadata, Recorded
from shared.contract.operations import answers, queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.seal import EpochSigner, signed_epochs_text, signed_found_text
from shared.contract.values import Role
from shared.event_store import idempotency
from shared.event_store.database import Database
from shared.event_store.decider import Decider
from shared.event_store.epoch import epoch_of, epochs_of
from shared.event_store.log import EVENTS, EventLog, VersionConflict
from shared.event_store.seals import Seal, seal_at, sealed_page, seals_between
from shared.event_store.sql import engines
from shared.observability import request_context, tracing

DECISIONS_MAX = 3
"""Attempts at a command while other appends come in between (optimistic concurrency)."""

SideWrites = Callable[[Connection, tuple[Recorded, ...]], None]
"""Writes what goes with newly recorded events, in their transaction."""
T = TypeVar("T")
S = TypeVar("S")


class Decided(Protocol):
    """What every command has, received or issued by a process: its id and its time."""

    @property
    def id(self) -> UUID: ...
    @property
    def at(self) -> datetime: ...


C = TypeVar("C", bound=Decided)


@dataclass(frozen=True)
class Handled(Generic[S]):
    """The stream's state after a command, and what the command recorded (nothing, where it was already so)."""

    state: S
    recorded: tuple[Recorded, ...]
    is_new: bool
    """Whether it was recorded now, not by an earlier arrival of the same command."""


def handle(  # noqa: PLR0913 - all that a command needs
    connection: Connection,
    log: EventLog,
    stream: str,
    command: C,
    decider: Decider[C, S],
    metadata: Metadata,
    side_writes: SideWrites | None = None,
) -> Handled[S]:
    """Decide a command within a transaction, with the rows that accompany what is newly recorded.

    The same id again on the same stream decides and records nothing: it returns the events of the first time, with the stream's present state.
    """
    history = log.stream(connection, stream)
    state = decider.fold(recorded.event for recorded in history)
    done = tuple(event for event in history if event.metadata.causation_id == command.id)
    if done:
        return Handled(state, done, is_new=False)
    events = log.recordable(decider.decide(command, state))
    if not events:
        return Handled(state, (), is_new=False)
    recorded = log.append(connection, stream, len(history), events, metadata, log.now())
    if side_writes is not None:
        side_writes(connection, recorded)
    return Handled(decider.fold(events, state), recorded, is_new=True)


def noting_server(work: Callable[[Connection], T], servers: list[engines.Server], connection: Connection) -> T:
    """Do the work, and note the server on which it was done."""
    servers.append(engines.server_of(connection))
    return work(connection)


def caused_by(event: Recorded) -> Metadata:
    """The metadata of a process manager's reaction to an event: same correlation, the event as its cause."""
    return Metadata(
        correlation_id=event.metadata.correlation_id,
        causation_id=event.event_id,
        actor=event.metadata.actor,
        traceparent=event.metadata.traceparent,
    )


def ids_found(connection: Connection, ids: Sequence[UUID]) -> list[UUID]:
    """Those of some events that the log has. No index is by the id alone, so the whole log is read."""
    found = select(EVENTS.c.event_id).where(EVENTS.c.event_id.in_(ids)).order_by(EVENTS.c.position)
    return list(connection.execute(found).scalars())


@dataclass(frozen=True)
class Records:
    """A program's log and projections, for RPC calls, requests and its own work."""

    database: Database
    log: EventLog | None
    epochs: EpochSigner | None = None
    """None where nobody follows the log."""

    def handle(
        self,
        stream: str,
        command: C,
        decider: Decider[C, S],
        side_writes: SideWrites | None = None,
        wire_command: Command[Any] | None = None,
    ) -> Handled[S]:
        """Handle a command in a transaction of its own; `side_writes` writes the rows that accompany what is newly recorded."""
        log = self.own_log()

        def work(connection: Connection, metadata: Metadata) -> Handled[S]:
            return handle(connection, log, stream, command, decider, metadata, side_writes)

        return self.transact(command, work, wire_command)

    def answer(
        self,
        stream: str,
        command: C,
        decider: Decider[C, S],
        find: Callable[[Connection], T],
        side_writes: SideWrites | None = None,
    ) -> T:
        """Handle a command as `handle` does, and return what is found then in the same transaction."""
        log = self.own_log()

        def work(connection: Connection, metadata: Metadata) -> T:
            handle(connection, log, stream, command, decider, metadata, side_writes)
            return find(connection)

        return self.transact(command, work)

    def transact(
        self, command: Decided, work: Callable[[Connection, Metadata], T], wire_command: Command[Any] | None = None
    ) -> T:
        """Handle a command in one transaction: `work` reads what the decision rests on, and appends (by `handle`), on any stream.

        `work` runs again where another append came in between. The id belongs to the `wire_command` that came in, which is
        the command itself unless another was made of it.
        """
        with tracing.command(type(command), self.own_log().source):
            return self._transact(command, work, wire_command or command)

    def _transact(self, command: Decided, work: Callable[[Connection, Metadata], T], received: Decided) -> T:
        context = request_context.present()
        metadata = Metadata(
            correlation_id=context.correlation_id or command.id,
            causation_id=command.id,
            actor=getattr(command, "actor", "") or f"program:{self.own_log().source}",
            traceparent=context.traceparent,
        )

        def attempt(connection: Connection) -> T:
            if isinstance(received, Command):
                idempotency.claim(connection, received)
            return work(connection, metadata)

        for _ in range(DECISIONS_MAX):
            try:
                return self.write(attempt)
            except VersionConflict:
                continue
        raise Refused(Reason.CONFLICT)

    def own_log(self) -> EventLog:
        """The log; `LookupError` in a program without one."""
        if self.log is None:
            raise LookupError("this program has no log")
        return self.log

    def read(self) -> AbstractContextManager[Connection]:
        """A read transaction over the projections and the log."""
        return self.database.read()

    def write(self, work: Callable[[Connection], T]) -> T:
        """Change the database in one transaction; a refusal is raised once its server is known to be no primary that was superseded.

        What the work raises commits nothing, so that one which stood still meanwhile would refuse by what it knew before.
        """
        if not engines.has_standby(self.database.engine.url):
            return self.database.write(work)
        for _ in range(DECISIONS_MAX):
            servers: list[engines.Server] = []
            try:
                return self.database.write(partial(noting_server, work, servers))
            except (DBAPIError, VersionConflict):
                raise
            except Exception:
                if self.database.write(engines.commit_a_message) in servers[-1:]:
                    raise
        raise Refused(Reason.NO_ANSWER)

    def read_events(self, query: queries.ReadEvents, caller: Passport) -> answers.RecordedEvents:
        """Answer `ReadEvents`, for our own programs and for admins."""
        if caller.principal_kind is not PrincipalKind.PROGRAM:
            caller.must_have(Role.ADMIN)
        log = self.own_log()
        with self.read() as connection:
            events, seal = sealed_page(connection, log, query.after, query.limit)
            before = seal_at(connection, query.after) if not events else None
            head, epoch = log.head(connection), epoch_of(connection)
            altered: list[int] = []
            seals: list[Seal] = []
            epochs = epochs_of(connection) if query.verifying and self.epochs else []
            if query.verifying and seal:
                altered = log.altered(connection, query.after, len(events))
                seals = seals_between(connection, query.after, seal.position)
        return answers.RecordedEvents(
            events=tuple(answers.RecordedEvent(cloud_event=cloud_events.to_json(event)) for event in events),
            altered=tuple(altered),
            seals=tuple(answers.Seal(**one._asdict()) for one in seals),
            seal=seal.signature if seal else "",
            seal_before=before.signature if before else "",
            head=head,
            epoch=self.epochs.signed(epoch.epoch) if self.epochs else "",
            epoch_began_at=epoch.began_at,
            epochs=tuple(answers.LogEpoch(**one._asdict()) for one in epochs),
            epochs_signature=self.epochs.sign(signed_epochs_text(log.source, epochs)) if self.epochs and epochs else "",
        )

    def find_events(self, query: queries.FindEvents) -> answers.FoundEvents:
        """Answer `FindEvents`, with a signature."""
        log = self.own_log()
        with self.read() as connection:
            ids, epoch = ids_found(connection, query.ids), epoch_of(connection).epoch
        signature = self.epochs.sign(signed_found_text(log.source, epoch, ids)) if self.epochs else ""
        return answers.FoundEvents(ids=tuple(ids), epoch=epoch, signature=signature)
