"""The sides of a rebuild: the capacity service's own, and reading, parsing, folding into a dict and writing rows by the driver alone."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg
from pydantic_core import from_json
from sqlalchemy import Connection

from bench.implementations import member_histories
from bench.implementations.appends import plain
from deploy import memory
from services.capacity import startup
from services.capacity.service import CapacityService
from services.capacity.tables import state
from shared.contract.seal import GENESIS, Delivery, chained
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.event_store.sql import upsert
from shared.settings import Settings
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.checkpoints import CHECKPOINTS
from shared.subscriptions.replay import jobs, runner
from tests.support.seals import sealed

READ_AT_ONCE = 2_000
CREATE = """
CREATE TABLE {name} (member text PRIMARY KEY, province text NOT NULL, class text NOT NULL, year int NOT NULL,
jobs int NOT NULL, amount_rials bigint NOT NULL)
"""
Row = dict[str, Any]


class LogSource:
    """A source's log, read from its own database: without the broker, which is measured elsewhere."""

    def __init__(self, source: str, database: Database) -> None:
        self.source = source
        self.database = database
        self.log = EventLog(source, lambda _connection, _recorded: None)
        self.at, self.chain = 0, GENESIS

    def pull(self, after: int, limit: int) -> list[Delivery]:
        with self.database.read() as connection:
            events = self.log.read(connection, after, limit)
        if after != self.at:
            raise LookupError(f"{after} does not follow {self.at}")
        found = sealed(events, self.chain)
        if found:
            self.at, self.chain = found[-1].position, chained(self.chain, found)[-1]
        return found


@contextmanager
def ours(url: str, sources: Mapping[str, str]) -> Iterator[Callable[[int], None]]:
    """A whole rebuild as operators start it in a program: read, stored, derived, compared with the live rows, switched."""
    memory.collect_less()
    database = Database(url)
    database.create_tables(*state.TABLES, checkpoints.TABLES, parking.TABLES)
    startup.record_policies(Records(database, None), Settings(), datetime.now(UTC))
    with member_histories.opened(sources) as logs:
        for name, log in logs.items():
            database.write(partial(say_all_is_followed, source=name, log=log))

        def run(_count: int) -> None:
            rebuild = uuid4()
            database.write(lambda connection: jobs.start(connection, rebuild, "officer:admin", now()))
            job = jobs.Job(database, rebuild, check=False, now=now)
            followed = [LogSource(name, log) for name, log in logs.items()]
            runner.run(job, CapacityService.projections, followed, lambda _seconds: None)
            with database.read() as connection:
                ended = jobs.newest(connection, now())
            if ended.status != "switched":
                raise RuntimeError(f"the rebuild has {ended.status}: {ended.error}")

        yield run
    database.close()


def say_all_is_followed(connection: Connection, source: str, log: Database) -> None:
    """A rebuild makes rows of what the subscriptions have applied; here it is the first to make any."""
    with log.read() as of_source:
        position = EventLog(source, lambda _connection, _recorded: None).head(of_source)
    upsert.put(connection, CHECKPOINTS, {"source": source}, {"position": position, "chain": GENESIS})


def now() -> datetime:
    return datetime.now(UTC)


# ---------------------------------------------------------------- the limit


@contextmanager
def raw_postgresql(url: str, sources: Mapping[str, str]) -> Iterator[Callable[[int], None]]:
    """A cursor on the server's side, and COPY."""
    with ExitStack() as stack:
        logs = [stack.enter_context(psycopg.connect(plain(one))) for one in sources.values()]
        target = stack.enter_context(psycopg.connect(plain(url)))

        def run(_count: int) -> None:
            found: dict[str, Row] = {}
            for log in logs:
                with log.cursor(name="events") as cursor:
                    cursor.itersize = READ_AT_ONCE
                    fold(cursor.execute("SELECT type, data FROM events ORDER BY position"), found)
            with target.cursor() as cursor:
                cursor.execute("DROP TABLE IF EXISTS folded")
                cursor.execute(CREATE.format(name="folded"))
                with cursor.copy("COPY folded FROM STDIN") as copy:
                    for member, row in found.items():
                        copy.write_row((member, *row.values()))
            target.commit()

        yield run


@contextmanager
def raw_sqlite(url: str, sources: Mapping[str, str]) -> Iterator[Callable[[int], None]]:
    """The standard library's driver, and executemany."""
    logs = [sqlite3.connect(one.removeprefix("sqlite:///")) for one in sources.values()]
    target = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    target.execute("PRAGMA journal_mode = WAL")
    target.execute("PRAGMA synchronous = FULL")

    def run(_count: int) -> None:
        found: dict[str, Row] = {}
        for log in logs:
            fold(log.execute("SELECT type, data FROM events ORDER BY position"), found)
        target.execute("BEGIN IMMEDIATE")
        target.execute("DROP TABLE IF EXISTS folded")
        target.execute(CREATE.format(name="folded"))
        rows = ((member, *row.values()) for member, row in found.items())
        target.executemany("INSERT INTO folded VALUES (?, ?, ?, ?, ?, ?)", rows)
        target.execute("COMMIT")

    yield run


def fold(texts: Any, found: dict[str, Row]) -> None:
    """One dict a member; what a program without classes would do."""
    for kind, text in texts:
        data = from_json(text)
        row = found.get(data["member"])
        if row is None:
            row = found[data["member"]] = {"province": "", "class": "", "year": 0, "jobs": 0, "amount": 0}
        if kind == "MemberEnrolled":
            row["province"], row["class"] = data["province"], data["licence"]["member_class"]
        elif kind == "RenewalApproved":
            row["year"], row["jobs"] = data["year"], len(data["jobs"])
        elif kind == "PaymentConfirmed":
            row["amount"] = data["amount_rials"]
