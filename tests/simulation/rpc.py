"""The way of a request and its answer, either of which may be lost, late or doubled; who hears nothing asks again."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError

from shared.contract.base import Command
from shared.contract.refusals import Reason, Refused
from tests.simulation.environment import Died, PromiseBroken, Scene
from tests.simulation.process import Process

PATIENCE = (timedelta(seconds=10), timedelta(hours=1), timedelta(days=2))
"""Until when a request may be run."""
DATABASE_TROUBLE = ("the connection", "database or disk is full", "cannot start a transaction within a transaction")


class NoAnswer(Exception):  # noqa: N818 - says what happened
    """Nothing came back: it may have been done or not."""


@dataclass
class Call:
    """Something that a person wants from a program, under the same id until it is answered."""

    program: str
    command: Any
    about: str


class Post:
    """Carries requests to any copy of a program."""

    def __init__(self, scene: Scene, processes: Mapping[str, Sequence[Process]]) -> None:
        self.scene = scene
        self.processes = processes
        self.late: list[Call] = []

    def send(self, call: Call) -> object:
        """The answer, `Refused`, or `NoAnswer`."""
        chance, weather = self.scene.chance, self.scene.weather
        call.command = with_fields(call.command, deadline=self.scene.now + chance.choice(PATIENCE))
        if chance.happens(weather.request_late):
            self.late.append(replace(call))
        if chance.happens(weather.request_lost):
            self.scene.tell(f"{call.about}: the request is lost")
            raise NoAnswer
        answer = self.run(call)
        if chance.happens(weather.reply_lost):
            self.scene.tell(f"{call.about}: the reply is lost")
            self.scene.tally["replies lost"] += 1
            raise NoAnswer
        return answer

    def run(self, call: Call) -> object:
        """Let one copy of the program do it."""
        process = self.scene.chance.choice(self.processes[call.program])
        try:
            answer = self.scene.within(process, lambda: self.serve(process, call))
        except Died:
            raise NoAnswer from None
        except Refused as refused:
            self.scene.tell(f"{call.about}: {process.name} refuses, {refused.reason}")
            raise
        self.scene.tell(f"{call.about}: {process.name} has done it")
        return answer

    def serve(self, process: Process, call: Call) -> object:
        """As `shared.nameko_extensions.rpc_server.asked`: not after the deadline, and stamped with the program's own clock."""
        now = process.now()
        if call.command.deadline < now:
            raise Refused(Reason.DEADLINE_PASSED)
        return honestly(process.name, lambda: process.serve(with_fields(call.command, at=now)))

    def one_that_is_late(self) -> None:
        """An old request arrives at last; nobody waits for its answer any more."""
        if self.late:
            call = self.late.pop(self.scene.chance.randrange(len(self.late)))
            self.scene.tell(f"{call.about}: an old request arrives")
            with suppress(NoAnswer, Refused):
                self.run(call)


def honestly(name: str, work: Callable[[], object]) -> object:
    """A no has a reason, and trouble with the own database is no answer; anything else is a bug."""
    try:
        return work()
    except Refused:
        raise
    except OperationalError as error:
        if not any(text in str(error) for text in DATABASE_TROUBLE):
            raise PromiseBroken(f"{name}: {error}") from error
        raise NoAnswer from error
    except NoAnswer:
        raise
    except Exception as error:
        raise PromiseBroken(f"a bug in {name}: {type(error).__name__}: {error}") from error


def with_fields(command: Any, **fields: datetime) -> Any:
    """The command with other times."""
    return command.model_copy(update=fields) if isinstance(command, Command) else replace(command, **fields)
