"""Answers about a service's projections and their rebuild."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contract.base import Answer


class RebuildDifference(Answer):
    """A live row that a rebuild found missing, too many, or other than it should be."""

    table: str
    key: str
    """The row's key, its parts with slashes between, such as `0123456/1405/2`."""
    kind: Literal["missing", "extra", "other"]


class Rebuild(Answer):
    """How far the newest rebuild of a service's projections is, or how it ended."""

    rebuild: UUID | None = None
    status: Literal["none", "running", "switched", "checked", "cancelled", "failed", "lost"]
    """`lost`: no progress for so long that its program may have ended."""
    phase: Literal["reading", "deriving", "comparing", "switching"] = "reading"
    done: int = 0
    """Of the phase: events that were read, or members that were derived."""
    total: int = 0
    check: bool = False
    started_by: str = ""
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    events: int = 0
    """How many the rows were made of, once they were compared."""
    differences: dict[str, int] = Field(default_factory=dict)
    """How many live rows differed, by table; the tables without any are missing."""
    first_differences: tuple[RebuildDifference, ...] = ()
    error: str = ""


class Projections(Answer):
    """The projections of a service: their tables, the logs that they are made of, and the newest rebuild."""

    tables: tuple[str, ...]
    sources: tuple[str, ...]
    rebuild: Rebuild
