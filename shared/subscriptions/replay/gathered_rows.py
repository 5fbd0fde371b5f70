"""Rows gathered in memory while a batch of events is projected: many writes of a row become one, and many rows are written by one statement.

`by_key` and `upsert` write here what they write by a table's primary key. Whatever else is read or written on the connection finds
everything in the database: before it, and at the end, the rows are written there.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import ClauseElement, Connection, Table

from shared.contract.envelope import Recorded
from shared.event_store.database import is_unavailable
from shared.event_store.projection_versions import ProjectAll
from shared.event_store.sql import bulk, by_key, upsert
from shared.event_store.sql.prepared import GATHERED, gathered, make_tuple

Values = Mapping[str, Any]
Place = tuple[object, ...]
"""The values of a primary key."""
HOW = ("remove", "change", "put", "add")
"""In this order they are written, so that what is unique goes before it comes again."""
IN_A_ROW = 50
"""Events that are projected before others get their turn: they must not wait for long."""
TABLES_MAX = 100


class Row:
    """What is to become of the row of a key: `values` where it is not there, of which the `changed` ones where it is."""

    __slots__ = ("changed", "how", "values")

    def __init__(self, how: str, values: dict[str, Any], changed: Iterable[str] = ()) -> None:
        self.how, self.values, self.changed = how, values, dict.fromkeys(changed)

    def write(self, new: Values) -> None:
        """Write more of a row that is there by then."""
        self.values.update(new)
        if self.how != "add":
            self.changed.update(dict.fromkeys(new))


class Shape:
    """What is to be known of a table."""

    def __init__(self, table: Table) -> None:
        self.key = tuple(column.name for column in table.primary_key)
        self.names = tuple(table.columns.keys())
        self.defaults = {name: getattr(column.default, "arg", None) for name, column in table.columns.items()}
        self.row = make_tuple("Row", self.names, rename=True)

    def place(self, key: Values) -> Place | None:
        """Where the row of a key is gathered; None where the key is not the primary one."""
        try:
            return tuple([key[name] for name in self.key])
        except KeyError:
            return None

    def is_whole(self, row: Row) -> bool:
        """Whether all of a row is known, whatever is in the database."""
        return row.how == "add" or (row.how == "put" and len(row.changed) + len(self.key) == len(self.names))


shape_of = lru_cache(TABLES_MAX)(Shape)


class GatheredRows:
    """The rows of a transaction that are not written yet; a method that answers False, or None, has left its work to the database."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.info = connection.info  # a connection that is lost meanwhile would refuse to return it
        self.rows: defaultdict[Table, dict[Place, Row]] = defaultdict(dict)

    def find(self, table: Table, key: Values) -> list[Any] | None:
        shape = shape_of(table)
        place = shape.place(key)
        if place is None or len(key) != len(place):
            return None
        row = self.rows[table].get(place)
        if row is None:
            with self._set_aside():
                return by_key.finding(table, tuple(key)).rows(self.connection, by_key.of(key))
        if row.how == "remove":
            return []
        return [shape.row(*[row.values[name] for name in shape.names])] if shape.is_whole(row) else None

    def add(self, table: Table, new: Values) -> bool:
        shape = shape_of(table)
        place = shape.place(new)
        if place is None or place in self.rows[table]:
            return False
        self.rows[table][place] = Row("add", {**shape.defaults, **new})
        return True

    def put(self, table: Table, key: Values, row: Values, new: Values) -> bool:
        place, there = self._there(table, key)
        if place is None:
            return False
        if there is None:
            self.rows[table][place] = Row("put", {**key, **new, **row}, row)
            return True
        if there.how in ("add", "put"):
            there.write(row)
        return there.how in ("add", "put")

    def change(self, table: Table, key: Values, row: Values) -> bool:
        place, there = self._there(table, key)
        if place is None or any(isinstance(value, ClauseElement) for value in row.values()):
            return False
        if there is None:
            self.rows[table][place] = Row("change", {**key, **row}, row)
        elif there.how != "remove":
            there.write(row)
        return True

    def remove(self, table: Table, key: Values) -> bool:
        place, _ = self._there(table, key)
        if place is None:
            return False
        self.rows[table][place] = Row("remove", dict(key))
        return True

    def write(self) -> None:
        """Write what has been gathered, each table's rows in groups."""
        if not self.rows:
            return
        gathered, self.rows = self.rows, defaultdict(dict)
        for table, rows in gathered.items():
            groups: defaultdict[tuple[str, Place, Place], list[dict[str, Any]]] = defaultdict(list)
            for row in rows.values():
                groups[row.how, tuple(row.values), tuple(row.changed)].append(row.values)
            for group in sorted(groups, key=lambda group: HOW.index(group[0])):
                self._write(table, group, groups[group])

    def _write(self, table: Table, group: tuple[str, Any, Any], rows: list[dict[str, Any]]) -> None:
        how, names, changed = group
        key = shape_of(table).key
        if how == "add" and len(rows) > 1:
            bulk.insert(self.connection, table, rows)
        elif how == "add":
            by_key.adding(table, names).run(self.connection, rows[0])
        elif how == "put":
            upsert.putting(self.connection.dialect.name, table, key, changed, names).run_each(self.connection, rows)
        else:
            statement = by_key.changing(table, key, changed) if how == "change" else by_key.removing(table, key)
            statement.run_each(self.connection, [{**row, **{f"of_{name}": row[name] for name in key}} for row in rows])

    def _there(self, table: Table, key: Values) -> tuple[Place | None, Row | None]:
        place = shape_of(table).place(key)
        if place is None or len(key) != len(place):
            return None, None
        return place, self.rows[table].get(place)

    @contextmanager
    def _set_aside(self) -> Iterator[None]:
        """Within the block, statements find the database as it is."""
        del self.info[GATHERED]
        try:
            yield
        finally:
            self.info[GATHERED] = self


@contextmanager
def gathering(connection: Connection) -> Iterator[None]:
    """Within the block, rows are gathered; at its end they are written."""
    rows = GatheredRows(connection)
    rows.info[GATHERED] = rows
    try:
        yield
        rows.write()
    finally:
        del rows.info[GATHERED]


def at_once(project: ProjectAll, pause: Callable[[float], None] = lambda _seconds: None) -> ProjectAll:
    """Projects events with their rows gathered, letting others go first in between; where that fails, once more without, so that an error names its event."""

    def project_all(connection: Connection, events: Sequence[Recorded]) -> None:
        try:
            with connection.begin_nested(), gathering(connection):
                for start in range(0, len(events), IN_A_ROW):
                    if start:
                        pause(0)
                    project(connection, events[start : start + IN_A_ROW])
        except Exception as error:
            if is_unavailable(error):
                raise
            project(connection, events)

    return project_all


def write_gathered(connection: Connection, *_statement: object) -> None:
    """SQLAlchemy's `before_cursor_execute`: its own statements find the rows too."""
    if rows := gathered(connection):
        rows.write()
