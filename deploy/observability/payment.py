"""Metrics of the payment service: the bank, payments whose result is not known, and what became of attempts."""

import json
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, select

from deploy.observability.definitions import Sample
from deploy.observability.event_counts import AppendedEvents
from services.payment.banks import circuit_breaker
from services.payment.tables import ATTEMPTS, INQUIRIES
from shared.settings import Settings
from shared.subscriptions.timers import TIMERS

OUTCOMES = {
    "PaymentStarted": "started",
    "PaymentSettled": "settled",
    "PaymentFailed": "failed",
    "PaymentHeld": "held",
    "DuplicatePaymentFound": "duplicate",
    "PaymentReversed": "reversed",
}
OPEN_MAX = 1_000
"""Payments that are looked at for the oldest one, those first whose inquiry is due first."""


class PaymentMetrics:
    """Reads them; counts attempts from the program's start."""

    def __init__(self, settings: Settings) -> None:
        self.bank = settings.bank_kind
        self.appended = AppendedEvents(OUTCOMES)
        self.counts = {(self.bank, outcome): 0 for outcome in OUTCOMES.values()}

    def samples(self, connection: Connection, now: datetime) -> Iterator[Sample]:
        yield Sample("tamdid_bank_up", (self.bank,), float(not circuit_breaker.is_down(connection, self.bank)))
        since = oldest_unknown(connection, self.bank)
        seconds = max(0.0, (now - since).total_seconds()) if since else 0.0
        yield Sample("tamdid_payment_oldest_unknown_seconds", (self.bank,), seconds)
        self.count(connection)
        for labels, value in self.counts.items():
            yield Sample("tamdid_payment_attempts_total", labels, value)

    def count(self, connection: Connection) -> None:
        found = [(UUID(json.loads(one.data)["attempt"]), OUTCOMES[one.type]) for one in self.appended.read(connection)]
        query = select(ATTEMPTS.c.attempt, ATTEMPTS.c.bank).where(ATTEMPTS.c.attempt.in_({one for one, _ in found}))
        bank_of = {row.attempt: row.bank for row in connection.execute(query)} if found else {}
        for attempt, outcome in found:
            key = (bank_of.get(attempt, self.bank), outcome)
            self.counts[key] = self.counts.get(key, 0) + 1


def oldest_unknown(connection: Connection, bank: str) -> datetime | None:
    """When the oldest payment was started of those that the bank is still asked about."""
    polled = select(TIMERS.c.key).where(TIMERS.c.kind == INQUIRIES.kind).order_by(TIMERS.c.due_at).limit(OPEN_MAX)
    keys = [UUID(key) for key in connection.execute(polled).scalars()]
    if not keys:
        return None
    is_open = (ATTEMPTS.c.attempt.in_(keys), ATTEMPTS.c.status == "started", ATTEMPTS.c.bank == bank)
    found: datetime | None = connection.execute(select(func.min(ATTEMPTS.c.started_at)).where(*is_open)).scalar_one()
    return found
