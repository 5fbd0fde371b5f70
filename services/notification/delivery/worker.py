"""Sends the notices that are due: each message is on record before it is handed to a provider, so that a crash repeats none."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, RowMapping, func, insert, select

from services.notification.addresses import contacts
from services.notification.delivery import breaker, leases, recipients, ways
from services.notification.delivery.messages import message_of
from services.notification.delivery.outcomes import Handed, Outcomes
from services.notification.delivery.reports import Reports, first_inquiry, id_of
from services.notification.delivery.ways import Situation, Tried
from services.notification.notices import domain, notifying
from services.notification.notices.kinds import RULES
from services.notification.providers.port import Answer, Message, Outcome, Provider
from services.notification.tables import ATTEMPTS, MESSAGES, NOTICES, SENDING
from services.notification.templates import Rendered, Texts
from shared.contract.envelope import Metadata
from shared.contract.notification.events import PassedCause
from shared.contract.notification.values import NoticeKind, NoticeValues, Way
from shared.event_store.command_handler import Records, handle
from shared.subscriptions.timers import Timer

ROUND_MAX = 50
"""Notices that one round sends at most."""
LEASE = timedelta(minutes=5)
"""While one copy sends a notice, no other does; longer than a provider is waited for until it has answered and was asked for the message."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sender:
    """The providers in the operator's order, the texts, and the log."""

    records: Records
    providers: Sequence[Provider]
    texts: Texts
    time_scale: int = 1
    """Divides waiting times, for rehearsals (`Settings.message_time_scale`)."""
    clock: leases.Clock | None = None
    """The time as it goes on within a round; without one it stands still."""

    def run_round(self, at: datetime) -> None:
        """Ask first: what has arrived while this program was not running is not sent by another way."""
        self.inquire_due(at)
        self.send_due(at)

    def inquire_due(self, at: datetime) -> None:
        Reports(self.records, self.providers, self.time_scale).inquire_due(at)

    def send_due(self, at: datetime) -> None:
        """Send the notices whose turn it is, or find out that nothing is to be sent."""
        clock = self.clock or (lambda: at)
        for timer in leases.claimed(SENDING, self.records.database, at, clock, LEASE, most=ROUND_MAX):
            try:
                Turn(self, timer, clock).run()
            except Exception:
                logger.exception("notice %s was not sent; it is tried again", timer.key)

    def reports(self, provider: str) -> bool:
        """Whether a provider, if it is there still, reports deliveries."""
        return any(one.name == provider and one.capabilities.reports_delivery for one in self.providers)

    def rendered(self, row: RowMapping) -> Rendered:
        return self.texts.render(NoticeKind(row["kind"]), NoticeValues.model_validate_json(row["values"]))

    def situation(self, connection: Connection, row: RowMapping, at: datetime) -> Situation:
        """What is known of a notice now; what was tried before it was to be sent once more counts no longer."""
        kind, with_text = NoticeKind(row["kind"]), self.rendered(row).ways
        rule = RULES[kind]
        query = select(ATTEMPTS).where(ATTEMPTS.c.notice == row["notice"], ATTEMPTS.c.began_at >= row["resent_at"])
        tried = [
            Tried(Way(one["way"]), one["provider"], one["state"], one["cause"], one["at"])
            for one in connection.execute(query.order_by(ATTEMPTS.c.at)).mappings()
        ]
        return Situation(
            kind=kind,
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
            lost=recipients.lost(connection, row),
            is_of_before=notifying.is_before_start(connection, row["resent_at"]),
            time_scale=self.time_scale,
        )


