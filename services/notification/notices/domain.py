"""The life of one notice, decided: due, sent by one way after the other, delivered, passed or read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, assert_never
from uuid import UUID, uuid5

from shared.contract.base import Event
from shared.contract.notification import events
from shared.contract.notification.events import PassedCause
from shared.contract.notification.values import NoticeKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.decider import Decider

DAY = timedelta(days=1)
RESENDS_A_DAY_MAX = 3
"""Of one notice, whichever officers want it: each costs, and rings."""
UNDONE: PassedCause = "undone"
AttemptEvent = events.NoticeSent | events.NoticeDelivered | events.NoticeFailed
OwnEvent = events.NoticeDue | AttemptEvent | events.NoticePassed | events.NoticeRead | events.ResendRequested


@dataclass(frozen=True)
class Notify:
    """Tell a person a fact; with a cause it is passed at once, and only the inbox has it."""

    id: UUID
    at: datetime
    due: events.NoticeDue
    passed: PassedCause | None = None


@dataclass(frozen=True)
class Record:
    """Record what became of a message."""

    id: UUID
    at: datetime
    event: AttemptEvent


@dataclass(frozen=True)
class Pass:
    """Send a notice no more."""

    id: UUID
    at: datetime
    cause: PassedCause


@dataclass(frozen=True)
class Read:
    """The person has seen it."""

    id: UUID
    at: datetime


@dataclass(frozen=True)
class Resend:
    """An officer wants it to be sent once more."""

    id: UUID
    at: datetime
    actor: str


Command = Notify | Record | Pass | Read | Resend


@dataclass(frozen=True)
class Notice:
    """A notice, folded from its stream."""

    due: events.NoticeDue | None = None
    attempts: Mapping[UUID, str] = field(default_factory=dict)
    """The state of each message: `sent`, `delivered` or `failed`."""
    passed: PassedCause | None = None
    is_delivered: bool = False
    is_read: bool = False
    resends: tuple[datetime, ...] = ()
    """When it was to be sent once more."""


def notice_id(fact: UUID, person: str, kind: NoticeKind) -> UUID:
    """The one notice of a fact for a person, of a kind."""
    return uuid5(fact, f"{person}/{kind.value}")


def stream_of(person: str, notice: UUID) -> str:
    """All notices of a person have one partition key."""
    return f"notice/{person}/{notice}"


def decide(command: Command, notice: Notice) -> list[Event]:
    """New events; nothing where it is already so. What comes late, such as a report after the notice was passed, is recorded too."""
    if isinstance(command, Notify):
        return [] if notice.due else first_events(command)
    if notice.due is None:
        raise Refused(Reason.UNKNOWN_NOTICE)
    key: dict[str, Any] = {"notice": notice.due.notice, "person": notice.due.person}
    match command:
        case Record():
            return recorded(command.event, notice)
        case Pass():
            is_undone = command.cause == UNDONE and notice.passed != UNDONE  # then the inbox has it no more either
            is_over = notice.is_delivered or (notice.passed is not None and not is_undone)
            return [] if is_over else [events.NoticePassed(**key, cause=command.cause, passed_at=command.at)]
        case Read():
            return [] if notice.is_read else [events.NoticeRead(**key, read_at=command.at)]
        case Resend() if notice.passed == UNDONE or command.at < notice.due.send_at:
            raise Refused(Reason.UNKNOWN_NOTICE)  # as it is to the person
        case Resend():
            require_resendable(notice, command.at)
            return [events.ResendRequested(**key, note=command.id, requested_by=command.actor, requested_at=command.at)]
        case _:
            assert_never(command)


def require_resendable(notice: Notice, at: datetime) -> None:
    """Refuse to send a notice once more than a person bears in a day; the refusal names the end."""
    today = [resent_at for resent_at in notice.resends if resent_at > at - DAY]
    if len(today) >= RESENDS_A_DAY_MAX:
        raise Refused(Reason.TOO_MANY_RESENDS, {"until": (today[-RESENDS_A_DAY_MAX] + DAY).isoformat()})


def first_events(command: Notify) -> list[Event]:
    key: dict[str, Any] = {"notice": command.due.notice, "person": command.due.person}
    passed = [events.NoticePassed(**key, cause=command.passed, passed_at=command.at)] if command.passed else []
    return [command.due, *passed]


def recorded(event: AttemptEvent, notice: Notice) -> list[Event]:
    """Once for each message: sent, then delivered or failed; a provider may report the same again."""
    before = notice.attempts.get(event.attempt)
    is_new = before is None if isinstance(event, events.NoticeSent) else before not in ("delivered", "failed")
    return [event] if is_new else []


def evolve(notice: Notice, event: OwnEvent) -> Notice:
    match event:
        case events.NoticeDue():
            return replace(notice, due=event)
        case events.NoticeSent():
            return replace(notice, attempts={**notice.attempts, event.attempt: "sent"})
        case events.NoticeDelivered():
            return replace(notice, attempts={**notice.attempts, event.attempt: "delivered"}, is_delivered=True)
        case events.NoticeFailed():
            return replace(notice, attempts={**notice.attempts, event.attempt: "failed"})
        case events.NoticePassed():
            return replace(notice, passed=event.cause)
        case events.NoticeRead():
            return replace(notice, is_read=True)
        case events.ResendRequested():
            return replace(notice, passed=None, is_delivered=False, resends=(*notice.resends, event.requested_at))
        case _:
            assert_never(event)


NOTICE: Decider[Command, Notice] = Decider(decide, evolve, Notice())
