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
    """An aggregate: what it starts as, what a command makes happen, what an event makes of it."""

    decide: Callable[[C, S], list[Event]]
    """New facts; an empty list when it is already so; raises `Refused` when it may not be."""
    evolve: Callable[[S, Any], S]
    """Takes the events of the aggregate's own streams; any other event is an error."""
    initial: S

    def fold(self, events: Iterable[Event], state: S | None = None) -> S:
        """The state after the events, from the initial state or from the given one."""
        return reduce(self.evolve, events, self.initial if state is None else state)
