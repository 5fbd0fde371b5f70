"""How much of everything a season has, and the times in which the service did not run."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    members: int = 2_000
    seed: int = 1406
    kills: int = 40
    slow: bool = True
    """Whether providers are slow too: in real time, of which the others take none."""
    without: str = ""
    """A safeguard that is taken out."""


class Gap(NamedTuple):
    """A time in which the service did not run, or of which it remembers nothing: that before its first start, and that between a backup and its restore."""

    begin: datetime
    end: datetime
    is_forgotten: bool
