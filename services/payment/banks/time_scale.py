"""How long we wait before we ask a bank again: as in life, or so many times sooner in a rehearsal."""

from datetime import timedelta

from shared.settings import Settings

HASTE = max(1, Settings().bank_haste)
"""Read once at start, as every setting is; the bank's own windows and an invoice's time are never hastened."""


def pause(seconds: float) -> timedelta:
    """So many seconds of life."""
    return timedelta(seconds=seconds / HASTE)
