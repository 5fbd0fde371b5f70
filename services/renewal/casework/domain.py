"""The decisions about who works on a renewal: claimed, handed over or released; an assignment ends by itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from services.renewal.office_hours.rules import REVIEW_WORKING_TIME
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, events
from shared.event_store.decider import Decider

CLAIM_WORKING_TIME = timedelta(hours=2)
"""Half of the time in which a review is promised: where a claim was forgotten, colleagues have the other half."""
HAND_OVER_WORKING_TIME = REVIEW_WORKING_TIME
"""Longer than a claim, for whoever is given a renewal has other work at that moment."""

Command = commands.ClaimRenewal | commands.ReleaseRenewal | commands.HandOverRenewal
AssignmentEvent = events.RenewalAssigned | events.RenewalReleased


@dataclass(frozen=True)
class Assignment:
    """The officer to whom a renewal was assigned last, by actor, and until when; nobody before the first."""

    officer: str = ""
    until: datetime | None = None

    def is_live(self, at: datetime) -> bool:
        return self.until is not None and at < self.until


@dataclass(frozen=True)
class AssignmentContext:
    """What a decision rests on beside the stream."""

    status: str | None = None
    """Of the renewal; None where there is none."""
    until: datetime | None = None
    """When an assignment that begins now would end."""
    stands_in_for: frozenset[str] = frozenset()
    """The absent officers whose deputy the caller is, by actor."""
    is_colleague: bool = False
    """Whether the officer to whom it would be handed over is a manager of the province."""


def decide(command: Command, assignment: Assignment, context: AssignmentContext) -> list[Event]:
    match command:
        case commands.ClaimRenewal():
            return claim(command, assignment, context)
        case commands.ReleaseRenewal():
            return release(command, assignment, context)
        case commands.HandOverRenewal():
            return hand_over(command, assignment, context)
        case _:
            assert_never(command)


def claim(command: commands.ClaimRenewal, assignment: Assignment, context: AssignmentContext) -> list[Event]:
    require_on_desk(context)
    if assignment.is_live(command.at) and assignment.officer == command.actor:
        return []
    require_free(command, assignment, context)
    return assigned(command, command.actor, context)


def release(command: commands.ReleaseRenewal, assignment: Assignment, context: AssignmentContext) -> list[Event]:
    if not assignment.is_live(command.at):
        return []
    require_free(command, assignment, context)
    return [
        events.RenewalReleased(
            member=command.member, year=command.year, released_by=command.actor, released_at=command.at
        )
    ]


def hand_over(command: commands.HandOverRenewal, assignment: Assignment, context: AssignmentContext) -> list[Event]:
    require_on_desk(context)
    if not context.is_colleague:
        raise Refused(Reason.NOT_A_COLLEAGUE)
    officer = f"officer:{command.officer}"
    if assignment.is_live(command.at) and assignment.officer == officer:
        return []
    require_free(command, assignment, context)
    return assigned(command, officer, context)


def assigned(
    command: commands.ClaimRenewal | commands.HandOverRenewal, officer: str, context: AssignmentContext
) -> list[Event]:
    if context.until is None:
        raise ValueError("an assignment without an end")
    about = {"member": command.member, "year": command.year, "officer": officer, "until": context.until}
    return [events.RenewalAssigned.model_validate({**about, "assigned_by": command.actor, "assigned_at": command.at})]


def require_on_desk(context: AssignmentContext) -> None:
    """Only what waits for a decision is assigned."""
    if context.status in (None, "withdrawn"):
        raise Refused(Reason.NOT_REQUESTED)
    if context.status in ("approved", "rejected"):
        raise Refused(Reason.ALREADY_DECIDED)
    if context.status != "submitted":
        raise Refused(Reason.NOT_SUBMITTED)


def require_free(command: Command, assignment: Assignment, context: AssignmentContext) -> None:
    """Refuse what a colleague holds, unless the caller stands in for that colleague."""
    if assignment.is_live(command.at) and assignment.officer not in {command.actor, *context.stands_in_for}:
        raise held(assignment)


def held(assignment: Assignment) -> Refused:
    """The refusal that says who holds a renewal, and until when."""
    until = assignment.until.isoformat() if assignment.until else ""
    return Refused(Reason.HELD_BY_COLLEAGUE, {"officer": assignment.officer, "held_until": until})


def evolve(_assignment: Assignment, event: AssignmentEvent) -> Assignment:
    match event:
        case events.RenewalAssigned():
            return Assignment(event.officer, event.until)
        case events.RenewalReleased():
            return Assignment()
        case _:
            assert_never(event)


def assignment_decider(context: AssignmentContext) -> Decider[Command, Assignment]:
    """The decider in the context of one command."""
    return Decider(lambda command, assignment: decide(command, assignment, context), evolve, Assignment())
