"""Open sessions by the SHA-256 of their token: the token itself is only with its holder."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from services.auth.accounts import queries
from services.auth.tables import SESSIONS
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records

IDLE = timedelta(minutes=30)
"""A session ends when it was not used for so long (docs/domain.md 7.6)."""
LIFE = timedelta(hours=12)
"""A session ends after so long at the latest."""
TOUCH = timedelta(minutes=1)
"""The time of the last use is written no more often than this."""


def hashed(token: str) -> str:
    """What is stored of a token; it has 256 random bits, so one fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(connection: Connection, token: str, account: str, at: datetime) -> None:
    """Open a session."""
    row = {"token_hash": hashed(token), "account": account, "opened_at": at, "used_at": at}
    connection.execute(insert(SESSIONS).values(row))


def find(connection: Connection, token: str, at: datetime) -> tuple[Passport, bool] | None:
    """The present passport of an open session's holder, and whether its use should be written; None: no such session."""
    query = select(SESSIONS).where(
        SESSIONS.c.token_hash == hashed(token), SESSIONS.c.used_at > at - IDLE, SESSIONS.c.opened_at > at - LIFE
    )
    row = connection.execute(query).one_or_none()
    passport = queries.passport_of(connection, row.account) if row else None
    return (passport, at - row.used_at >= TOUCH) if row and passport else None


def use(records: Records, token: str, at: datetime) -> Passport:
    """The passport of an open session's holder; using it keeps it open."""
    with records.read() as connection:
        found = find(connection, token, at)
    if found is None:
        raise Refused(Reason.NOT_SIGNED_IN)
    passport, is_due = found
    if is_due:
        used = update(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)).values(used_at=at)
        records.write(lambda connection: connection.execute(used).close())
    return passport


def end(connection: Connection, token: str) -> None:
    """End a session, if it is open."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)))


def end_all(connection: Connection, account: str) -> None:
    """End all sessions of an account."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account))


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(SESSIONS).where((SESSIONS.c.used_at <= at - IDLE) | (SESSIONS.c.opened_at <= at - LIFE)))
