"""Polls the bank about attempts without an outcome, so that no payment depends on a browser's callback."""

import logging
from datetime import datetime

from services.payment.attempts import alerts, polling, queries
from services.payment.attempts.verification import Verification
from services.payment.banks import circuit_breaker
from services.payment.banks.port import Unknown, Unverified
from shared.contract.payment.answers import AttemptStatus

INQUIRIES_PER_ROUND_MAX = 20

log = logging.getLogger(__name__)


def poll_due_attempts(verification: Verification, at: datetime) -> int:
    """Ask about the attempts that are due, and return about how many.

    The next inquiry is scheduled before the question, so neither a crash nor another copy of this program asks in a loop.
    When the bank does not answer about one, the rest wait for the next round; while it is down, for its return.
    """
    bank = verification.bank_name
    for count in range(INQUIRIES_PER_ROUND_MAX):
        with verification.records.read() as connection:
            if circuit_breaker.is_down(connection, bank) or not polling.is_due(connection, bank, at):
                return count
        look = verification.records.write(
            lambda connection: polling.claim(connection, bank, at, verification.time_scale)
        )
        if look is None:
            return count
        try:
            if poll_one(look, verification, at) is None:
                return count + 1
        except Exception:
            log.exception("looking at attempt %s failed; it stays watched", look.attempt)
    return INQUIRIES_PER_ROUND_MAX


def poll_one(look: polling.DueInquiry, verification: Verification, at: datetime) -> AttemptStatus | None:
    """Ask about one attempt; once its outcome is known it is polled no more."""
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, attempt=look.attempt)
    if attempt is None:
        raise LookupError(f"attempt {look.attempt} is watched but not on file")
    claims = look.marked and not attempt.is_paid
    status = verification.settle(attempt, at) if claims else verification.inquire(attempt, at)
    if status not in {"started", None}:
        verification.records.write(lambda connection: polling.stop(connection, attempt.attempt))
    return status


def sweep(verification: Verification, at: datetime) -> int:
    """Ask which payments wait for our verify, and poll those of ours at once; returns how many those are.

    It finds what neither a browser nor a notice nor our own polling did: one that was closed too early, for instance.
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
    return sum(poll_listed(one, verification, at) for one in listed)


def poll_listed(one: Unverified, verification: Verification, at: datetime) -> bool:
    """Poll a waiting payment, if it is ours and over our amount; any other is logged and an alert."""
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, authority=one.authority)
    if attempt is None or attempt.amount_rials != one.amount_rials:
        log.error(
            "the bank has a payment of %s rials under %s that no record asks for", one.amount_rials, one.authority
        )
        verification.records.write(lambda connection: alerts.record(connection, "payment_unknown", at))
        return False
    verification.records.write(lambda connection: polling.poll_now(connection, one.authority, at))
    return True
