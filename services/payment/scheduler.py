"""One round of asking the bank unbidden: how it is, what waits for us, what is unfinished, what is to go back."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

from services.payment.attempts import outages, polling, reconciler
from services.payment.attempts.verification import Verification
from services.payment.refunds import worker
from shared.event_store.database import Database

Clock = Callable[[], datetime]


def take(verification: Verification, clock: Clock) -> None:
    """Take a round; a bank's window may have been open all the while that this program was away, so the first asks of all."""
    begin(verification.records.database, clock)
    outages.tend(verification, clock())
    reconciler.sweep(verification, clock())
    reconciler.look_around(verification, clock())
    worker.give_back(verification, clock())


@cache
def begin(database: Database, clock: Clock) -> None:
    """Once a program, which the cache remembers: whatever is watched is looked at now."""
    database.write(lambda connection: polling.wake(connection, clock()))
