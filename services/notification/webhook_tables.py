"""The tables of outgoing webhooks: who wants which events, and each event that was or is to be sent to them. State of notification."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, Uuid

from services.notification.tables import STATE
from shared.event_store.database import Instant
from shared.subscriptions.timers import Timers

WEBHOOKS = Table(
    "webhooks",
    STATE,
    Column("webhook", Uuid, primary_key=True),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("provinces", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("former_secret", Text, nullable=False, default=""),
    Column("former_until", Instant),
    Column("made_by", String(60), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("failing_since", Instant),
    Column("disabled_at", Instant),
    Column("ended_by", String(60), nullable=False, default=""),
    Column("ended_at", Instant),
)
"""Events and provinces are each between blanks. Secrets are encrypted, and empty once the webhook has ended.

`failing_since` is the first failure after the last success; `disabled_at`: nothing is sent until an admin enables it.
"""
DELIVERIES = Table(
    "webhook_deliveries",
    STATE,
    Column("delivery", Uuid, primary_key=True),
    Column("webhook", Uuid, nullable=False),
    Column("event_id", Uuid, nullable=False),
    Column("event", String(60), nullable=False),
    Column("source", String(20), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("member", String(12), nullable=False, index=True),
    Column("year", Integer, nullable=False),
    Column("province", String(20), nullable=False),
    Column("recorded_at", Instant, nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("status", Integer, nullable=False, default=0),
    Column("cause", String(20), nullable=False, default=""),
    Column("tried_at", Instant),
    Index("webhook_deliveries_of_webhook", "webhook", "state", "recorded_at"),
)
"""One row for each webhook and event, whose id follows from both; `member` and `year` find the tracking code, and are not sent.

`state` is `waiting`, `delivered` or `failed`; `status` and `cause` are what became of the last try.
"""
DELIVERING = Timers("webhook")
"""Deliveries that are to be sent, by delivery; the owner is the webhook (`owner_of`), so that each has a queue of its own."""
OWNER_LENGTH = 20


def owner_of(webhook: object) -> str:
    """A webhook as the owner of timers, and as what the breaker counts failures of."""
    return str(webhook).replace("-", "")[:OWNER_LENGTH]
