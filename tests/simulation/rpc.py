"""The simulated RPC network: a request or its reply may be lost, late or duplicated; a caller without an answer retries."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import OperationalError

from shared.contract.base import Command
from shared.contract.refusals import Reason, Refused
from tests.simulation.environment import Environment, InvariantViolated, ProcessDied
from tests.simulation.process import Process

DEADLINES_AFTER = (timedelta(seconds=10), timedelta(hours=1), timedelta(days=2))
"""Until when a request may be run."""
DATABASE_TROUBLE = ("the connection", "database or disk is full", "cannot start a transaction within a transaction")


class NoAnswer(Exception):  # noqa: N818 - says what happened
    """No answer came: the command may have been handled or not."""


@dataclass
class Call:
    """A user's call to a program, under the same id until it is answered."""

    program: str
    command: Any
    about: str


class Network:
    """Carries requests to any copy of a program."""

    def __init__(
        self,
        environment: Environment,
        processes: Mapping[str, Sequence[Process]],
        is_missing: Callable[[Process, Any], bool],
    ) -> None:
        self.environment = environment
        self.processes = processes
        self.is_missing = is_missing
        """Whether a process has no method for a command, which is no answer to the caller."""
        self.late: list[Call] = []

    def send(self, call: Call) -> object:
        """The answer, `Refused`, or `NoAnswer`."""
        random, fault_rates = self.environment.random, self.environment.fault_rates
        call.command = with_fields(call.command, deadline=self.environment.now + random.choice(DEADLINES_AFTER))
        if random.occurs(fault_rates.request_late):
            self.late.append(replace(call))
        if random.occurs(fault_rates.request_lost):
            self.environment.log_step(f"{call.about}: the request is lost")
            raise NoAnswer
        answer = self.run(call)
        if random.occurs(fault_rates.reply_lost):
            self.environment.log_step(f"{call.about}: the reply is lost")
            self.environment.tally["replies lost"] += 1
            raise NoAnswer
        return answer

    def run(self, call: Call) -> object:
        """Let one copy of the program do it."""
        process = self.environment.random.choice(self.processes[call.program])
        try:
            answer = self.environment.within(process, lambda: self.serve(process, call))
        except ProcessDied:
            raise NoAnswer from None
        except Refused as refused:
            self.environment.log_step(f"{call.about}: {process.name} refuses, {refused.reason}")
            raise
        self.environment.log_step(f"{call.about}: {process.name} has done it")
        return answer

    def serve(self, process: Process, call: Call) -> object:
        """As `shared.nameko_extensions.rpc_server.rpc`: not after the deadline, and stamped with the program's own clock."""
        now = process.now()
        if self.is_missing(process, call.command):
            raise NoAnswer
        if call.command.deadline < now:
            raise Refused(Reason.DEADLINE_PASSED)
        return checked_answer(process.name, lambda: process.serve(with_fields(call.command, at=now)))

    def deliver_late_request(self) -> None:
        """An old request arrives at last; nobody waits for its answer any more."""
        if self.late:
            call = self.late.pop(self.environment.random.randrange(len(self.late)))
            self.environment.log_step(f"{call.about}: an old request arrives")
            with suppress(NoAnswer, Refused):
                self.run(call)


def checked_answer(name: str, work: Callable[[], object]) -> object:
    """A refusal has a reason, and an unavailable database is no answer; anything else is a bug."""
    try:
        return work()
    except Refused:
        raise
    except OperationalError as error:
        if not any(text in str(error) for text in DATABASE_TROUBLE):
            raise InvariantViolated(f"{name}: {error}") from error
        raise NoAnswer from error
    except NoAnswer:
        raise
    except Exception as error:
        raise InvariantViolated(f"a bug in {name}: {type(error).__name__}: {error}") from error


def with_fields(command: Any, **fields: datetime) -> Any:
    """The command with other times."""
    return command.model_copy(update=fields) if isinstance(command, Command) else replace(command, **fields)
