"""Connections that only read, kept open from one read to the next: taking one from SQLAlchemy's pool takes longer than many a query."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from sqlalchemy import Connection, Engine

from shared.event_store.sql import engines

KEPT_MAX = 4
"""Of those that nobody uses: the pool, which has others to serve, counts them as taken."""


class Readers:
    """Read transactions of an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(**engines.reading(engine.dialect))
        self._idle: list[tuple[Connection, float]] = []
        """Each since when."""

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection within a transaction; after an error it is not used again."""
        connection = self._take()
        is_kept = False
        try:
            with connection.begin():
                yield connection
            is_kept = len(self._idle) < KEPT_MAX
        finally:
            if is_kept:
                self._idle.append((connection, monotonic()))
            else:
                connection.close()

    def close_idle(self) -> None:
        """Close all that nobody uses, also those in the engine's pool."""
        while one := self._pop():
            one[0].close()
        self._engine.dispose()

    def replace(self, lost: Connection) -> None:
        """Close a connection that was lost while idle, and all idle ones with it: they are as old, and would time out as well."""
        self._engine.pool._invalidate(lost.connection)  # noqa: SLF001 - the pool replaces its own at their next checkout
        lost.close()
        while one := self._pop():
            one[0].invalidate()
            one[0].close()

    def _take(self) -> Connection:
        if one := self._pop():
            connection, since = one
            if monotonic() - since < engines.IDLE_SECONDS or engines.is_alive(connection):
                return connection
            self.replace(connection)
        return self._engine.connect()

    def _pop(self) -> tuple[Connection, float] | None:
        """In one step: threads read too."""
        try:
            return self._idle.pop()
        except IndexError:
            return None
