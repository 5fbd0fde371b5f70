"""What may be done with a bank's notice: it is stored once, and an id belongs to one body for ever."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.contract import base
from shared.contract.bank import events
from shared.contract.refusals import Reason, Refused
from shared.event_store.decider import Decider


@dataclass(frozen=True)
class StoreNotice:
    """A notice has come whose signature is good."""

    id: UUID
    at: datetime
    notice_id: str
    authority: str
    body_digest: str


@dataclass(frozen=True)
class RefuseNotice:
    """What came is none of the bank's notices, for a cause."""

    id: UUID
    at: datetime
    cause: str


Notice = events.BankNoticeReceived | None


def decide(command: StoreNotice, notice: Notice) -> list[base.Event]:
    """Store it; the same again is already so, the same id with another body is refused."""
    if notice is not None and notice.body_digest != command.body_digest:
        raise Refused(Reason.CONFLICT, {"body": "differs"})
    if notice is not None:
        return []
    return [
        events.BankNoticeReceived(
            notice_id=command.notice_id,
            authority=command.authority,
            body_digest=command.body_digest,
            received_at=command.at,
        )
    ]


def evolve(notice: Notice, event: base.Event) -> Notice:
    """A notice is what was stored of it."""
    return event if isinstance(event, events.BankNoticeReceived) else notice


NOTICE: Decider[StoreNotice, Notice] = Decider(decide, evolve, None)


def refuse(command: RefuseNotice, is_recorded: bool) -> list[base.Event]:
    """The first refusal of a stream is recorded; a flood of them is one event."""
    return [] if is_recorded else [events.BankNoticeRefused(cause=command.cause, refused_at=command.at)]


REFUSAL: Decider[RefuseNotice, bool] = Decider(refuse, lambda _is_recorded, _event: True, initial=False)
