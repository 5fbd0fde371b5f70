"""Leases of due timers: each is claimed just before its work, from that moment on, so that no other copy of the program does it too."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from shared.event_store.database import Database
from shared.subscriptions.timers import Timer, Timers

Clock = Callable[[], datetime]


def claimed(  # noqa: PLR0913 - what is claimed, and for how long
    timers: Timers, database: Database, at: datetime, clock: Clock, lease: timedelta, *, most: int, owner: str = ""
) -> Iterator[Timer]:
    """What is due at an instant, one after another, as its row is once it is claimed: by `Timers.claim` it is moved or ended, unless it was armed anew meanwhile."""
    until = at

    def next_at(_timer: Timer) -> datetime:
        nonlocal until
        until = clock() + lease
        return until

    for timer in timers.claim_each(database, at, next_at, owner, most=most):
        yield timer._replace(due_at=until, tries=timer.tries + 1)
