"""Decisions about passwords, on the member's or the officer's stream: the holder sets one, an officer takes a member's back or gives a code for the first sign-in. And what its holder should hear of at once: a sign-in by a new device, and a lock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from shared.contract.auth import commands, events
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.event_store.decider import Decider

AccountEvent = (
    events.MemberEnrolled
    | events.MembershipChanged
    | events.MemberRemoved
    | events.OfficerAppointed
    | events.OfficerDismissed
    | events.AppointmentRequested
    | events.DismissalRequested
    | events.OfficerRequestDeclined
    | events.PasswordChanged
    | events.PasswordReset
    | events.ActivationCodeIssued
    | events.ErasureRequested
    | events.ErasureDeclined
    | events.MemberErased
)
ACTIVATION_LIFE = timedelta(days=14)
"""How long an activation code opens the first sign-in."""

LOCK_APART = timedelta(days=1)
"""A lock so soon after a recorded one is not recorded: whoever causes it again and again does not choose how many messages are sent."""


def set_password(command: commands.SetPassword, is_active: bool) -> list[Event]:
    """The current credential was checked before."""
    if not is_active:
        is_member = command.actor.startswith("member:")
        raise Refused(Reason.UNKNOWN_MEMBER if is_member else Reason.UNKNOWN_OFFICER)
    return [events.PasswordChanged(account=command.actor, changed_by=command.actor, changed_at=command.at)]


def reset_member(command: commands.ResetMember, is_active: bool) -> list[Event]:
    """Again and again: each ends the sessions that were opened since."""
    if not is_active:
        raise Refused(Reason.UNKNOWN_MEMBER)
    return [events.PasswordReset(member=command.member, reset_by=command.actor, reset_at=command.at)]


def issue_activation_code(command: commands.IssueActivationCode, is_active: bool) -> list[Event]:
    """Again and again: each takes the place of the code before."""
    if not is_active:
        raise Refused(Reason.UNKNOWN_MEMBER)
    return [
        events.ActivationCodeIssued(
            member=command.member,
            issued_by=command.actor,
            issued_at=command.at,
            expires_at=command.at + ACTIVATION_LIFE,
        )
    ]


def evolve(is_active: bool, event: AccountEvent) -> bool:
    match event:
        case events.MemberEnrolled() | events.MembershipChanged() | events.OfficerAppointed():
            return True
        case events.MemberRemoved() | events.MemberErased() | events.OfficerDismissed():
            return False
        case (
            events.PasswordChanged()
            | events.PasswordReset()
            | events.ActivationCodeIssued()
            | events.AppointmentRequested()
            | events.DismissalRequested()
            | events.OfficerRequestDeclined()
            | events.ErasureRequested()
            | events.ErasureDeclined()
        ):
            return is_active
        case _:
            assert_never(event)


PASSWORD: Decider[commands.SetPassword, bool] = Decider(set_password, evolve, False)
ACTIVATION: Decider[commands.IssueActivationCode, bool] = Decider(issue_activation_code, evolve, False)
RESET: Decider[commands.ResetMember, bool] = Decider(reset_member, evolve, False)


AccessEvent = events.NewDeviceSignedIn | events.AccountLocked


@dataclass(frozen=True)
class SignInByNewDevice:
    """A device that an account does not know has signed in to it."""

    id: UUID
    at: datetime
    actor: str


@dataclass(frozen=True)
class Lock:
    """Wrong credentials have locked somebody out of an account."""

    id: UUID
    at: datetime
    account: str


AccessCommand = SignInByNewDevice | Lock


def access_stream_of(account: str) -> str:
    """Beside the account's own stream, which a version that does not know these events goes on deciding."""
    return f"access/{account.replace(':', '/')}"


def decide_access(command: AccessCommand, locked_at: datetime | None) -> list[Event]:
    match command:
        case SignInByNewDevice():
            return [events.NewDeviceSignedIn(account=command.actor, signed_in_at=command.at)]
        case Lock():
            is_soon = locked_at is not None and command.at < locked_at + LOCK_APART
            return [] if is_soon else [events.AccountLocked(account=command.account, locked_at=command.at)]
        case _:
            assert_never(command)


def evolve_access(locked_at: datetime | None, event: AccessEvent) -> datetime | None:
    """The last recorded lock."""
    match event:
        case events.NewDeviceSignedIn():
            return locked_at
        case events.AccountLocked():
            return event.locked_at
        case _:
            assert_never(event)


ACCESS: Decider[AccessCommand, datetime | None] = Decider(decide_access, evolve_access, None)
