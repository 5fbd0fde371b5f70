"""The tables of notification: projections of the followed logs and of its own, and state that no event can give back."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Time,
    Uuid,
    text,
)

from shared import personal_data
from shared.event_store.database import Instant
from shared.recorded_reads import READS
from shared.subscriptions.replay.jobs import REBUILDS
from shared.subscriptions.timers import TIMERS

STATE, PROJECTIONS = MetaData(), MetaData(info={"version": 1})
TABLES = (STATE, PROJECTIONS)
PERSON_LENGTH_MAX = 60
WITH_REFERENCE: dict[str, Any] = {"postgresql_where": text("reference <> ''"), "sqlite_where": text("reference <> ''")}

# --- projections of the followed logs: what notices are made of

MEMBERS = Table(
    "members",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("province", String(20), nullable=False),
    Column("paid_through", Integer),
    Column("licence_ends_on", Date),
    Index("members_by_licence_end", "licence_ends_on"),
)
OFFICERS = Table(
    "officers",
    PROJECTIONS,
    Column("officer", String(40), primary_key=True),
    Column("roles", Text, nullable=False),
    Column("provinces", Text, nullable=False),
)
"""Roles and provinces are each between blanks."""
RENEWALS = Table(
    "renewals",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("province", String(20), nullable=False),
    Column("tracking_code", String(12), nullable=False),
    Column("status", String(12), nullable=False),
    Column("review_due_at", Instant),
    Index("renewals_by_status", "province", "status", "review_due_at"),
)
INVOICES = Table(
    "invoices",
    PROJECTIONS,
    Column("member", String(12), primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("province", String(20), nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("payable_until", Instant, nullable=False),
    Column("is_open", Boolean, nullable=False),
)
"""Whether somebody is to be reminded of an invoice before its end."""
ATTEMPTS_TO_PAY = Table(
    "attempts_to_pay",
    PROJECTIONS,
    Column("attempt", Uuid, primary_key=True),
    Column("member", String(12), nullable=False),
    Column("year", Integer, nullable=False),
    Column("amount_rials", BigInteger, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Index("attempts_of_member", "member", "year"),
)
"""Payments at the bank of which the result is known or not."""

CALENDAR = Table(
    "calendar_days",
    PROJECTIONS,
    Column("province", String(20), primary_key=True),
    Column("on", Date, primary_key=True),
    Column("is_open", Boolean, nullable=False),
)
"""Days that officers have set; other days are open or closed by the week and the official holidays."""

# --- projections of the service's own events

NOTICES = Table(
    "notices",
    PROJECTIONS,
    Column("notice", Uuid, primary_key=True),
    Column("person", String(PERSON_LENGTH_MAX), nullable=False),
    Column("member", String(12), nullable=False),
    Column("province", String(20), nullable=False),
    Column("year", Integer),
    Column("kind", String(30), nullable=False),
    Column("fact", Uuid, nullable=False),
    Column("values", Text, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("notified_at", Instant, nullable=False),
    Column("resent_at", Instant, nullable=False),
    Column("read_at", Instant),
    Column("delivered_at", Instant),
    Column("passed", String(20), nullable=False, default=""),
    Index("notices_of_person", "person", "notified_at"),
    Index("notices_of_member", "member", "notified_at"),
    Index("notices_undelivered", "passed", "notified_at"),
)
"""`member` is empty for officers; `passed` says why a notice is sent no more. `resent_at` is when it was last to be sent once more, else `happened_at`."""
ATTEMPTS = Table(
    "attempts",
    PROJECTIONS,
    Column("attempt", Uuid, primary_key=True),
    Column("notice", Uuid, nullable=False, index=True),
    Column("province", String(20), nullable=False),
    Column("way", String(10), nullable=False),
    Column("provider", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("cause", String(40), nullable=False, default=""),
    Column("segments", Integer, nullable=False, default=0),
    Column("cost_rials", BigInteger, nullable=False, default=0),
    Column("began_at", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Index("attempts_by_time", "province", "at"),
)

# --- state

READS.to_metadata(STATE)
REBUILDS.to_metadata(STATE)
TIMERS.to_metadata(STATE)

CONTACTS = Table(
    "contacts",
    STATE,
    Column("person", String(PERSON_LENGTH_MAX), primary_key=True),
    Column("way", String(10), primary_key=True),
    Column("member", String(12), nullable=False, index=True),
    Column("address", Uuid),
    Column("value", Text, nullable=False, default=""),
    Column("proved_at", Instant),
    Column("failures", Integer, nullable=False, default=0),
    Column("stopped_at", Instant),
    Column("awaited", Text, nullable=False, default=""),
    Column("code_hash", Text, nullable=False, default=""),
    Column("code_sent_at", Instant),
    Column("codes_sent", Integer, nullable=False, default=0),
    Column("code_tries", Integer, nullable=False, default=0),
)
"""A person's address of each way: `value` is proved; `awaited` is a new one whose code is still to be typed.

