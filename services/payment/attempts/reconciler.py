"""Asking the bank about whatever is unfinished, so that no payment depends on a browser coming back."""

import logging
from datetime import datetime

from services.payment.attempts import alerts, polling, queries
from services.payment.attempts.verification import Verification
from services.payment.banks import circuit_breaker
from services.payment.banks.port import Unknown, Unverified
from shared.contract.payment.answers import AttemptStatus

LOOKS_PER_ROUND_MAX = 20

log = logging.getLogger(__name__)


def look_around(verification: Verification, at: datetime) -> int:
    """Ask about the attempts that are due, and return about how many.

    The next look is set before the question, so neither a crash nor another copy of this program asks in a loop.
    When the bank does not answer about one, the rest wait for the next round; while it is down, for its return.
    """
    bank = verification.bank_name
    for count in range(LOOKS_PER_ROUND_MAX):
        with verification.records.read() as connection:
            if circuit_breaker.is_down(connection, bank) or not polling.is_due(connection, bank, at):
                return count
        look = verification.records.write(
            lambda connection: polling.claim(connection, bank, at, verification.time_scale)
        )
        if look is None:
            return count
        try:
            if take(look, verification, at) is None:
                return count + 1
        except Exception:
            log.exception("looking at attempt %s failed; it stays watched", look.attempt)
    return LOOKS_PER_ROUND_MAX


def take(look: polling.Look, verification: Verification, at: datetime) -> AttemptStatus | None:
    """Ask about one attempt; once its outcome is known it is watched no longer."""
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, attempt=look.attempt)
    if attempt is None:
        raise LookupError(f"attempt {look.attempt} is watched but not on file")
    claims = look.marked and not attempt.is_paid
    status = verification.settle(attempt, at) if claims else verification.look(attempt, at)
    if status not in {"started", None}:
        verification.records.write(lambda connection: polling.end(connection, attempt.attempt))
    return status


def sweep(verification: Verification, at: datetime) -> int:
    """Ask which payments wait for our verify, and look at those of ours at once; returns how many those are.

    It finds what neither a browser nor a notice nor our own looks did: one that was closed too early, for instance.
    """
    bank = verification.bank
    with verification.records.read() as connection:
        if not circuit_breaker.sweep_is_due(connection, bank.capabilities.name, at):
            return 0
    if not verification.records.write(
        lambda connection: circuit_breaker.claim_sweep(connection, verification.bank_name, at, verification.time_scale)
    ):
        return 0
    listed = bank.list_unverified()
    if isinstance(listed, Unknown):
        return 0
    return sum(mark(one, verification, at) for one in listed)


def mark(one: Unverified, verification: Verification, at: datetime) -> bool:
    """Have a waiting payment looked at, if it is ours and over our amount; others are told of in the log."""
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, authority=one.authority)
    if attempt is None or attempt.amount_rials != one.amount_rials:
        log.error(
            "the bank has a payment of %s rials under %s that no record asks for", one.amount_rials, one.authority
        )
        verification.records.write(lambda connection: alerts.note(connection, "payment_unknown", at))
        return False
    verification.records.write(lambda connection: polling.mark(connection, one.authority, at))
    return True
