"""The port of providers: what a message is, what may become of it, and what a provider can do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from shared.contract.notification.values import Way


class Outcome(StrEnum):
    """What a provider has answered to a message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Certainly not sent, such as without credit: another provider may."""
    BLOCKED = "blocked"
    """The address gets no messages: a hard failure."""
    UNKNOWN = "unknown"
    """No usable answer: it may have been sent."""


class Delivery(StrEnum):
    """What a provider reports of a message that it has accepted."""

    DELIVERED = "delivered"
    PENDING = "pending"
    FAILED = "failed"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Message:
    """A message to one address: by a template of the provider's with its tokens (SMS), or as text and HTML (mail)."""

    attempt: UUID
    address: str
    template: str
    tokens: Mapping[str, str]
    text: str
    subject: str = ""
    html: str = ""
    unsubscribe_url: str = ""
    others: frozenset[str] = frozenset()
    """Where it is to be found: the references of other messages to the address, which this one is not."""


@dataclass(frozen=True)
class Answer:
    """The answer to a message; `reference` is the provider's own id of it."""

    outcome: Outcome
    reference: str = ""
    cost_rials: int = 0
    cause: str = ""


@dataclass(frozen=True)
class Capabilities:
    """What a provider can do; of the whole table, `registry` makes the operator's choice."""

    way: Way
    finds_by_attempt: bool
    """Whether it can be asked if it has a message by our own id or its like: after a crash that saves a second one."""
    reports_delivery: bool
    status_batch_max: int = 1
    tokens_max: int = 0
    token_length_max: int = 0
    tokens_may_have_blanks: bool = False


class Provider(Protocol):
    """A provider; its methods return, and raise nothing but faults of this program."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def send(self, message: Message) -> Answer: ...

    def deliveries(self, references: Sequence[str]) -> Mapping[str, Delivery]:
        """The state of accepted messages by the provider's reference; one that it does not know may be missing."""
        ...

    def find(self, message: Message, since: datetime) -> Answer | None:
        """What it has of a message that was handed over at an instant; None where it certainly has none."""
        ...
