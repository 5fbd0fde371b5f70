"""The events that webhooks may be sent: facts about one member's year, of the services that a renewal goes through."""

from collections.abc import Iterator, Mapping
from uuid import UUID

from shared.contract.base import Event
from shared.contract.capacity import events as capacity_events
from shared.contract.payment import events as payment_events
from shared.contract.payment import finance_events
from shared.contract.renewal import events as renewal_events
from shared.contract.values import Instant, Position, Province, Source, Value

MODULES = (renewal_events, payment_events, finance_events, capacity_events)


def of_member_years() -> Iterator[tuple[str, str]]:
    """The name and the source of each."""
    for module in MODULES:
        for name, kind in vars(module).items():
            is_event = isinstance(kind, type) and issubclass(kind, Event) and kind.__module__ == module.__name__
            if is_event and {"member", "year"} <= set(kind.model_fields):
                yield name, kind.source


SOURCES: Mapping[str, str] = dict(sorted(of_member_years()))
"""The source of each, by its name."""
OFFERED = tuple(SOURCES)


class WebhookData(Value):
    """The event that a webhook is sent, without anything of the member: the rest is read by the API, with the reader's own rights."""

    id: UUID
    """The event's id, which is `webhook-id` too: the same at each try."""
    source: Source
    sequence: Position
    """Its place in the log of its source; between sources there is no order."""
    province: Province
    tracking_code: str
    """Of the renewal; empty where there is none."""


class WebhookMessage(Value):
    """What a webhook is sent, signed by Standard Webhooks: an event about a member's year."""

    type: str
    """The event's name, such as `RenewalApproved`."""
    timestamp: Instant
    """When it was recorded."""
    data: WebhookData
