"""The sources' logs as a replay reads them: an event that it reads again is the one that it has read before."""

from dataclasses import replace

import pytest

from services.capacity.replay.source_reader import SourceReader
from shared.subscriptions.seal_check import SealBroken
from tests.services.capacity.replay.sources import Log
from tests.services.capacity.sample_events import Logs, enrolled, on

EVENTS = 7


@pytest.fixture
def log() -> Log:
    made = Log("auth")
    made.events += Logs().record_all(*(enrolled(on("1405/01/01"), member=f"00{number}") for number in range(EVENTS)))
    return made


def test_an_event_is_read_again_from_the_page_that_it_was_in(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.capacity.replay.source_reader.READ_EVENTS_MAX", 3)
    reader = SourceReader([log], lambda _seconds: None)
    assert [len(page) for page in reader.pages()] == [3, 3, 1]
    again = [reader.event("auth", one.position) for one in log.events]
    assert [(one.position, one.data) for one in again] == [(one.position, one.data) for one in log.events]


@pytest.mark.parametrize("position", [1, EVENTS])
def test_an_event_that_is_another_by_then_is_an_alarm(log: Log, position: int) -> None:
    reader = SourceReader([log], lambda _seconds: None)
    list(reader.pages())
    answers = Log("auth")
    answers.events += [replace(one, stream="member/2") if one.position == position else one for one in log.events]
    reader.sources = {"auth": answers}
    with pytest.raises(SealBroken):
        reader.event("auth", position)


def test_a_source_speaks_for_itself_alone(log: Log) -> None:
    """Whoever has the key of one source can seal what it likes, also events that name another one."""
    log.events[3] = replace(log.events[3], source="payment")
    reader = SourceReader([log], lambda _seconds: None)
    with pytest.raises(SealBroken, match="another source"):
        list(reader.pages())


def test_a_log_that_has_lost_the_event_by_then_is_an_alarm(log: Log) -> None:
    reader = SourceReader([log], lambda _seconds: None)
    list(reader.pages())
    reader.sources = {"auth": Log("auth")}
    with pytest.raises(SealBroken):
        reader.event("auth", 1)
