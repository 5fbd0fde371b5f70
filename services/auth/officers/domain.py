"""The decisions about an officer: appointed with roles and provinces, or dismissed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from services.auth.accounts.domain import in_force
from shared.contract.auth import commands, events
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.decider import Decider

Command = commands.AppointOfficer | commands.DismissOfficer
OfficerEvent = events.OfficerAppointed | events.OfficerDismissed | events.PasswordChanged


@dataclass(frozen=True)
class Officer:
    """What an officer may do; nothing before the appointment and after the dismissal."""

    roles: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    was_appointed: bool = False

    @property
    def serves(self) -> bool:
        return bool(self.roles)


def decide(command: Command, officer: Officer, reach: frozenset[str] | None) -> list[Event]:
    match command:
        case commands.AppointOfficer():
            return appoint(command, officer, reach)
        case commands.DismissOfficer():
            return dismiss(command, officer, reach)
        case _:
            assert_never(command)


def appoint(command: commands.AppointOfficer, officer: Officer, reach: frozenset[str] | None) -> list[Event]:
    """The appointment where it changes something, and the password where it replaces one."""
    require_reach(reach, officer)
    must_not_exclude_each_other(command.roles)
    if not officer.serves and command.password is None:
        raise Refused(Reason.BAD_INPUT, {"password": "missing"})
    roles, provinces = tuple(sorted(set(command.roles))), tuple(sorted(set(command.provinces)))
    by, at = command.actor, command.at
    happened: list[Event] = []
    if (roles, provinces) != (officer.roles, officer.provinces):
        happened.append(
            events.OfficerAppointed(
                officer=command.officer, roles=roles, provinces=provinces, appointed_by=by, appointed_at=at
            )
        )
    if officer.was_appointed and command.password is not None:
        happened.append(events.PasswordChanged(account=f"officer:{command.officer}", changed_by=by, changed_at=at))
    return happened


def dismiss(command: commands.DismissOfficer, officer: Officer, reach: frozenset[str] | None) -> list[Event]:
    if not officer.was_appointed:
        raise Refused(Reason.UNKNOWN_OFFICER)
    require_reach(reach, officer)
    if not officer.serves:
        return []
    return [events.OfficerDismissed(officer=command.officer, dismissed_by=command.actor, dismissed_at=command.at)]


def must_not_exclude_each_other(roles: Iterable[Role]) -> None:
    if in_force(roles) != frozenset(roles):
        raise Refused(Reason.ROLES_EXCLUDED)


def require_reach(reach: frozenset[str] | None, officer: Officer) -> None:
    if reach is not None and not reach.issuperset(officer.provinces):
        raise Refused(Reason.NOT_ALLOWED)


def evolve(officer: Officer, event: OfficerEvent) -> Officer:
    match event:
        case events.OfficerAppointed():
            return Officer(event.roles, event.provinces, was_appointed=True)
        case events.OfficerDismissed():
            return replace(officer, roles=(), provinces=())
        case events.PasswordChanged():
            return officer
        case _:
            assert_never(event)


def officer_decider(reach: frozenset[str] | None) -> Decider[Command, Officer]:
    """The officer's decider; an admin takes no province out of `reach` from an officer (None: the first appointment)."""
    return Decider(lambda command, officer: decide(command, officer, reach), evolve, Officer())
