"""Records what a provider has answered to a message or reports of it, with what follows: the breaker, the next question, the failures of the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, exists, update
from sqlalchemy.exc import IntegrityError

from services.notification.addresses import contacts, stopping
from services.notification.delivery import breaker, ways
from services.notification.notices import domain
from services.notification.providers.port import Answer, Delivery, Outcome
from services.notification.tables import MESSAGES
from services.notification.timers import REPORTS
from shared.contract.envelope import Recorded
from shared.contract.notification import events
from shared.contract.notification.values import Way
from shared.event_store.command_handler import Records, SideWrites

REFERENCE_TAKEN = "reference_taken"
"""A yes with the id of another message proves nothing, and by that id the other one's delivery would be asked."""


class Handed(NamedTuple):
    """A message by its id, way and provider, and the id of the address that it went to."""

    attempt: UUID
    way: Way
    provider: str
    address_id: UUID | None

    @classmethod
    def of(cls, message: Any) -> "Handed":
        return cls(message.attempt, Way(message.way), message.provider, message.address_id)


@dataclass(frozen=True)
class Outcomes:
    """What becomes of messages, in the log and the rows."""

    records: Records

    def answered(  # noqa: PLR0913 - what was answered to which message, and when it is asked for
        self,
        notice: Any,
        handed: Handed,
        answer: Answer,
        segments: int,
        inquiry_at: datetime | None,
        at: datetime,
    ) -> None:
        """Record a provider's answer to a message; an accepted one is asked for at an instant, where its provider reports."""
        answer = self.with_own_reference(handed, answer)
        event: domain.AttemptEvent
        if answer.outcome is Outcome.ACCEPTED:
            event = events.NoticeSent(
                **about(notice, handed), segments=segments, cost_rials=answer.cost_rials, sent_at=at
            )
        else:
            event = events.NoticeFailed(**about(notice, handed), cause=cause_of(answer), failed_at=at)

        def write(connection: Connection, _recorded: Sequence[Recorded]) -> None:
            breaker.record_answer(connection, handed.provider, at, answer)
            if answer.outcome is Outcome.ACCEPTED and inquiry_at is not None:
                REPORTS.arm(connection, handed.attempt, inquiry_at, owner=handed.provider)
            if answer.outcome is Outcome.BLOCKED:
                self.count_failure(connection, notice, handed, at)

        self.record(notice, handed, event, at, write)

    def with_own_reference(self, handed: Handed, answer: Answer) -> Answer:
        """The answer, its reference stored beside the message; where another message has the same one it proves nothing."""
        if not answer.reference:
            return answer
        others = MESSAGES.alias()
        taken = exists().where(
            others.c.provider == handed.provider,
            others.c.reference == answer.reference,
            others.c.attempt != handed.attempt,
        )
        this = update(MESSAGES).where(MESSAGES.c.attempt == handed.attempt, ~taken)

        def keep(connection: Connection) -> bool:
            return connection.execute(this.values(reference=answer.reference)).rowcount == 1

        try:
            is_own = self.records.write(keep)
        except IntegrityError:  # another copy has stored it at this moment
            is_own = False
        return answer if is_own else Answer(Outcome.UNKNOWN, cause=REFERENCE_TAKEN)

    def reported(self, notice: Any, handed: Handed, delivery: Delivery, at: datetime) -> None:
        """Record that a message has arrived, or not."""
        event: domain.AttemptEvent
        if delivery is Delivery.DELIVERED:
            event = events.NoticeDelivered(**about(notice, handed), delivered_at=at)
        else:
            cause = "blocked" if delivery is Delivery.BLOCKED else "undelivered"
            event = events.NoticeFailed(**about(notice, handed), cause=cause, failed_at=at)

        def write(connection: Connection, _recorded: Sequence[Recorded]) -> None:
            REPORTS.cancel(connection, handed.attempt)
            if delivery is Delivery.DELIVERED:
                contacts.count_success(connection, notice.person, handed.way, handed.address_id)
            else:
                self.count_failure(connection, notice, handed, at)

        self.record(notice, handed, event, at, write)

    def count_failure(self, connection: Connection, notice: Any, handed: Handed, at: datetime) -> None:
        log = self.records.own_log()
        stopping.count_failure(connection, log, stopping.Failure(notice.person, *handed[:2], handed.address_id, at))

    def record(self, notice: Any, handed: Handed, event: domain.AttemptEvent, at: datetime, write: SideWrites) -> None:
        command = domain.Record(uuid5(handed.attempt, type(event).__name__), at, event)
        stream = domain.stream_of(notice.person, notice.notice)
        self.records.handle(stream, command, domain.NOTICE, write)


def about(notice: Any, handed: Handed) -> dict[str, Any]:
    """What every event of a message names."""
    return {
        "notice": notice.notice,
        "person": notice.person,
        "attempt": handed.attempt,
        "way": handed.way,
        "provider": handed.provider,
    }


def cause_of(answer: Answer) -> str:
    """Why a message was not accepted: a refusal says what an officer may mend, such as the credit."""
    if answer.outcome is Outcome.REFUSED:
        return answer.cause if answer.cause in ways.NOT_ACCEPTED else ways.REFUSED
    return answer.outcome.value
