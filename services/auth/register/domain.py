"""A member's entry on the roll and an officer's appointment: what is decided about them, and what follows from it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from shared.contract.auth import events
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Licence, Role
from shared.event_store.decider import Decider

YEARS_AHEAD_MAX = 1
"""How many years before it begins a year can be paid for."""


@dataclass(frozen=True)
class PutOnRoll:
    """The roll says this of a member, for the first time or again."""

    id: UUID
    at: datetime
    actor: str
    member: str
    province: str
    licence: Licence
    paid_through: int | None


@dataclass(frozen=True)
class TakeOffRoll:
    """The import that brought a member is undone."""

    id: UUID
    at: datetime
    actor: str
    member: str


@dataclass(frozen=True)
class Appoint:
    """An officer shall have these roles in these provinces; `new_password` tells whether one was set with it."""

    id: UUID
    at: datetime
    actor: str
    officer: str
    roles: tuple[Role, ...]
    provinces: tuple[str, ...]
    new_password: bool
    reach: frozenset[str] | None = None
    """The provinces of the admin, who takes none of another from an officer; None for the first appointment."""


@dataclass(frozen=True)
class Dismiss:
    """An officer shall have no role any more; `reach` as with an appointment."""

    id: UUID
    at: datetime
    actor: str
    officer: str
    reach: frozenset[str]


@dataclass(frozen=True)
class ChangePassword:
    """The holder of an account has set a password; the current one was checked before."""

    id: UUID
    at: datetime
    actor: str
    account: str


MemberCommand = PutOnRoll | TakeOffRoll | ChangePassword
OfficerCommand = Appoint | Dismiss | ChangePassword


@dataclass(frozen=True)
class Entry:
    """What the roll says of a member."""

    province: str
    licence: Licence
    paid_through: int | None


@dataclass(frozen=True)
class Officer:
    """What an officer may do; nothing before the appointment and after the dismissal."""

    roles: tuple[Role, ...] = ()
    provinces: tuple[str, ...] = ()
    was_appointed: bool = False

    @property
    def serves(self) -> bool:
        return bool(self.roles)


def decide_member(command: MemberCommand, entry: Entry | None) -> list[Event]:
    match command:
        case PutOnRoll():
            return put_on_roll(command, entry)
        case TakeOffRoll():
            return [] if entry is None else [member_removed(command, entry)]
        case ChangePassword():
            if entry is None:
                raise Refused(Reason.UNKNOWN_MEMBER)
            return [password_changed(command)]
        case _:
            assert_never(command)


def can_be_paid(year: int | None, this_year: int) -> bool:
    """Whether a membership can be paid through a year: at most the next one; 1440 is a slip of the pen for 1404."""
    return year is None or year <= this_year + YEARS_AHEAD_MAX


def put_on_roll(command: PutOnRoll, entry: Entry | None) -> list[Event]:
    says = Entry(command.province, command.licence, command.paid_through)
    if entry == says:
        return []
    if entry is None:
        return [member_enrolled(command)]
    return [membership_changed(command)]


def member_enrolled(command: PutOnRoll) -> Event:
    return events.MemberEnrolled(
        member=command.member,
        province=command.province,
        licence=command.licence,
        paid_through=command.paid_through,
        enrolled_by=command.actor,
        enrolled_at=command.at,
    )


def member_removed(command: TakeOffRoll, entry: Entry) -> Event:
    return events.MemberRemoved(
        member=command.member, province=entry.province, removed_by=command.actor, removed_at=command.at
    )


def membership_changed(command: PutOnRoll) -> Event:
    return events.MembershipChanged(
        member=command.member,
        province=command.province,
        licence=command.licence,
        paid_through=command.paid_through,
        changed_by=command.actor,
        changed_at=command.at,
    )


def evolve_member(entry: Entry | None, event: Event) -> Entry | None:
    match event:
        case events.MemberEnrolled() | events.MembershipChanged():
            return Entry(event.province, event.licence, event.paid_through)
        case events.MemberRemoved():
            return None
        case _:
            return entry


def decide_officer(command: OfficerCommand, officer: Officer) -> list[Event]:
    match command:
        case Appoint():
            return appoint(command, officer)
        case Dismiss():
            return dismiss(command, officer)
        case ChangePassword():
            if not officer.serves:
                raise Refused(Reason.UNKNOWN_OFFICER)
            return [password_changed(command)]
        case _:
            assert_never(command)


def must_reach(reach: frozenset[str] | None, officer: Officer) -> None:
    if reach is not None and not reach.issuperset(officer.provinces):
        raise Refused(Reason.NOT_ALLOWED)


def appoint(command: Appoint, officer: Officer) -> list[Event]:
    """The appointment where it says something new, and the password where it replaces one."""
    must_reach(command.reach, officer)
    if not officer.serves and not command.new_password:
        raise Refused(Reason.BAD_INPUT, {"password": "missing"})
    roles, provinces = tuple(sorted(set(command.roles))), tuple(sorted(set(command.provinces)))
    happened: list[Event] = []
    if (roles, provinces) != (officer.roles, officer.provinces):
        happened.append(
            events.OfficerAppointed(
                officer=command.officer,
                roles=roles,
                provinces=provinces,
                appointed_by=command.actor,
                appointed_at=command.at,
            )
        )
    if officer.was_appointed and command.new_password:
        account = f"officer:{command.officer}"
        happened.append(events.PasswordChanged(account=account, changed_by=command.actor, changed_at=command.at))
    return happened


def dismiss(command: Dismiss, officer: Officer) -> list[Event]:
    if not officer.was_appointed:
        raise Refused(Reason.UNKNOWN_OFFICER)
    must_reach(command.reach, officer)
    if not officer.serves:
        return []
    return [events.OfficerDismissed(officer=command.officer, dismissed_by=command.actor, dismissed_at=command.at)]


def evolve_officer(officer: Officer, event: Event) -> Officer:
    match event:
        case events.OfficerAppointed():
            return Officer(event.roles, event.provinces, was_appointed=True)
        case events.OfficerDismissed():
            return replace(officer, roles=(), provinces=())
        case _:
            return officer


def password_changed(command: ChangePassword) -> Event:
    return events.PasswordChanged(account=command.account, changed_by=command.actor, changed_at=command.at)


MEMBER: Decider[MemberCommand, Entry | None] = Decider(decide_member, evolve_member, None)
OFFICER: Decider[OfficerCommand, Officer] = Decider(decide_officer, evolve_officer, Officer())
