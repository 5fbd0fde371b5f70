"""The sides of a rebuild: the capacity service's own, and reading, parsing, folding into a dict and writing rows by the driver alone."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
from pydantic_core import from_json

from bench.implementations import member_histories
from bench.implementations.appends import plain
from services.capacity import startup
from services.capacity.replay import jobs, runner
from services.capacity.tables import state
from shared.contract.capacity import commands
from shared.contract.seal import GENESIS, Delivery, chained
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.settings import Settings
from shared.subscriptions import checkpoints, parking
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
        self.head, self.at, self.chain = 0, 0, GENESIS

    def pull(self, after: int, limit: int) -> list[Delivery]:
        with self.database.read() as connection:
            self.head = self.log.head(connection)
            events = self.log.read(connection, after, limit)
        if after != self.at:  # a look at the head
            return sealed(events)
        found = sealed(events, self.chain)
        if found and limit > 1:
            self.at, self.chain = found[-1].position, chained(self.chain, found)[-1]
        return found


@contextmanager
def ours(url: str, sources: Mapping[str, str]) -> Iterator[Callable[[int], None]]:
    """A whole rebuild as operators start it: read, stored, derived, compared with the live rows, switched."""
    database = Database(url)
    database.create_tables(*state.TABLES, checkpoints.TABLES, parking.TABLES)
    startup.record_policies(Records(database, None), Settings(), datetime.now(UTC))
    with member_histories.opened(sources) as logs:

        def run(_count: int) -> None:
            command = commands.RebuildCapacity(
                id=uuid4(), deadline=now() + timedelta(minutes=1), at=now(), actor="officer:admin", check=False
            )
            database.write(lambda connection: jobs.start(connection, command))
            job = jobs.Job(database, command.id, command.check, now)
            runner.run(job, [LogSource(name, log) for name, log in logs.items()], lambda _seconds: None)
            with database.read() as connection:
                ended = jobs.newest(connection, now())
            if ended.status != "switched":
                raise RuntimeError(f"the rebuild has {ended.status}: {ended.error}")

        yield run
    database.close()


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
