"""Random alterations of a stored log by somebody who may do everything in its database, and whether `tamdid log verify` finds them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, MetaData, Table, delete, insert, text
from sqlalchemy.exc import DataError, IntegrityError

from clients.admin.transport.client import InternalError
from deploy.containers import secrets
from shared.contract.operations import queries
from shared.contract.operations.answers import RecordedEvents
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.seals import insert_seals
from shared.keys import Keys
from shared.messaging.relay import sealed_messages
from shared.messaging.relay_cursor import next_batch
from tests.clients.admin.fake_server import Tamdid
from tests.support.sample_log import LOG, append, database

SERVICE = "renewal"
MEMBERS = 12
EVENTS_EACH = 3
BATCH = 7
"""Events with one seal, so that there are several."""
ADMIN = Passport(principal_kind=PrincipalKind.OFFICER, subject="admin", roles=frozenset({Role.ADMIN}))
TEXTS = ("stream", "type", "data", "metadata", "event_id", "recorded_at")
Row = dict[str, Any]


@dataclass
class StoredLog:
    """A sealed log in a database of its own, and its rows as they are stored."""

    database: Database
    keys: Path

    def __post_init__(self) -> None:
        with self.database.engine.begin() as connection:
            for trigger in ("facts_stay_UPDATE", "facts_stay_DELETE"):
                if self.is_sqlite:
                    connection.execute(text(f"DROP TRIGGER {trigger}"))
            if not self.is_sqlite:
                connection.execute(text("ALTER TABLE events DISABLE TRIGGER ALL"))
        # as they are stored, without the types of our own tables
        stored = MetaData()
        stored.reflect(self.database.engine, only=["events", "seals", "log_head"])
        self.tables: dict[str, Table] = dict(stored.tables)
        with self.database.read() as connection:
            self.rows = {name: [dict(row) for row in self.select(connection, name)] for name in self.tables}

    @property
    def is_sqlite(self) -> bool:
        return self.database.engine.dialect.name == "sqlite"

    def select(self, connection: Connection, name: str) -> list[Any]:
        return list(connection.execute(text(f"SELECT * FROM {name} ORDER BY 1")).mappings())  # noqa: S608 - our own names

    def store(self, rows: dict[str, list[Row]]) -> None:
        """Put these rows in the place of all."""
        with self.database.engine.begin() as connection:
            for name, table in self.tables.items():
                connection.execute(delete(table))
                for row in rows[name]:
                    if self.is_sqlite:
                        names, marks = ", ".join(row), ", ".join(f":{column}" for column in row)
                        connection.execute(text(f"INSERT INTO {name} ({names}) VALUES ({marks})"), row)  # noqa: S608
                    else:
                        connection.execute(insert(table), row)

    def read(self, query: queries.ReadEvents) -> RecordedEvents:
        """The service's answer."""
        return Records(self.database, LOG).read_events(query, ADMIN)


def stored_log(url: str, keys: Path) -> StoredLog:
    """A log of some members, sealed in several batches as the relay does."""
    secrets.make_keys(keys, [SERVICE])
    made = database(url)
    for member in range(MEMBERS):
        append(made, f"{member:07}", 0, count=EVENTS_EACH)
    sign = Keys(SERVICE, keys).sign
    for _ in range(0, MEMBERS * EVENTS_EACH, BATCH):
        with next_batch(made, LOG, BATCH) as batch:
            assert batch is not None
            seals = [one.seal for one in sealed_messages(batch.chain, batch.events, sign) if one.seal]
            made.write(lambda connection, seals=seals: insert_seals(connection, seals))  # type: ignore[misc]
            batch.publish_confirmed(seals[-1])
    return StoredLog(made, keys)


def alter_bit(random: Random, log: StoredLog, rows: dict[str, list[Row]]) -> str:
    """One bit of one value of one event; where the database's type refuses that, another value of the type."""
    row = random.choice(rows["events"])
    column = random.choice([*TEXTS, "version"])
    value = row[column]
    if column == "version":
        row[column] = value ^ (1 << random.randrange(8))
    elif isinstance(value, str):
        place = random.randrange(len(value))
        flipped = chr(ord(value[place]) ^ (1 << random.randrange(7)))
        if not log.is_sqlite and flipped == "\0":
            flipped = "?"
        row[column] = value[:place] + flipped + value[place + 1 :]
    elif column == "event_id":
        row[column] = type(value)(int=value.int ^ (1 << random.randrange(128)))
    else:
        row[column] = value.replace(microsecond=value.microsecond ^ (1 << random.randrange(16)))
    return f"a bit of {column} at {row['position']}"


def delete_event(random: Random, _log: StoredLog, rows: dict[str, list[Row]]) -> str:
    row = rows["events"].pop(random.randrange(len(rows["events"])))
    return f"{row['position']} is deleted"


