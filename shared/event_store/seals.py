"""The seals of a program's own log: the signed hash chain of its events, as the relay has published them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger, Column, Connection, String, Table, bindparam, select

from shared.contract.bounds import POSITION_MAX
from shared.contract.envelope import Recorded
from shared.event_store import log
from shared.event_store.log import EventLog
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared
from shared.event_store.sql.privileges import APPEND_ONLY

SEALS = Table(
    "seals",
    log.TABLES,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("chain", String(64), nullable=False),
    Column("signature", String(88), nullable=False),
    info=APPEND_ONLY,
)


class Seal(NamedTuple):
    """The signature in Base64 over the chain at a position."""

    position: int
    chain: str
    signature: str


AFTER = select(SEALS).where(SEALS.c.position > bindparam("after"))
FIRST = Prepared(AFTER.order_by(SEALS.c.position).limit(1))
AT = Prepared(select(SEALS).where(SEALS.c.position == bindparam("at")))
LAST = Prepared(select(SEALS).order_by(SEALS.c.position.desc()).limit(1))
LAST_UP_TO = Prepared(AFTER.where(SEALS.c.position <= bindparam("up_to")).order_by(SEALS.c.position.desc()).limit(1))


def insert_seals(connection: Connection, seals: Sequence[Seal]) -> None:
    """Insert seals before their events are published; after a crash the same ones come again."""
    for seal in seals:
        upsert.add(connection, SEALS, seal._asdict())


def seal_at(connection: Connection, position: int) -> Seal | None:
    """The seal of the event at a position, where it carries one."""
    found = AT.first(connection, {"at": position})
    return Seal(*found) if found else None


def seals_between(connection: Connection, after: int, up_to: int) -> list[Seal]:
    """All seals after a position up to another."""
    query = select(SEALS).where(SEALS.c.position > after, SEALS.c.position <= up_to).order_by(SEALS.c.position)
    return [Seal(*row) for row in connection.execute(query)]


def last_seal(connection: Connection) -> Seal | None:
    """The newest seal; none of an empty log."""
    found = LAST.first(connection)
    return Seal(*found) if found else None


def sealed_page(
    connection: Connection, event_log: EventLog, after: int, limit: int
) -> tuple[list[Recorded], Seal | None]:
    """The sealed events after a position up to the last seal within `limit`, or else up to the first seal."""
    found = LAST_UP_TO.first(connection, {"after": after, "up_to": min(after + limit, POSITION_MAX)})
    found = found or FIRST.first(connection, {"after": after})
    if found is None:
        return [], None
    seal = Seal(*found)
    return event_log.read(connection, after, seal.position - after), seal
