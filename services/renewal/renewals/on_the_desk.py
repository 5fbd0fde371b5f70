"""Decisions about a declaration on the desk before a manager decides on it: recalled by the member, opened, and a note added; pure."""

from typing import assert_never

from services.renewal.renewals.state import Renewal, require_submitted
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, events

MEMBER_NOTES_MAX = 10
"""Notes of a member about the renewal of a year."""


Command = commands.RecallDeclaration | commands.OpenReview | commands.AddMemberNote


def decide(command: Command, renewal: Renewal) -> list[Event]:
    match command:
        case commands.RecallDeclaration():
            return recall(command, renewal)
        case commands.OpenReview():
            return open_review(command, renewal)
        case commands.AddMemberNote():
            return add_note(command, renewal)
        case _:
            assert_never(command)


def recall(command: commands.RecallDeclaration, renewal: Renewal) -> list[Event]:
    """Until a manager has opened it; a correction also until its deadline, for the request would expire at once."""
    before = renewal.before_submission
    if renewal.is_recalled:
        return []
    require_submitted(renewal)
    if before is None:
        raise Refused(Reason.NOT_SUBMITTED)
    if renewal.opened_version == renewal.declaration_version:
        raise Refused(Reason.REVIEW_OPENED)
    if before.correction_due_at is not None and before.correction_due_at <= command.at:
        raise Refused(Reason.CORRECTION_LATE)
    return [
        events.DeclarationRecalled(
            member=command.member,
            year=command.year,
            declaration_version=renewal.declaration_version,
            returned=before.as_returned if before.status == "returned" else None,
            recalled_at=command.at,
        )
    ]


def open_review(command: commands.OpenReview, renewal: Renewal) -> list[Event]:
    """The first manager to open a version is recorded."""
    require_submitted(renewal)
    if command.declaration_version != renewal.declaration_version:
        raise Refused(Reason.CONFLICT)
    if renewal.opened_version == renewal.declaration_version:
        return []
    return [
        events.ReviewOpened(
            member=command.member,
            year=command.year,
            declaration_version=renewal.declaration_version,
            opened_by=command.actor,
            opened_at=command.at,
        )
    ]


def add_note(command: commands.AddMemberNote, renewal: Renewal) -> list[Event]:
    require_submitted(renewal)
    if renewal.member_notes >= MEMBER_NOTES_MAX:
        raise Refused(Reason.TOO_MANY_NOTES)
    return [
        events.MemberNoteAdded(
            member=command.member,
            year=command.year,
            declaration_version=renewal.declaration_version,
            note=command.id,
            added_at=command.at,
        )
    ]
