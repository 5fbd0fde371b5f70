"""Metrics of the notification service: what became of messages, by the way that they went."""

import json
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from deploy.observability.definitions import Sample
from deploy.observability.event_counts import AppendedEvents
from shared.contract.notification.values import Way
from shared.settings import Settings

OUTCOMES = {"NoticeSent": "sent", "NoticeDelivered": "delivered", "NoticeFailed": "failed"}


class NotificationMetrics:
    """Counts them from the program's start."""

    def __init__(self, _settings: Settings) -> None:
        self.appended = AppendedEvents(OUTCOMES)
        self.counts = {(way.value, outcome): 0 for way in Way for outcome in OUTCOMES.values()}

    def samples(self, connection: Connection, _now: datetime) -> Iterator[Sample]:
        for one in self.appended.read(connection):
            key = (str(json.loads(one.data)["way"]), OUTCOMES[one.type])
            self.counts[key] = self.counts.get(key, 0) + 1
        for labels, value in self.counts.items():
            yield Sample("tamdid_notices_total", labels, value)
