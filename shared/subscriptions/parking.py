"""Parked events (a dead-letter queue that keeps order): one whose handler keeps failing, and all later ones of its partition key.

Only positions are stored, never payloads: a retry reads the log again, with handlers as they are then.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from shared.contract.envelope import Recorded
from shared.contract.seal import Delivery
from shared.event_store.database import Instant, is_unavailable
from shared.event_store.log import STREAM_LENGTH_MAX
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared
from shared.observability.log_format import describe
from shared.subscriptions.checkpoints import OtherVersionWrote
from shared.subscriptions.seal_check import SealBroken

PARKED_MAX = 1_000
"""Events parked on one subscription; beyond that more than single members are affected, and the subscription stops."""
ERROR_LENGTH_MAX = 500
RETRY_PAUSES_SECONDS = (0.1, 0.5, 2.0)
"""Between the attempts at an event whose handler fails; after the last one it is parked."""
ATTEMPTS = len(RETRY_PAUSES_SECONDS) + 1

T = TypeVar("T")

TABLES = MetaData()
PARKED = Table(
    "parked_events",
    TABLES,
    Column("source", String(40), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("partition_key", String(STREAM_LENGTH_MAX), nullable=False),
    Column("type", String(60), nullable=False),
    Column("error", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("digest", String(64), nullable=False),
    Index("parked_partitions", "source", "partition_key", "position"),
)
DROPPED = Table(
    "dropped_events",
    TABLES,
    Column("source", String(40), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("partition_key", String(STREAM_LENGTH_MAX), nullable=False),
    Column("error", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("dropped_by", String(60), nullable=False),
    Column("dropped_at", Instant, nullable=False),
)

PARTITION_KEYS = Prepared(select(PARKED.c.partition_key).where(PARKED.c.source == bindparam("of")).distinct())


class SubscriptionFull(Exception):  # noqa: N818 - a state that an operator must repair
    """So many events are parked that the subscription stops instead of parking more."""


class ParkingFailed(Exception):  # noqa: N818 - a state that an operator must repair
    """An event can be neither applied nor parked: the subscription stops before it until that is repaired."""


class Identity(Protocol):
    """By which an event of a source is known again: its position, and the digest of its message."""

    @property
    def source(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True)
class Parked:
    """One parked event; `error` is empty where it only waits behind another."""

    source: str
    position: int
    partition_key: str
    type: str
    error: str
    attempts: int
    recorded_at: datetime
    """When the source recorded it."""
    digest: str
    """Of its message, by which a retry knows that the source answers with the same event."""


def partition_key_of(recorded: Recorded) -> str:
    """The partition key of an event: its stream's category and id, such as `renewal/0123456` of `renewal/0123456/1405`."""
    return "/".join(recorded.stream.split("/")[:2])


def pull_again(pull: Callable[[int, int], Sequence[Delivery]], known: Identity) -> Delivery:
    """The very event that was parked or noted, from its source again; `SealBroken` where the source has another."""
    for delivery in pull(known.position - 1, 1)[:1]:
        if (delivery.position, delivery.digest) == (known.position, known.digest):
            return delivery
    raise SealBroken(f"{known.source} {known.position} is not the event that was parked or noted")


def apply_or_park(attempt: Callable[[str], T], name: str, pause: Callable[[float], None]) -> T:
    """Apply an event by `attempt("")`, again after each pause; after the last failure, park it by `attempt(failure)`."""
    failure = ""
    for seconds in (*RETRY_PAUSES_SECONDS, None):
        try:
            return attempt("")
        except Exception as error:
            if is_not_the_events(error):
                raise
            failure = describe(error)
        if seconds is not None:
            pause(seconds)
    try:
        return attempt(failure)
    except Exception as error:
        if is_not_the_events(error):
            raise
        raise ParkingFailed(f"{name} can neither be applied nor parked: {describe(error)}") from error


def is_not_the_events(error: Exception) -> bool:
    """Whether an event is no reason for an error: it could be applied in a moment, or when somebody has made room."""
    return isinstance(error, SubscriptionFull | OtherVersionWrote) or is_unavailable(error)


def partition_keys(connection: Connection, source: str) -> set[str]:
    """The partition keys of a source with parked events."""
    return {row.partition_key for row in PARTITION_KEYS.rows(connection, {"of": source})}


def park(connection: Connection, recorded: Delivery, error: str) -> bool:
    """Park an event behind others, or for the error of its own last attempt; or raise `SubscriptionFull`; False when another copy already has."""
    if count(connection, recorded.source) >= PARKED_MAX:
        raise SubscriptionFull(recorded.source)
    row = {
        "source": recorded.source,
        "position": recorded.position,
        "partition_key": partition_key_of(recorded),
        "type": recorded.type,
        "error": storable(error),
        "attempts": ATTEMPTS if error else 0,
        "recorded_at": recorded.recorded_at,
        "digest": recorded.digest,
    }
    return upsert.add(connection, PARKED, row)


def storable(error: str) -> str:
    """An error's text as every database can store it: no lone surrogate and no control character."""
    legible = error[:ERROR_LENGTH_MAX].encode(errors="replace").decode()
    return "".join(letter if letter.isprintable() else "?" for letter in legible)


def count(connection: Connection, source: str) -> int:
    """How many events of a source are parked."""
    return connection.execute(select(func.count()).where(PARKED.c.source == source)).scalar_one()


def list_parked(connection: Connection, source: str | None = None, partition_key: str | None = None) -> list[Parked]:
    """The parked events in order; of one source or one partition key where they are given."""
    query = select(PARKED).order_by(PARKED.c.source, PARKED.c.position)
    if source is not None:
        query = query.where(PARKED.c.source == source)
    if partition_key is not None:
        query = query.where(PARKED.c.partition_key == partition_key)
    return [Parked(*row) for row in connection.execute(query)]


def first(connection: Connection, source: str, partition_key: str) -> Parked | None:
    """The first parked event of a partition key."""
    of_key = select(PARKED).where(PARKED.c.source == source, PARKED.c.partition_key == partition_key)
    row = connection.execute(of_key.order_by(PARKED.c.position).limit(1)).first()
    return Parked(*row) if row else None


def release(connection: Connection, source: str, position: int) -> bool:
    """Delete a parked event; False when another copy already has, so that it is neither applied twice nor dropped as well."""
    deletion = delete(PARKED).where(PARKED.c.source == source, PARKED.c.position == position)
    return connection.execute(deletion).rowcount == 1


def failed_again(connection: Connection, parked: Parked, error: str) -> bool:
    """Record that a retry failed too; False when the event is no longer parked."""
    same = (PARKED.c.source == parked.source, PARKED.c.position == parked.position)
    again = {"error": storable(error), "attempts": PARKED.c.attempts + 1}
    return connection.execute(update(PARKED).where(*same).values(again)).rowcount == 1


def drop(connection: Connection, parked: Parked, reason: str, by: str, at: datetime) -> bool:
    """Drop a parked event for ever, and record by whom and why; False when it is no longer parked."""
    if not release(connection, parked.source, parked.position):
        return False
    same = {name: getattr(parked, name) for name in ("source", "position", "partition_key", "error")}
    connection.execute(insert(DROPPED).values(**same, reason=reason, dropped_by=by, dropped_at=at))
    return True
