"""Make the sample databases of a release: its own code runs the demonstration's renewal, and each database is kept as SQL text.

    git worktree add /tmp/release COMMIT && ln -s "$PWD/.venv" /tmp/release/.venv && cd /tmp/release
    PYTHONPATH=. .venv/bin/python -W ignore REPOSITORY/tests/migrations/make_samples.py REPOSITORY/tests/migrations/data/VERSION

Commits are in deploy/releases.toml.
"""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from shared.services import SERVICES
from tests.demo.__main__ import drive
from tests.demo.environment import private
from tests.demo.report import Report
from tests.support.servers import installed_servers, instance, servers

NOT_SQL = re.compile(r"^(\\|--|SET |SELECT pg_catalog\.set_config)")
"""Lines of `pg_dump` for psql, and what would change the session of whoever loads the text."""


def main(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with instance.standalone() as running, private(running) as environment:
        failed = drive(environment, "pay", Report())
        running.end()
        for program in SERVICES:
            with closing(sqlite3.connect(running.var / f"{program}.db")) as database:
                write(folder / f"{program}.sqlite.sql", list(database.iterdump()))
    with (
        servers.rabbitmq() as rabbitmq,
        installed_servers.postgres() as postgres,  # so that pg_dump is of the same version
        instance.distributed(rabbitmq, postgres) as running,
        private(running) as environment,
    ):
        failed += drive(environment, "pay", Report())
        running.end()
        for program in SERVICES:
            name = running.processes[0].environment["TAMDID_DATABASE_URL"].rpartition("/")[2].partition("?")[0]
            database_name = name.format(program=program)
            url = postgres.database_url(database_name).replace("postgresql+psycopg:", "postgresql:")
            command = ["pg_dump", "--inserts", "--no-owner", "--no-privileges", url]
            dumped = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
            lines = dumped.replace(database_name, program).splitlines()
            write(folder / f"{program}.postgresql.sql", [line for line in lines if line and not NOT_SQL.match(line)])
    return failed


def write(file: Path, lines: list[str]) -> None:
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
