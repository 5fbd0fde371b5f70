"""The program under test as the driver has it: started, commanded over pipes, killed, and given back an earlier database."""

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from sqlite3 import connect
from typing import Any

from shared.event_store.database import Database
from shared.event_store.epoch import begin_epoch
from shared.subscriptions import parking
from tests.season.members import people
from tests.season.members.people import Person
from tests.season.program import PROVIDERS, SOURCES
from tests.services.notification.conftest import create_tables
from tests.support.phone import Phone

ERROR_MAX = 4_000


class Process:
    """The program with its database and the files of what it follows, in a folder."""

    def __init__(self, folder: Path, phone: Phone, without: str = "") -> None:
        self.folder, self.phone, self.without = folder, phone, without
        self.url = f"sqlite:///{folder}/season.db"
        self.order: tuple[str, ...] = PROVIDERS
        self.launcher: subprocess.Popen[str]
        self.phone_database = Database(f"sqlite:///{folder}/phone.db")
        self.is_running = False
        for source in (*SOURCES, "journal"):
            (folder / source).touch()

    def prepare(self, persons: Sequence[Person], at: datetime) -> None:
        """Make its database, with the people's addresses and choices."""
        database = Database(self.url)
        create_tables(database)
        database.create_tables(parking.TABLES)
        database.write(lambda connection: people.store(connection, persons, at))
        database.close()

    def launch(self) -> None:
        """Start the launcher, which lives as long as the season."""
        arguments = {
            "folder": str(self.folder),
            "database_url": self.url,
            "phone_url": self.phone.url,
            "smtp_port": self.phone.smtp_port,
            "without": self.without,
        }
        command = (sys.executable, "-W", "ignore", "-m", "tests.season.program", json.dumps(arguments))
        with (self.folder / "stderr").open("a") as errors:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": errors}
            self.launcher = subprocess.Popen(command, text=True, **pipes)  # type: ignore[call-overload]

    def start(self) -> None:
        self.is_running = True

    def stop(self) -> None:
        """End the program in order."""
        if self.is_running:
            self.request(stop=True)
        self.is_running = False

    def end(self) -> None:
        """Leave nothing behind, also where the season is broken off."""
        self.launcher.communicate()
        self.phone_database.close()

    def request(self, **command: Any) -> dict[str, Any]:
        """One command and its answer."""
        assert self.launcher.stdin is not None
        assert self.launcher.stdout is not None
        self.launcher.stdin.write(json.dumps({**command, "order": self.order}) + "\n")
        self.launcher.stdin.flush()
        line = self.launcher.stdout.readline()
        if not line:
            raise ChildProcessError(f"the program has ended: {(self.folder / 'stderr').read_text()[-ERROR_MAX:]}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def back_up(self) -> None:
        self.copy("season", "backup")

    def restore(self) -> None:
        """An earlier copy of the database takes its place, with a new epoch; the program must not run."""
        self.copy("backup", "season")
        database = Database(self.url)
        database.write(begin_epoch)
        database.close()

    def copy(self, this: str, to: str) -> None:
        with closing(connect(self.folder / f"{this}.db")) as file, closing(connect(self.folder / f"{to}.db")) as copy:
            file.backup(copy)
