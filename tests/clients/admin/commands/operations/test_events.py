import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.contract.envelope import CloudEvent
from shared.contract.operations import answers, queries
from shared.contract.refusals import Reason, Refused
from shared.services import SOURCES
from tests.clients.admin.fake_server import Tamdid

START = datetime(2026, 10, 7, 20, 29, 50, tzinfo=UTC)


def event(source: str, position: int, seconds: int) -> answers.RecordedEvent:
    made = CloudEvent(
        id=UUID(int=position),
        source=source,
        type="RenewalRequested",
        subject=f"renewal/0123456/{1400 + position}",
        time=START + timedelta(seconds=seconds),
        data={"year": 1405},
        sequence=position,
        streamversion=1,
        correlationid=UUID(int=1),
        causationid=UUID(int=1),
    )
    return answers.RecordedEvent(cloud_event=made.model_dump_json())


def log(*events: answers.RecordedEvent, page: int = 1000) -> Callable[[queries.ReadEvents], answers.RecordedEvents]:
    def read(query: queries.ReadEvents) -> answers.RecordedEvents:
        page_events = events[query.after :][: min(page, query.limit)]
        return answers.RecordedEvents(events=tuple(page_events), head=len(events))

    return read


@pytest.fixture
def logs(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        **{f"{one}.read_events": log() for one in SOURCES},
        "auth.read_events": log(event("auth", 1, 0)),
        "renewal.read_events": log(*(event("renewal", position, position) for position in range(1, 31)), page=7),
        "payment.read_events": log(event("payment", 1, 5)),
    }
    return maryam


def test_the_last_events_of_all_services_come_in_order_of_time(logs: Tamdid) -> None:
    lines = logs("events", "tail").stdout.splitlines()
    assert len(lines) == 22
    assert lines[0].split() == ["auth", "1", "1405/07/15", "23:59:50", "RenewalRequested", "renewal/0123456/1401"]
    assert lines[1].split()[:2] == ["payment", "1"]
    assert [line.split()[1] for line in lines[2:]] == [str(position) for position in range(11, 31)]
    assert lines[2].split()[2:4] == ["1405/07/16", "00:00:01"]


def test_events_after_a_position_are_read_to_the_end_page_by_page(logs: Tamdid) -> None:
    lines = logs("events", "tail", "--service", "renewal", "--after", "۳").stdout.splitlines()
    assert [line.split()[1] for line in lines] == [str(position) for position in range(4, 31)]


def test_with_json_each_line_is_a_cloud_event(logs: Tamdid) -> None:
    lines = logs("events", "tail", "--service", "renewal", "--last", "2", "--json").stdout.splitlines()
    assert [CloudEvent.model_validate(json.loads(line)).sequence for line in lines] == [29, 30]


def test_following_prints_what_comes_until_ctrl_c(logs: Tamdid) -> None:
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            raise KeyboardInterrupt
        logs.server.replies["auth.read_events"] = log(
            *(event("auth", place, place) for place in range(1, len(waits) + 2))
        )

    logs.sleep = wait
    result = logs("events", "tail", "--service", "auth", "--follow")
    assert result.exit_code == 0
    assert [line.split()[1] for line in result.stdout.splitlines()] == ["1", "2", "3"]


def test_a_service_that_does_not_answer_is_reported_and_the_others_are_shown(logs: Tamdid) -> None:
    logs.server.replies["payment.read_events"] = Refused(Reason.NO_ANSWER)
    result = logs("events", "tail", "--last", "1")
    assert result.exit_code == 3
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["auth", "renewal"]
    assert "payment: The service did not answer in time." in result.stderr


def test_a_service_that_comes_back_while_following_is_shown_from_where_it_is(logs: Tamdid) -> None:
    back = logs.server.replies["payment.read_events"]
    logs.server.replies["payment.read_events"] = Refused(Reason.NO_ANSWER)
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            raise KeyboardInterrupt
        logs.server.replies["payment.read_events"] = back

    logs.sleep = wait
    result = logs("events", "tail", "--service", "payment", "--follow")
    assert result.exit_code == 0
    assert result.stdout.split()[:2] == ["payment", "1"]


def test_a_position_belongs_to_one_service(logs: Tamdid) -> None:
    assert logs("events", "tail", "--after", "3").exit_code == 2
    assert logs.server.messages == []


def test_who_may_not_read_a_log_is_refused(logs: Tamdid) -> None:
    logs.server.replies["auth.read_events"] = Refused(Reason.NOT_ALLOWED)
    assert logs("events", "tail").exit_code == 1
