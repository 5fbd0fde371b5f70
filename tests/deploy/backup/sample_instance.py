"""The folder of a stopped standalone instance with sealed logs and followers, made without running one."""

import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Connection, insert, update

from deploy.backup import snapshots
from deploy.containers import secrets
from deploy.databases import STORES, migrate
from shared.contract.auth import events
from shared.contract.base import Event
from shared.contract.envelope import Recorded
from shared.contract.seal import GENESIS, signed_text
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.event_store.seals import insert_seals, last_seal
from shared.keys import Keys
from shared.messaging.relay import sealed_messages
from shared.services import SOURCES
from shared.settings import Settings
from shared.subscriptions.checkpoints import CHECKPOINTS
from tests.support import sample_log

RELEASES = Path(__file__).parents[2] / "migrations" / "data"
AT = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
MEMBER, OTHER = "3412001", "3412002"
SECRETS = {"page-secret": "of the pages", "webhook-secret": "whsec_b2YgdGhlIGJhbms="}


def nothing(_connection: Connection, _recorded: Recorded) -> None:
    """Of no projection."""


RENEWAL = EventLog("renewal", nothing)
AUTH = EventLog("auth", nothing)


def make(var: Path, events_of_renewal: int = 5) -> Settings:
    """Keys, secrets and databases: `renewal` has sealed events, which payment follows."""
    settings = Settings(var=var)
    var.mkdir()
    secrets.make_keys(settings.keys_folder, secrets.KEY_HOLDERS)
    for name, content in SECRETS.items():
        (var / name).write_text(content)
    for program in snapshots.programs():
        (var / f"{program}.db").write_bytes(empty_database(program))
    for source in SOURCES:
        with closing(sqlite3.connect(var / f"{source}.db")) as database, database:
            database.execute("UPDATE log_head SET epoch = ?", (str(uuid4()),))
    append(settings, RENEWAL, f"renewal/{MEMBER}/1405", [sample_log.fact(MEMBER, n) for n in range(events_of_renewal)])
    follow(settings, "payment", "renewal")
    return settings


@cache
def empty_database(program: str) -> bytes:
    """The file of a database with its tables, which take longer to make than most tests; its log's epoch is not to be used twice."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(var=Path(folder))
        migrate(program, settings.database_of(program))
        with closing(open_database(settings, program)) as database:
            database.create_tables(STORES[program].projections)
        return (settings.var / f"{program}.db").read_bytes()


def of_release(var: Path, release: str) -> Settings:
    """The instance of a release's sample databases, whose seals are signed anew, since the keys of the sample are not there."""
    settings = Settings(var=var)
    var.mkdir()
    programs = {path.name.partition(".")[0] for path in (RELEASES / release).iterdir()}
    secrets.make_keys(settings.keys_folder, sorted({*programs, "gateway", secrets.COMMAND_LINE}))
    for program in sorted(programs):
        with closing(sqlite3.connect(var / f"{program}.db")) as database:
            database.executescript((RELEASES / release / f"{program}.sqlite.sql").read_text(encoding="utf-8"))
            database.execute("PRAGMA journal_mode = WAL")
    for source in programs.intersection(SOURCES) - {"capacity"}:  # it has kept a log since
        seal_anew(settings, source)
    return settings


def seal_anew(settings: Settings, source: str) -> None:
    """Sign each seal of a log with the key that is there."""
    sign = Keys(source, settings.keys_folder).sign
    with closing(sqlite3.connect(settings.var / f"{source}.db")) as database, database:
        for position, chain in database.execute("SELECT position, chain FROM seals").fetchall():
            signature = sign(signed_text(source, position, chain))
            database.execute("UPDATE seals SET signature = ? WHERE position = ?", (signature, position))


def open_database(settings: Settings, program: str) -> Database:
    return Database(settings.database_of(program))


def append(settings: Settings, log: EventLog, stream: str, facts: list[Event], *, sealed: bool = True) -> None:
    """Append to a stream, and seal as the relay does."""
    keys = Keys(log.source, settings.keys_folder)
    database = open_database(settings, log.source)

    def work(connection: Connection) -> None:
        seal = last_seal(connection)
        version = len(log.stream(connection, stream))
        log.append(connection, stream, version, facts, sample_log.metadata(), AT)
        if sealed:
            after, chain = (seal.position, seal.chain) if seal else (0, GENESIS)
            unsealed = log.read(connection, after, 1000)
            insert_seals(connection, [one.seal for one in sealed_messages(chain, unsealed, keys.sign) if one.seal])

    database.write(work)
    database.close()


def follow(settings: Settings, follower: str, source: str) -> None:
    """Move a follower's checkpoint to its source's last seal."""
    database = open_database(settings, source)
    with database.read() as connection:
        seal = last_seal(connection)
    database.close()
    assert seal is not None
    row = {"source": source, "position": seal.position, "chain": seal.chain}
    database = open_database(settings, follower)
    database.write(lambda connection: connection.execute(insert(CHECKPOINTS).values(row)))
    database.close()


def move_checkpoint(settings: Settings, follower: str, position: int, chain: str) -> None:
    """Put a follower's one checkpoint elsewhere."""
    database = open_database(settings, follower)
    row = {"position": position, "chain": chain}
    database.write(lambda connection: connection.execute(update(CHECKPOINTS).values(row)))
    database.close()


def execute(path: Path, *statements: str) -> None:
    """Change a database as no program does."""
    database = Database(f"sqlite:///{path.absolute()}")

    def work(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    database.write(work)
    database.close()


def erasure(member: str) -> events.MemberErased:
    return events.MemberErased(
        member=member,
        province="isfahan",
        cause="wish_of_member",
        requested_by="officer:admin",
        granted_by="officer:rahbar",
        erased_at=AT,
    )


def head(path: Path, log: EventLog = RENEWAL) -> int:
    database = Database(f"sqlite:///{path.absolute()}")
    try:
        with database.read() as connection:
            return log.head(connection)
    finally:
        database.close()
