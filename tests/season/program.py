"""The program under test: follows the sources' files, reminds and sends by the driver's clock, and is killed by SIGKILL at a step.

Reads a command a line (JSON) and answers a line; the launcher forks it again after each kill, and no life has to import anything.
"""

import json
import os
import signal
import ssl
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import uuid4

from sqlalchemy import func, select

from services.notification import subscriptions, templates
from services.notification.delivery.worker import Sender
from services.notification.providers import http_client, registry
from services.notification.providers.port import Answer, Message, Provider
from services.notification.reminders import rules
from services.notification.reminders.worker import Reminders
from services.notification.service import LOG, NotificationService, on_start
from services.notification.tables import MESSAGES, STATE
from services.notification.timers import REPORTS, SENDING
from shared.contract import cloud_events
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.settings import Settings
from shared.subscriptions.follower import Follower
from shared.subscriptions.replay import jobs, runner
from shared.subscriptions.timers import TIMERS
from tests.season.safeguards import SAFEGUARDS
from tests.services.capacity.replay.sources import Log

SOURCES = ("auth", "renewal", "payment", "capacity")
PROVIDERS = ("kavenegar", "smsir", "melipayamak", "ghasedak")
ROUNDS_MAX, STOPPED = 1_000, 3
TRIES_MAX = 4
OF_MESSAGES = (SENDING.kind, REPORTS.kind)
LATER = datetime.max.replace(tzinfo=UTC)
READ_SECONDS = 1.0
"""An answer of a slow provider is waited for no longer."""


class Kills:
    """Ends the process without a word at the so-manieth step, before or after it, or once the so-manieth message is handed over."""

    def __init__(self) -> None:
        self.steps_left = self.messages_left = 0

    def step(self) -> None:
        self.steps_left -= 1
        if self.steps_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def message(self) -> None:
        self.step()
        self.messages_left -= 1
        if self.messages_left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Watched:
    """A provider whose calls are in the journal before they are made."""

    def __init__(self, real: Provider, program: "Program") -> None:
        self.real, self.program = real, program
        self.name, self.capabilities = real.name, real.capabilities
        self.deliveries, self.find = real.deliveries, real.find

    def send(self, message: Message) -> Answer:
        self.program.kills.step()
        self.program.note(self.name, message)
        answer = self.real.send(message)
        self.program.kills.message()
        return answer


class Arguments(NamedTuple):
    """What the launcher is started with, as JSON."""

    folder: str
    database_url: str
    phone_url: str
    smtp_port: int
    without: str
    """The safeguard that is taken out, for a run that has to fail."""


def settings_of(arguments: Arguments, order: Sequence[str]) -> Settings:
    return Settings.model_validate(
        {
            "development": True,
            "sms_providers": order,
            "phone_port": urlsplit(arguments.phone_url).port,
            "phone_smtp_port": arguments.smtp_port,
        }
    )


