"""Upcasting: data of an event that an earlier version recorded, brought to the newest shape when it is read.

The stored text and the message stay as they are, so seals hold. An event class whose data has changed names its version in
`schema_version: Literal[n] = n`; data without it is version 1. How to change an event: docs/upgrading.md.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any, TypeVar

from pydantic_core import from_json, to_json

from shared.contract.auth import events as auth_events
from shared.contract.auth import program_events
from shared.contract.bank import events as bank_events
from shared.contract.base import Event
from shared.contract.capacity import events as capacity_events
from shared.contract.notification import events as notification_events
from shared.contract.payment import events as payment_events
from shared.contract.payment import finance_events
from shared.contract.payment.events import InvoiceIssued
from shared.contract.renewal import events as renewal_events

E = TypeVar("E", bound=Event)
T = TypeVar("T")
Data = dict[str, Any]
Upcaster = Callable[[Data], Data]
"""The next version of an event's data, from the data alone."""

FIELD = "schema_version"
QUOTED = f'"{FIELD}"'
VERSION = re.compile(rf"{QUOTED}\s*:\s*([0-9]{{1,9}})")
"""A number of any length is one of a later version, and so are its first digits, which every database stores."""
UNKNOWN = Event()
"""In place of an event that this program does not know."""


def by_name(kind: type[T], *modules: ModuleType) -> Iterator[tuple[str, type[T]]]:
    """The classes of a kind that modules define."""
    for module in modules:
        for name, value in vars(module).items():
            is_its_own = name.isidentifier() and isinstance(value, type) and value.__module__ == module.__name__
            if is_its_own and issubclass(value, kind):
                yield name, value


EVENTS: Mapping[str, type[Event]] = dict(
    by_name(
        Event,
        auth_events,
        program_events,
        renewal_events,
        payment_events,
        finance_events,
        capacity_events,
        bank_events,
        notification_events,
    )
)
"""Every event of the contract by its name. A program reads events of all services, and messages of a few: those are in `catalogue`."""


def name_waiver_persons(data: Data) -> Data:
    """Of an invoice with waivers, `waiver_persons` were empty before they were recorded, and never named who had requested the last."""
    persons = {*data.get("waiver_persons", ()), data.get("waived_by", "")} - {""}
    return data | {"waiver_persons": sorted(persons) if data.get("waivers") else []}


UPCASTERS: Mapping[tuple[str, int], Upcaster] = {(InvoiceIssued.__name__, 1): name_waiver_persons}
"""By type and version: how its data becomes the next version's."""
NEWEST: Mapping[str, int] = {
    name: kind.model_fields[FIELD].default if FIELD in kind.model_fields else 1 for name, kind in EVENTS.items()
}
"""The version of each type's data that this program writes."""


def schema_version(text: str) -> int:
    """The version of an event's data in JSON, without parsing it: within a text of the data, the quotes would be escaped."""
    if QUOTED not in text:
        return 1
    found = VERSION.search(text)
    return int(found[1]) if found else 1


def is_known(name: str, version: int) -> bool:
    """Whether this program knows a type, and this version of its data."""
    return 1 <= version <= NEWEST.get(name, 0)


def event_of(name: str, text: str) -> Event:
    """The event in its newest shape; `UNKNOWN` where a later version of the program has recorded it."""
    return read(EVENTS[name], text) if is_known(name, schema_version(text)) else UNKNOWN


def read(kind: type[E], text: str) -> E:
    """An event of a class from JSON of any version up to the class's own; `ValueError` for what is none."""
    version = schema_version(text)
    if version >= NEWEST[kind.__name__]:
        return kind.model_validate_json(text)
    return kind.model_validate_json(to_json(upcast(kind.__name__, version, from_json(text))))


def data_of(name: str, text: str) -> Data:
    """The data of an event in its newest shape, where its class is not needed."""
    return upcast(name, schema_version(text), from_json(text))


def upcast(name: str, version: int, data: Data) -> Data:
    """Data of a version, brought to the newest one; `ValueError` where it is not as that version wrote it."""
    try:
        for each in range(version, NEWEST[name]):
            data = UPCASTERS[name, each](data) | {FIELD: each + 1}
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{name}: no data of version {version} ({type(error).__name__})") from error
    return data
