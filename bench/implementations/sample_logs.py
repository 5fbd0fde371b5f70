"""Made-up facts, and databases that hold them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from uuid import uuid4

from sqlalchemy import Connection, text

from shared.contract import base
from shared.contract.envelope import Metadata
from shared.contract.renewal import events
from shared.event_store import log as event_log
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.messaging import relay_cursor
from shared.subscriptions import checkpoints, parking

FILL_AT_ONCE = 1000
GENERATE_AT_ONCE = 50_000
"""Rows that one statement makes: more could take longer than a statement may."""
GENERATE = text("""
WITH moved AS (UPDATE log_head SET position = position + :count * cardinality(cast(:types AS text[]))
               RETURNING position - :count * cardinality(cast(:types AS text[])) AS head)
INSERT INTO events
SELECT head + n * cardinality(cast(:types AS text[])) + k,
       :stream || CASE WHEN :number THEN (:first + n)::text ELSE gen_random_uuid()::text END, k, gen_random_uuid(), type,
       replace(data, :placeholder, (:first + n)::text),
       CASE WHEN n % :every = 0 THEN replace(:metadata, :append, lpad(to_hex(:first + n + 1), 16, '0')) ELSE :others END, :at
FROM moved, generate_series(0, :count - 1) AS n,
     unnest(cast(:types AS text[]), cast(:data AS text[])) WITH ORDINALITY AS one (type, data, k)
ORDER BY n, k
""")
"""Streams with the same events, by the million: appending them would take as long as what is measured."""
AT = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
MEMBER = "0123456"
YEAR = 1405
PLAIN_FACT = {"member": MEMBER, "year": YEAR, "withdrawn_at": AT.isoformat()}
PLAIN_METADATA = {
    "correlation_id": str(uuid4()),
    "causation_id": str(uuid4()),
    "actor": f"member:{MEMBER}",
    "traceparent": "",
}
"""What an event and its metadata are as plain values, for the sides that do without our classes."""

APPEND = slice(36, 52)
"""Of a traceparent: the id of the append's span, which is another for each."""

LOG = EventLog("renewal", lambda _connection, _recorded: None)
"""A log without views: what an append alone costs."""


def fact(member: str = MEMBER) -> base.Event:
    return events.RenewalWithdrawn(member=member, year=YEAR, withdrawn_at=AT)


class Traced:
    """Of which traces the events are that are made up."""

    every = 0
    """Each so many-th is of a recorded trace, and the others of none; 0: all of none."""


def metadata(number: int = 0) -> Metadata:
    return Metadata(
        correlation_id=uuid4(), causation_id=uuid4(), actor=f"member:{MEMBER}", traceparent=traceparent(number)
    )


def traceparent(number: int) -> str:
    """What the append of the so many-th event leaves in it."""
    is_traced = Traced.every and number % Traced.every == 0
    return f"00-{uuid4().hex}-{uuid4().hex[:16]}-01" if is_traced else ""


@contextmanager
def log_in(url: str) -> Iterator[tuple[Database, EventLog]]:
    """A database with the engine's tables, and the log to write into it."""
    database = Database(url)
    database.create_tables(event_log.TABLES, relay_cursor.TABLES, checkpoints.TABLES, parking.TABLES)
    try:
        yield database, LOG
    finally:
        database.close()


def generate(  # noqa: PLR0913 - what an event has
    database: Database, facts: Sequence[base.Event], count: int, stream: str, first: int = 0, placeholder: str = ""
) -> None:
    """So many streams with these events. With a placeholder, each stream's number stands in its name and in its data."""
    traced = metadata(0)
    details = {
        "types": [type(one).__name__ for one in facts],
        "data": [one.model_dump_json() for one in facts],
        "stream": stream,
        "number": bool(placeholder),
        "placeholder": placeholder,
        "metadata": traced.model_dump_json(),
        "append": traced.traceparent[APPEND],
        "others": metadata(1).model_dump_json(),
        "every": Traced.every or 1,
        "at": AT,
    }
    for done in range(0, count, GENERATE_AT_ONCE):
        part = {**details, "first": first + done, "count": min(GENERATE_AT_ONCE, count - done)}
        with database.engine.begin() as connection:
            connection.execute(GENERATE, part)


def fill(database: Database, log: EventLog, events: int) -> None:
    """Append so many events, many a commit, each in a stream of its own as renewals are."""
    if database.engine.dialect.name == "postgresql":
        generate(database, [fact()], events, "renewal/")
        return

    def work(connection: Connection, numbers: range) -> None:
        for number in numbers:
            log.append(connection, f"renewal/{uuid4()}", 0, [fact()], metadata(number), AT)

    for done in range(0, events, FILL_AT_ONCE):
        database.write(partial(work, numbers=range(done, min(done + FILL_AT_ONCE, events))))
