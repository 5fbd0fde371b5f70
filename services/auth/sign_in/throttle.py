"""Throttling of failed sign-ins: growing delays for an account from one network, slower guessing from everywhere, more proof from busy networks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from services.auth.tables import ATTEMPTS
from shared.contract.refusals import Reason, Refused
from shared.network_addresses import network_of

LOCK = timedelta(minutes=15)
"""How long a failure counts, and how long too many of them lock (docs/domain.md 7.6)."""
FAILURES_MAX = 5
"""Of one account from one network, or from one known device, before that network or device is locked out of the account."""
ACCOUNT_FREE_FAILURES = 5
"""Of one account from everywhere; from then on unknown devices are slowed down."""
ACCOUNT_DELAY_SECONDS_MAX = 8
"""Short enough to be waited for, since strangers cause it; 1,000 guesses take two hours all the same."""
NETWORK_FAILURES_MAX = 20
"""Of all accounts from one network before it must solve a captcha: a whole office or mobile network may share an address."""
CAPTCHA_AFTER_FAILURES = 2


@dataclass(frozen=True)
class Attempt:
    """An attempt to sign in to an account from an address (empty: unknown), by a device that signed in to it before (empty: by none)."""

    account: str
    address: str
    at: datetime
    device: str = ""
    id: UUID | None = None
    """None where it is not made yet, to learn what it will need."""

    @property
    def own_key(self) -> str:
        """What the growing delays and the lock are counted by; a known device is not held up by what others do."""
        return f"{self.account} by {self.device}" if self.device else f"{self.account} at {network_of(self.address)}"

    @property
    def account_key(self) -> str:
        return f"account {self.account}"

    @property
    def network_key(self) -> str:
        return f"network {network_of(self.address)}"

    @property
    def keys(self) -> list[str]:
        """What its failure is counted by."""
        of_strangers = [] if self.device else [self.account_key]
        return [self.own_key, *of_strangers, *([self.network_key] if self.address else [])]


def own_free_at(failures: Sequence[datetime]) -> datetime | None:
    """When a network or device may try an account again after failures within the last `LOCK`: 0, 2, 4, 8 seconds, then the lock."""
    if not failures:
        return None
    if len(failures) >= FAILURES_MAX:
        return failures[-1] + LOCK
    return failures[-1] + timedelta(seconds=2 ** (len(failures) - 1) if len(failures) > 1 else 0)


def account_free_at(failures: Sequence[datetime]) -> datetime | None:
    """When an unknown device may try an account again after failures from everywhere: 1, 2, 4, at most 8 seconds after the last."""
    beyond = len(failures) - ACCOUNT_FREE_FAILURES
    if beyond < 0:
        return None
    return failures[-1] + timedelta(seconds=min(2**beyond, ACCOUNT_DELAY_SECONDS_MAX))


def failures(connection: Connection, key: str, at: datetime) -> list[datetime]:
    """The failures of a key that still count, oldest first."""
    query = select(ATTEMPTS.c.at).where(ATTEMPTS.c.key == key, ATTEMPTS.c.at > at - LOCK).order_by(ATTEMPTS.c.at)
    return list(connection.execute(query).scalars())


def needs_captcha(connection: Connection, attempt: Attempt) -> bool:
    """Whether the account, known or not, has failed so often, or so many accounts from this network, that a captcha is needed."""
    limits = dict.fromkeys(attempt.keys, CAPTCHA_AFTER_FAILURES) | {attempt.network_key: NETWORK_FAILURES_MAX}
    return any(len(failures(connection, key, attempt.at)) >= limits[key] for key in attempt.keys)


def require_unlocked(connection: Connection, attempt: Attempt) -> None:
    """Refuse an attempt that is delayed or locked; the refusal names the end. A network alone never refuses the right secret."""
    free = [own_free_at(failures(connection, attempt.own_key, attempt.at))]
    if not attempt.device:
        free.append(account_free_at(failures(connection, attempt.account_key, attempt.at)))
    until = max((at for at in free if at is not None), default=attempt.at)
    if until > attempt.at:
        raise Refused(Reason.TOO_MANY_ATTEMPTS, {"until": until.isoformat()})


def is_locked(connection: Connection, attempt: Attempt) -> bool:
    """Whether so many attempts have failed that its network or device is locked out of the account."""
    return len(failures(connection, attempt.own_key, attempt.at)) >= FAILURES_MAX


def count_failure(connection: Connection, attempt: Attempt) -> None:
    """Count an attempt as failed until it turns out right."""
    rows = [{"attempt": attempt.id, "key": key, "at": attempt.at} for key in attempt.keys]
    connection.execute(insert(ATTEMPTS), rows)


def count(connection: Connection, attempt: Attempt) -> None:
    """Count an attempt that is neither delayed nor locked."""
    require_unlocked(connection, attempt)
    count_failure(connection, attempt)


def clear_after_success(connection: Connection, attempt: Attempt) -> None:
    """Delete this attempt, and this network's or device's failures of the account; what others have tried still counts."""
    own = select(ATTEMPTS.c.attempt).where(ATTEMPTS.c.key == attempt.own_key).scalar_subquery()
    of_account = ATTEMPTS.c.key.in_((attempt.own_key, attempt.account_key)) & ATTEMPTS.c.attempt.in_(own)
    # whoever sends the attempt has chosen its id, and may have guessed at other accounts under the same one
    this = (ATTEMPTS.c.attempt == attempt.id) & (ATTEMPTS.c.at == attempt.at) & ATTEMPTS.c.key.in_(attempt.keys)
    connection.execute(delete(ATTEMPTS).where(of_account | this))


def unlock(connection: Connection, account: str) -> None:
    """Delete the failures of an account, because somebody who may has given it a new password."""
    of_account = ATTEMPTS.c.key.startswith(f"{account} ", autoescape=True)
    connection.execute(delete(ATTEMPTS).where(of_account | (ATTEMPTS.c.key == f"account {account}")))


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.at <= at - LOCK))
