"""Decisions read as sentences: `given(decider, *events).when(command) == [events]`."""

from typing import Any, Generic, TypeVar

import pytest

from shared.contract.base import Event
from shared.contract.refusals import Reason, Refused
from shared.event_store.decider import Decider

C = TypeVar("C")
S = TypeVar("S")


class given(Generic[C, S]):  # noqa: N801 - reads as a sentence
    """A stream's past, and what a command makes of it."""

    def __init__(self, decider: Decider[C, S], *past: Event) -> None:
        self.decider = decider
        self.state = decider.fold(past)

    def when(self, command: C) -> list[Event]:
        """What happens; replaying it must be possible."""
        events = self.decider.decide(command, self.state)
        self.decider.fold(events, self.state)
        return events

    def refuses(self, command: C, reason: Reason) -> dict[str, Any]:
        """The command is refused for this reason and no other; returns the refusal's details."""
        with pytest.raises(Refused) as refusal:
            self.decider.decide(command, self.state)
        assert refusal.value.reason is reason
        return refusal.value.details
