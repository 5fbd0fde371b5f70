"""Sends what is queued for webhooks, each in a thread of its own, so that no receiver waits for another one."""

import logging
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select, update

from services.notification.delivery import breaker, leases
from services.notification.providers.port import Answer, Outcome
from services.notification.tables import RENEWALS
from services.notification.webhook_tables import DELIVERIES, DELIVERING, WEBHOOKS, owner_of
from services.notification.webhooks import disabling, signing
from services.notification.webhooks.posting import Post, Result
from services.notification.webhooks.signing import SecretBox, SecretLost
from shared.contract.notification.webhook_events import WebhookData, WebhookMessage
from shared.event_store.command_handler import Records
from shared.event_store.sql.prepared import Prepared
from shared.subscriptions.timers import Timer

WAITS = (
    *(timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5)),
    *(timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24)),
)
"""After each failed try of one event; after the last one it is given up. Up to a fifth is added by chance, so that not all come at once."""
JITTER = 0.2
ROUND_MAX = 200
"""Events that one thread sends to a webhook before it ends; the next second's round begins another."""
LEASE = timedelta(minutes=2)
"""While one copy sends an event, no other does; longer than a request may take. What a crash leaves is sent again after it."""
ENABLED = Prepared(select(WEBHOOKS.c.webhook).where(WEBHOOKS.c.ended_at.is_(None), WEBHOOKS.c.disabled_at.is_(None)))
logger = logging.getLogger(__name__)


def start_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


@dataclass(frozen=True)
class Threads:
    """The webhooks that this process sends to at this moment, each in one thread."""

    busy: set[str] = field(default_factory=set)
    start: Callable[[Callable[[], None]], None] = start_thread


@dataclass(frozen=True)
class Sending:
    """The log, the key of the secrets, and how a request is made."""

    records: Records
    box: SecretBox
    post: Post
    clock: leases.Clock
    threads: Threads
    chance: Callable[[], float] = random.random
    """Between 0 and 1."""

    def run_round(self) -> None:
        """Begin with each webhook that has something due, and is not being sent to; a failing one is passed for a minute (the breaker)."""
        at = self.clock()
        with self.records.read() as connection:
            idle = {owner_of(row.webhook) for row in ENABLED.rows(connection)} - self.threads.busy
            down = breaker.down(connection, at) if idle else frozenset()
            due = sorted(one for one in idle - down if DELIVERING.first_due(connection, at, one))
        for owner in due:
            self.threads.busy.add(owner)
            self.threads.start(partial(self.serve, owner))

    def serve(self, owner: str) -> None:
        """Send what is due to one webhook, until a try fails."""
        try:
            due = leases.claimed(
                DELIVERING, self.records.database, self.clock(), self.clock, LEASE, owner=owner, most=ROUND_MAX
            )
            for timer in due:
                if not self.send(timer):
                    break
        except Exception:
            logger.exception("an event was not sent to webhook %s; it is tried again", owner)
        finally:
            self.threads.busy.discard(owner)

    def send(self, timer: Timer) -> bool:
        """Send one event and record what became of it; False where the webhook has failed."""
        with self.records.read() as connection:
            row = find(connection, UUID(timer.key))
        if row is None or row["ended_at"] is not None:
            self.records.write(partial(DELIVERING.claim, timer=timer, next_at=None))
            return True
        result = self.result(row)
        self.record(timer, row, result)
        return result.is_taken

    def result(self, row: RowMapping) -> Result:
        at = self.clock()
        try:
            secrets = secrets_of(self.box, row, at)
        except SecretLost:
            logger.warning(
                "the secret of webhook %s is of another key of the program: it needs a new one", row["webhook"]
            )
            return Result(cause="secret")
        body = body_of(row)
        return self.post(row["url"], signing.headers(row["event_id"], body, at, secrets), body)

    def record(self, timer: Timer, row: RowMapping, result: Result) -> None:
        at = self.clock()

        def write(connection: Connection) -> None:
            answer = Answer(Outcome.ACCEPTED if result.is_taken else Outcome.REFUSED, cause=result.cause)
            breaker.record_answer(connection, owner_of(row["webhook"]), at, answer)
            tries = row["tries"] + 1
            next_at = None if result.is_taken else next_try(at, tries, self.chance())
            state = "delivered" if result.is_taken else "waiting" if next_at else "failed"
            if not DELIVERING.claim(connection, timer, next_at) and not result.is_taken:
                state = "waiting"  # an admin has had it sent again meanwhile
            this = update(DELIVERIES).where(DELIVERIES.c.delivery == row["delivery"])
            became: dict[str, Any] = {"status": result.status, "cause": result.cause, "tried_at": at}
            connection.execute(this.values(state=state, tries=tries, **became))
            note_health(connection, row["webhook"], at, is_well=result.is_taken)

        self.records.write(write)
        if not result.is_taken:
            disabling.disable_if_failing_for_days(self.records, row["webhook"], at)


def find(connection: Connection, delivery: UUID) -> RowMapping | None:
    """A delivery with its webhook and the tracking code of its renewal."""
    of_case = (RENEWALS.c.member == DELIVERIES.c.member) & (RENEWALS.c.year == DELIVERIES.c.year)
    joined = DELIVERIES.join(WEBHOOKS, WEBHOOKS.c.webhook == DELIVERIES.c.webhook).outerjoin(RENEWALS, of_case)
    columns: list[Any] = [
        *DELIVERIES.c,
        *(one for one in WEBHOOKS.c if one.name != "webhook"),
        RENEWALS.c.tracking_code,
    ]
    return (
        connection.execute(select(*columns).select_from(joined).where(DELIVERIES.c.delivery == delivery))
        .mappings()
        .one_or_none()
    )


def secrets_of(box: SecretBox, row: RowMapping, at: datetime) -> list[str]:
    """The secrets that sign: the present one and, for a while, the one before."""
    secrets = [box.decrypt(row["secret"], row["webhook"])]
    if row["former_secret"] and at < row["former_until"]:
        with suppress(SecretLost):
            secrets.append(box.decrypt(row["former_secret"], row["webhook"]))
    return secrets


def body_of(row: RowMapping) -> str:
    """What a receiver is told of an event."""
    data = WebhookData(
        id=row["event_id"],
        source=row["source"],
        sequence=row["position"],
        province=row["province"],
        tracking_code=row["tracking_code"] or "",
    )
    return WebhookMessage(type=row["event"], timestamp=row["recorded_at"], data=data).model_dump_json()


def next_try(at: datetime, tries: int, chance: float) -> datetime | None:
    """When an event is tried again after so many failed tries; None where it is given up."""
    return None if tries > len(WAITS) else at + WAITS[tries - 1] * (1 + JITTER * chance)


def note_health(connection: Connection, webhook: UUID, at: datetime, *, is_well: bool) -> None:
    """Remember since when a webhook fails."""
    this = update(WEBHOOKS).where(WEBHOOKS.c.webhook == webhook)
    if is_well:
        connection.execute(this.where(WEBHOOKS.c.failing_since.is_not(None)).values(failing_since=None))
    else:
        connection.execute(this.where(WEBHOOKS.c.failing_since.is_(None)).values(failing_since=at))
