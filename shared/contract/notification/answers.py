"""Answers to the commands and queries of notification."""

from datetime import time
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Answer
from shared.contract.notification.values import NoticeKind, Way
from shared.contract.values import Rials, Value


class Notice(Value):
    """A notice as the inbox shows it."""

    notice: UUID
    kind: NoticeKind
    title: str
    text: str
    link: str
    """The path of the page that it is about."""
    notified_at: AwareDatetime
    read_at: AwareDatetime | None = None


class Notices(Answer):
    """The caller's own inbox, the unread ones first."""

    notices: tuple[Notice, ...]
    unread: int
    total: int


class UnreadCount(Answer):
    """How many notices the caller has not seen."""

    unread: int


class Address(Value):
    """An address of the caller's."""

    way: Way
    address: str
    is_proved: bool
    is_stopped: bool = False
    """Whether messages to it have failed too often."""
    code_sent_at: AwareDatetime | None = None
    """When the last code went to it that is still to be typed; None where none is awaited."""


class Contacts(Answer):
    """The caller's own addresses and choices."""

    addresses: tuple[Address, ...] = ()
    ways: tuple[Way, ...] = (Way.SMS, Way.EMAIL)
    """By which the caller wants to be told."""
    wants_reminders: bool = True
    quiet_from: time
    quiet_to: time
    """Hours in Tehran between which only messages about money are sent."""


class Attempt(Value):
    """A message of a notice, for those who look why nobody was told."""

    way: Way
    provider: str
    address: str
    """Masked, such as `0913•••4567`; empty where it is erased."""
    state: str
    """`sending`, `sent`, `delivered` or `failed`."""
    cause: str = ""
    at: AwareDatetime
    segments: int = 0
    cost_rials: Rials = 0


class SentNotice(Value):
    """A notice of a member with what became of it."""

    notice: UUID
    member: str
    year: int | None = None
    """Of the renewal that it is about; None where it is about none."""
    kind: NoticeKind
    title: str
    notified_at: AwareDatetime
    read_at: AwareDatetime | None = None
    passed: str = ""
    """Why it is sent no more, where it was not delivered."""
    attempts: tuple[Attempt, ...] = ()


class SentNotices(Answer):
    """Notices of members, the last first."""

    notices: tuple[SentNotice, ...]
    total: int


class ProviderUse(Value):
    """What a provider has done and cost in a province."""

    province: str
    way: Way
    provider: str
    messages: int
    delivered: int
    failed: int
    segments: int
    cost_rials: Rials


class ProviderUses(Answer):
    """What the messages of a time cost, by province and provider."""

    uses: tuple[ProviderUse, ...]
