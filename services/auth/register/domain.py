"""The decisions about a member's entry in the register: enrolled, changed or removed."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID

from shared.contract.auth import events
from shared.contract.base import Event
from shared.contract.values import Licence
from shared.event_store.decider import Decider

YEARS_AHEAD_MAX = 1
"""How many years before it begins a year can be paid for."""


@dataclass(frozen=True)
class Membership:
    """The part of a member's entry that enters an event."""

    province: str
    licence: Licence
    paid_through: int | None


@dataclass(frozen=True)
class RegisterMember:
    """A member's entry as an import has it, for the first time or again."""

    id: UUID
    at: datetime
    actor: str
    member: str
    membership: Membership


@dataclass(frozen=True)
class RemoveMember:
    """The import that enrolled a member is undone."""

    id: UUID
    at: datetime
    actor: str
    member: str


Command = RegisterMember | RemoveMember
AccountEvent = events.PasswordChanged | events.PasswordReset | events.ActivationCodeIssued
ErasureEvent = events.ErasureRequested | events.ErasureDeclined | events.MemberErased
MemberEvent = events.MemberEnrolled | events.MembershipChanged | events.MemberRemoved | AccountEvent | ErasureEvent


def decide(command: Command, current: Membership | None) -> list[Event]:
    match command:
        case RegisterMember():
            return register(command, current)
        case RemoveMember():
            return remove(command, current)
        case _:
            assert_never(command)


def register(command: RegisterMember, current: Membership | None) -> list[Event]:
    if command.membership == current:
        return []
    entry = {"member": command.member, **vars(command.membership)}
    if current is None:
        return [events.MemberEnrolled(**entry, enrolled_by=command.actor, enrolled_at=command.at)]
    return [events.MembershipChanged(**entry, changed_by=command.actor, changed_at=command.at)]


def remove(command: RemoveMember, current: Membership | None) -> list[Event]:
    if current is None:
        return []
    return [
        events.MemberRemoved(
            member=command.member, province=current.province, removed_by=command.actor, removed_at=command.at
        )
    ]


def evolve(current: Membership | None, event: MemberEvent) -> Membership | None:
    match event:
        case events.MemberEnrolled() | events.MembershipChanged():
            return Membership(event.province, event.licence, event.paid_through)
        case events.MemberRemoved():
            return None
        case events.PasswordChanged() | events.PasswordReset() | events.ActivationCodeIssued():
            return current
        case events.ErasureRequested() | events.ErasureDeclined() | events.MemberErased():
            return current
        case _:
            assert_never(event)


def can_be_paid(year: int | None, this_year: int) -> bool:
    """Whether a membership can be paid through a year: at most the next one; 1440 is a slip of the pen for 1404."""
    return year is None or year <= this_year + YEARS_AHEAD_MAX


MEMBER: Decider[Command, Membership | None] = Decider(decide, evolve, None)
