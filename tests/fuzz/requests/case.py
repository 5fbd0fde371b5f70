"""Fuzz cases as data: a request with placeholders for what only a running instance knows, written to and read from JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

REGRESSIONS = Path(__file__).parent.parent / "regressions.jsonl"
"""Cases that have failed once; each run plays them first."""
ROLES = ("nobody", "member", "manager", "finance", "treasury", "admin")
PROGRAM = "program"
"""A program account by an access token, which opens the JSON API alone."""
CALLERS = (*ROLES, PROGRAM)


@dataclass(frozen=True)
class Case:
    """One request; `{{kind}}` and `{{kind:which}}` in its texts are filled in when it is sent (`cast.Cast.fill`)."""

    endpoint: str
    """The route, for the table: `payment.request_refund`, `GET /desk/<member>/<int:year>`."""
    who: str
    """A role, for a member with the state that the member is in: `member:paid`."""
    method: str
    target: str
    """Path and query, percent-encoded but for the placeholders."""
    host: str = "portal"
    about: str = ""
    """The state of the member whom it is about."""
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    """How `content` is written: `json`, `form`, `multipart`, `text`; empty for no body."""
    content: Any = None
    spoilt: str = ""
    """What happens to the body on its way; a key of `wire.SPOILERS`."""
    times: int = 1
    """How often it is sent, all at once."""

    @property
    def role(self) -> str:
        return self.who.partition(":")[0]


def written(case: Case) -> str:
    """A case as one line of JSON; ASCII only, so that unpaired surrogates and control characters survive an editor."""
    return json.dumps({name: value for name, value in asdict(case).items() if value not in ("", None, ())})


def read(line: str) -> Case:
    """The case of a line."""
    said = json.loads(line)
    return Case(**said | {"headers": tuple((name, value) for name, value in said.get("headers", ()))})


def regressions() -> list[Case]:
    """What has failed once, oldest first."""
    lines = REGRESSIONS.read_text(encoding="ascii").splitlines() if REGRESSIONS.exists() else []
    return [read(line) for line in lines if line]


def keep(case: Case) -> None:
    """Let a case that failed be played first from now on."""
    if case not in regressions():
        with REGRESSIONS.open("a", encoding="ascii") as file:
            file.write(f"{written(case)}\n")
