"""State of an officer, folded from the officer's events: roles, provinces, open requests, and who has set them up."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from uuid import UUID

from services.auth.accounts.domain import in_force
from shared.contract.auth import events
from shared.contract.values import Role
from shared.policies.two_persons import SetUp

Requested = events.AppointmentRequested | events.DismissalRequested
OfficerEvent = (
    Requested
    | events.OfficerRequestDeclined
    | events.OfficerAppointed
    | events.OfficerDismissed
    | events.PasswordChanged
)


@dataclass(frozen=True)
class Officer:
    """What an officer may do; nothing before the appointment and after the dismissal."""

    roles: tuple[Role, ...] = ()
    provinces: tuple[str, ...] = ()
    was_appointed: bool = False
    requests: Mapping[UUID, Requested] = field(default_factory=dict)
    """What is requested about the officer and neither granted nor declined."""
    set_up_by: Mapping[str, SetUp] = field(default_factory=dict)
    """By the actor who has requested it."""

    @property
    def serves(self) -> bool:
        return bool(self.roles)

    @property
    def is_admin(self) -> bool:
        return Role.ADMIN in in_force(self.roles)


def evolve(officer: Officer, event: OfficerEvent) -> Officer:
    match event:
        case events.AppointmentRequested() | events.DismissalRequested():
            return replace(officer, requests={**officer.requests, event.request: event})
        case events.OfficerRequestDeclined():
            return without(officer, event.request)
        case events.OfficerAppointed():
            after = replace(officer, roles=event.roles, provinces=event.provinces, was_appointed=True)
            set_up = SetUp(event.appointed_at, is_alone=not event.granted_by)
            return without(with_set_up(after, event.appointed_by, set_up), event.request)
        case events.OfficerDismissed():
            return without(replace(officer, roles=(), provinces=()), event.request)
        case events.PasswordChanged():
            if event.changed_by == event.account:
                return officer
            return with_set_up(officer, event.changed_by, SetUp(event.changed_at, is_alone=not event.granted_by))
        case _:
            assert_never(event)


def without(officer: Officer, request: UUID | None) -> Officer:
    return replace(officer, requests={key: one for key, one in officer.requests.items() if key != request})


def with_set_up(officer: Officer, actor: str, set_up: SetUp) -> Officer:
    return replace(officer, set_up_by={**officer.set_up_by, actor: set_up})
