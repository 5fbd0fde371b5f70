"""Answers of renewal about the officers' common work on requests: assignments, deputies, and the timeline of a case."""

from datetime import date

from pydantic import AwareDatetime

from shared.contract.base import Answer
from shared.contract.renewal.correction import DeclarationField


class Assignment(Answer):
    """Which officer holds a submitted renewal now, and until when; shown to officers alone."""

    officer: str
    """By actor, as `assigned_by`."""
    until: AwareDatetime
    assigned_by: str
    assigned_at: AwareDatetime
    is_mine: bool = False
    """Whether the caller holds it, or stands in today for the officer who does."""


class Deputy(Answer):
    """Who stands in for an officer, on which days; both by officer name."""

    officer: str
    deputy: str
    from_on: date
    to_on: date


class Colleagues(Answer):
    """The managers of a province by officer name, and the deputies whose days are not over."""

    officers: tuple[str, ...]
    deputies: tuple[Deputy, ...] = ()


class TimelineEntry(Answer):
    """One thing that happened to a renewal: an event, or an internal note."""

    kind: str
    """The event's type, such as `RenewalAssigned`, or `note`."""
    at: AwareDatetime
    by: str
    officer: str = ""
    """To whom it was assigned, by actor."""
    version: int = 0
    """Of the declaration that was submitted."""
    fields: tuple[DeclarationField, ...] = ()
    """What was returned for correction, where not the whole declaration was."""
    text: str = ""
    """Of a note."""


class Timeline(Answer):
    """What has happened to a renewal, the oldest first."""

    entries: tuple[TimelineEntry, ...]
