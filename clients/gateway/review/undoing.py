"""Undoing the own return or rejection within minutes: the button on the page after it and on the review, and what it does."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import flask

from clients.gateway import web
from shared.contract.renewal.answers import Renewal
from shared.contract.renewal.correction import UNDO_MINUTES

UNDOABLE = ("returned", "rejected")
LAST = "undoable"
"""In the browser's cookie of forms: the last decision, until the next page has shown its button."""


class Undoable(NamedTuple):
    """A decision that may still be undone, for the form of its button."""

    member: str
    year: int
    decision: str
    outcome: str
    until: datetime


def of_review(renewal: Renewal, visitor: web.Visitor) -> Undoable | None:
    """The visitor's own decision on a renewal, as long as it may be undone."""
    last = renewal.decision
    if last is None or last.decision is None or last.outcome not in UNDOABLE or renewal.status != last.outcome:
        return None
    until = last.at + timedelta(minutes=UNDO_MINUTES)
    if last.by != visitor.passport.actor or until < web.rpc.now():
        return None
    return Undoable(renewal.member, renewal.year, str(last.decision), last.outcome, until)


def remember(member: str, year: int, decision: UUID, outcome: str) -> None:
    """Let the next page of the desk show the button."""
    until = web.rpc.now() + timedelta(minutes=UNDO_MINUTES)
    flask.session[LAST] = [member, year, str(decision), outcome, until.isoformat()]


def just_decided() -> Undoable | None:
    """The decision of the page before."""
    kept = flask.session.pop(LAST, None)
    if kept is None:
        return None
    member, year, decision, outcome, until = kept
    return Undoable(member, year, decision, outcome, datetime.fromisoformat(until))
