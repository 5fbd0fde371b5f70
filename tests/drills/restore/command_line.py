"""The operator's command line in a drill: `tamdid` as a process of its own, with the settings of an instance and a session."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.demo.users import Person
from tests.support.servers import instance

COMMAND_SECONDS = 900


class CommandFailed(Exception):  # noqa: N818 - named as what happened
    """A command ended with an unexpected exit code."""


@dataclass(frozen=True)
class CommandLine:
    """`tamdid`, signed in as one officer of one instance."""

    home: Path
    portal: str
    environment: dict[str, str]

    @classmethod
    def signed_in(cls, home: Path, portal: str, environment: dict[str, str], officer: Person) -> "CommandLine":
        made = cls(
            home,
            portal,
            environment
            | {"XDG_STATE_HOME": str(home / officer.name), "TAMDID_PASSWORD": officer.secret, "COLUMNS": "140"},
        )
        made.run("sign-in", "--as", officer.name)
        return made

    def run(self, *arguments: str, exit_codes: tuple[int, ...] = (0,)) -> str:
        """Run a command; what it prints to standard output."""
        command = ["--language", "en", "--server", self.portal, *arguments]
        ended = instance.tamdid(command, self.environment, COMMAND_SECONDS)
        if ended.returncode not in exit_codes:
            raise CommandFailed(f"tamdid {' '.join(arguments)}: {ended.returncode}\n{ended.stdout}{ended.stderr}")
        return ended.stdout

    def json(self, *arguments: str, exit_codes: tuple[int, ...] = (0,)) -> Any:
        return json.loads(self.run(*arguments, "--json", exit_codes=exit_codes))
