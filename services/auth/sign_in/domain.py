"""Decisions about passwords, on the member's or the officer's stream: the holder sets one, an officer takes a member's back or gives a code for the first sign-in."""

from datetime import timedelta
from typing import assert_never

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
