"""Open sessions by the SHA-256 of their token: the token itself is only with its holder."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Index, String, Table, delete, insert, select, update

from services.auth.accounts import projection
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from shared.event_store.database import Instant

IDLE = timedelta(minutes=30)
"""A session ends when it was not used for so long (docs/domain.md 7.6)."""
LIFE = timedelta(hours=12)
"""A session ends after so long at the latest."""
TOUCH = timedelta(minutes=1)
"""Use is written down no more often than this."""

SESSIONS = Table(
    "sessions",
    projection.TABLES,
    Column("token_hash", String(64), primary_key=True),
    Column("account", String(50), nullable=False, index=True),
    Column("opened_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Index("sessions_by_use", "used_at"),
)


def hashed(token: str) -> str:
    """What is kept of a token; it has 256 random bits, so one fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(connection: Connection, token: str, account: str, at: datetime) -> None:
    """Open a session."""
    row = {"token_hash": hashed(token), "account": account, "opened_at": at, "used_at": at}
    connection.execute(insert(SESSIONS).values(row))


def holder(connection: Connection, token: str, at: datetime) -> tuple[Passport, bool] | None:
    """Who holds an open session, as things stand now, and whether its use should be written down; None: nobody."""
    query = select(SESSIONS).where(
        SESSIONS.c.token_hash == hashed(token), SESSIONS.c.used_at > at - IDLE, SESSIONS.c.opened_at > at - LIFE
    )
    row = connection.execute(query).one_or_none()
    passport = projection.passport(connection, row.account) if row else None
    return (passport, at - row.used_at >= TOUCH) if row and passport else None


def use(records: Records, token: str, at: datetime) -> Passport:
    """Who holds an open session; using it keeps it open."""
    with records.read() as connection:
        found = holder(connection, token, at)
    if found is None:
        raise Refused(Reason.NOT_SIGNED_IN)
    passport, is_due = found
    if is_due:
        records.write(lambda connection: touch(connection, token, at))
    return passport


def touch(connection: Connection, token: str, at: datetime) -> None:
    """Write down that a session is in use."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)).values(used_at=at))


def end(connection: Connection, token: str) -> None:
    """End a session, if it is open."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)))


def end_all(connection: Connection, account: str) -> None:
    """End all sessions of an account."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))


def forget(connection: Connection, at: datetime) -> None:
    """Drop the sessions that have run out."""
    connection.execute(delete(SESSIONS).where((SESSIONS.c.used_at <= at - IDLE) | (SESSIONS.c.opened_at <= at - LIFE)))
