"""What may follow a manager's return or rejection: it is undone within minutes, or the correction's deadline passes; pure."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.renewal.renewals.state import Renewal
from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands, events
from shared.contract.renewal.correction import UNDO_MINUTES

UNDO_WITHIN = timedelta(minutes=UNDO_MINUTES)
"""The member has hardly read the decision by then. An approval is not undone: payment issues its invoice at once (DECISIONS.md)."""


class ExpireCorrection(NamedTuple):
    """Close a request whose correction was not sent in time; from the timer of the return `note`."""

    id: UUID
    at: datetime
    member: str
    year: int
    note: UUID


Command = commands.UndoDecision | ExpireCorrection


def decide(command: Command, renewal: Renewal) -> list[Event]:
    if isinstance(command, ExpireCorrection):
        return expire(command, renewal)
    return undo(command, renewal)


def undo(command: commands.UndoDecision, renewal: Renewal) -> list[Event]:
    """By whoever has decided, while the decision is the renewal's last act."""
    last = renewal.last_decision
    if last is None or last.note != command.decision:
        raise Refused(Reason.UNDO_OVER)
    if last.by != command.actor or command.at > last.at + UNDO_WITHIN:
        raise Refused(Reason.UNDO_OVER)
    return [
        events.DecisionUndone(
            member=command.member,
            year=command.year,
            decision=last.note,
            outcome=last.outcome,
            undone_by=command.actor,
            undone_at=command.at,
        )
    ]


def expire(command: ExpireCorrection, renewal: Renewal) -> list[Event]:
    """Nothing, where the correction was sent, or its return was undone, in the meantime."""
    due_at = renewal.correction_due_at
    is_late = renewal.status == "returned" and due_at is not None and due_at <= command.at
    if not is_late or renewal.correction != command.note:
        return []
    return [events.RenewalExpired(member=command.member, year=command.year, expired_at=command.at)]
