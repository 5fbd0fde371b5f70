"""The programs by their service classes: their RPC methods, their subscriptions, and the events that they consume."""

import ast
import inspect
import typing
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from nameko.rpc import Rpc

from deploy.programs import PROGRAMS
from shared.contract.base import Message
from shared.contract.catalogue import EVENTS, MESSAGES
from shared.contract.notification.webhook_events import OFFERED
from shared.contract.operations import commands, queries
from shared.nameko_extensions import EventStore, PersonalDataRpc, ProjectionsRpc, ReadsRpc, Subscription

OF_ANY_LOG: set[type[Message[Any]]] = {queries.ReadEvents, queries.FindEvents}
OF_ANY_PROGRAM: set[type[Message[Any]]] = {queries.ListReads, queries.GetMetrics}
OF_ANY_FOLLOWER: set[type[Message[Any]]] = {
    queries.GetSubscriptions,
    queries.ListParked,
    commands.RetryParked,
    commands.DropParked,
    queries.CompareSources,
    queries.ListOrphanedEvents,
    commands.TakeBack,
    commands.SettleOrphanedEvent,
}
OF_ANY_WITH_PROJECTIONS: set[type[Message[Any]]] = {
    queries.GetProjections,
    queries.GetRebuild,
    commands.RebuildProjections,
    commands.CancelRebuild,
}
OF_ANY_WITH_MEMBERS: set[type[Message[Any]]] = {
    queries.GetRetention,
    queries.GetErasureReport,
    queries.GetPersonalData,
}
"""Messages that name no service, because several answer them."""


def all_messages() -> list[type[Message[Any]]]:
    """Every command and query of the contract, in the order of its modules."""
    return [*MESSAGES.values()]


def messages_of(program: str) -> dict[str, type[Message[Any]]]:
    """By the contract: the commands and queries that a program must answer, by RPC method."""
    own = {message for message in all_messages() if vars(message).get("service") == program}
    own |= OF_ANY_PROGRAM if issubclass(PROGRAMS[program], ReadsRpc) else set()
    own |= OF_ANY_LOG if has_log(program) else set()
    own |= OF_ANY_FOLLOWER if subscriptions(program) else set()
    own |= OF_ANY_WITH_PROJECTIONS if issubclass(PROGRAMS[program], ProjectionsRpc) else set()
    own |= OF_ANY_WITH_MEMBERS if issubclass(PROGRAMS[program], PersonalDataRpc) else set()
    return {message.method: message for message in all_messages() if message in own}


def methods_of(program: str) -> dict[str, Callable[..., Any]]:
    """By its class: the RPC methods that a program answers."""
    return {
        name: method
        for name, method in inspect.getmembers(PROGRAMS[program], inspect.isfunction)
        if any(isinstance(entrypoint, Rpc) for entrypoint in getattr(method, "nameko_entrypoints", ()))
    }


def signature(method: Callable[..., Any]) -> tuple[Any, Any]:
    """The classes of an RPC method's message and answer, by its annotations."""
    hints = typing.get_type_hints(inspect.unwrap(method))
    answer = hints.pop("return")
    (message,) = hints.values()
    return message, answer


def has_log(program: str) -> bool:
    """Whether a program has events of its own."""
    store = vars(PROGRAMS[program]).get("records")
    return isinstance(store, EventStore) and store.log is not None


def subscriptions(program: str) -> dict[str, Subscription]:
    """The subscriptions that a program's class declares, by their source."""
    attributes = vars(PROGRAMS[program]).values()
    return {declared.source: declared for declared in attributes if isinstance(declared, Subscription)}


@cache
def handled_by(program: str) -> frozenset[str]:
    """The events of other programs that a program's own files name, for only code that handles an event names it."""
    return frozenset(event for event in names_of(program) & set(EVENTS) if EVENTS[event].source != program)


def consumed_by(program: str) -> frozenset[str]:
    """The events that a program handles; and all that are offered to webhooks, where it follows and sends them."""
    is_sender = "OFFERED" in names_of(program) and subscriptions(program)
    return handled_by(program) | {event for event in OFFERED if is_sender and EVENTS[event].source != program}


@cache
def names_of(program: str) -> frozenset[str]:
    """Every name in the code of a program's own files."""
    folder = Path(inspect.getfile(PROGRAMS[program])).parent
    return frozenset(name for path in folder.rglob("*.py") for name in names_in(path))


def names_in(path: Path) -> Iterator[str]:
    """Every name in a file's code, without strings and docstrings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name):
                yield name
            case _:
                pass
