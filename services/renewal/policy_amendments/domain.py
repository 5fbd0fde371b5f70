"""The decisions about a year's capacity policy: an admin requests an amendment with a reason, and a second admin grants it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, events
from shared.event_store.decider import Decider
from shared.policies import capacity_policy
from shared.policies.capacity_policy import Policy
from shared.policies.policy_files import PolicyError
from shared.policies.two_persons import SetUp, are_independent

Command = commands.AmendPolicy | commands.GrantPolicyAmendment | commands.DeclinePolicyAmendment
PolicyEvent = events.PolicyAmended | events.PolicyAmendmentRequested | events.PolicyAmendmentDeclined


@dataclass(frozen=True)
class AmendedPolicy:
    """The policy text of a year since its last amendment (None before the first one), and what is requested."""

    text: str | None = None
    requests: Mapping[UUID, events.PolicyAmendmentRequested] = field(default_factory=dict)


@dataclass(frozen=True)
class Colleagues:
    """What is known of the two: whether the requester is still an admin, and who of them has set up the other.

    Of a granter whose appointment has not come yet, nothing is: it may be the requester's own work.
    """

    is_requester_admin: bool = True
    is_granter_known: bool = True
    requester_set_up_by_granter: SetUp | None = None
    granter_set_up_by_requester: SetUp | None = None


def decide(command: Command, amended: AmendedPolicy, colleagues: Colleagues) -> list[Event]:
    match command:
        case commands.AmendPolicy():
            return request(command, amended)
        case commands.GrantPolicyAmendment():
            return grant(command, amended, colleagues)
        case commands.DeclinePolicyAmendment():
            return decline(command, amended)
        case _:
            assert_never(command)


def request(command: commands.AmendPolicy, amended: AmendedPolicy) -> list[Event]:
    """Request an amendment, unless somebody else's came in between or it would change nothing."""
    must_be_current(command.before, amended)
    before, after = (parse(text, command.year) for text in (command.before, command.after))
    if after.has_same_tables(before):
        raise Refused(Reason.NOTHING_CHANGES)
    return [
        events.PolicyAmendmentRequested(
            year=command.year,
            request=command.id,
            before=command.before,
            after=command.after,
            note=command.id,
            requested_by=command.actor,
            requested_at=command.at,
        )
    ]


def grant(command: commands.GrantPolicyAmendment, amended: AmendedPolicy, colleagues: Colleagues) -> list[Event]:
    """The amendment holds from now on; not where another one was granted since it was requested."""
    requested = must_be_open(command.request, amended)
    reason = hindrance(requested, command.actor, colleagues, command.at)
    if reason is not None:
        raise Refused(reason)
    must_be_current(requested.before, amended)
    return [
        events.PolicyAmended(
            year=command.year,
            before=requested.before,
            after=requested.after,
            digest=parse(requested.after, command.year).digest,
            note=requested.note,
            amended_by=requested.requested_by,
            amended_at=command.at,
            request=command.request,
            granted_by=command.actor,
        )
    ]


def hindrance(
    requested: events.PolicyAmendmentRequested, granter: str, colleagues: Colleagues, at: datetime
) -> Reason | None:
    """Why an admin may not grant an amendment; None where nothing hinders."""
    if requested.requested_by == granter:
        return Reason.OWN_REQUEST
    if not colleagues.is_requester_admin:
        return Reason.REQUESTER_DISMISSED
    if not colleagues.is_granter_known:
        return Reason.NO_ANSWER
    made, makes = colleagues.requester_set_up_by_granter, colleagues.granter_set_up_by_requester
    return None if are_independent(made, makes, at) else Reason.NOT_INDEPENDENT


def decline(command: commands.DeclinePolicyAmendment, amended: AmendedPolicy) -> list[Event]:
    must_be_open(command.request, amended)
    return [
        events.PolicyAmendmentDeclined(
            year=command.year, request=command.request, declined_by=command.actor, declined_at=command.at
        )
    ]


def must_be_current(before: str, amended: AmendedPolicy) -> None:
    if amended.text is not None and before != amended.text:
        raise Refused(Reason.CONFLICT)


def must_be_open(key: UUID, amended: AmendedPolicy) -> events.PolicyAmendmentRequested:
    if key not in amended.requests:
        raise Refused(Reason.UNKNOWN_REQUEST)
    return amended.requests[key]


def parse(text: str, year: int) -> Policy:
    """The policy of a year in a text, or a refusal that names its cells."""
    try:
        found = capacity_policy.parse(text, f"{year}.toml")
    except PolicyError as error:
        raise Refused(
            Reason.POLICY_WRONG, {str(number): line for number, line in enumerate(str(error).splitlines(), start=1)}
        ) from None
    if found.year != year:
        raise Refused(Reason.POLICY_WRONG, {"year": str(found.year)})
    return found


def evolve(amended: AmendedPolicy, event: PolicyEvent) -> AmendedPolicy:
    match event:
        case events.PolicyAmendmentRequested():
            return replace(amended, requests={**amended.requests, event.request: event})
        case events.PolicyAmended():
            return AmendedPolicy(event.after, without(amended, event.request))
        case events.PolicyAmendmentDeclined():
            return replace(amended, requests=without(amended, event.request))
        case _:
            assert_never(event)


def without(amended: AmendedPolicy, key: UUID | None) -> Mapping[UUID, events.PolicyAmendmentRequested]:
    return {request: one for request, one in amended.requests.items() if request != key}


def policy_decider(colleagues: Colleagues) -> Decider[Command, AmendedPolicy]:
    return Decider(lambda command, amended: decide(command, amended, colleagues), evolve, AmendedPolicy())
