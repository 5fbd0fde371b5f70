"""Sends the notices that are due and asks what became of them: each message is on record before it is handed to a provider, so that a crash repeats none."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, RowMapping, func, insert, select, update

from services.notification.addresses import contacts, stopping
from services.notification.delivery import breaker, ways
from services.notification.delivery.messages import message_of
from services.notification.delivery.ways import Situation, Tried
from services.notification.notices import domain, notifying
from services.notification.notices.kinds import RULES
from services.notification.providers.port import Answer, Delivery, Message, Outcome, Provider
from services.notification.tables import ATTEMPTS, MESSAGES, NOTICES, REPORTS, SENDING
from services.notification.templates import Rendered, Texts
from shared.contract.envelope import Recorded
from shared.contract.notification import events
from shared.contract.notification.values import NoticeKind, NoticeValues, Way
from shared.event_store.command_handler import Records, SideWrites
from shared.subscriptions.timers import Timer

ROUND_MAX = 50
"""Notices that one round sends at most, and deliveries that it asks each provider for at least."""
LEASE = timedelta(minutes=2)
"""While one copy sends a notice, no other does; longer than any provider is waited for."""
INQUIRE_AFTER = (timedelta(seconds=5), timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=3))
"""Between two questions about a delivery; the last one again and again."""
INQUIRIES_MAX = 100
"""So often a delivery is asked for: about five hours."""

logger = logging.getLogger(__name__)


class Handed(NamedTuple):
    """A message by its id, way and provider."""

    attempt: UUID
    way: Way
    provider: str


@dataclass(frozen=True)
class Sender:
    """The providers in the operator's order, the texts, and the log."""

    records: Records
    providers: Sequence[Provider]
    texts: Texts
    time_scale: int = 1
    """Divides waiting times, for rehearsals (`Settings.message_time_scale`)."""

    def run_round(self, at: datetime) -> None:
        """Ask first: what has arrived while this program was not running is not sent by another way."""
        self.inquire_due(at)
        self.send_due(at)

    def send_due(self, at: datetime) -> None:
        """Send the notices whose turn it is, or find out that nothing is to be sent."""
        for timer in SENDING.claim_each(self.records.database, at, lambda _: at + LEASE, most=ROUND_MAX):
            try:
                self.send(UUID(timer.key), at)
            except Exception:
                logger.exception("notice %s was not sent; it is tried again", timer.key)

    def send(self, notice: UUID, at: datetime) -> None:
        with self.records.read() as connection:
            row = connection.execute(select(NOTICES).where(NOTICES.c.notice == notice)).mappings().one()
            open_message = self.open_message(connection, notice)
            situation = self.situation(connection, row, at)
        if open_message is not None:
            self.settle(row, open_message, at)
            return
        match ways.next_step(situation, at):
            case ways.Send(way, provider):
                self.hand_over(row, way, self.named(provider), situation.contacts[way].value, at)
            case ways.Wait(until):
                self.records.write(partial(SENDING.arm, key=notice, due_at=until))
            case ways.Done():
                self.records.write(partial(SENDING.cancel, key=notice))
            case ways.Stop(cause):
                self.decide(row, domain.Pass(uuid5(notice, f"pass/{at.isoformat()}"), at, cause))

    def situation(self, connection: Connection, row: RowMapping, at: datetime) -> Situation:
        """What is known of a notice now; what was tried before it was to be sent once more counts no longer."""
        rule, with_text = RULES[NoticeKind(row["kind"])], self.rendered(row).ways
        query = select(ATTEMPTS).where(ATTEMPTS.c.notice == row["notice"], ATTEMPTS.c.began_at >= row["resent_at"])
        tried = [
            Tried(Way(one["way"]), one["provider"], one["state"], one["cause"], one["at"])
            for one in connection.execute(query.order_by(ATTEMPTS.c.at)).mappings()
        ]
        return Situation(
            rule=replace(rule, ways=tuple(way for way in rule.ways if way in with_text)),
            happened_at=row["happened_at"],
            choices=contacts.choices_of(connection, row["person"]),
            contacts=contacts.contacts_of(connection, row["person"]),
            tried=tried,
            providers={way: [one.name for one in self.providers if one.capabilities.way is way] for way in Way},
            down=breaker.down(connection, [one.name for one in self.providers], at),
            reports=frozenset(one.capabilities.way for one in self.providers if one.capabilities.reports_delivery),
            is_resent=row["resent_at"] > row["happened_at"],
            is_passed=bool(row["passed"]),
            is_of_before=notifying.is_before_start(connection, row["resent_at"]),
            time_scale=self.time_scale,
        )

    def named(self, name: str) -> Provider:
        return next(one for one in self.providers if one.name == name)

    def open_message(self, connection: Connection, notice: UUID) -> RowMapping | None:
        """A message that was on its way to a provider when the program stopped."""
        known = select(ATTEMPTS.c.attempt).where(ATTEMPTS.c.notice == notice)
        query = select(MESSAGES).where(MESSAGES.c.notice == notice, MESSAGES.c.attempt.not_in(known))
        return connection.execute(query).mappings().first()

    def settle(self, row: RowMapping, message: RowMapping, at: datetime) -> None:
        """Find out by the message's id whether its provider has it; where that can't be known it is not sent again by that way."""
        way, attempt = Way(message["way"]), message["attempt"]
        known = [one for one in self.providers if one.name == message["provider"]]
        found = Answer(Outcome.UNKNOWN)
        if known and known[0].capabilities.finds_by_attempt:
            again = self.message(row, way, attempt, message["address"])
            found = known[0].find(again, message["handed_at"]) or Answer(Outcome.REFUSED)
        self.record(row, Handed(attempt, way, message["provider"]), found, at)

    def hand_over(self, row: RowMapping, way: Way, provider: Provider, address: str, at: datetime) -> None:
        """Put a message on record, hand it to the provider, and record what it says."""
        with self.records.read() as connection:
            # Their messages may be gone, by the retention.
            before = select(func.count()).select_from(ATTEMPTS).where(ATTEMPTS.c.notice == row["notice"])
            attempt = uuid5(row["notice"], str(connection.execute(before).scalar_one()))
        message = self.message(row, way, attempt, address)
        kept = {
            "attempt": attempt,
            "notice": row["notice"],
            "member": row["member"],
            "way": way.value,
            "provider": provider.name,
            "address": address,
            "text": message.text,
            "reference": "",
            "handed_at": at,
        }
        self.records.write(lambda connection: connection.execute(insert(MESSAGES).values(kept)).close())
        self.record(row, Handed(attempt, way, provider.name), handed(provider, message, at), at)

    def message(self, row: RowMapping, way: Way, attempt: UUID, address: str) -> Message:
        return message_of(self.rendered(row), way, attempt, address)

    def rendered(self, row: RowMapping) -> Rendered:
        return self.texts.render(NoticeKind(row["kind"]), NoticeValues.model_validate_json(row["values"]))

    def record(self, row: RowMapping, handed: Handed, answer: Answer, at: datetime) -> None:
        """Record a provider's answer to a message, with what follows from it."""
        attempt, way, provider = handed
        about = {"notice": row["notice"], "person": row["person"], **handed._asdict()}
        is_accepted = answer.outcome is Outcome.ACCEPTED
        event: domain.AttemptEvent
        if is_accepted:
            segments = self.rendered(row).segments if way is Way.SMS else 1
            event = events.NoticeSent(**about, segments=segments, cost_rials=answer.cost_rials, sent_at=at)
        else:
            event = events.NoticeFailed(**about, cause=cause_of(answer), failed_at=at)

        def write(connection: Connection, _recorded: Sequence[Recorded]) -> None:
            this = update(MESSAGES).where(MESSAGES.c.attempt == attempt)
            connection.execute(this.values(reference=answer.reference))
            breaker.record_answer(connection, provider, at, answer)
            if is_accepted and self.named(provider).capabilities.reports_delivery:
                REPORTS.arm(connection, attempt, at + INQUIRE_AFTER[0] / self.time_scale, owner=provider)
            if answer.outcome is Outcome.BLOCKED:
                stopping.count_failure(connection, self.records.own_log(), row["person"], way, attempt, at)

        self.decide(row, domain.Record(uuid5(attempt, type(event).__name__), at, event), write)

    def decide(self, row: RowMapping, command: domain.Command, write: SideWrites | None = None) -> None:
        stream = domain.stream_of(row["person"], row["notice"])
        self.records.handle(stream, command, domain.NOTICE, write)

    def inquire_due(self, at: datetime) -> None:
        """Ask each provider what became of the messages that it has accepted."""
        with self.records.read() as connection:
            owners = REPORTS.owners_due(connection, at)
        for provider in self.providers:
            if provider.name in owners:
                most = max(provider.capabilities.status_batch_max, ROUND_MAX)
                again = partial(inquire_again, at, self.time_scale)
                timers = REPORTS.claim_each(self.records.database, at, again, provider.name, most=most)
                try:
                    self.inquire(provider, [UUID(timer.key) for timer in timers], at)
                except Exception:
                    logger.exception("%s was not asked for its deliveries; it is asked again", provider.name)

    def inquire(self, provider: Provider, attempts: Sequence[UUID], at: datetime) -> None:
        with self.records.read() as connection:
            query = select(MESSAGES).where(MESSAGES.c.attempt.in_(attempts))
            messages = {row["reference"]: row for row in connection.execute(query).mappings()}
        for reference, delivery in provider.deliveries([*messages]).items():
            if reference in messages and delivery not in (Delivery.PENDING, Delivery.UNKNOWN):
                self.report(messages[reference], provider.name, delivery, at)

    def report(self, message: RowMapping, provider: str, delivery: Delivery, at: datetime) -> None:
        """Record that a message has arrived, or not."""
        attempt, way = message["attempt"], Way(message["way"])
        with self.records.read() as connection:
            row = connection.execute(select(NOTICES).where(NOTICES.c.notice == message["notice"])).mappings().one()
        about = {"notice": row["notice"], "person": row["person"], **Handed(attempt, way, provider)._asdict()}
        event: domain.AttemptEvent
        if delivery is Delivery.DELIVERED:
            event = events.NoticeDelivered(**about, delivered_at=at)
        else:
            cause = "blocked" if delivery is Delivery.BLOCKED else "undelivered"
            event = events.NoticeFailed(**about, cause=cause, failed_at=at)

        def write(connection: Connection, _recorded: Sequence[Recorded]) -> None:
            REPORTS.cancel(connection, attempt)
            if delivery is Delivery.DELIVERED:
                contacts.count_success(connection, row["person"], way)
            else:
                stopping.count_failure(connection, self.records.own_log(), row["person"], way, attempt, at)

        self.decide(row, domain.Record(uuid5(attempt, type(event).__name__), at, event), write)


def handed(provider: Provider, message: Message, at: datetime) -> Answer:
    """A provider's answer to a message; where there is no usable one, what it has of the message, if it can be asked."""
    answer = provider.send(message)
    if answer.outcome is Outcome.UNKNOWN and provider.capabilities.finds_by_attempt:
        return provider.find(message, at) or answer  # what it does not have yet may still come
    return answer


def cause_of(answer: Answer) -> str:
    """Why a message was not accepted: a refusal says what an officer may mend, such as the credit."""
    if answer.outcome is Outcome.REFUSED:
        return answer.cause if answer.cause in ways.NOT_ACCEPTED else ways.REFUSED
    return answer.outcome.value


def inquire_again(at: datetime, time_scale: int, timer: Timer) -> datetime | None:
    """The next question about a delivery; None where this is the last."""
    if timer.tries + 1 >= INQUIRIES_MAX:
        return None
    return at + INQUIRE_AFTER[min(timer.tries + 1, len(INQUIRE_AFTER) - 1)] / time_scale
