"""Prepared statements: SQLAlchemy's own, compiled once and run by the driver, since composing and executing one takes longer than the database."""

from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, Protocol

from sqlalchemy import Connection, Dialect, Executable, Table
from sqlalchemy.exc import InvalidRequestError

from shared.event_store.sql import engines

make_tuple: Callable[..., Any] = namedtuple  # noqa: PYI024 - its fields are a statement's
Values = Mapping[str, Any]
NONE: Values = {}
GATHERED = "tamdid_gathered_rows"
"""The key of `Connection.info` for rows that are still to be written before any other statement finds them."""


class Gathered(Protocol):
    """Rows that are gathered in memory (see `shared.subscriptions.replay.gathered_rows`): what it does not take, the database does."""

    def find(self, table: Table, key: Values) -> list[Any] | None: ...
    def add(self, table: Table, new: Values) -> bool: ...
    def put(self, table: Table, key: Values, row: Values, new: Values) -> bool: ...
    def change(self, table: Table, key: Values, row: Values) -> bool: ...
    def remove(self, table: Table, key: Values) -> bool: ...
    def write(self) -> None: ...


def gathered(connection: Connection) -> Gathered | None:
    """What gathers the rows of this transaction, if anything does."""
    rows: Gathered | None = connection.info.get(GATHERED)
    return rows


class Prepared:
    """A statement whose parameters have names. `columns` are those that an insert writes or an update sets, as parameters of their names.

    Errors are SQLAlchemy's, as if it had executed the statement; where a greenlet is ended meanwhile, its connection is closed.
    """

    def __init__(self, statement: Executable, columns: Collection[str] = ()) -> None:
        self.statement: Any = statement
        self.columns = list(columns) or None
        self._compiled: dict[str, Compiled] = {}

    def run(self, connection: Connection, parameters: Mapping[str, object] = NONE) -> int:
        """Execute it; how many rows it has written."""
        compiled = self._compiled_for(connection.dialect)
        return int(self._drive(connection, compiled, "execute", compiled.bound(parameters)).rowcount)

    def run_each(self, connection: Connection, rows: Iterable[Mapping[str, object]]) -> None:
        """Execute it for each of many rows."""
        compiled = self._compiled_for(connection.dialect)
        bound = [compiled.bound(row) for row in rows]
        how, values = ("executemany", bound) if len(bound) != 1 else ("execute", bound[0])
        self._drive(connection, compiled, how, values)

    def rows(self, connection: Connection, parameters: Mapping[str, object] = NONE) -> list[Any]:
        """The rows as named tuples."""
        compiled = self._compiled_for(connection.dialect)
        return compiled.read(self._drive(connection, compiled, "execute", compiled.bound(parameters), reads=True))

    def first(self, connection: Connection, parameters: Mapping[str, object] = NONE) -> Any:
        """The first row, or None."""
        return next(iter(self.rows(connection, parameters)), None)

    def _compiled_for(self, dialect: Dialect) -> "Compiled":
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = Compiled(self.statement, self.columns, dialect)
        return compiled

    def _drive(
        self, connection: Connection, compiled: "Compiled", how: str, values: Any, *, reads: bool = False
    ) -> Any:
        """The driver's cursor, or with `reads` its rows."""
        if not connection.in_transaction():  # SQLite would commit it at once, PostgreSQL undo it later
            raise InvalidRequestError("a prepared statement needs a transaction, and begins none")
        if rows := gathered(connection):
            rows.write()
        driver: Any = connection.connection.driver_connection
        try:
            cursor = driver.cursor()
            getattr(cursor, how)(compiled.text, values)
            return cursor.fetchall() if reads else cursor
        except connection.dialect.loaded_dbapi.Error as error:
            connection._handle_dbapi_exception(error, compiled.text, None, None, None)  # noqa: SLF001 - who raises its errors
        except BaseException as error:
            engines.close_if_broken_off(connection, error)
            raise


class Compiled:
    """A statement in the words of one kind of database, with how its values go in and come out."""

    def __init__(self, statement: Any, columns: list[str] | None, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
        if compiled.post_compile_params or compiled.literal_execute_params:
            raise ValueError("a statement whose text depends on its values cannot be prepared")
        self.text: str = compiled.string
        self._order: list[str] | None = compiled.positiontup
        defaults = {one.key: one.default.arg for one in compiled.insert_prefetch}
        self._values: dict[str, Any] = {**compiled.construct_params(_check=False), **defaults}
        into = {name: type_of(bind, dialect).bind_processor(dialect) for bind, name in compiled.bind_names.items()}
        self._into = {name: process for name, process in into.items() if process}
        selected = getattr(statement, "selected_columns", ())
        self._row = make_tuple("Row", [one.key for one in selected], rename=True)
        out = [type_of(one, dialect).result_processor(dialect, None) for one in selected]
        self._out = [(index, process) for index, process in enumerate(out) if process]

    def bound(self, parameters: Mapping[str, object]) -> Any:
        """The parameters as the driver takes them."""
        values = {**self._values, **parameters}
        for name, process in self._into.items():
            values[name] = process(values[name])
        return values if self._order is None else [values[name] for name in self._order]

    def read(self, found: Collection[Any]) -> list[Any]:
        """The driver's rows with values as SQLAlchemy's types have them."""
        make = self._row._make
        if not self._out:
            return [make(row) for row in found]
        rows = [list(row) for row in found]
        for index, process in self._out:
            for row in rows:
                row[index] = process(row[index])
        return [make(row) for row in rows]


def type_of(element: Any, dialect: Dialect) -> Any:
    return element.type.dialect_impl(dialect)
