"""A program's metrics when a part of them can't be read: the rest is said, and in time for who has asked."""

from collections.abc import Iterator
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import pytest
from eventlet.event import Event
from sqlalchemy.engine import make_url

from deploy.observability import program_metrics
from deploy.observability.definitions import Sample
from deploy.observability.program_metrics import Program
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.settings import Settings

READY = Sample("tamdid_program_ready", ("capacity",), 1)
UP = Sample("tamdid_database_up", ("capacity",), 1)
POSITION = Sample("tamdid_log_position", ("capacity",), 7)
AWAY = [READY._replace(value=0), UP._replace(value=0)]


def program(*parts: Any, database_url: str = "sqlite://") -> Program:
    """A program of whose state one part after the other is read: a sample, an error, or nothing until the time is over.

    Its database, where somebody asks it, counts none of what is asked for.
    """
    engine = SimpleNamespace(url=make_url(database_url))
    connection = SimpleNamespace(engine=engine, execute=lambda _query: SimpleNamespace(scalar_one=lambda: 0))
    own = SimpleNamespace(database=SimpleNamespace(read=lambda: nullcontext(connection)))
    container = SimpleNamespace(service_name="capacity", shared_extensions={ProgramDatabase: own})
    found = Program(container, Settings())

    def samples() -> Iterator[Sample]:
        for one in parts:
            if isinstance(one, Event):
                one.wait()
            if isinstance(one, Exception):
                raise one
            yield one

    found.state = SimpleNamespace(name="capacity", samples=samples)  # type: ignore[assignment]
    return found


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_metrics, "LOOK_SECONDS_MAX", 0.01)


def test_a_database_that_keeps_its_answer_counts_as_away() -> None:
    assert program(Event(), READY, UP).kept.samples() == AWAY


def test_what_was_read_before_the_time_was_over_is_said() -> None:
    assert program(READY, UP, POSITION, Event()).kept.samples() == [READY, UP, POSITION]


def test_a_database_of_two_servers_without_a_follower_lacks_one() -> None:
    several = "postgresql+psycopg://capacity@/capacity?host=one:5432&host=other:5432"
    assert program(READY, UP, database_url=several).kept.samples() == [
        READY,
        UP,
        Sample("tamdid_servers_missing", ("capacity", "database"), 1),
    ]


def test_a_part_that_fails_hides_no_other(caplog: pytest.LogCaptureFixture) -> None:
    assert program(READY, UP, LookupError("0123456")).kept.samples() == [READY, UP]
    assert "the metrics of capacity are not all known" in caplog.text
