"""What was promised and what went wrong on purpose in a run, kept outside of all programs, to be held against them in the end."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from shared.contract import cloud_events
from shared.contract.base import Command
from shared.contract.envelope import Recorded
from shared.event_store import idempotency
from tests.simulation.environment import PromiseBroken, Scene

ATTEMPTS_FAILED_MAX = 3
"""A handler that fails for a moment recovers within the attempts that the follower gives it."""


class TroubleError(Exception):
    """A handler fails."""


class Trouble:
    """What is wrong with one event in one handler."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        kind, self.is_late = scene.chance.choice(["moment", "while", "ever"]), scene.chance.happens(0.5)
        self.is_for_ever = kind == "ever"
        self.attempts_left = scene.chance.randint(1, ATTEMPTS_FAILED_MAX) if kind == "moment" else 1_000_000

    def before(self) -> None:
        if not self.is_late:
            self.fail()

    def after(self) -> None:
        """Fail when all is written, so that it must be undone."""
        if self.is_late:
            self.fail()

    def fail(self) -> None:
        if self.attempts_left > 0:
            self.attempts_left -= 1
            self.scene.tally["handlers failed"] += 1
            raise TroubleError("not with this event")


class Witness:
    """Sees everything, and says nothing to anybody."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.answers: dict[tuple[str, str, UUID], tuple[tuple[int, UUID], ...]] = {}
        self.owners: dict[tuple[str, UUID], Command[Any]] = {}
        self.confirmed: dict[str, set[int]] = defaultdict(set)
        self.troubles: dict[tuple[str, str, int], Trouble | None] = {}

    def answered(self, source: str, stream: str, command: UUID, recorded: Iterable[Recorded]) -> None:
        """A program has said what it recorded for a command; it says the same whenever it is asked again."""
        events = tuple((one.position, one.event_id) for one in recorded)
        before = self.answers.get((source, stream, command))
        if before and before != events:
            raise PromiseBroken(f"{source} answers {events} to a command in {stream} that it answered {before} before")
        self.answers[source, stream, command] = events

    def has_its_id(self, source: str, asked: object) -> None:
        """A program has done what was asked; nothing else was done under its id."""
        if isinstance(asked, Command):
            known = self.owners.setdefault((source, asked.id), asked)
            if idempotency.digest(known) != idempotency.digest(asked):
                raise PromiseBroken(f"{source} has taken {asked.method} for done by {known.method}, which had its id")

    def has_another_id(self, source: str, asked: object) -> None:
        """A program has refused a command because of its id, which must be another's."""
        known = self.owners.get((source, asked.id)) if isinstance(asked, Command) else None
        if known is not None and idempotency.digest(known) == idempotency.digest(asked):  # type: ignore[arg-type]
            raise PromiseBroken(f"{source} refuses {known.method} for an id that is its own")

    def confirmed_on(self, source: str) -> Callable[[str], None]:
        """Takes the messages that the broker confirms to a relay."""

        def note(body: str) -> None:
            self.confirmed[source].add(cloud_events.from_json(body).position)

        return note

    def trouble_with(self, subscription: tuple[str, str], position: int) -> Trouble | None:
        """Whether a handler has trouble with an event; decided when it first meets it."""
        key = (*subscription, position)
        if key not in self.troubles:
            fails = self.scene.chance.happens(self.scene.weather.handler_fails)
            self.troubles[key] = Trouble(self.scene) if fails else None
        return self.troubles[key]

    def heal(self) -> None:
        """All handlers recover, but for those that fail for ever."""
        for trouble in self.troubles.values():
            if trouble is not None and not trouble.is_for_ever:
                trouble.attempts_left = 0

    def is_hopeless(self, subscription: tuple[str, str], position: int) -> bool:
        trouble = self.troubles.get((*subscription, position))
        return trouble is not None and trouble.is_for_ever
