"""Scheduler: a round of outages, unverified payments, polling and reversals, each second."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from services.payment.attempts import outages, reconciler
from services.payment.attempts.verification import Verification
from services.payment.refunds import worker
from services.payment.tables import INQUIRIES
from shared.event_store.database import Database

Clock = Callable[[], datetime]


def run_round(verification: Verification, clock: Clock) -> None:
    """Run a round; sessions may have changed while this program was not running, so the first one polls all."""
    poll_all_at_start(verification.records.database, clock)
    outages.track(verification, clock())
    reconciler.sweep(verification, clock())
    reconciler.poll_due_attempts(verification, clock())
    worker.reverse_due_payments(verification, clock())


@cache
def poll_all_at_start(database: Database, clock: Clock) -> None:
    """Once a program, which the cache remembers: every polled attempt is due now."""
    database.write(lambda connection: INQUIRIES.make_all_due(connection, clock()))
