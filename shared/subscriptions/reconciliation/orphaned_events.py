"""Orphaned events: own events whose cause was an event that its source has lost in a restore; each is a case for a person until it is settled."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger, Column, Connection, RowMapping, String, Table, Text, Uuid, func, select, update

from shared.contract.envelope import Metadata
from shared.event_store.database import Instant
from shared.event_store.log import EVENTS, STREAM_LENGTH_MAX
from shared.event_store.sql import upsert
from shared.subscriptions import parking

CLOCKS_DIFFER_MAX = timedelta(days=1)
"""By so much a source's clock may be ahead, as of two time zones: what was recorded earlier is not searched for lost causes."""

ORPHANED = Table(
    "orphaned_events",
    parking.TABLES,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("stream", String(STREAM_LENGTH_MAX), nullable=False),
    Column("type", String(60), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("correlation_id", Uuid, nullable=False),
    Column("source", String(40), nullable=False),
    Column("cause", Uuid, nullable=False),
    Column("found_by", String(60), nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("settled_by", String(60), nullable=False, server_default=""),
    Column("settled_at", Instant),
    Column("reason", Text, nullable=False, server_default=""),
    info={"privileges": "SELECT, INSERT, UPDATE"},
)
"""By their position in the program's own log; `settled_at` is NULL while a case is open."""


@dataclass(frozen=True)
class Reaction:
    """An own event that followed from an event of a source."""

    position: int
    stream: str
    type: str
    recorded_at: datetime
    correlation_id: UUID
    cause: UUID


def reactions(connection: Connection, types: Collection[str], since: datetime | None) -> list[Reaction]:
    """The reactions, by their types, to what a source recorded after an instant; to all that it ever did without one."""
    if not types:
        return []
    columns = (EVENTS.c.position, EVENTS.c.stream, EVENTS.c.type, EVENTS.c.recorded_at, EVENTS.c.metadata)
    query = select(*columns).where(EVENTS.c.type.in_(types)).order_by(EVENTS.c.position)
    if since is not None:
        query = query.where(EVENTS.c.recorded_at >= since - CLOCKS_DIFFER_MAX)
    found = []
    for position, stream, kind, at, text in connection.execute(query):
        caused = Metadata.model_validate_json(text)
        found.append(Reaction(position, stream, kind, at, caused.correlation_id, caused.causation_id))
    return found


def open_cases(connection: Connection, source: str, orphaned: Iterable[Reaction], by: str, at: datetime) -> None:
    """Put orphaned events before a person; one that was settled before stays so."""
    for one in orphaned:
        upsert.add(connection, ORPHANED, {**asdict(one), "source": source, "found_by": by, "found_at": at})


def page(connection: Connection, limit: int, offset: int) -> tuple[Sequence[RowMapping], int]:
    """A page of all cases, the open ones first, and how many there are."""
    total = connection.execute(select(func.count()).select_from(ORPHANED)).scalar_one()
    query = select(ORPHANED).order_by(ORPHANED.c.settled_at.is_not(None), ORPHANED.c.position)
    return connection.execute(query.limit(limit).offset(offset)).mappings().all(), total


def settle(connection: Connection, position: int, reason: str, by: str, at: datetime) -> bool:
    """Close a case; False where none is open."""
    this = (ORPHANED.c.position == position, ORPHANED.c.settled_at.is_(None))
    settled = update(ORPHANED).where(*this).values(reason=reason, settled_by=by, settled_at=at)
    return connection.execute(settled).rowcount == 1
