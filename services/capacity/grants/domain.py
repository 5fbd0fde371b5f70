"""The life of a year's capacity for those who follow it, decided: granted by a confirmation, nearly used, freed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from services.capacity.ledger.domain import Ledger, Summary
from services.capacity.ledger.lines import Line
from shared.contract.base import Event
from shared.contract.capacity import events
from shared.event_store.decider import Decider

NEARLY_USED_PERCENT = 90
"""More than this is nearly all."""

OwnEvent = events.CapacityGranted | events.CapacityNearlyUsed | events.CapacityFreed


@dataclass(frozen=True)
class Observe:
    """Take in what a member's ledger of a year has become."""

    id: UUID
    at: datetime
    member: str
    year: int
    province: str
    ledger: Ledger
    confirmation: UUID | None = None
    """The event of the confirmation, where it is what the ledger has changed by."""


@dataclass(frozen=True)
class Grant:
    """What was said of a year's capacity, folded from its stream."""

    confirmed_at_position: int = 0
    is_nearly_used: bool = False


def stream_of(member: str, year: int) -> str:
    return f"capacity/{member}/{year}"


def grant_line(ledger: Ledger) -> Line | None:
    """The line of the present grant."""
    if ledger.summary is None:
        return None
    return next((line for line in reversed(ledger.lines) if line.kind == "grant"), None)


def is_nearly_used(summary: Summary | None) -> bool:
    return summary is not None and 100 * summary.used_units > NEARLY_USED_PERCENT * summary.ceiling_units


def decide(command: Observe, grant: Grant) -> list[Event]:
    """A confirmation grants once, and each crossing is recorded once; nothing where it is already so."""
    summary = command.ledger.summary
    units: dict[str, Any] = {
        "member": command.member,
        "year": command.year,
        "province": command.province,
        "ceiling_units": summary.ceiling_units if summary else 0,
        "used_units": summary.used_units if summary else 0,
    }
    found: list[Event] = []
    line = grant_line(command.ledger)
    if summary and line and line.origin.position != grant.confirmed_at_position:
        granted = events.CapacityGranted(
            **units,
            valid_until=summary.valid_until,
            confirmed_at_position=line.origin.position,
            confirmation=command.confirmation,
            granted_at=line.effective_at,
        )
        found.append(granted)
    if is_nearly_used(summary) and not grant.is_nearly_used:
        found.append(events.CapacityNearlyUsed(**units, nearly_used_at=command.at))
    if grant.is_nearly_used and not is_nearly_used(summary):
        found.append(events.CapacityFreed(**units, freed_at=command.at))
    return found


def evolve(grant: Grant, event: OwnEvent) -> Grant:
    match event:
        case events.CapacityGranted():
            return replace(grant, confirmed_at_position=event.confirmed_at_position)
        case events.CapacityNearlyUsed():
            return replace(grant, is_nearly_used=True)
        case events.CapacityFreed():
            return replace(grant, is_nearly_used=False)
        case _:
            assert_never(event)


GRANT: Decider[Observe, Grant] = Decider(decide, evolve, Grant())
