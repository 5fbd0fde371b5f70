"""Timers (a durable queue of delayed work): what is to be done at an instant, a row each, which one copy of a program claims."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple

from sqlalchemy import (
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
    select,
    update,
)

from shared.event_store.database import Database, Instant
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared

TIMERS = Table(
    "timers",
    MetaData(),
    Column("kind", String(20), primary_key=True),
    Column("key", String(60), primary_key=True),
    Column("owner", String(20), nullable=False),
    Column("payload", Text, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Index("timers_due", "kind", "owner", "due_at"),
)
"""Copied by `to_metadata` into the tables of each program that arms timers."""

OF_KEY = (TIMERS.c.kind == bindparam("of_kind"), TIMERS.c.key == bindparam("of_key"))
FIND, CANCEL = Prepared(select(TIMERS).where(*OF_KEY)), Prepared(delete(TIMERS).where(*OF_KEY))
ARMED = select(TIMERS.c.key, TIMERS.c.due_at, TIMERS.c.payload).where(
    TIMERS.c.kind == bindparam("of_kind"), TIMERS.c.key.in_(bindparam("of_keys", expanding=True))
)
DUE = (TIMERS.c.kind == bindparam("of_kind"), TIMERS.c.due_at <= bindparam("at"))
OF_OWNER = TIMERS.c.owner == bindparam("of_owner")
DUE_OF_ALL = select(TIMERS).where(*DUE).order_by(TIMERS.c.due_at).limit(bindparam("most", type_=Integer))
DUE_OF_ANY, DUE_OF_OWNER = Prepared(DUE_OF_ALL), Prepared(DUE_OF_ALL.where(OF_OWNER))
OWNERS_DUE = Prepared(select(TIMERS.c.owner).where(*DUE).distinct().order_by(TIMERS.c.owner))
UNCLAIMED = (*OF_KEY, TIMERS.c.due_at == bindparam("was_due_at"), TIMERS.c.tries == bindparam("were_tries"))
CLAIM, CLAIM_LAST = (
    Prepared(update(TIMERS).where(*UNCLAIMED), ("due_at", "tries")),
    Prepared(delete(TIMERS).where(*UNCLAIMED)),
)
CLAIM_RECURRING = Prepared(
    update(TIMERS)
    .where(*OF_KEY, TIMERS.c.due_at <= bindparam("at"))
    .values(due_at=bindparam("next_at"), tries=TIMERS.c.tries + 1)
)


class Timer(NamedTuple):
    """A row: `owner` is whose claims find it, such as a bank; `tries` how often it was claimed since it was armed."""

    kind: str
    key: str
    owner: str
    payload: str
    due_at: datetime
    tries: int


NextAt = Callable[[Timer], datetime | None]
"""When a timer that is claimed now is due again unless it is cancelled; None where this is the last try."""


class Timers:
    """The timers of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def arm(self, connection: Connection, key: object, due_at: datetime, owner: str = "", payload: str = "") -> None:
        """Set the timer of a key, with no tries behind it."""
        row = {"owner": owner, "payload": payload, "due_at": due_at, "tries": 0}
        upsert.put(connection, TIMERS, {"kind": self.kind, "key": str(key)}, row)

    def cancel(self, connection: Connection, key: object) -> None:
        CANCEL.run(connection, self._of(key))

    def mark(self, connection: Connection, key: object, payload: str) -> None:
        """Change the payload of a key's timer, where it has one."""
        this = (TIMERS.c.kind == self.kind, TIMERS.c.key == str(key))
        connection.execute(update(TIMERS).where(*this).values(payload=payload))

    def armed(self, connection: Connection, keys: Iterable[object], payload: str | None = None) -> dict[str, datetime]:
        """Which of these keys have a timer, or one with a payload, each with the instant when it is due."""
        of_keys = [str(key) for key in keys]
        if len(of_keys) > 1:
            rows = connection.execute(ARMED, {"of_kind": self.kind, "of_keys": of_keys}).all()
        else:
            rows = [row for key in of_keys for row in FIND.rows(connection, self._of(key))]
        return {row.key: row.due_at for row in rows if payload in (None, row.payload)}

    def find(self, connection: Connection, key: object) -> Timer | None:
        """The timer of a key, due or not."""
        row = FIND.first(connection, self._of(key))
        return None if row is None else Timer(*row)

    def owners_due(self, connection: Connection, at: datetime) -> list[str]:
        """Whose timers are due."""
        return [row.owner for row in OWNERS_DUE.rows(connection, {"of_kind": self.kind, "at": at})]

    def due(self, connection: Connection, at: datetime, owner: str | None = "", *, most: int) -> list[Timer]:
        """The timers that are due, first those that have been for the longest; None: whoever owns them."""
        wanted = {"of_kind": self.kind, "at": at, "most": most}
        if owner is None:
            return [Timer(*row) for row in DUE_OF_ANY.rows(connection, wanted)]
        return [Timer(*row) for row in DUE_OF_OWNER.rows(connection, wanted | {"of_owner": owner})]

    def first_due(self, connection: Connection, at: datetime, owner: str = "") -> Timer | None:
        """The timer that has been due for the longest."""
        return next(iter(self.due(connection, at, owner, most=1)), None)

    def claim(self, connection: Connection, timer: Timer, next_at: datetime | None) -> bool:
        """Claim a timer that was read as due, by compare-and-set; False when another copy has claimed it."""
        unclaimed = {**self._of(timer.key), "was_due_at": timer.due_at, "were_tries": timer.tries}
        if next_at is None:
            return CLAIM_LAST.run(connection, unclaimed) == 1
        return CLAIM.run(connection, {**unclaimed, "due_at": next_at, "tries": timer.tries + 1}) == 1

    def claim_each(
        self, database: Database, at: datetime, next_at: NextAt, owner: str | None = "", *, most: int
    ) -> Iterator[Timer]:
        """Claim what is due, one after another, each in its own transaction; where nothing is, nothing is written."""
        while most > 0:
            with database.read() as connection:
                due = self.due(connection, at, owner, most=most)
            if not due:
                return
            most -= len(due)
            for timer in due:
                if database.write(partial(self.claim, timer=timer, next_at=next_at(timer))):
                    yield timer

    def claim_recurring(self, connection: Connection, key: object, at: datetime, next_at: datetime) -> bool:
        """Whether what recurs is due, the first time at once; each time one caller of all copies claims it."""
        row = {"kind": self.kind, "key": str(key), "owner": "", "payload": "", "due_at": at, "tries": 0}
        upsert.add(connection, TIMERS, row)
        return CLAIM_RECURRING.run(connection, {**self._of(key), "at": at, "next_at": next_at}) == 1

    def make_all_due(self, connection: Connection, at: datetime) -> None:
        later = (TIMERS.c.kind == self.kind, TIMERS.c.due_at > at)
        connection.execute(update(TIMERS).where(*later).values(due_at=at))

    def _of(self, key: object) -> dict[str, object]:
        """The parameters of `OF_KEY`."""
        return {"of_kind": self.kind, "of_key": str(key)}
