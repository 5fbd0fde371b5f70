"""Commands, the log, its views and its relay, each with one safeguard turned off."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from sqlalchemy import Connection, Engine

from shared.contract import upcasting
from shared.contract.base import Event
from shared.contract.envelope import Metadata, Recorded
from shared.event_store import append_buffer, command_handler, database, idempotency, log
from shared.event_store import seals as seal_log
from shared.event_store.command_handler import Handled, Records
from shared.event_store.database import Database
from shared.event_store.decider import Decider
from shared.event_store.log import EventLog
from shared.event_store.sql import group_commit
from shared.messaging import relay, topology
from shared.messaging.relay import ConfirmingChannel, Relay
from shared.messaging.relay_cursor import next_batch
from tests.simulation.mutant import Mutants

MUTANTS = Mutants()


@MUTANTS.without("a command that comes again is decided again")
def decided_again(patch: pytest.MonkeyPatch) -> None:
    def handle(  # noqa: PLR0913 - as the original
        connection: Connection, log: EventLog, stream: str, command: Any, decider: Any, metadata: Metadata
    ) -> Handled[Any]:
        history = log.stream(connection, stream)
        state = decider.fold(one.event for one in history)
        events = decider.decide(command, state)
        if not events:
            return Handled(state, (), is_new=False)
        recorded = log.append(connection, stream, len(history), events, metadata, log.now())
        return Handled(decider.fold(events, state), recorded, is_new=True)

    patch.setattr(command_handler, "handle", handle)


@MUTANTS.without("an id may be used for another command", hint=3)
def id_of_two(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(idempotency, "claim", lambda _connection, _command: None)


@MUTANTS.without("the expected version is not compared", is_rare=True)
def version_not_compared(patch: pytest.MonkeyPatch) -> None:
    append = EventLog.append

    def at_the_end(log: EventLog, connection: Connection, stream: str, _expected: int, *rest: Any) -> Any:
        return append(log, connection, stream, len(log.stream(connection, stream)), *rest)

    patch.setattr(EventLog, "append", at_the_end)


@MUTANTS.without("a group's commit includes what a refused unit has written", hint=8)
def refused_one_stays(patch: pytest.MonkeyPatch) -> None:
    def run_alone(unit: group_commit.Unit[Any], connection: Connection) -> None:
        try:
            unit.run(connection)
        except Exception as error:  # noqa: BLE001 - as the original
            unit.error = error

    patch.setattr(group_commit, "run_alone", run_alone)


@MUTANTS.without("a commit that fails leaves its transaction open", hint=8)
def transaction_left_open(patch: pytest.MonkeyPatch) -> None:
    def commit(one: Database, together: list[group_commit.Unit[Any]]) -> None:
        group_commit.run_together(together, one._writing_connection())

    patch.setattr(Database, "_commit", commit)


@MUTANTS.without("an error that follows from a stale version hides the conflict", hint=9)
def conflict_hidden(patch: pytest.MonkeyPatch) -> None:
    run_together = group_commit.run_together

    def run(together: list[group_commit.Unit[Any]], connection: Connection) -> None:
        if len(together) > 1:
            run_together(together, connection)
            return
        last: list[group_commit.BeforeCommit] = []
        with connection.begin(), group_commit.collecting_before_commit(connection, last):
            together[0].run(connection)
            for one in last:
                one.write()

    patch.setattr(database, "run_together", run)


@MUTANTS.without("the errors of the log's own statements are not translated", hint=19)
def driver_errors(patch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def driver_errors_as_sqlalchemy(connection: Connection) -> Iterator[None]:
        try:
            yield
        except connection.dialect.loaded_dbapi.IntegrityError as error:
            raise group_commit.MustRunAlone from error

    patch.setattr(group_commit, "driver_errors_as_sqlalchemy", driver_errors_as_sqlalchemy)


@MUTANTS.without("an old copy decides past unknown events", hint=4)
def decided_past_unknown(patch: pytest.MonkeyPatch) -> None:
    fold = Decider.fold

    def of_known(decider: Decider[Any, Any], events: Iterable[Event], state: Any = None) -> Any:
        return fold(decider, [one for one in events if one is not upcasting.UNKNOWN], state)

    patch.setattr(log, "require_known", lambda _history: None)
    patch.setattr(Decider, "fold", of_known)


@MUTANTS.without("positions are handed out outside of the transaction", hint=8)
def positions_burnt(patch: pytest.MonkeyPatch) -> None:
    heads: WeakKeyDictionary[Engine, int] = WeakKeyDictionary()
    head, write = append_buffer.AppendBuffer._head, append_buffer.AppendBuffer.write

    def next_head(tail: append_buffer.AppendBuffer) -> int:
        stored = head(tail)
        if not stored:
            heads.clear()  # another run, on the same engines
        return max(heads.get(tail.connection.engine, 0), stored)

    def burn(tail: append_buffer.AppendBuffer) -> None:
        heads[tail.connection.engine] = tail.head
        write(tail)

    patch.setattr(append_buffer.AppendBuffer, "_head", next_head)
    patch.setattr(append_buffer.AppendBuffer, "write", burn)


class Later:
    """Projects nothing yet."""

    def __call__(self, _connection: Connection, _recorded: Recorded) -> None:
        pass


@MUTANTS.without("views are written after the commit", hint=0)
def views_afterwards(patch: pytest.MonkeyPatch) -> None:
    handle = Records.handle

    def in_two(records: Records, *arguments: Any) -> Handled[Any]:
        log = records.own_log()
        project, later = log.project, Later()
        with pytest.MonkeyPatch.context() as for_now:
            for_now.setattr(log, "project", later)
            handled = handle(records, *arguments)
        if handled.is_new:
            records.database.write(lambda connection: [project(connection, one) for one in handled.recorded])
        return handled

    patch.setattr(Records, "handle", in_two)


@MUTANTS.without("the cursor moves before the broker confirms")
def cursor_first(patch: pytest.MonkeyPatch) -> None:
    def publish_once(one: Relay, channel: ConfirmingChannel) -> int:
        with next_batch(one.database, one.log, relay.BATCH_MAX) as batch:
            if batch is None or not batch.events:
                return 0
            sealed = relay.sealed_messages(batch.chain, batch.events, one.sign)
            seals = [message.seal for message in sealed if message.seal]
            one.database.write_unflushed(lambda connection: seal_log.insert_seals(connection, seals))
            batch.publish_confirmed(seals[-1])
            channel.publish(topology.exchange(one.log.source).name, sealed)
            return len(batch.events)

    patch.setattr(Relay, "publish_once", publish_once)


@MUTANTS.without("what the broker returns counts as sent", hint=6)
def returned_counts(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ConfirmingChannel, "_returned", lambda *_: None)
