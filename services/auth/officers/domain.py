"""The decisions about an officer: an admin requests an appointment or a dismissal, and a second admin grants it."""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from services.auth.accounts.domain import in_force
from services.auth.officers.state import Officer, Requested, evolve
from shared.contract.auth import commands, events
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.decider import Decider
from shared.policies.two_persons import are_independent

Request = commands.AppointOfficer | commands.DismissOfficer
Command = Request | commands.GrantOfficerRequest | commands.DeclineOfficerRequest


@dataclass(frozen=True)
class Context:
    """What a decision rests on besides the officer's own stream."""

    reach: frozenset[str] | None = None
    """The provinces of the admin who decides; None: all."""
    is_only_admin: bool = False
    """Whether nobody else could grant anything."""
    admins: Mapping[str, Officer] = field(default_factory=dict)
    """Who requested and who grants, by actor."""


def decide(command: Command, officer: Officer, context: Context) -> list[Event]:
    match command:
        case commands.AppointOfficer():
            return appoint(command, officer, context)
        case commands.DismissOfficer():
            return dismiss(command, officer, context)
        case commands.GrantOfficerRequest():
            return grant(command, officer, context)
        case commands.DeclineOfficerRequest():
            return decline(command, officer, context)
        case _:
            assert_never(command)


def appoint(command: commands.AppointOfficer, officer: Officer, context: Context) -> list[Event]:
    """A request; only one who is admin all alone appoints a second admin at once, who can grant from then on."""
    must_be_in_reach(context.reach, officer)
    if in_force(command.roles) != frozenset(command.roles):
        raise Refused(Reason.ROLES_EXCLUDED)
    if not officer.serves and command.password is None:
        raise Refused(Reason.BAD_INPUT, {"password": "missing"})
    roles, provinces = tuple(sorted(set(command.roles))), tuple(sorted(set(command.provinces)))
    if context.is_only_admin and roles == (Role.ADMIN,) and not officer.serves:
        return appointed(command.officer, roles, provinces, officer.was_appointed, command.actor, command.at)
    return [
        events.AppointmentRequested(
            **request_key(command),
            roles=roles,
            provinces=provinces,
            sets_credential=command.password is not None,
        )
    ]


def dismiss(command: commands.DismissOfficer, officer: Officer, context: Context) -> list[Event]:
    if not officer.was_appointed:
        raise Refused(Reason.UNKNOWN_OFFICER)
    must_be_in_reach(context.reach, officer)
    return [events.DismissalRequested(**request_key(command))] if officer.serves else []


def request_key(command: Request) -> dict[str, Any]:
    """A request is named by the command that made it."""
    return {
        "officer": command.officer,
        "request": command.id,
        "requested_by": command.actor,
        "requested_at": command.at,
    }


def grant(command: commands.GrantOfficerRequest, officer: Officer, context: Context) -> list[Event]:
    """What was requested holds from now on, by the word of two."""
    requested = must_be_open(command.request, officer)
    reason = hindrance(requested, officer, context.admins, command.actor, command.at)
    if reason is not None:
        raise Refused(reason)
    by = requested.requested_by
    granted: dict[str, Any] = {"request": command.request, "granted_by": command.actor}
    match requested:
        case events.AppointmentRequested():
            if not officer.serves and not requested.sets_credential:
                raise Refused(Reason.BAD_INPUT, {"password": "missing"})
            resets = officer.was_appointed and requested.sets_credential
            return appointed(command.officer, requested.roles, requested.provinces, resets, by, command.at, **granted)
        case events.DismissalRequested():
            return [
                events.OfficerDismissed(officer=command.officer, dismissed_by=by, dismissed_at=command.at, **granted)
            ]
        case _:
            assert_never(requested)


def hindrance(
    requested: Requested, officer: Officer, admins: Mapping[str, Officer], granter: str, at: datetime
) -> Reason | None:
    """Why an admin may not grant a request; None where nothing hinders."""
    wanted = requested.provinces if isinstance(requested, events.AppointmentRequested) else ()
    return hindrance_of_second(requested.requested_by, granter, {*wanted, *officer.provinces}, admins, at)


def hindrance_of_second(
    requester: str, granter: str, provinces: AbstractSet[str], admins: Mapping[str, Officer], at: datetime
) -> Reason | None:
    """Why an admin is no second person for what another one requests about these provinces."""
    asker, grants = admins[requester], admins[granter]
    if requester == granter:
        return Reason.OWN_REQUEST
    if not asker.is_admin:
        return Reason.REQUESTER_DISMISSED
    if not grants.is_admin or not provinces <= set(grants.provinces):
        return Reason.NOT_ALLOWED
    made, makes = asker.set_up_by.get(granter), grants.set_up_by.get(requester)
    return None if are_independent(made, makes, at) else Reason.NOT_INDEPENDENT


def decline(command: commands.DeclineOfficerRequest, officer: Officer, context: Context) -> list[Event]:
    """Any admin of the officer's provinces may decline; the requester withdraws it so."""
    must_be_in_reach(context.reach, officer)
    must_be_open(command.request, officer)
    return [
        events.OfficerRequestDeclined(
            officer=command.officer, request=command.request, declined_by=command.actor, declined_at=command.at
        )
    ]


def appointed(  # noqa: PLR0913 - what an appointment says
    officer: str,
    roles: Iterable[Role],
    provinces: Iterable[str],
    resets_credential: bool,
    by: str,
    at: datetime,
    **granted: Any,
) -> list[Event]:
    """The appointment, and the password where it replaces one."""
    happened: list[Event] = [
        events.OfficerAppointed(
            officer=officer,
            roles=tuple(roles),
            provinces=tuple(provinces),
            appointed_by=by,
            appointed_at=at,
            **granted,
        )
    ]
    if resets_credential:
        granted_by = granted.get("granted_by", "")
        account = f"officer:{officer}"
        happened.append(events.PasswordChanged(account=account, changed_by=by, changed_at=at, granted_by=granted_by))
    return happened


def must_be_open(request: UUID, officer: Officer) -> Requested:
    if request not in officer.requests:
        raise Refused(Reason.UNKNOWN_REQUEST)
    return officer.requests[request]


def must_be_in_reach(reach: frozenset[str] | None, officer: Officer) -> None:
    """An admin takes no province of others from an officer."""
    if reach is not None and not reach.issuperset(officer.provinces):
        raise Refused(Reason.NOT_ALLOWED)


def officer_decider(context: Context) -> Decider[Command, Officer]:
    return Decider(lambda command, officer: decide(command, officer, context), evolve, Officer())
