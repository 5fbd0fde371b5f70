"""The sides of appending: our log, one statement of the driver's own, and logs that keep order otherwise or not at all."""

import json
import multiprocessing
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import psycopg

from bench.implementations import sample_logs
from bench.implementations.sample_logs import AT
from shared.event_store import log as event_log
from shared.event_store.database import Database

Run = Callable[[int], list[float]]

COLUMNS = """stream text NOT NULL, version int NOT NULL, event_id uuid NOT NULL, type text NOT NULL,
data text NOT NULL, metadata text NOT NULL, recorded_at timestamptz NOT NULL,
UNIQUE (stream, version), UNIQUE (stream, event_id)"""
"""As our own table has them."""
COUNTED = f"""
CREATE TABLE counter (id int PRIMARY KEY, position bigint NOT NULL);
INSERT INTO counter VALUES (1, 0);
CREATE TABLE counted (position bigint PRIMARY KEY, {COLUMNS})
"""  # noqa: S608 - our own columns
UNORDERED = f"CREATE TABLE unordered (position bigserial PRIMARY KEY, {COLUMNS})"
INSERT_COUNTED = """
WITH head AS (UPDATE counter SET position = position + 1 RETURNING position)
INSERT INTO counted SELECT position, %s, %s, %s, %s, %s, %s, %s FROM head
"""
INSERT_MANY_COUNTED = """
WITH head AS (UPDATE counter SET position = position + %s RETURNING position)
INSERT INTO counted SELECT head.position - %s + n, %s, n, event_id, type, data, %s, %s
FROM head, unnest(%s::uuid[], %s::text[], %s::text[]) WITH ORDINALITY AS one (event_id, type, data, n)
"""
INSERT_UNORDERED = """
INSERT INTO unordered (stream, version, event_id, type, data, metadata, recorded_at) VALUES (%s, %s, %s, %s, %s, %s, %s)
"""


def timed(operation: Callable[[], object]) -> Run:
    """Run it so many times; the seconds of each."""

    def run(count: int) -> list[float]:
        latencies = []
        for _ in range(count):
            started = perf_counter()
            operation()
            latencies.append(perf_counter() - started)
        return latencies

    return run


@contextmanager
def ours(url: str, batch: int) -> Iterator[Run]:
    """Our log: a commit of so many events to a new stream."""
    with sample_logs.log_in(url) as (database, log):
        yield timed(lambda: append(database, log, batch))


def append(database: Database, log: event_log.EventLog, batch: int) -> None:
    stream, metadata, facts = f"renewal/{uuid4()}", sample_logs.metadata(), [sample_logs.fact() for _ in range(batch)]
    database.write(lambda connection: log.append(connection, stream, 0, facts, metadata, AT))


@contextmanager
def green_threads(url: str, writers: int) -> Iterator[Run]:
    """Our log, written by so many green threads of one service."""
    import eventlet  # noqa: PLC0415 - this side alone runs under it

    pool = eventlet.GreenPool(writers)
    with sample_logs.log_in(url) as (database, log):
        one = timed(lambda: append(database, log, 1))

        def run(count: int) -> list[float]:
            shares = [count // writers + (number < count % writers) for number in range(writers)]
            return [latency for latencies in pool.imap(one, shares) for latency in latencies]

        yield run


# ---------------------------------------------------------------- the limits


@contextmanager
def raw_postgresql(url: str, batch: int) -> Iterator[Run]:
    """One prepared statement a commit, with binary arrays where it has many events."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(COUNTED)
        cursor = connection.cursor(binary=batch > 1)
        yield timed((lambda: insert_one(cursor, INSERT_COUNTED)) if batch == 1 else lambda: insert_many(cursor, batch))


def insert_one(cursor: psycopg.Cursor[Any], statement: str) -> None:
    facts, metadata = row_texts()
    cursor.execute(statement, (f"renewal/{uuid4()}", 1, uuid4(), "RenewalWithdrawn", facts, metadata, AT))


def insert_many(cursor: psycopg.Cursor[Any], batch: int) -> None:
    ids, types, data = columns(batch)
    metadata = json.dumps(sample_logs.PLAIN_METADATA)
    cursor.execute(INSERT_MANY_COUNTED, (batch, batch, f"renewal/{uuid4()}", metadata, AT, ids, types, data))


def row_texts() -> tuple[str, str]:
    """An event and its metadata as JSON: what every log must at least write."""
    return json.dumps(sample_logs.PLAIN_FACT), json.dumps(sample_logs.PLAIN_METADATA)


def columns(batch: int) -> tuple[list[UUID], list[str], list[str]]:
    return (
        [uuid4() for _ in range(batch)],
        ["RenewalWithdrawn"] * batch,
        [json.dumps(sample_logs.PLAIN_FACT) for _ in range(batch)],
    )


@contextmanager
def raw_sqlite(url: str, batch: int) -> Iterator[Run]:
    """A counter row and the events in one transaction of the standard library's driver."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.executescript(COUNTED)
    yield timed(lambda: insert_sqlite(connection, batch))
    connection.close()


def insert_sqlite(connection: sqlite3.Connection, batch: int) -> None:
    stream, metadata, at = f"renewal/{uuid4()}", json.dumps(sample_logs.PLAIN_METADATA), str(AT)
    ids, types, data = columns(batch)
    connection.execute("BEGIN IMMEDIATE")
    (head,) = connection.execute("UPDATE counter SET position = position + ? RETURNING position", (batch,)).fetchone()
    connection.executemany(
        "INSERT INTO counted VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (head - batch + n, stream, n, ids[n - 1].hex, types[n - 1], data[n - 1], metadata, at)
            for n in range(1, batch + 1)
        ],
    )
    connection.execute("COMMIT")


@contextmanager
def processes(url: str, writers: int, ordered: bool) -> Iterator[Run]:
    """So many processes with a connection each, a row a commit: in the order of a counter's row, or in no order."""
    with psycopg.connect(plain(url), autocommit=True) as connection:
        connection.execute(COUNTED if ordered else UNORDERED)
    statement = INSERT_COUNTED if ordered else INSERT_UNORDERED
    with multiprocessing.Pool(writers, prepare, (plain(url), statement)) as pool:

        def run(count: int) -> list[float]:
            shares = [max(1, count // writers)] * writers
            return [latency for latencies in pool.map(insert_in_process, shares, chunksize=1) for latency in latencies]

        yield run


INSERTING: dict[str, Run] = {}
"""What a process of `processes` does."""


def prepare(url: str, statement: str) -> None:
    cursor = psycopg.connect(url, autocommit=True).cursor()
    INSERTING["run"] = timed(lambda: insert_one(cursor, statement))


def insert_in_process(count: int) -> list[float]:
    return INSERTING["run"](count)


def plain(url: str) -> str:
    """SQLAlchemy's URL as the driver has it."""
    return url.replace("+psycopg", "")
