"""PostgreSQL connections with timeouts on both sides, so that a half-open one ends and its locks are released."""

from time import monotonic
from typing import Any

import psycopg
from psycopg import errors
from sqlalchemy import URL, Engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from shared.event_store.sql import engines

CONNECT_SECONDS_MAX = 5
ANSWER_SECONDS_MAX = 15
"""How long one statement may take in total, unless its connection says otherwise; after that the connection is closed."""
IDLE_IN_TRANSACTION_SECONDS_MAX = 30
"""Longer than the relay waits for confirms; a lost program holds its locks no longer than this."""
KEEPALIVE_IDLE_SECONDS = 10
KEEPALIVE_INTERVAL_SECONDS = 5
KEEPALIVE_COUNT = 3

SERVER_SIDE = {
    "idle_in_transaction_session_timeout": f"{IDLE_IN_TRANSACTION_SECONDS_MAX}s",
    "tcp_keepalives_idle": KEEPALIVE_IDLE_SECONDS,
    "tcp_keepalives_interval": KEEPALIVE_INTERVAL_SECONDS,
    "tcp_keepalives_count": KEEPALIVE_COUNT,
    "tcp_user_timeout": f"{ANSWER_SECONDS_MAX}s",
}
"""Session settings, without which the server would hold a lost session for hours."""

SETTINGS = {
    "connect_timeout": CONNECT_SECONDS_MAX,
    "keepalives_idle": KEEPALIVE_IDLE_SECONDS,
    "keepalives_interval": KEEPALIVE_INTERVAL_SECONDS,
    "keepalives_count": KEEPALIVE_COUNT,
    "tcp_user_timeout": 1_000 * ANSWER_SECONDS_MAX,
    "options": " ".join(f"-c {name}={value}" for name, value in SERVER_SIDE.items()),
}
"""libpq's own connection parameters, and through `options` the server's settings."""


class Connection(psycopg.Connection[Any]):
    """A connection whose every wait has a limit; one that reached it is closed, because the answer may still come."""

    answer_seconds_max: float = ANSWER_SECONDS_MAX

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait as psycopg does, at most `answer_seconds_max` where no timeout is given."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.answer_seconds_max)
        except errors._WaitTimeout:  # noqa: SLF001 - psycopg's own class, an OperationalError, documented at its `wait`
            self.close()
            raise


def connect(_dialect: object, _record: object, arguments: list[Any], parameters: dict[str, Any]) -> Connection:
    """SQLAlchemy's `do_connect`, with these connections."""
    return Connection.connect(*arguments, **{**SETTINGS, **parameters})


def to_primary(url: str) -> URL:
    """The URL, by which of several servers only the one that takes writes is connected to."""
    parsed = make_url(url)
    if engines.has_standby(parsed):
        return parsed.update_query_dict({"target_session_attrs": "read-write"})
    return parsed


def replace_when_lost(engine: Engine) -> None:
    """Make the engine's pool replace connections that were lost while idle."""
    event.listen(engine, "checkin", note_idle)
    event.listen(engine, "checkout", replace_lost)


def note_idle(_driver: object, entry: ConnectionPoolEntry) -> None:
    entry.info["idle_since"] = monotonic()


def replace_lost(driver: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
    if monotonic() - entry.info.get("idle_since", monotonic()) < engines.IDLE_SECONDS:
        return
    if not responds(driver):
        raise InvalidatePoolError  # other idle connections are as old, and would time out as well


def responds(driver: Any) -> bool:
    """Whether the server still answers on an idle connection."""
    try:
        driver.execute("SELECT 1")
        driver.rollback()
    except psycopg.Error:
        return False
    return True
