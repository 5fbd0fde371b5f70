"""Bulkhead of calls to a bank: so few at once that a slow bank never takes the workers that answer everybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from shared.contract.refusals import Reason, Refused

BANK_CALLS_MAX = 8
"""Calls of others that may wait for a bank at once in one program; its own rounds have one worker more."""

_ROOM = BoundedSemaphore(BANK_CALLS_MAX)


@contextmanager
def has_room() -> Iterator[bool]:
    """Whether there is room for one more call within the block; nobody waits for it."""
    is_free = _ROOM.acquire(blocking=False)
    try:
        yield is_free
    finally:
        if is_free:
            _ROOM.release()


@contextmanager
def room() -> Iterator[None]:
    """Room for one more call within the block, or `Refused` at once."""
    with has_room() as is_free:
        if not is_free:
            raise Refused(Reason.BANK_BUSY)
        yield
