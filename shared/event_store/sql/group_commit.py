"""Group commit: units of work that share one transaction, and run again between savepoints where one of them fails."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from shared.event_store.sql import engines
from shared.observability import request_context

T = TypeVar("T")

BEFORE_COMMIT = "tamdid_before_commit"
"""The key of `Connection.info` for what the transaction does just before the commit."""
APPENDED = "tamdid_appended"
"""The same for whether events were appended since somebody asked."""
PROJECTIONS_VERSION = "tamdid_projections_version"
"""The same for the version of the projections that this connection writes; 1 where nothing is said."""


class Unit(Generic[T]):
    """A unit of work that waits for its commit, and then holds its result or its error."""

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.context = request_context.present()
        """Whoever holds the lock runs the units of all that wait for it; what each logs and traces is its own."""
        self.is_given_up = False
        """Whether nobody waits for it any more."""
        self.done = False
        self.result: T
        self.error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        self.error = None
        if self.is_given_up:
            return
        with request_context.within(self.context):
            self.result = self.work(connection)

    def outcome(self) -> T:
        if self.error is not None:
            raise self.error
        return self.result


@contextmanager
def waiting(unit: Unit[Any], queue: deque[Unit[Any]]) -> Iterator[None]:
    """Within the block a unit waits in a queue; where that is broken off before it began, nobody runs it later."""
    queue.append(unit)
    try:
        yield
    finally:
        unit.is_given_up = True


class MustRunAlone(Exception):  # noqa: N818 - no error: the units run again
    """Work left to the end of a transaction has failed; nothing is committed, and each unit has to run alone."""


class LostBeforeCommit(Exception):  # noqa: N818 - no error: the units run again
    """The connection was lost before anything of these units could be committed; `__cause__` is the driver's error."""


class ProjectionsBehind(Exception):  # noqa: N818 - no error: the units run again
    """Another version of the projections has written last: what it wrote has to be projected first, and then the units run again."""


class BeforeCommit(Protocol):
    """Work that many units have in common, done once just before the commit."""

    def write(self) -> None: ...


def run_together(units: list[Unit[Any]], connection: Connection) -> None:
    """Run units in one transaction; where one fails, run all of them again, each between savepoints."""
    hooks: list[BeforeCommit] = []
    commits = False
    try:
        with connection.begin(), collecting_before_commit(connection, hooks):
            for unit in units:
                unit.run(connection)
            commits = True
            for hook in hooks:
                hook.write()
    except ProjectionsBehind:
        raise
    except Exception as error:
        is_lost = engines.is_lost(connection)
        if is_lost and not commits:
            raise LostBeforeCommit from error
        # Hooks write last, so a constraint has not checked their rows yet: this error may only follow from one of them.
        if is_lost or (len(units) == 1 and not hooks and not engines.is_deadlock(error)):
            raise
        engines.retry_deadlocks(lambda: run_each(units, connection))


def run_each(
    units: list[Unit[Any]], connection: Connection, first: Callable[[Connection], None] = lambda _connection: None
) -> None:
    """Run each unit between savepoints, in one transaction that begins with `first`."""
    with connection.begin():
        first(connection)
        for unit in units:
            run_alone(unit, connection)


@contextmanager
def collecting_before_commit(connection: Connection, hooks: list[BeforeCommit]) -> Iterator[None]:
    """Within the block, `before_commit` returns the list of what runs at the end of the transaction."""
    info = connection.info  # a connection that is lost meanwhile would refuse to return it
    info[BEFORE_COMMIT] = hooks
    try:
        yield
    finally:
        del info[BEFORE_COMMIT]


def before_commit(connection: Connection) -> list[BeforeCommit] | None:
    """The hooks of this transaction, run just before its commit; None where it has no such end."""
    hooks: list[BeforeCommit] | None = connection.info.get(BEFORE_COMMIT)
    return hooks


@contextmanager
def driver_errors_as_sqlalchemy(connection: Connection) -> Iterator[None]:
    """Errors of statements run on the driver, raised as SQLAlchemy's; a violated constraint or a held lock is `MustRunAlone`."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.IntegrityError as error:
        raise MustRunAlone(type(error).__name__) from error
    except (driver.OperationalError, driver.InterfaceError) as error:
        if getattr(error, "sqlstate", "") == engines.LOCK_HELD:
            raise MustRunAlone(type(error).__name__) from error
        raise OperationalError("the log's own statement", None, error) from error
    except BaseException as error:
        engines.close_if_broken_off(connection, error)
        raise


def run_alone(unit: Unit[Any], connection: Connection) -> None:
    """Run a unit between savepoints: its failure is its own; a lost connection is everybody's, as are projections that are behind."""
    savepoint = connection.begin_nested()
    try:
        unit.run(connection)
    except Exception as error:
        if engines.is_lost(connection):
            raise  # the next unit's savepoint could only say that the transaction is no longer valid
        savepoint.rollback()
        if engines.is_deadlock(error) or isinstance(error, ProjectionsBehind):
            raise
        unit.error = error
    else:
        savepoint.commit()
