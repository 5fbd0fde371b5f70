"""Sends the notices that are due: each message is on record before it is handed to a provider, so that a crash repeats none."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, func, select

from services.notification.addresses import contacts
from services.notification.delivery import breaker, leases, recipients, ways
from services.notification.delivery.messages import message_of, others_than
from services.notification.delivery.outcomes import Handed, Outcomes
from services.notification.delivery.reports import Reports, first_inquiry, id_of
from services.notification.delivery.ways import Situation, Tried
from services.notification.notices import domain, notifying
from services.notification.notices.kinds import RULES
from services.notification.providers.port import Answer, Message, Outcome, Provider
from services.notification.tables import ATTEMPTS, MESSAGES, NOTICES
from services.notification.templates import Rendered, Texts
from services.notification.timers import SENDING
from shared.contract.envelope import Metadata
from shared.contract.notification.values import NoticeKind, NoticeValues, Way
from shared.event_store.command_handler import Records, handle
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared
from shared.subscriptions.timers import Timer

ROUND_MAX = 50
"""Notices that one round sends at most."""
BATCH_MAX = 200
"""Notices that one transaction waits with, passes or ends."""
LEASE = timedelta(minutes=5)
"""While one copy sends a notice, no other does; longer than a provider is waited for until it has answered and was asked for the message."""

OF_NOTICE = ATTEMPTS.c.notice == bindparam("notice")
TRIED = Prepared(select(ATTEMPTS).where(OF_NOTICE, ATTEMPTS.c.began_at >= bindparam("since")).order_by(ATTEMPTS.c.at))
COUNTED = Prepared(select(func.count().label("messages")).select_from(ATTEMPTS).where(OF_NOTICE))
OPEN = select(MESSAGES).where(MESSAGES.c.notice == bindparam("notice"))
OPEN_MESSAGE = Prepared(OPEN.where(MESSAGES.c.attempt.not_in(select(ATTEMPTS.c.attempt).where(OF_NOTICE))))

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
        try:
            if not self.end_due(at):
                return
        except Exception:
            logger.exception("the notices that are due are looked at one by one")
        for timer in leases.claimed(SENDING, self.records.database, at, clock, LEASE, most=ROUND_MAX):
            try:
                Turn(self, timer, clock).run()
            except Exception:
                logger.exception("notice %s was not sent; it is tried again", timer.key)

    def end_due(self, at: datetime) -> bool:
        """Wait with, pass or end what is due and needs no provider, many in one transaction; whether anything needs one."""
        while True:
            with self.records.read() as connection:
                turns = [Turn(self, timer, lambda: at) for timer in SENDING.due(connection, at, most=BATCH_MAX)]
                looks = [(turn, turn.look(connection, at)) for turn in turns]
            ending = [one for one in looks if not isinstance(one[1].step, Settle | HandOver)]
            if ending:
                self.records.write(partial(end_all, ending=ending, at=at))
            if len(ending) < BATCH_MAX:
                return len(ending) < len(looks)

    def reports(self, provider: str) -> bool:
        """Whether a provider, if it is there still, reports deliveries."""
        return any(one.name == provider and one.capabilities.reports_delivery for one in self.providers)

    def rendered(self, row: Any) -> Rendered:
        return self.texts.render(NoticeKind(row.kind), NoticeValues.model_validate_json(row.values))

    def situation(self, connection: Connection, row: Any, at: datetime) -> Situation:
        """What is known of a notice now; what was tried before it was to be sent once more counts no longer."""
        kind = NoticeKind(row.kind)
        rule, with_text = RULES[kind], self.texts.ways(kind, NoticeValues.model_validate_json(row.values))
        tried = TRIED.rows(connection, {"notice": row.notice, "since": row.resent_at})
        return Situation(
            kind=kind,
            rule=replace(rule, ways=tuple(way for way in rule.ways if way in with_text)),
            happened_at=row.happened_at,
            choices=contacts.choices_of(connection, row.person),
            contacts=contacts.contacts_for(connection, row),
            tried=[Tried(Way(one.way), one.provider, one.state, one.cause, one.at) for one in tried],
            providers={way: [one.name for one in self.providers if one.capabilities.way is way] for way in Way},
            down=breaker.down(connection, at),
            reports=frozenset(one.capabilities.way for one in self.providers if one.capabilities.reports_delivery),
            is_resent=row.resent_at > row.happened_at,
            is_passed=bool(row.passed),
            lost=recipients.lost(connection, row),
            is_of_before=notifying.is_before_start(connection, row.resent_at),
            time_scale=self.time_scale,
        )


class Settle(NamedTuple):
    """Find out what has become of a message that was on its way to a provider when the program stopped."""

    message: Any


class HandOver(NamedTuple):
    """Hand the next message to a provider; its id follows from how many there were, though their rows may be gone by the retention."""

    way: Way
    provider: str
    address: str
    attempt: UUID


class Look(NamedTuple):
    """A notice, None where there is none, and its next step."""

    notice: Any
    step: Settle | HandOver | ways.Wait | ways.Done | ways.Stop


@dataclass
class Turn:
    """The turn of one notice; its timer is claimed before a provider is asked for anything."""

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
            found = self.look(connection, at)
        match found.step:
            case Settle(message):
                self.settle(found.notice, message)
            case HandOver():
                self.hand_over(found.notice, found.step)
            case _:
                self.records.write(partial(self.end, found=found, at=at))

    def look(self, connection: Connection, at: datetime) -> Look:
        """What is to be done about the notice at an instant."""
        notice = id_of(self.timer.key)
        row = by_key.find(connection, NOTICES, {"notice": notice}) if notice else None
        if row is None:
            logger.warning("timer %s is dropped: it is of no notice that is known", self.timer.key)
            return Look(None, ways.Done())
        if message := OPEN_MESSAGE.first(connection, {"notice": notice}):
            until = message.handed_at + LEASE  # until then another copy may send it at this moment
            return Look(row, ways.Wait(until) if at < until else Settle(message))
        situation = self.sender.situation(connection, row, at)
        step = ways.next_step(situation, at)
        if not isinstance(step, ways.Send):
            return Look(row, step)
        attempt = uuid5(row.notice, str(COUNTED.first(connection, {"notice": notice}).messages))
        return Look(row, HandOver(*step, situation.contacts[step.way].value, attempt))

    def end(self, connection: Connection, found: Look, at: datetime) -> None:
        """Look again at an instant, or no more; unless the timer was armed anew or claimed meanwhile."""
        until = found.step.until if isinstance(found.step, ways.Wait) else None
        if SENDING.claim(connection, self.timer, until) and isinstance(found.step, ways.Stop):
            notice = found.notice
            command = domain.Pass(uuid5(notice.notice, f"pass/{at.isoformat()}"), at, found.step.cause)
            log = self.records.own_log()
            cause = Metadata(correlation_id=command.id, causation_id=command.id, actor=f"program:{log.source}")
            handle(connection, log, domain.stream_of(notice.person, notice.notice), command, domain.NOTICE, cause)

    def settle(self, row: Any, message: Any) -> None:
        """Find out by the message's id whether its provider has it; where that can't be known it is not sent again by that way."""
        known = [one for one in self.sender.providers if one.name == message.provider]
        found = Answer(Outcome.UNKNOWN)
        if message.reference:  # stored with the provider's yes
            found = Answer(Outcome.ACCEPTED, message.reference)
        elif known and known[0].capabilities.finds_by_attempt:
            rendered = self.sender.rendered(row)
            again = message_of(rendered, Way(message.way), message.attempt, message.address)
            again = replace(again, text=message.text)
            found = self.found(known[0], again, message.handed_at) or Answer(Outcome.REFUSED)
        self.record(row, Handed.of(message), found)

    def hand_over(self, row: Any, step: HandOver) -> None:
        """Put a message on record, hand it to the provider, and record what it says."""
        way, name, address, attempt = step
        provider = next(one for one in self.sender.providers if one.name == name)
        message, at = message_of(self.sender.rendered(row), way, attempt, address), self.clock()
        kept: dict[str, Any] = {**step._asdict(), "way": way.value, "notice": row.notice, "member": row.member}
        kept |= {"text": message.text, "reference": "", "handed_at": at}

        def put(connection: Connection) -> UUID | None:
            address_id = contacts.address_for(connection, row, way, address)
            if address_id is None or not SENDING.claim(connection, self.timer, at + LEASE):
                return None
            by_key.add(connection, MESSAGES, {**kept, "address_id": address_id})
            return address_id

        address_id = self.records.write(put)
        if address_id is not None:
            answer = provider.send(message)
            if answer.outcome is Outcome.UNKNOWN and provider.capabilities.finds_by_attempt:
                answer = self.found(provider, message, at) or answer  # what it does not have yet may still come
            breaker.log_fault(name, message.template, answer)
            self.record(row, Handed(attempt, way, name, address_id), answer)

    def found(self, provider: Provider, message: Message, handed_at: datetime) -> Answer | None:
        """What a provider has of a message; one in the same words of just before is known by its reference."""
        with self.records.read() as connection:
            known = others_than(connection, provider.name, message, handed_at)
        return provider.find(replace(message, others=known), handed_at)

    def record(self, row: Any, handed: Handed, answer: Answer) -> None:
        """Record what a provider says of a message."""
        at = self.clock()
        segments = self.sender.rendered(row).segments if handed.way is Way.SMS else 1
        inquiry_at = first_inquiry(at, self.sender.time_scale) if self.sender.reports(handed.provider) else None
        Outcomes(self.records).answered(row, handed, answer, segments, inquiry_at, at)


def end_all(connection: Connection, ending: Sequence[tuple[Turn, Look]], at: datetime) -> None:
    for turn, found in ending:
        turn.end(connection, found, at)
