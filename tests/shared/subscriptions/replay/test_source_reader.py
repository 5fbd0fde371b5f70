"""The sources' logs as a replay reads them: an event that it reads again is the one that it has read before."""

from dataclasses import replace

import pytest

from shared.subscriptions.replay.source_reader import SourceReader
from shared.subscriptions.seal_check import SealBroken
from tests.services.capacity.replay.sources import Log
from tests.services.capacity.sample_events import Logs, enrolled, on

EVENTS = 7


@pytest.fixture
def log() -> Log:
    made = Log("auth")
    made.events += Logs().record_all(*(enrolled(on("1405/01/01"), member=f"00{number}") for number in range(EVENTS)))
    return made


@pytest.fixture
def reader(log: Log, monkeypatch: pytest.MonkeyPatch) -> SourceReader:
    monkeypatch.setattr("shared.subscriptions.replay.source_reader.READ_EVENTS_MAX", 3)
    return SourceReader([log], lambda _seconds: None)


def read_all(reader: SourceReader) -> None:
    while reader.look_ahead("auth"):
        pass


def test_events_are_taken_up_to_a_position_from_pages_that_were_pulled(reader: SourceReader) -> None:
    taken: list[int] = []
    while len(taken) < 5:
        reader.require("auth", 5)
        taken += [one.position for one in reader.take("auth", 5, 2)]
    assert taken == [1, 2, 3, 4, 5]
    assert reader.pulled("auth") == 6
    assert reader.take("auth", 5, 2) == []


def test_a_log_that_ends_before_what_is_required_is_named(reader: SourceReader) -> None:
    read_all(reader)
    reader.take("auth", EVENTS, EVENTS)
    with pytest.raises(LookupError, match="the log of auth ends at 7, its subscription is at 9"):
        reader.require("auth", 9)


def test_an_event_is_read_again_from_the_page_that_it_was_in(log: Log, reader: SourceReader) -> None:
    read_all(reader)
    again = [reader.event("auth", one.position) for one in log.events]
    assert [(one.position, one.data) for one in again] == [(one.position, one.data) for one in log.events]


@pytest.mark.parametrize("position", [1, EVENTS])
def test_an_event_that_is_another_by_then_is_an_alarm(log: Log, reader: SourceReader, position: int) -> None:
    read_all(reader)
    answers = Log("auth")
    answers.events += [replace(one, stream="member/2") if one.position == position else one for one in log.events]
    reader.sources = {"auth": answers}
    with pytest.raises(SealBroken):
        reader.event("auth", position)


def test_a_source_speaks_for_itself_alone(log: Log, reader: SourceReader) -> None:
    """Whoever has the key of one source can seal what it likes, also events that name another one."""
    log.events[3] = replace(log.events[3], source="payment")
    with pytest.raises(SealBroken, match="another source"):
        read_all(reader)


def test_a_log_that_has_lost_the_event_by_then_is_an_alarm(reader: SourceReader) -> None:
    read_all(reader)
    reader.sources = {"auth": Log("auth")}
    with pytest.raises(SealBroken):
        reader.event("auth", 1)
