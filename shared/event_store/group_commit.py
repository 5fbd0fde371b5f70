"""Units of work that share a transaction: together at first, each on its own where one fails, with one end for all of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from shared.event_store import engines

T = TypeVar("T")

PUT_OFF = "tamdid_put_off"
"""Among a connection's own notes: what its transaction does just before the commit."""


class Unit(Generic[T]):
    """One piece of writing that waits for its commit, and then holds what came of it."""

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.done = False
        self.result: T
        self.error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        self.error = None
        self.result = self.work(connection)

    def outcome(self) -> T:
        if self.error is not None:
            raise self.error
        return self.result


class NotTogether(Exception):  # noqa: N818 - no error: another run decides
    """What was put off to the end of a transaction cannot be done; nothing is committed, and each unit has to try alone."""


class NothingDone(Exception):  # noqa: N818 - no error: another connection decides
    """The connection was lost, and before anything of these units could be committed; `__cause__` says how."""


class PutOff(Protocol):
    """Work that many units have in common, done once for all of them."""

    def write(self) -> None: ...


def run_together(units: list[Unit[Any]], connection: Connection) -> None:
    """Run units in one transaction with one end; where one fails, all of them again, each on its own."""
    last: list[PutOff] = []
    commits = False
    try:
        with connection.begin(), putting_off(connection, last):
            for unit in units:
                unit.run(connection)
            commits = True
            for one in last:
                one.write()
    except Exception as error:
        is_lost = engines.is_lost(connection)
        if is_lost and not commits:
            raise NothingDone from error
        # What was put off had not been held against the table yet: another error may only follow from its being wrong.
        if is_lost or (len(units) == 1 and not last and not engines.is_deadlock(error)):
            raise
        engines.again_after_deadlock(lambda: run_each(units, connection))


def run_each(units: list[Unit[Any]], connection: Connection) -> None:
    with connection.begin():
        for unit in units:
            run_alone(unit, connection)


@contextmanager
def putting_off(connection: Connection, last: list[PutOff]) -> Iterator[None]:
    """Within the block, `put_off` says where to leave what can wait for the end of the transaction."""
    notes = connection.info
    notes[PUT_OFF] = last
    try:
        yield
    finally:
        del notes[PUT_OFF]


def put_off(connection: Connection) -> list[PutOff] | None:
    """What this transaction does just before its commit; None where nothing can be put off."""
    last: list[PutOff] | None = connection.info.get(PUT_OFF)
    return last


@contextmanager
def telling(connection: Connection) -> Iterator[None]:
    """The errors of the driver's own statements, as SQLAlchemy would tell of them; a refused row is `NotTogether`."""
    driver: Any = connection.dialect.loaded_dbapi
    try:
        yield
    except driver.IntegrityError as error:
        raise NotTogether from error
    except (driver.OperationalError, driver.InterfaceError) as error:
        raise OperationalError("the log's own statement", None, error) from error


def run_alone(unit: Unit[Any], connection: Connection) -> None:
    """Run a unit between savepoints: its failure is its own; a lost connection is everybody's."""
    savepoint = connection.begin_nested()
    try:
        unit.run(connection)
    except Exception as error:
        savepoint.rollback()
        if engines.is_deadlock(error):
            raise
        unit.error = error
    else:
        savepoint.commit()
