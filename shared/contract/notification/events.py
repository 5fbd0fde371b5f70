"""Events of notification, which its log records; each docstring is the event's entry in docs/events.md. No event has an address, a text or a name."""

from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel

from shared.contract.base import Event
from shared.contract.notification.values import NoticeKind, NoticeValues, Way
from shared.contract.values import Rials

PassedCause = Literal["too_old", "before_start", "undone", "no_way", "no_address", "not_chosen", "erased", "dismissed"]
"""Why a notice is in the inbox only: too late to help; of a time before this log; its fact was undone; no way has arrived; the person has no proved address; the person's choice; erased; no longer in the office that it is for."""


class NoticeKey(BaseModel):
    """The notice that an event is about; its id follows from the fact, the person and the kind, so that there is one."""

    notice: UUID
    person: str
    """As an actor, such as `member:0123456`."""


class NoticeAttempt(NoticeKey):
    """A message of a notice that was handed to a provider, or was to be."""

    attempt: UUID
    way: Way
    provider: str


class NoticeDue(Event, NoticeKey, source="notification"):
    """A person is to be told a fact: from now on the inbox has it, and it is sent by the person's ways."""

    kind: NoticeKind
    province: str
    """Of the member, or of the matter that an officer is told of; empty where it is about no province alone."""
    fact: UUID
    """The event that it tells of, or the id of a reminder's occasion, of an attempt to pay or of an address that was left."""
    values: NoticeValues
    happened_at: AwareDatetime
    """When the fact was recorded."""
    send_at: AwareDatetime
    """Not before this instant, such as while a decision can be undone."""


class NoticeSent(Event, NoticeAttempt, source="notification"):
    """A provider has accepted a message of a notice, in so many segments, for so much."""

    segments: int
    cost_rials: Rials
    sent_at: AwareDatetime


class NoticeDelivered(Event, NoticeAttempt, source="notification"):
    """A message has arrived, by the provider's report."""

    delivered_at: AwareDatetime


class NoticeFailed(Event, NoticeAttempt, source="notification"):
    """A message has not arrived or was not accepted, for a `cause`: certainly not sent is `refused`, `account`, `configuration`, `credit`, `busy` or `unreachable`; else `blocked`, `undelivered` or `unknown`."""

    cause: str
    failed_at: AwareDatetime


class NoticePassed(Event, NoticeKey, source="notification"):
    """A notice is sent no more by any way out of the portal, for a `cause`; the inbox has it."""

    cause: PassedCause
    passed_at: AwareDatetime


class NoticeRead(Event, NoticeKey, source="notification"):
    """The person has seen the notice in the inbox."""

    read_at: AwareDatetime


class ResendRequested(Event, NoticeKey, source="notification"):
    """An officer wants a notice to be sent once more; the reason's text is the row `note`."""

    note: UUID
    requested_by: str
    requested_at: AwareDatetime


class AddressProved(Event, source="notification"):
    """A person has proved an address of theirs by a code that was sent to it; the address itself is the row `address`."""

    person: str
    way: Way
    address: UUID
    proved_at: AwareDatetime


class AddressStopped(Event, source="notification"):
    """An address gets no messages any more, for a `cause`: `failing`, `replaced`, `removed` or `unsubscribed`."""

    person: str
    way: Way
    address: UUID
    cause: str
    stopped_at: AwareDatetime
