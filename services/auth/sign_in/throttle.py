"""Throttling of failed sign-ins: growing delays and a lock, for the account and for the network address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from services.auth.tables import ATTEMPTS
from shared.contract.refusals import Reason, Refused

LOCK = timedelta(minutes=15)
"""How long a failure counts, and how long too many of them lock (docs/domain.md 7.6)."""
ACCOUNT_FAILURES_MAX = 5
ADDRESS_FAILURES_MAX = 20
"""More than for an account: a whole office or mobile network may share an address."""
CAPTCHA_AFTER_FAILURES = 2


@dataclass(frozen=True)
class Attempt:
    """An attempt to sign in to an account from an address (empty: unknown)."""

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


def needs_captcha(connection: Connection, account: str, at: datetime) -> bool:
    """Whether an account, known or not, has failed so often that it needs a captcha."""
    return len(failures(connection, f"account {account}", at)) >= CAPTCHA_AFTER_FAILURES


def require_unlocked(connection: Connection, attempt: Attempt) -> None:
    """Refuse an attempt on an account or from an address that is delayed or locked; the refusal names the end."""
    rules = (account_free_at, address_free_at)
    free = [rule(failures(connection, key, attempt.at)) for key, rule in zip(attempt.keys, rules, strict=False)]
    until = max((at for at in free if at is not None), default=attempt.at)
    if until > attempt.at:
        raise Refused(Reason.TOO_MANY_ATTEMPTS, {"until": until.isoformat()})


def count_failure(connection: Connection, attempt: Attempt) -> None:
    """Count an attempt as failed until it turns out right."""
    rows = [{"attempt": attempt.id, "key": key, "at": attempt.at} for key in attempt.keys]
    connection.execute(insert(ATTEMPTS), rows)


def clear_after_success(connection: Connection, attempt: Attempt) -> None:
    """Delete the account's failures, but of the address only this attempt's."""
    own = (ATTEMPTS.c.key == f"account {attempt.account}") | (ATTEMPTS.c.attempt == attempt.id)
    connection.execute(delete(ATTEMPTS).where(own))


def unlock(connection: Connection, account: str) -> None:
    """Delete the failures of an account, because an admin has given it a new password."""
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key == f"account {account}"))


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at <= at - LOCK))