@dataclass
class Turn:
    """The turn of one notice, while its timer is claimed."""

    sender: Sender
    timer: Timer
    clock: leases.Clock

    @property
    def records(self) -> Records:
        return self.sender.records

    def run(self) -> None:
        """Do the next step of the notice."""
        at = self.clock()
        with self.records.read() as connection:
            row = self.find(connection)
            if row is not None:
                open_message = self.open_message(connection, row["notice"])
                situation = self.sender.situation(connection, row, at)
        if row is None:
            logger.warning("timer %s is dropped: it is of no notice that is known", self.timer.key)
            self.move(None)
        elif open_message is not None and at < open_message["handed_at"] + LEASE:
            self.move(open_message["handed_at"] + LEASE)  # another copy may send it at this moment
        elif open_message is not None:
            self.settle(row, open_message)
        else:
            self.take(row, situation, at)

    def find(self, connection: Connection) -> RowMapping | None:
        """The notice of the timer; None where there is none."""
        notice = id_of(self.timer.key)
        if notice is None:
            return None
        return connection.execute(select(NOTICES).where(NOTICES.c.notice == notice)).mappings().one_or_none()

    def open_message(self, connection: Connection, notice: UUID) -> RowMapping | None:
        """A message that was on its way to a provider when the program stopped."""
        known = select(ATTEMPTS.c.attempt).where(ATTEMPTS.c.notice == notice)
        query = select(MESSAGES).where(MESSAGES.c.notice == notice, MESSAGES.c.attempt.not_in(known))
        return connection.execute(query).mappings().first()

    def take(self, row: RowMapping, situation: Situation, at: datetime) -> None:
        match ways.next_step(situation, at):
            case ways.Send(way, provider):
                named = next(one for one in self.sender.providers if one.name == provider)
                self.hand_over(row, way, named, situation.contacts[way].value)
            case ways.Wait(until):
                self.move(until)
            case ways.Done():
                self.move(None)
            case ways.Stop(cause):
                self.stop(row, cause, at)

    def move(self, until: datetime | None) -> None:
        """Look again at an instant or, with None, no more; unless the timer was armed anew meanwhile."""
        self.records.write(partial(SENDING.claim, timer=self.timer, next_at=until))

    def stop(self, row: RowMapping, cause: PassedCause, at: datetime) -> None:
        command = domain.Pass(uuid5(row["notice"], f"pass/{at.isoformat()}"), at, cause)

        def work(connection: Connection, metadata: Metadata) -> None:
            if SENDING.claim(connection, self.timer, None):
                stream = domain.stream_of(row["person"], row["notice"])
                handle(connection, self.records.own_log(), stream, command, domain.NOTICE, metadata)

        self.records.transact(command, work)

    def settle(self, row: RowMapping, message: RowMapping) -> None:
        """Find out by the message's id whether its provider has it; where that can't be known it is not sent again by that way."""
        known = [one for one in self.sender.providers if one.name == message["provider"]]
        found = Answer(Outcome.UNKNOWN)
        if message["reference"]:  # stored with the provider's yes
            found = Answer(Outcome.ACCEPTED, message["reference"])
        elif known and known[0].capabilities.finds_by_attempt:
            rendered = self.sender.rendered(row)
            again = message_of(rendered, Way(message["way"]), message["attempt"], message["address"])
            again = replace(again, text=message["text"])
            found = known[0].find(again, message["handed_at"]) or Answer(Outcome.REFUSED)
        self.record(row, Handed.of(message), found)

    def hand_over(self, row: RowMapping, way: Way, provider: Provider, address: str) -> None:
        """Put a message on record, hand it to the provider, and record what it says."""
        message, at = self.message(row, way, address), self.clock()
        kept: dict[str, Any] = {
            "attempt": message.attempt,
            "notice": row["notice"],
            "member": row["member"],
            "way": way.value,
            "provider": provider.name,
            "address": address,
            "text": message.text,
            "reference": "",
            "handed_at": at,
        }

        def put(connection: Connection) -> UUID | None:
            contact = contacts.locked(connection, row["person"], way)
            if contact is None or contact["value"] != address:
                return None  # removed, replaced or erased since the notice was looked at
            if not SENDING.claim(connection, self.timer, at + LEASE):
                return None
            connection.execute(insert(MESSAGES).values(**kept, address_id=contact["address"]))
            return contact["address"]  # type: ignore[no-any-return]

        address_id = self.records.write(put)
        if address_id is not None:
            answer = handed(provider, message, at)
            breaker.log_fault(provider.name, message.template, answer)
            self.record(row, Handed(message.attempt, way, provider.name, address_id), answer)

    def message(self, row: RowMapping, way: Way, address: str) -> Message:
        """The next message of a notice; its id follows from how many there were, though their rows may be gone by the retention."""
        with self.records.read() as connection:
            before = select(func.count()).select_from(ATTEMPTS).where(ATTEMPTS.c.notice == row["notice"])
            attempt = uuid5(row["notice"], str(connection.execute(before).scalar_one()))
        return message_of(self.sender.rendered(row), way, attempt, address)

    def record(self, row: RowMapping, handed: Handed, answer: Answer) -> None:
        """Record what a provider says of a message."""
        at = self.clock()
        segments = self.sender.rendered(row).segments if handed.way is Way.SMS else 1
        inquiry_at = first_inquiry(at, self.sender.time_scale) if self.sender.reports(handed.provider) else None
        Outcomes(self.records).answered(row, handed, answer, segments, inquiry_at, at)


def handed(provider: Provider, message: Message, at: datetime) -> Answer:
    """A provider's answer to a message; where there is no usable one, what it has of the message, if it can be asked."""
    answer = provider.send(message)
    if answer.outcome is Outcome.UNKNOWN and provider.capabilities.finds_by_attempt:
        return provider.find(message, at) or answer  # what it does not have yet may still come
    return answer
