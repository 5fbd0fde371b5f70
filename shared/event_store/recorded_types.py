"""The register of a log's event types, by which a program that starts finds what a later version has recorded, without reading the log.

Each version of the program that starts adds the types, and the versions of their data, that it may record. Only after that
can there be any of them, so an older version looks for those that it does not know from there on.
"""

from collections.abc import Collection, Sequence
from functools import partial

from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, literal, select

from shared.contract import upcasting
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.event_store import log
from shared.event_store.database import Database
from shared.event_store.log import EVENTS, EventLog
from shared.event_store.sql import upsert
from shared.event_store.sql.privileges import APPEND_ONLY

TYPES = Table(
    "event_types",
    log.TABLES,
    Column("type", String(60), primary_key=True),
    Column("schema_version", Integer, primary_key=True, autoincrement=False),
    Column("after", BigInteger, nullable=False),
    info=APPEND_ONLY,
)
"""`after` is the log's head when a program that knows the type first started."""


def register(database: Database, event_log: EventLog, *, rollback_possible: bool = False) -> None:
    """Add what this version of the program may record, and mark in the log what a later one has.

    With `rollback_possible` nothing is added to what an earlier version has registered, and nothing else may be recorded.
    """
    own = {
        (name, newest) for name, newest in upcasting.NEWEST.items() if upcasting.EVENTS[name].source == event_log.source
    }
    with database.read() as connection:
        head = event_log.head(connection)
        registered = [(name, version, after) for name, version, after in connection.execute(select(TYPES))]
        for name, version, after in registered:
            if not upcasting.is_known(name, version) and is_recorded(connection, name, version, after):
                event_log.mark_unknown(name, version)
    if rollback_possible and registered:
        event_log.recordable = partial(recordable, frozenset(name for name, *_ in registered))
        return
    rows = [
        {"type": name, "schema_version": version, "after": head}
        for name, version in sorted(own - {(name, version) for name, version, _ in registered})
    ]
    if rows:
        database.write(lambda writing: [upsert.add(writing, TYPES, row) for row in rows])


def is_recorded(connection: Connection, name: str, version: int, after: int) -> bool:
    """Whether the log holds such an event."""
    query = select(literal(1)).where(EVENTS.c.position > after, EVENTS.c.type == name)
    if version > 1:
        query = query.where(EVENTS.c.data.contains(f'"{upcasting.FIELD}":{version}'))
    return connection.execute(query.limit(1)).first() is not None


def recordable(types: Collection[str], events: Sequence[Event]) -> Sequence[Event]:
    """The events of these types; the others must be optional, or nothing is recorded: `UPGRADE_UNFINISHED`."""
    found = [event for event in events if type(event).__name__ in types]
    if not all(event.is_optional for event in events if event not in found):
        raise Refused(Reason.UPGRADE_UNFINISHED)
    return found
