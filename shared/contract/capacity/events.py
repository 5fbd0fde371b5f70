"""Events of capacity, which its log records; each docstring is the event's entry in docs/events.md."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from shared.contract.base import Event


class MemberYearUnits(BaseModel):
    """A member's year, with what is granted and used of it in units of 0.01 P."""

    member: str
    year: int
    province: str
    ceiling_units: int
    used_units: int


class CapacityGranted(Event, MemberYearUnits, source="capacity"):
    """A confirmed payment gives a member the year's capacity; what the declared jobs use of it is counted at once."""

    valid_until: date
    confirmed_at_position: int
    """Of the confirmation in payment's log, by which one grant is told from the next."""
    confirmation: UUID | None = None
    """The event of the confirmation; None where the grant waited for something else, such as the year's policy."""
    granted_at: AwareDatetime


class CapacityNearlyUsed(Event, MemberYearUnits, source="capacity"):
    """More than 90 % of a year's capacity are used, for the first time or again."""

    nearly_used_at: AwareDatetime


class CapacityFreed(Event, MemberYearUnits, source="capacity"):
    """No more than 90 % of a year's capacity are used any more, or the grant is withdrawn."""

    freed_at: AwareDatetime
