"""The messages that the providers and the mail server took: stored, counted in segments and rials, and delivered some seconds later."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, func, insert, select

from clients.phone.tables import MESSAGES

REFERENCE_BASE = 8_792_000_000
REFERENCE = re.compile("[0-9]{1,18}")
"""Providers number their messages in billions."""
DELIVERY_SECONDS = 2
SEGMENT_SIGNS, CHAINED_SEGMENT_SIGNS = 70, 67
SEGMENT_RIALS = {"kavenegar": 1_850, "smsir": 1_720, "melipayamak": 1_640, "ghasedak": 1_790}
"""Made up, and each another, so that sums by provider can be told apart."""
SMTP = "smtp"
PROVIDERS = (*SEGMENT_RIALS, SMTP)
LISTED_MAX = 500


class Fate(StrEnum):
    """What becomes of an accepted message."""

    ARRIVES = "arrives"
    NEVER = "never"
    BLOCKED = "blocked"


class State(StrEnum):
    """Where a message is at a moment."""

    ON_ITS_WAY = "on_its_way"
    DELIVERED = "delivered"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class New:
    """A message that a provider takes."""

    provider: str
    address: str
    text: str
    template: str = ""
    client_reference: str = ""
    subject: str = ""
    html: str = ""
    fate: Fate = Fate.ARRIVES


@dataclass(frozen=True, kw_only=True)
class Sent(New):
    """A message that a provider took."""

    number: int
    cost_rials: int
    sent_at: datetime

    @property
    def reference(self) -> int:
        """The provider's number of the message."""
        return REFERENCE_BASE + self.number

    @property
    def is_mail(self) -> bool:
        return self.provider == SMTP

    @property
    def segments(self) -> int:
        """How many an SMS is paid as; none of a mail."""
        return 0 if self.is_mail else segments(self.text)

    def state(self, now: datetime) -> State:
        if self.fate is Fate.BLOCKED:
            return State.BLOCKED
        is_there = self.fate is Fate.ARRIVES and now >= self.sent_at + timedelta(seconds=DELIVERY_SECONDS)
        return State.DELIVERED if is_there else State.ON_ITS_WAY


def segments(text: str) -> int:
    """How many SMS a Persian text takes: up to 70 signs one, else each 67."""
    signs = len(text.encode("utf-16-le")) // 2
    return 1 if signs <= SEGMENT_SIGNS else -(-signs // CHAINED_SEGMENT_SIGNS)


def add(connection: Connection, new: New, now: datetime) -> Sent:
    """Store a message, and return it with the provider's number and cost."""
    cost = SEGMENT_RIALS.get(new.provider, 0) * segments(new.text)
    values = {**vars(new), "fate": new.fate.value, "cost_rials": cost, "sent_at": now}
    key = connection.execute(insert(MESSAGES).values(values)).inserted_primary_key
    return Sent(**vars(new), number=key[0] if key else 0, cost_rials=cost, sent_at=now)


def sent(row: RowMapping) -> Sent:
    return Sent(**{**row, "fate": Fate(row["fate"])})


def listed(connection: Connection, address: str = "", most: int = LISTED_MAX) -> list[Sent]:
    """The latest messages, the newest first; where an address is given its own."""
    query = select(MESSAGES).order_by(MESSAGES.c.number.desc()).limit(most)
    if address:
        query = query.where(MESSAGES.c.address == address)
    return [sent(row) for row in connection.execute(query).mappings()]


def outbox(connection: Connection, provider: str, since: datetime, skipped: int, most: int) -> list[Sent]:
    """A provider's messages since an instant, the newest first, after those that are skipped."""
    query = select(MESSAGES).where(MESSAGES.c.provider == provider, MESSAGES.c.sent_at >= since)
    page = query.order_by(MESSAGES.c.number.desc()).offset(skipped).limit(most)
    return [sent(row) for row in connection.execute(page).mappings()]


def found(connection: Connection, provider: str, references: Sequence[str]) -> dict[str, Sent]:
    """A provider's messages by its own numbers."""
    numbers = [int(one) - REFERENCE_BASE for one in references if REFERENCE.fullmatch(one)]
    query = select(MESSAGES).where(MESSAGES.c.provider == provider, MESSAGES.c.number.in_(numbers))
    return {str(one.reference): one for one in map(sent, connection.execute(query).mappings())}


def of_client_references(connection: Connection, provider: str, references: Sequence[str]) -> Iterator[Sent]:
    """A provider's messages by the numbers that its client gave them."""
    query = select(MESSAGES).where(MESSAGES.c.provider == provider, MESSAGES.c.client_reference.in_(references))
    yield from map(sent, connection.execute(query.order_by(MESSAGES.c.number)).mappings())


def conversations(connection: Connection) -> list[tuple[Sent, int]]:
    """The last message of every address, the latest first, with how many it got."""
    last = func.max(MESSAGES.c.number)
    query = select(last, func.count()).group_by(MESSAGES.c.address).order_by(last.desc()).limit(LISTED_MAX)
    counts: dict[int, int] = {row[0]: row[1] for row in connection.execute(query)}
    rows = connection.execute(select(MESSAGES).where(MESSAGES.c.number.in_(counts)).order_by(MESSAGES.c.number.desc()))
    return [(one, counts[one.number]) for one in map(sent, rows.mappings())]
