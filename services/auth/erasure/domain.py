"""The decisions about an erasure: an admin of the province requests it, and a second, independent admin grants it."""

from dataclasses import dataclass, replace
from typing import assert_never

from shared.contract.auth import commands, events
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.event_store.decider import Decider

MemberEvent = (
    events.MemberEnrolled
    | events.MembershipChanged
    | events.MemberRemoved
    | events.PasswordChanged
    | events.PasswordReset
    | events.ActivationCodeIssued
    | events.ErasureRequested
    | events.ErasureDeclined
    | events.MemberErased
)
Command = commands.RequestErasure | commands.GrantErasure | commands.DeclineErasure


@dataclass(frozen=True)
class Erasure:
    """What is known of a member whose personal data is to be erased."""

    province: str = ""
    """Empty: not on the register."""
    requested: events.ErasureRequested | None = None
    is_erased: bool = False


@dataclass(frozen=True)
class Context:
    """What a decision rests on besides the member's own stream."""

    reach: frozenset[str] = frozenset()
    """The provinces of the admin who decides."""
    hindrance: Reason | None = None
    """Why who decides is no second person for who has requested (`officers/domain.py`)."""


def decide(command: Command, erasure: Erasure, context: Context) -> list[Event]:
    match command:
        case commands.RequestErasure():
            return request(command, erasure, context)
        case commands.GrantErasure():
            return grant(command, erasure, context)
        case commands.DeclineErasure():
            return decline(command, erasure, context)
        case _:
            assert_never(command)


def request(command: commands.RequestErasure, erasure: Erasure, context: Context) -> list[Event]:
    """Nothing hinders it, neither an open renewal nor a debt: both go on by the member's number."""
    require_reach(erasure, context)
    if erasure.is_erased:
        raise Refused(Reason.MEMBER_ERASED)
    if erasure.requested is not None:
        return []
    return [
        events.ErasureRequested(
            member=command.member,
            province=erasure.province,
            cause=command.reason,
            requested_by=command.actor,
            requested_at=command.at,
        )
    ]


def grant(command: commands.GrantErasure, erasure: Erasure, context: Context) -> list[Event]:
    """From now on the member is a number, by the word of two about the same reason."""
    requested = require_requested(erasure)
    if context.hindrance is not None:
        raise Refused(context.hindrance)
    if command.reason not in (None, requested.cause):
        raise Refused(Reason.CHANGED_SINCE)
    return [
        events.MemberErased(
            member=command.member,
            province=requested.province,
            cause=requested.cause,
            requested_by=requested.requested_by,
            granted_by=command.actor,
            erased_at=command.at,
        )
    ]


def decline(command: commands.DeclineErasure, erasure: Erasure, context: Context) -> list[Event]:
    """Any admin of the province may decline; the requester withdraws it so."""
    require_reach(erasure, context)
    require_requested(erasure)
    return [events.ErasureDeclined(member=command.member, declined_by=command.actor, declined_at=command.at)]


def require_reach(erasure: Erasure, context: Context) -> None:
    if not erasure.province:
        raise Refused(Reason.UNKNOWN_MEMBER)
    if erasure.province not in context.reach:
        raise Refused(Reason.NOT_ALLOWED)


def require_requested(erasure: Erasure) -> events.ErasureRequested:
    if erasure.requested is None:
        raise Refused(Reason.UNKNOWN_REQUEST)
    return erasure.requested


def evolve(erasure: Erasure, event: MemberEvent) -> Erasure:
    match event:
        case events.MemberEnrolled() | events.MembershipChanged():
            return replace(erasure, province=event.province)
        case events.MemberRemoved():
            return replace(erasure, province="")
        case events.ErasureRequested():
            return replace(erasure, requested=event)
        case events.ErasureDeclined():
            return replace(erasure, requested=None)
        case events.MemberErased():
            return replace(erasure, requested=None, is_erased=True)
        case events.PasswordChanged() | events.PasswordReset() | events.ActivationCodeIssued():
            return erasure
        case _:
            assert_never(event)


def erasure_decider(context: Context) -> Decider[Command, Erasure]:
    return Decider(lambda command, erasure: decide(command, erasure, context), evolve, Erasure())