class Program:
    """One life of the process, with an order of the SMS providers."""

    def __init__(self, arguments: Arguments, order: Sequence[str]) -> None:
        self.folder, self.kills, self.at = Path(arguments.folder), Kills(), datetime.min.replace(tzinfo=UTC)
        http_client.READ_SECONDS = READ_SECONDS
        self.database = Database(arguments.database_url)
        self.records = Records(self.database, LOG)
        SAFEGUARDS[arguments.without](self.records)
        self.settings = settings_of(arguments, order)
        providers = [Watched(one, self) for one in registry.providers(self.settings, lambda: self.at)]
        texts = templates.load(self.settings.templates_folder, self.settings.portal_url)
        self.sender = Sender(self.records, providers, texts)
        self.logs = {source: Log(source) for source in SOURCES}
        self.files = {source: (self.folder / source).open() for source in SOURCES}
        self.is_new = True
        self.count_writes()

    def count_writes(self) -> None:
        """The process may be killed before and after each transaction."""
        write = self.database.write

        def watched_write(work: Callable[..., Any]) -> Any:
            self.kills.step()
            done = write(work)
            self.kills.step()
            return done

        self.database.write = watched_write  # type: ignore[method-assign]

    def note(self, provider: str, message: Message) -> None:
        """Write down what is handed over; its row has to be there before."""
        with self.records.read() as connection:
            of_attempt = select(MESSAGES.c.notice).where(MESSAGES.c.attempt == message.attempt)
            notice = connection.execute(of_attempt).scalar()
        line = {"at": self.at.isoformat(), "notice": str(notice), "provider": provider, "address": message.address}
        line |= {"attempt": str(message.attempt), "text": message.text}
        with (self.folder / "journal").open("a") as journal:
            journal.write(json.dumps(line) + "\n")

    def follow(self) -> None:
        for source, log in self.logs.items():
            new = [cloud_events.from_json(line) for line in self.files[source]]
            log.events.extend(new)
            if new or self.is_new:
                Follower(self.database, source, self.apply, log.pull, lambda _seconds: None).catch_up()
        self.is_new = False

    def apply(self, connection: Any, recorded: Any) -> None:
        subscriptions.on_event(connection, recorded, LOG, rules.load(), self.at)

    def rebuild(self) -> str:
        """Make the projections again from the logs, while notices are sent; how that ended."""
        job = jobs.Job(self.database, uuid4(), check=False, now=lambda: self.at)
        self.database.write(lambda one: jobs.start(one, job.rebuild, "officer:root", self.at))

        def pause(_seconds: float) -> None:
            self.kills.step()
            self.sender.send_due(self.at)

        projections = NotificationService.projections
        sources = [log for log in self.logs.values() if log.source in projections.followed]
        runner.run(job, projections, sources, pause)
        with self.records.read() as connection:
            return str(jobs.newest(connection, self.at).status)

    def turn(self, command: dict[str, Any]) -> dict[str, Any]:
        """Everything that is due at an instant; answers when something is due next."""
        self.at = datetime.fromisoformat(command["at"])
        self.kills.steps_left, self.kills.messages_left = command["steps"], command["messages"]
        if self.is_new:
            on_start(self.records, self.settings, self.at)
        self.follow()
        rebuilt = self.rebuild() if command["rebuild"] else ""
        due_at, inquired_often_at = self.run_rounds()
        self.kills.steps_left = self.kills.messages_left = 0
        return {
            "next": due_at.isoformat() if due_at else "",
            "inquired_often": bool(inquired_often_at),
            "rebuilt": rebuilt,
        }

    def run_rounds(self) -> tuple[datetime | None, datetime | None]:
        """Rounds of the worker until nothing is due any more; what is due next, and next of reports that were asked for often."""
        due: Mapping[str, datetime] = {"": self.at}
        for _ in range(ROUNDS_MAX):
            if any(at <= self.at for kind, at in due.items() if kind not in OF_MESSAGES):
                Reminders(self.records, rules.load()).notify_due(self.at)
            self.sender.run_round(self.at)
            due, inquired_often_at = self.next_due()
            if min([*due.values(), inquired_often_at or LATER], default=LATER) > self.at:
                break
        return min(due.values(), default=None), inquired_often_at

    def next_due(self) -> tuple[dict[str, datetime], datetime | None]:
        """When the next timer of each kind is due, and of reports that have been asked for often when the next one is."""
        timers = STATE.tables[TIMERS.name]
        is_inquired_often = (timers.c.kind == REPORTS.kind) & (timers.c.tries > TRIES_MAX)
        first = func.min(timers.c.due_at)
        with self.records.read() as connection:
            of_kinds = select(timers.c.kind, first).where(~is_inquired_often).group_by(timers.c.kind)
            due: dict[str, datetime] = dict(connection.execute(of_kinds).tuples().all())
            return due, connection.execute(select(first).where(is_inquired_often)).scalar()


def live(arguments: Arguments) -> NoReturn:
    """Carry out commands until one says to stop, or until there are no more."""
    program: Program | None = None
    for line in sys.stdin:
        command = json.loads(line)
        if command.get("stop"):
            os._exit(STOPPED)
        program = program or Program(arguments, command["order"])
        os.write(1, (json.dumps(program.turn(command)) + "\n").encode())
    os._exit(0)


def launch(arguments: Arguments) -> int:
    """Start the program as a process of its own, and again whenever it was killed or has stopped."""
    with patch.object(ssl, "create_default_context", cache(ssl.create_default_context)):  # the slowest part of a start
        registry.providers(settings_of(arguments, PROVIDERS))
        return launch_again(arguments)


def launch_again(arguments: Arguments) -> int:
    while True:
        child = os.fork()
        if child == 0:
            live(arguments)
        _, status = os.waitpid(child, 0)
        ended = "killed" if os.WIFSIGNALED(status) else "stopped"
        if ended == "stopped" and os.waitstatus_to_exitcode(status) != STOPPED:
            return os.waitstatus_to_exitcode(status)
        os.write(1, (json.dumps({ended: True}) + "\n").encode())


if __name__ == "__main__":
    sys.exit(launch(Arguments(**json.loads(sys.argv[1]))))
