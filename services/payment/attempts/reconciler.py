"""Polls the bank about attempts without an outcome, so that no payment depends on a browser's callback."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from services.payment.attempts import alerts, polling, queries
from services.payment.attempts.verification import Verification
from services.payment.banks import circuit_breaker
from services.payment.banks.port import Unknown, Unverified
from services.payment.tables import INQUIRIES
from shared.contract.payment.answers import AttemptStatus

INQUIRIES_PER_ROUND_MAX = 20
BANK_CHANGED = "bank_changed"
"""Why the bank can't be asked about a payment: the organization has another bank or merchant now."""

log = logging.getLogger(__name__)
T = TypeVar("T")


def work_through(claims: Iterable[T], work: Callable[[T], bool]) -> int:
    """Do what is claimed, one after another, and return how much it was; the first False leaves the rest for later."""
    count = 0
    for claimed in claims:
        count += 1
        try:
            if not work(claimed):
                break
        except Exception:
            log.exception("%s failed; it is tried again", claimed)
    return count


def poll_due_attempts(verification: Verification, at: datetime) -> int:
    """Ask about the attempts that are due, and return how many.

    The next inquiry is scheduled before the question, so neither a crash nor another copy of this program asks in a loop.
    When the bank does not answer about one, the rest wait for the next round; while it is down, for its return.
    """
    database = verification.records.database
    with database.read() as connection:
        if verification.is_down(connection):
            return 0
    next_at = polling.next_inquiry(at, verification.time_scale)
    timers = INQUIRIES.claim_each(database, at, next_at, None, most=INQUIRIES_PER_ROUND_MAX)
    return work_through(map(polling.due_inquiry, timers), lambda due: poll_one(due, verification, at) is not None)


def poll_one(due: polling.DueInquiry, verification: Verification, at: datetime) -> AttemptStatus | None:
    """Inquire about one attempt, or verify a marked one directly; once its outcome is known the polling ends."""
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, attempt=due.attempt)
    if attempt is None:
        raise LookupError(f"attempt {due.attempt} is polled but not on file")
    if not verification.is_own(attempt):
        verification.records.write(lambda connection: leave_to_officers(connection, attempt, at))
        return attempt.status
    is_verified_directly = due.marked and not attempt.is_paid
    status = verification.verify_and_record(attempt, at) if is_verified_directly else verification.inquire(attempt, at)
    if status not in {"started", None}:
        verification.records.write(lambda connection: INQUIRIES.cancel(connection, attempt.attempt))
    return status


def leave_to_officers(connection: Connection, attempt: queries.Attempt, at: datetime) -> None:
    """The bank of an attempt is used no more, so it is polled no more; one without an outcome is an alert: only the bank's portal has it."""
    INQUIRIES.cancel(connection, attempt.attempt)
    if attempt.status == "started":
        alerts.record(connection, BANK_CHANGED, at, attempt.attempt)


def sweep(verification: Verification, at: datetime) -> int:
    """List the payments that wait for our verify, and poll those of ours at once; returns how many those are.

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
    """Poll a waiting payment, if it is an attempt of ours with the same amount; any other is logged and an alert."""
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, authority=one.authority)
    if attempt is None or attempt.amount_rials != one.amount_rials:
        log.error(
            "the bank has a payment of %s rials under %s that no record asks for", one.amount_rials, one.authority
        )
        verification.records.write(lambda connection: alerts.record_unknown_payment(connection, one.authority, at))
        return False
    verification.records.write(lambda connection: polling.poll_now(connection, one.authority, at))
    return True
