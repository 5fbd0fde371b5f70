"""Service classes as nameko runs them: who may ask, what comes back, what a subscription brings, what a stray message must not do."""

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import fresh_name
from tests.support.servers import servers

PROGRAM = Path(__file__).with_name("sample_services.py")
STORIES = [
    "answers",
    "refusals",
    "deadline",
    "bad payload",
    "stray message",
    "unreadable message",
    "copied passport",
    "poisoned headers",
    "derived id",
    "gone service",
    "subscription",
    "last answer",
]


def run(broker_url: str, database_url: str, var: Path) -> list[str]:
    """The stories that held, told in a process of its own: the runner patches the standard library."""
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "tests.shared.nameko_extensions.sample_services",
        broker_url,
        database_url,
        str(var),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert "LookupError" in ran.stderr
    assert "TYPED-WORD" not in ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


def test_services_work_together_in_one_process(tmp_path: Path) -> None:
    assert run(f"in-memory://{fresh_name()}", "sqlite:///{var}/{program}.db", tmp_path) == STORIES


def test_services_work_together_on_real_servers(
    rabbitmq_url: str, postgres_server: servers.Postgres, tmp_path: Path
) -> None:
    prefix = fresh_name()
    names = [f"{prefix}{program}" for program in ("auth", "renewal")]
    urls = [postgres_server.create_database(name) for name in names]
    try:
        assert run(rabbitmq_url, urls[0].replace(names[0], prefix + "{program}"), tmp_path) == STORIES
    finally:
        for name in names:
            postgres_server.drop_database(name)


def test_the_hub_turns_while_postgresql_works(postgres_url: str) -> None:
    """Binary psycopg blocks eventlet's hub unless it is told how to wait; a hub that stands still would count 0 turns."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.shared.event_store.hub_stays_free", postgres_url]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert int(ran.stdout) >= 5


def test_a_refusal_for_an_unknown_reason_is_no_refusal_of_ours() -> None:
    from nameko.exceptions import RemoteError  # noqa: PLC0415

    from shared.nameko_extensions.rpc_client import exception_from  # noqa: PLC0415 - brings nameko

    body = {"exc_type": "Refused", "exc_path": "shared.contract.refusals.Refused", "exc_args": ["new_reason", {}]}
    assert isinstance(exception_from(body), RemoteError)
    known = {**body, "exc_args": ["conflict", {"field": "x"}]}
    assert getattr(exception_from(known), "details", None) == {"field": "x"}
