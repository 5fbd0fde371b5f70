"""Asking the bank about whatever is unfinished, so that no payment depends on a browser coming back."""

import logging
from datetime import datetime

from services.payment import lookups, watch
from services.payment.verification import Verification
from shared.contract.answers import AttemptStatus

LOOKS_PER_ROUND_MAX = 20

log = logging.getLogger(__name__)


def look_around(verification: Verification, at: datetime) -> int:
    """Ask about the attempts that are due, and return about how many.

    The next look is set before the question, so neither a crash nor another copy of this program asks in a loop.
    When the bank does not answer about one, the rest wait for the next round.
    """
    for count in range(LOOKS_PER_ROUND_MAX):
        with verification.records.read() as connection:
            if not watch.is_due(connection, at):
                return count
        look = verification.records.write(lambda connection: watch.claim(connection, at))
        if look is None:
            return count
        try:
            if take(look, verification, at) is None:
                return count + 1
        except Exception:
            log.exception("looking at attempt %s failed; it stays watched", look.attempt)
    return LOOKS_PER_ROUND_MAX


def take(look: watch.Look, verification: Verification, at: datetime) -> AttemptStatus | None:
    """Ask about one attempt; once its outcome is known it is watched no longer."""
    with verification.records.read() as connection:
        attempt = lookups.attempt_of(connection, attempt=look.attempt)
    if attempt is None:
        raise LookupError(f"attempt {look.attempt} is watched but not on file")
    status = verification.settle(attempt, at) if look.marked else verification.look(attempt, at)
    if status not in {"started", None}:
        verification.records.write(lambda connection: watch.end(connection, attempt.attempt))
    return status
