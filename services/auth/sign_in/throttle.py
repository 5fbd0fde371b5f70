"""Tries that failed: growing delays and a lock for the account and for the network address that tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Column, Connection, Index, Integer, String, Table, Uuid, delete, insert, select

from services.auth.accounts import projection
from shared.contract.refusals import Reason, Refused
from shared.event_store.database import Instant

LOCK = timedelta(minutes=15)
"""How long a failure counts, and how long too many of them lock (docs/domain.md 7.6)."""
ACCOUNT_FAILURES_MAX = 5
ADDRESS_FAILURES_MAX = 20
"""More than for an account: a whole office or mobile network may share an address."""
CHALLENGE_AFTER_FAILURES = 2

ATTEMPTS = Table(
    "attempts",
    projection.TABLES,
    Column("id", Integer, primary_key=True),
    Column("attempt", Uuid, nullable=False),
    Column("key", String(100), nullable=False),
    Column("at", Instant, nullable=False),
    Index("attempts_by_key", "key", "at"),
)
"""A row is written before a password is checked and taken away when it was right, so that guesses at once count too."""


@dataclass(frozen=True)
class Try:
    """Somebody tries an account from an address (empty: unknown)."""

    id: UUID
    account: str
    address: str
    at: datetime

    @property
    def keys(self) -> tuple[str, ...]:
        """What its failure is counted by, the account first."""
        account = f"account {self.account}"
        return (account, f"address {self.address}") if self.address else (account,)


def account_free_at(failures: Sequence[datetime]) -> datetime | None:
    """When an account may be tried again after failures within the last `LOCK`, oldest first: 0, 2, 4, 8 seconds, then the lock."""
    if not failures:
        return None
    if len(failures) >= ACCOUNT_FAILURES_MAX:
        return failures[-1] + LOCK
    return failures[-1] + timedelta(seconds=2 ** (len(failures) - 1) if len(failures) > 1 else 0)


def address_free_at(failures: Sequence[datetime]) -> datetime | None:
    """When an address may try again: at most so many failures within any `LOCK`."""
    return failures[-ADDRESS_FAILURES_MAX] + LOCK if len(failures) >= ADDRESS_FAILURES_MAX else None


def failures(connection: Connection, key: str, at: datetime) -> list[datetime]:
    """The failures of a key that still count, oldest first."""
    query = select(ATTEMPTS.c.at).where(ATTEMPTS.c.key == key, ATTEMPTS.c.at > at - LOCK).order_by(ATTEMPTS.c.at)
    return list(connection.execute(query).scalars())


def must_be_free(connection: Connection, attempt: Try) -> None:
    """Refuse a try of an account or from an address that has to wait, and say until when."""
    rules = (account_free_at, address_free_at)
    free = [rule(failures(connection, key, attempt.at)) for key, rule in zip(attempt.keys, rules, strict=False)]
    until = max((at for at in free if at is not None), default=attempt.at)
    if until > attempt.at:
        raise Refused(Reason.TOO_MANY_ATTEMPTS, {"until": until.isoformat()})


def needs_challenge(connection: Connection, account: str, at: datetime) -> bool:
    """Whether an account, known or not, has failed often enough to be asked for a security phrase."""
    return len(failures(connection, f"account {account}", at)) >= CHALLENGE_AFTER_FAILURES


def count(connection: Connection, attempt: Try) -> None:
    """Count a try as failed until it turns out right."""
    rows = [{"attempt": attempt.id, "key": key, "at": attempt.at} for key in attempt.keys]
    connection.execute(insert(ATTEMPTS), rows)


def forgive(connection: Connection, attempt: Try) -> None:
    """The try was right: forget the account's failures, but of the address only this one."""
    mine = (ATTEMPTS.c.key == f"account {attempt.account}") | (ATTEMPTS.c.attempt == attempt.id)
    connection.execute(delete(ATTEMPTS).where(mine))


def unlock(connection: Connection, account: str) -> None:
    """Forget the failures of an account, because an admin has given it a new password."""
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key == f"account {account}"))


def forget(connection: Connection, at: datetime) -> None:
    """Drop the rows that count no more."""
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at <= at - LOCK))
