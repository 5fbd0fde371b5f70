"""The logs that notification follows, with the subscriptions that follow them, for rebuilds of its projections."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from services.notification import subscriptions
from services.notification.notices import domain
from services.notification.reminders import rules
from services.notification.service import LOG, NotificationService
from shared.contract.base import Event
from shared.contract.envelope import Recorded
from shared.contract.notification import events
from shared.contract.payment import events as payment
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.subscriptions.follower import Follower
from tests.services.capacity.replay.sources import Log
from tests.services.notification import samples
from tests.support.rebuilds import Rebuilds

OTHER = "0123457"
STARTED = payment.PaymentStarted(
    **samples.ABOUT,
    attempt=samples.SETTLED.attempt,
    authority="A1",
    bank="sandbox",
    amount_rials=6_000_000,
    started_at=samples.AT,
)
BEGIN: tuple[Event, ...] = (
    samples.CLOSED,
    samples.APPOINTED,
    samples.ENROLLED,
    samples.REQUESTED,
    samples.SUBMITTED,
    samples.ISSUED,
    STARTED,
)


class World:
    """Notification's database, the three logs, and what it does on their events."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.logs = {source: Log(source) for source in ("auth", "renewal", "payment")}

    def follow(self, *facts: Event) -> None:
        """The sources record, and notification follows."""
        for fact in facts:
            log = self.logs[fact.source]
            log.events.append(samples.recorded(fact, len(log.events) + 1))
            Follower(self.database, fact.source, self.apply, log.pull, lambda _seconds: None).catch_up()

    def apply(self, connection: Connection, recorded: Recorded) -> None:
        subscriptions.on_event(connection, recorded, LOG, rules.load(), samples.AT)

    @property
    def first(self) -> Recorded:
        """The first event of notification's own log."""
        with self.database.read() as connection:
            first, *_ = LOG.read(connection, 0, 1)
        return first

    def decide(self, command: domain.Command) -> None:
        Records(self.database, LOG).handle(self.first.stream, command, domain.NOTICE)


def of_member(facts: tuple[Event, ...], member: str) -> list[Event]:
    return [fact.model_copy(update={"member": member} if "member" in type(fact).model_fields else {}) for fact in facts]


def of_notification(database: Database) -> tuple[Rebuilds, Callable[[], object]]:
    """Two members up to their invoices; one pays and the other is erased meanwhile."""
    world = World(database)
    world.follow(*BEGIN, *of_member(BEGIN[2:-1], OTHER))
    due: Any = world.first.event
    about = {
        "notice": due.notice,
        "person": due.person,
        "attempt": UUID(int=1),
        "way": samples.SMS,
        "provider": "smsir",
    }
    sent = events.NoticeSent(**about, segments=1, cost_rials=1_200, sent_at=samples.AT)
    world.decide(domain.Record(UUID(int=1), samples.AT, sent))

    def meanwhile() -> None:
        world.follow(samples.SETTLED, samples.CONFIRMED, *of_member((samples.RETURNED, samples.ERASED), OTHER))
        world.decide(domain.Read(UUID(int=2), samples.AT + timedelta(hours=1)))

    made = Rebuilds(database, NotificationService.projections, list(world.logs.values()), samples.AT)
    return made, meanwhile
