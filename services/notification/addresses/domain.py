"""The decisions about a person's addresses: one is proved, or gets no messages any more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from uuid import UUID

from shared.contract.base import Event
from shared.contract.notification import events
from shared.contract.notification.values import Way
from shared.event_store.decider import Decider

AddressEvent = events.AddressProved | events.AddressStopped


@dataclass(frozen=True)
class Prove:
    """The code was typed: from now on messages go to the address with the command's id."""

    id: UUID
    at: datetime
    person: str
    way: Way


@dataclass(frozen=True)
class Stop:
    """Messages go to it no more."""

    id: UUID
    at: datetime
    person: str
    way: Way
    cause: str


Command = Prove | Stop


@dataclass(frozen=True)
class Addresses:
    """The address of each way that gets messages, by its id."""

    of: Mapping[Way, UUID] = field(default_factory=dict)


def decide(command: Command, addresses: Addresses) -> list[Event]:
    before = addresses.of.get(command.way)
    about = {"person": command.person, "way": command.way}
    match command:
        case Prove():
            replaced = {**about, "address": before, "cause": "replaced", "stopped_at": command.at}
            stopped = [events.AddressStopped.model_validate(replaced)] if before else []
            return [
                *stopped,
                events.AddressProved.model_validate({**about, "address": command.id, "proved_at": command.at}),
            ]
        case Stop():
            stop = {**about, "address": before, "cause": command.cause, "stopped_at": command.at}
            return [events.AddressStopped.model_validate(stop)] if before else []
        case _:
            assert_never(command)


def evolve(addresses: Addresses, event: AddressEvent) -> Addresses:
    match event:
        case events.AddressProved():
            return Addresses({**addresses.of, event.way: event.address})
        case events.AddressStopped():
            return Addresses({way: one for way, one in addresses.of.items() if way is not event.way})
        case _:
            assert_never(event)


def stream_of(person: str) -> str:
    return f"addresses/{person}"


ADDRESSES: Decider[Command, Addresses] = Decider(decide, evolve, Addresses())
