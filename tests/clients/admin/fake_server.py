"""A Tamdid for the command line to talk to, and the command line to talk to it with."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from typer.testing import CliRunner, Result

from clients.admin import main
from clients.admin.context import Environment
from clients.admin.transport import saved_session
from clients.admin.transport.client import Server
from shared.contract.auth import answers
from shared.contract.base import Answer, Message
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.values import Role

A = TypeVar("A", bound=Answer)
URL = "http://tamdid.test"
NOW = datetime(2026, 10, 7, 11, 0, tzinfo=UTC)
"""1405/07/15 14:30 in Tehran."""
MARYAM = answers.Session(
    token="the-token",
    passport=Passport(
        principal_kind=PrincipalKind.OFFICER,
        subject="maryam",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        provinces=frozenset({"isfahan"}),
    ),
    expires_at=datetime(2026, 10, 7, 15, 0, tzinfo=UTC),
)
Reply = Answer | Exception | Callable[[Any], Answer]


OFFICERS = {"maryam": "مریم تهرانی", "reza": "رضا کاشانی", "root": "مدیر سامانه"}


def officer_names(query: Any) -> Answer:
    return answers.OfficerNames(names={one: OFFICERS[one] for one in query.officers if one in OFFICERS})


class FakeServer:
    """Answers by `<service>.<method>` with the test's replies, and records the messages."""

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.messages: list[Message[Any]] = []
        self.is_closed = False

    def call(self, message: Message[A], service: str | None = None) -> A:
        self.messages.append(message)
        reply: Any = ({"auth.get_officer_names": officer_names} | self.replies)[
            f"{service or message.service}.{message.method}"
        ]
        if isinstance(reply, Exception):
            raise reply
        answer = reply(message) if callable(reply) else reply
        assert isinstance(answer, message.answer())
        return answer

    def close(self) -> None:
        self.is_closed = True

    def sent(self, kind: type[Message[A]]) -> list[Any]:
        return [message for message in self.messages if isinstance(message, kind)]


NO_KEYS = "/nowhere"
"""A checkout may have keys of its own where the command line looks for them."""


@dataclass
class Tamdid:
    """Runs `tamdid` in this process, with a fake server, a clock that stands, and no waiting."""

    server: FakeServer = field(default_factory=FakeServer)
    now: datetime = NOW
    sleep: Callable[[float], None] = lambda _: None
    tokens: list[str | None] = field(default_factory=list)

    def sign_in(self, session: answers.Session = MARYAM) -> None:
        saved_session.save(URL, session)

    def __call__(self, *arguments: str, typed: str = "", **environment: str) -> Result:
        world = Environment(connect=self._connect, now=lambda: self.now, sleep=self.sleep)
        result = CliRunner().invoke(
            main.app,
            ["--server", URL, *arguments],
            input=typed,
            env={"TAMDID_KEYS": NO_KEYS, **environment},
            obj=world,
            prog_name="tamdid",
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, *arguments: str, exit_code: int = 0) -> Any:
        result = self(*arguments, "--json")
        assert result.exit_code == exit_code, result.output
        return json.loads(result.stdout)

    def _connect(self, url: str, session: str | None, _seconds: float) -> Server:
        assert url == URL
        self.tokens.append(session)
        return self.server


def flat(text: str) -> str:
    """What stands in the frame that typer draws round wrong usage, without frame and line ends."""
    return " ".join(text.replace("│", " ").split())
