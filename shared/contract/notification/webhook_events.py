"""The events that webhooks may be sent: facts about one member's year, of the services that a renewal goes through."""

from collections.abc import Iterator, Mapping

from shared.contract.base import Event
from shared.contract.capacity import events as capacity_events
from shared.contract.payment import events as payment_events
from shared.contract.payment import finance_events
from shared.contract.renewal import events as renewal_events

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
