"""The decider of an aggregate, two pure functions: `decide` from command and state to events, `evolve` from event to state."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, TypeVar

from shared.contract.base import Event

C = TypeVar("C", contravariant=True)  # noqa: PLC0105 - short names read better in these three lines
S = TypeVar("S")


@dataclass(frozen=True)
class Decider(Generic[C, S]):
    """An aggregate: its initial state, its decisions on commands, and its state after an event."""

    decide: Callable[[C, S], list[Event]]
    """New events; an empty list when nothing changes; raises `Refused` when the command is not allowed."""
    evolve: Callable[[S, Any], S]
    """Takes the events of the aggregate's own streams; any other event is an error."""
    initial: S

    def fold(self, events: Iterable[Event], state: S | None = None) -> S:
        """The state after the events, from the initial state or from the given one."""
        return reduce(self.evolve, events, self.initial if state is None else state)
