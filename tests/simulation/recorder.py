"""The recorder of a run: every answer, confirm and injected handler fault, to be compared with the logs in the end."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from shared.contract import cloud_events
from shared.contract.base import Command
from shared.contract.envelope import Recorded
from shared.contract.refusals import Reason, Refused
from shared.event_store import idempotency
from shared.subscriptions.unknown_events import UnknownEvent
from tests.simulation.environment import Environment, InvariantViolated

ATTEMPTS_FAILED_MAX = 3
"""A handler that fails for a moment recovers within the attempts that the follower gives it."""


PARKED_BY_OLD = (f"{Refused.__name__}: {Reason.NEWER_VERSION_NEEDED}", UnknownEvent.__name__)
"""How the errors begin that an old copy's handler has with a stream of its own program, or with what a new one has parked."""


class HandlerError(Exception):
    """A handler fails."""


class HandlerFault:
    """The injected fault of one event in one handler."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        kind, self.is_late = environment.random.choice(["moment", "while", "ever"]), environment.random.occurs(0.5)
        self.is_for_ever = kind == "ever"
        self.attempts_left = environment.random.randint(1, ATTEMPTS_FAILED_MAX) if kind == "moment" else 1_000_000

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
            self.environment.tally["handlers failed"] += 1
            raise HandlerError("not with this event")


class Recorder:
    """Records answers, confirms and handler faults outside of all programs."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.answers: dict[tuple[str, str, UUID], tuple[tuple[int, UUID], ...]] = {}
        self.owners: dict[tuple[str, UUID], Command[Any]] = {}
        self.confirmed: dict[str, set[int]] = defaultdict(set)
        self.handler_faults: dict[tuple[str, str, int], HandlerFault | None] = {}

    def answered(self, source: str, stream: str, command: UUID, recorded: Iterable[Recorded]) -> None:
        """Note what a program answered to a command; a repeated command must get the same answer."""
        events = tuple((one.position, one.event_id) for one in recorded)
        before = self.answers.get((source, stream, command))
        if before and before != events:
            raise InvariantViolated(
                f"{source} answers {events} to a command in {stream} that it answered {before} before"
            )
        self.answers[source, stream, command] = events

    def done_under_id(self, source: str, message: object) -> None:
        """Note that a program handled a message; no other may have been handled under its id."""
        if isinstance(message, Command):
            known = self.owners.setdefault((source, message.id), message)
            if idempotency.digest(known) != idempotency.digest(message):
                raise InvariantViolated(
                    f"{source} has taken {message.method} for done by {known.method}, which had its id"
                )

    def refused_for_id(self, source: str, message: object) -> None:
        """Note that a program refused a command for its id, which must be another command's."""
        known = self.owners.get((source, message.id)) if isinstance(message, Command) else None
        if known is not None and idempotency.digest(known) == idempotency.digest(message):  # type: ignore[arg-type]
            raise InvariantViolated(f"{source} refuses {known.method} for an id that is its own")

    def forget(self, source: str) -> None:
        """A program's database is as it was some time ago: what it has said since is as if it were not."""
        self.answers = {key: events for key, events in self.answers.items() if key[0] != source}
        self.owners = {key: message for key, message in self.owners.items() if key[0] != source}

    def on_confirm(self, source: str) -> Callable[[str], None]:
        """The callback for messages that the broker confirms to a relay."""

        def note(body: str) -> None:
            self.confirmed[source].add(cloud_events.from_json(body).position)

        return note

    def handler_fault(self, subscription: tuple[str, str], position: int) -> HandlerFault | None:
        """The fault of a handler with an event; drawn when it first handles it."""
        key = (*subscription, position)
        if key not in self.handler_faults:
            fails = self.environment.random.occurs(self.environment.fault_rates.handler_fails)
            self.handler_faults[key] = HandlerFault(self.environment) if fails else None
        return self.handler_faults[key]

    def repair_handlers(self) -> None:
        """All handlers recover, but for those that fail for ever."""
        for fault in self.handler_faults.values():
            if fault is not None and not fault.is_for_ever:
                fault.attempts_left = 0

    def fails_for_ever(self, subscription: tuple[str, str], position: int) -> bool:
        fault = self.handler_faults.get((*subscription, position))
        return fault is not None and fault.is_for_ever
