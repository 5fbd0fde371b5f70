"""The program under test: follows the sources' files, reminds and sends by the driver's clock, and is killed by SIGKILL at a step.

Reads a command a line (JSON) and answers a line; the launcher starts it again after each kill.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select

from services.notification import subscriptions, templates
from services.notification.delivery.worker import Sender
from services.notification.providers import registry
from services.notification.providers.port import Answer, Message, Provider
from services.notification.reminders import rules
from services.notification.reminders.worker import Reminders
from services.notification.service import LOG, on_start
from services.notification.tables import MESSAGES, STATE
from shared.contract import cloud_events
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.settings import Settings
from shared.subscriptions.follower import Follower
from shared.subscriptions.timers import TIMERS
from tests.services.capacity.replay.sources import Log

SOURCES = ("auth", "renewal", "payment")
ROUNDS_MAX = 200


class Kills:
    """Ends the process without a word at the so-manieth step, before or after it."""

    def __init__(self) -> None:
        self.left = 0

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
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
        self.program.kills.step()
        return answer


class Program:
    """One life of the process."""

    def __init__(self, folder: Path, database_url: str, phone_url: str, smtp_port: int) -> None:
        self.folder, self.kills, self.at = folder, Kills(), datetime.min.replace(tzinfo=UTC)
        self.database = Database(database_url)
        self.records = Records(self.database, LOG)
        port = urlsplit(phone_url).port
        settings = Settings.model_validate(
            {
                "development": True,
                "sms_providers": ("kavenegar", "smsir", "melipayamak", "ghasedak"),
                "phone_port": port,
                "phone_smtp_port": smtp_port,
            }
        )
        providers = [Watched(one, self) for one in registry.providers(settings, lambda: self.at)]
        texts = templates.load(settings.templates_folder, settings.portal_url)
        self.sender = Sender(self.records, providers, texts)
        self.logs = {source: Log(source) for source in SOURCES}
        self.settings = settings
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
        with (self.folder / "journal").open("a") as journal:
            journal.write(json.dumps(line) + "\n")

    def follow(self) -> None:
        for source, log in self.logs.items():
            lines = (self.folder / source).read_text().splitlines()
            log.events.extend(cloud_events.from_json(line) for line in lines[len(log.events) :])

            def apply(connection: Any, recorded: Any) -> None:
                subscriptions.on_event(connection, recorded, LOG, rules.load(), self.at)

            Follower(self.database, source, apply, log.pull, lambda _seconds: None).catch_up()

    def turn(self, command: dict[str, Any]) -> dict[str, Any]:
        """Everything that is due at an instant; answers when something is due next."""
        self.at, self.kills.left = datetime.fromisoformat(command["at"]), command["kill"]
        on_start(self.records, self.settings, self.at)
        self.follow()
        timers = STATE.tables[TIMERS.name]
        for _ in range(ROUNDS_MAX):
            Reminders(self.records, rules.load()).notify_due(self.at)
            self.sender.run_round(self.at)
            with self.records.read() as connection:
                due_at = connection.execute(select(func.min(timers.c.due_at))).scalar()
            if due_at is None or due_at > self.at:
                break
        self.kills.left = 0
        return {"next": due_at.isoformat() if due_at else ""}


def launch(folder: str, database_url: str, phone_url: str, smtp_port: str) -> None:
    """Start the program as a process of its own, and again whenever it was killed."""
    while True:
        child = os.fork()
        if child == 0:
            program = Program(Path(folder), database_url, phone_url, int(smtp_port))
            for line in sys.stdin:
                os.write(1, (json.dumps(program.turn(json.loads(line))) + "\n").encode())
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return
        os.write(1, b'{"killed": true}\n')


if __name__ == "__main__":
    launch(*sys.argv[1:])
