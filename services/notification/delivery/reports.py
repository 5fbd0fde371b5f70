"""Asks the providers what became of the messages that they have accepted, again and again for some hours."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.notification.delivery.outcomes import Handed, Outcomes
from services.notification.providers.port import Delivery, Provider
from services.notification.tables import MESSAGES, NOTICES
from services.notification.timers import REPORTS
from shared.event_store.command_handler import Records
from shared.event_store.sql import by_key
from shared.subscriptions.timers import Timer

BATCH_MIN = 50
"""Deliveries that one question is about at least, where so many are due; the provider takes it apart."""
INQUIRE_AFTER = (timedelta(seconds=5), timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=3))
"""Between two questions about a delivery; the last one again and again."""
INQUIRIES_MAX = 100
"""So often a delivery is asked for: about five hours."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reports:
    """The providers, and where their reports are recorded."""

    records: Records
    providers: Sequence[Provider]
    time_scale: int

    def inquire_due(self, at: datetime) -> None:
        """Ask each provider what became of all messages whose turn it is: what nobody has asked about may have arrived, and counts as late."""
        with self.records.read() as connection:
            owners = REPORTS.owners_due(connection, at)
        for provider in self.providers:
            if provider.name in owners:
                try:
                    while attempts := self.claim(provider, at):
                        self.inquire(provider, attempts, at)
                except Exception:
                    logger.exception("%s was not asked for its deliveries; it is asked again", provider.name)

    def claim(self, provider: Provider, at: datetime) -> list[str]:
        """The messages of the next question to a provider."""
        most = max(provider.capabilities.status_batch_max, BATCH_MIN)
        again = partial(inquire_again, at, self.time_scale)
        return [one.key for one in REPORTS.claim_each(self.records.database, at, again, provider.name, most=most)]

    def inquire(self, provider: Provider, attempts: Sequence[str], at: datetime) -> None:
        with self.records.read() as connection:
            query = select(MESSAGES).where(MESSAGES.c.attempt.in_([one for one in map(id_of, attempts) if one]))
            messages = {row.reference: row for row in connection.execute(query) if row.reference}
        for attempt in {*attempts} - {str(row.attempt) for row in messages.values()}:
            self.drop(attempt, "its row is gone")
        for reference, delivery in provider.deliveries([*messages]).items():
            if reference in messages and delivery not in (Delivery.PENDING, Delivery.UNKNOWN):
                try:
                    self.report(messages[reference], delivery, at)
                except Exception:
                    logger.exception("the report about message %s was not recorded", messages[reference].attempt)

    def report(self, message: Any, delivery: Delivery, at: datetime) -> None:
        with self.records.read() as connection:
            notice = by_key.find(connection, NOTICES, {"notice": message.notice})
        if notice is None:
            self.drop(message.attempt, "its notice is gone")
        else:
            Outcomes(self.records).reported(notice, Handed.of(message), delivery, at)

    def drop(self, attempt: object, reason: str) -> None:
        logger.warning("the delivery of message %s is asked for no more: %s", attempt, reason)
        self.records.write(partial(REPORTS.cancel, key=attempt))


def id_of(key: str) -> UUID | None:
    """The id of a message or a notice that the key of a timer is; None where it is none."""
    try:
        return UUID(key)
    except ValueError:
        return None


def first_inquiry(at: datetime, time_scale: int) -> datetime:
    return at + INQUIRE_AFTER[0] / time_scale


def inquire_again(at: datetime, time_scale: int, timer: Timer) -> datetime | None:
    """The next question about a delivery; None where this is the last."""
    if timer.tries + 1 >= INQUIRIES_MAX:
        return None
    return at + INQUIRE_AFTER[min(timer.tries + 1, len(INQUIRE_AFTER) - 1)] / time_scale