`address` is how events name the proved one; `failures` are the hard ones in a row.
"""
SENT_CODES = Table(
    "sent_codes",
    STATE,
    Column("person", String(PERSON_LENGTH_MAX), primary_key=True),
    Column("way", String(10), primary_key=True),
    Column("sent_at", Instant, primary_key=True),
    Column("member", String(12), nullable=False, index=True),
    Column("address_digest", String(64), nullable=False),
    Index("sent_codes_to_address", "address_digest", "sent_at"),
    Index("sent_codes_by_time", "sent_at"),
)
"""The codes of a day, by which those to one address are counted, whoever asked; of a removed address too, hence a keyed digest of it."""
LEFT_ADDRESSES = Table(
    "left_addresses",
    STATE,
    Column("notice", Uuid, primary_key=True),
    Column("member", String(12), nullable=False, index=True),
    Column("way", String(10), nullable=False),
    Column("address", Uuid, nullable=False),
    Column("value", Text, nullable=False),
    Column("left_at", Instant, nullable=False, index=True),
)
"""Proved addresses that were replaced or removed, each with the notice by which it is told so."""
CHOICES = Table(
    "choices",
    STATE,
    Column("person", String(PERSON_LENGTH_MAX), primary_key=True),
    Column("member", String(12), nullable=False, index=True),
    Column("ways", Text, nullable=False),
    Column("wants_reminders", Boolean, nullable=False),
    Column("quiet_from", Time, nullable=False),
    Column("quiet_to", Time, nullable=False),
)
MESSAGES = Table(
    "messages",
    STATE,
    Column("attempt", Uuid, primary_key=True),
    Column("notice", Uuid, nullable=False, index=True),
    Column("member", String(12), nullable=False, index=True),
    Column("way", String(10), nullable=False),
    Column("provider", String(20), nullable=False),
    Column("address", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("reference", String(80), nullable=False, default=""),
    Column("handed_at", Instant, nullable=False, index=True),
    Column("address_id", Uuid),
    Index("messages_by_reference", "provider", "reference", unique=True, **WITH_REFERENCE),
)
"""Each message as it was handed to a provider, written before that: after a crash it says what may have been sent.

`address_id` is that of the address in `contacts`; `reference` is the provider's own id of the message, of no other one.
"""
NOTES = Table(
    "notes",
    STATE,
    Column("note", Uuid, primary_key=True),
    Column("member", String(12), nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("written_at", Instant, nullable=False, index=True),
)
"""Why an officer wanted a notice to be sent once more."""
HEALTH = Table(
    "provider_health",
    STATE,
    Column("provider", String(20), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("answered_at", Instant),
)
STARTS = Table(
    "log_starts",
    STATE,
    Column("epoch", String(36), primary_key=True),
    Column("started_at", Instant, nullable=False),
)
"""When the program first ran on each epoch of its log: what was told about earlier facts is not known."""
personal_data.attach_tables(STATE)
