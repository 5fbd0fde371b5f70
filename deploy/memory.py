"""Memory of this process: what is not loaded, when garbage is collected, and that free memory is returned to the system where the C library allows it."""

import ctypes
import gc
import sys
from contextlib import suppress

M_TRIM_THRESHOLD, M_ARENA_MAX = -1, -8
"""What glibc's `mallopt` calls them."""
TRIM_BYTES = 128 * 1024

OBJECTS_BETWEEN_COLLECTIONS = 5_000
"""A batch of events is some thousand objects, none in a cycle: at Python's own 700 a tenth of a follower's time is spent on them."""


def load_less() -> None:
    """Leave out httpx's command line, which it imports wherever its libraries are there, and with it rich and pygments."""
    sys.modules["httpx._main"] = None  # type: ignore[assignment]  # how Python is told that a module is not there


def collect_nothing() -> None:
    """While code is loaded, which stays: a tenth of that time is spent on garbage collection."""
    gc.disable()


def collect_less() -> None:
    """Look for cycles less often than Python does by itself, and never again among what is loaded by now."""
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    gc.enable()


def give_back() -> None:
    """One heap for all native threads, and its free end goes back: a fifth less memory once somebody has signed in."""
    with suppress(AttributeError, OSError):  # another C library than glibc
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 1)
        library.mallopt(M_TRIM_THRESHOLD, TRIM_BYTES)