def close_gap(random: Random, _log: StoredLog, rows: dict[str, list[Row]]) -> str:
    """An event is deleted, and all later ones and the head move up."""
    at = random.randrange(len(rows["events"]))
    stream = rows["events"].pop(at)["stream"]
    for row in rows["events"][at:]:
        row["position"] -= 1
        row["version"] -= row["stream"] == stream
    rows["log_head"][0]["position"] -= 1
    return f"{at + 1} is deleted, and the gap closed"


def swap(random: Random, _log: StoredLog, rows: dict[str, list[Row]]) -> str:
    """Two events change their places."""
    one, other = random.sample(rows["events"], 2)
    one["position"], other["position"] = other["position"], one["position"]
    return f"{one['position']} and {other['position']} are swapped"


def truncate(random: Random, _log: StoredLog, rows: dict[str, list[Row]]) -> str:
    """The newest events are gone, and the head says so."""
    length = random.randrange(len(rows["events"]))
    del rows["events"][length:]
    rows["log_head"][0]["position"] = length
    return f"only {length} are left"


def add_event(random: Random, _log: StoredLog, rows: dict[str, list[Row]]) -> str:
    """An event that never happened, at the end, with a seal copied from another."""
    row = dict(random.choice(rows["events"]))
    position = len(rows["events"]) + 1
    row.update(position=position, stream=f"renewal/9{random.randrange(10**6):06}", version=1)
    rows["events"].append(row)
    rows["log_head"][0]["position"] = position
    rows["seals"].append(random.choice(rows["seals"]) | {"position": position})
    return f"{position} is added"


def move_seal(random: Random, _log: StoredLog, rows: dict[str, list[Row]]) -> str:
    """A seal with another one's signature."""
    one, other = random.sample(rows["seals"], 2)
    one["signature"], one["chain"] = other["signature"], other["chain"]
    return f"the seal at {one['position']} is that of {other['position']}"


ALTERATIONS: tuple[Callable[[Random, StoredLog, dict[str, list[Row]]], str], ...] = (
    alter_bit, alter_bit, alter_bit, delete_event, close_gap, swap, truncate, add_event, move_seal,
)  # fmt: skip


def not_found(log: StoredLog, count: int, seed: int) -> list[str]:
    """Which of so many alterations `tamdid log verify` does not find; the log is whole again afterwards."""
    random = Random(seed)  # noqa: S311 - no secret
    tamdid = Tamdid()
    tamdid.sign_in()
    tamdid.server.replies[f"{SERVICE}.read_events"] = answered(log)
    missed, tried = [], 0
    while tried < count:
        rows = {name: [dict(row) for row in table] for name, table in log.rows.items()}
        what = random.choice(ALTERATIONS)(random, log, rows)
        if rows == log.rows:
            continue
        try:
            log.store(rows)
        except (IntegrityError, DataError):
            continue  # the database itself does not store it
        tried += 1
        if verify(tamdid, log.keys) == 0:
            missed.append(what)
    log.store(log.rows)
    return missed


def answered(log: StoredLog) -> Callable[[Any], RecordedEvents]:
    def answer(query: queries.ReadEvents) -> RecordedEvents:
        try:
            return log.read(query)
        except ValueError as error:  # what the service can't read is an internal error to its caller
            raise InternalError(type(error).__name__, "0") from error

    return answer


def verify(tamdid: Tamdid, keys: Path, evidence: Path | None = None) -> int:
    """The exit code of `tamdid log verify`."""
    kept = ("--evidence", str(evidence)) if evidence else ()
    return tamdid("log", "verify", "--service", SERVICE, "--keys", str(keys), *kept).exit_code


def cut_off(log: StoredLog, events: int) -> dict[str, list[Row]]:
    """The rows of a log that ends after so many events, which are whole batches, as if nothing had ever followed."""
    rows = {name: [dict(row) for row in table if row.get("position", 0) <= events] for name, table in log.rows.items()}
    rows["log_head"] = [dict(row) | {"position": events} for row in log.rows["log_head"]]
    return rows


def seal_others_instead(log: StoredLog) -> None:
    """Append other events to what was cut off, until the log is longer than before, and seal them with the service's key."""
    chain, first = log.rows["seals"][1]["chain"], 2 * BATCH
    for member in range(MEMBERS):
        append(log.database, f"9{member:06}", 0, count=EVENTS_EACH)
    with log.database.read() as connection:
        events = LOG.read(connection, first, MEMBERS * EVENTS_EACH)
    seals = [one.seal for one in sealed_messages(chain, events, Keys(SERVICE, log.keys).sign) if one.seal]
    log.database.write(lambda connection: insert_seals(connection, seals))
