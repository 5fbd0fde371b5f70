"""Giving surplus payments back: the bank is asked as long as it may still do it; after that people have to."""

import logging
from datetime import datetime
from uuid import UUID

from services.payment import lookups, surplus
from services.payment.bank import NotReversed, Reversed, Standing
from services.payment.verification import Verification

TRIES_PER_ROUND_MAX = 5
CAUSE = "duplicate"
TOO_LATE = "too_late"
NOT_OFFERED = "not_offered"

log = logging.getLogger(__name__)


def give_back(verification: Verification, at: datetime) -> int:
    """Try what is due, and return about how many; when the bank does not answer, the rest wait for the next round."""
    for count in range(TRIES_PER_ROUND_MAX):
        with verification.records.read() as connection:
            if not surplus.is_due(connection, at):
                return count
        attempt = verification.records.write(lambda connection: surplus.claim(connection, at))
        if attempt is None:
            return count
        try:
            if not try_one(attempt, verification, at):
                return count + 1
        except Exception:
            log.exception("reversing attempt %s failed; it is tried again", attempt)
    return TRIES_PER_ROUND_MAX


def try_one(key: UUID, verification: Verification, at: datetime) -> bool:
    """Ask for one payment back; False when the bank does not answer.

    A lost answer is no matter: the next try finds the payment reversed. The bank's window is counted from the payment,
    which was before we found it, so that a try too many is declined by the bank itself and never by our clock alone.
    """
    with verification.records.read() as connection:
        attempt = lookups.attempt_of(connection, attempt=key)
    if attempt is None or attempt.status != "duplicate":
        verification.records.write(lambda connection: surplus.end(connection, key))
        return True
    if not verification.bank.capabilities.can_reverse:
        verification.record_owed(attempt, NOT_OFFERED, at)
        return True
    answer = verification.bank.reverse(attempt.authority)
    if isinstance(answer, Reversed):
        verification.record_reversed(attempt, CAUSE, at)
        return True
    standing = verification.bank.inquire(attempt.authority)
    if standing is Standing.REVERSED:
        verification.record_reversed(attempt, CAUSE, at)
        return True
    window = verification.bank.capabilities.reverse_window
    is_late = attempt.ended_at is not None and at - attempt.ended_at > window
    if isinstance(answer, NotReversed) and standing is not Standing.UNKNOWN:
        verification.record_owed(attempt, answer.cause, at)
    elif is_late and standing is not Standing.UNKNOWN:
        verification.record_owed(attempt, TOO_LATE, at)
    return standing is not Standing.UNKNOWN
