from datetime import UTC, datetime
from typing import Any

import pytest

from shared.contract import base
from shared.contract.operations import answers, commands, queries
from shared.contract.refusals import Reason, Refused
from shared.services import FOLLOWERS
from tests.clients.admin.commands.operations.test_events import event
from tests.clients.admin.fake_server import Tamdid

AT = datetime(2026, 10, 7, 20, 29, tzinfo=UTC)
FAILED = answers.ParkedEvent(
    source="renewal",
    position=7,
    partition_key="0123456",
    type="RenewalApproved",
    error="NoPolicy: [bold]1406",
    attempts=4,
    recorded_at=AT,
)
WAITS = FAILED.model_copy(update={"position": 9, "error": "", "attempts": 0})


def pages(*parked: answers.ParkedEvent) -> Any:
    def page_of(query: queries.ListParked) -> answers.ParkedEvents:
        events = [one for one in parked if query.source in (None, one.source)]
        page = events[query.offset : query.offset + query.limit]
        return answers.ParkedEvents(parked=tuple(page), total=len(events))

    return page_of


@pytest.fixture
def parked(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        **{f"{one}.list_parked": pages() for one in FOLLOWERS},
        "payment.list_parked": pages(FAILED),
        "capacity.list_parked": pages(FAILED, WAITS),
        "capacity.retry_parked": answers.Retried(applied=2, waiting=0),
        "capacity.drop_parked": base.Done(),
        "renewal.read_events": answers.RecordedEvents(events=(event("renewal", 7, 0),), head=30),
    }
    return maryam


def test_what_is_parked_is_listed_in_order_with_who_parked_it(parked: Tamdid) -> None:
    lines = parked("parked", "list").stdout.splitlines()[3:]
    assert [line.split()[:6] for line in lines if line.strip()] == [
        ["payment", "renewal", "7", "0123456", "RenewalApproved", "4"],
        ["capacity", "renewal", "7", "0123456", "RenewalApproved", "4"],
        ["capacity", "renewal", "9", "0123456", "RenewalApproved", "0"],
    ]
    assert "NoPolicy: [bold]1406" in lines[0]


def test_the_list_can_be_narrowed(parked: Tamdid) -> None:
    parked("parked", "list", "--service", "capacity", "--source", "renewal", "--partition-key", "0123456")
    (query,) = parked.server.sent(queries.ListParked)
    assert (query.source, query.partition_key) == ("renewal", "0123456")


def test_a_long_list_is_read_page_by_page(parked: Tamdid) -> None:
    many = [FAILED.model_copy(update={"position": position}) for position in range(1, 451)]
    parked.server.replies["capacity.list_parked"] = pages(*many)
    document = parked.json("parked", "list", "--service", "capacity")
    assert [one["position"] for one in document] == list(range(1, 451))


def test_nothing_parked_is_nothing_to_show(parked: Tamdid) -> None:
    result = parked("parked", "list", "--service", "renewal")
    assert (result.exit_code, result.stdout) == (0, "")


def test_a_parked_event_is_shown_as_its_log_has_it(parked: Tamdid) -> None:
    output = parked("parked", "show", "capacity", "renewal", "۷").stdout
    for text in ("NoPolicy: [bold]1406", "RenewalRequested", "renewal/0123456/1407 1", '"year": 1405'):
        assert text in output
    (query,) = parked.server.sent(queries.ReadEvents)
    assert (query.after, query.limit) == (6, 1)


def test_what_waits_behind_another_says_so(parked: Tamdid) -> None:
    assert "waits behind an earlier event" in parked("parked", "show", "capacity", "renewal", "9").stdout


def test_an_event_that_is_not_parked_is_not_shown(parked: Tamdid) -> None:
    result = parked("parked", "show", "capacity", "renewal", "8")
    assert result.exit_code == 1
    assert parked.server.sent(queries.ReadEvents) == []


def test_an_event_that_its_source_has_lost_is_no_error_of_the_command_line(parked: Tamdid) -> None:
    parked.server.replies["renewal.read_events"] = answers.RecordedEvents(events=(), head=6)
    result = parked("parked", "show", "capacity", "renewal", "7")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "tamdid restore reconcile" in result.stderr


def test_a_sequence_is_retried(parked: Tamdid) -> None:
    result = parked("parked", "retry", "capacity", "renewal", "0123456")
    assert (result.exit_code, result.stdout) == (0, "2 applied, 0 still wait\n")
    (command,) = parked.server.sent(commands.RetryParked)
    assert (command.source, command.partition_key) == ("renewal", "0123456")


def test_a_retry_that_leaves_something_fails(parked: Tamdid) -> None:
    parked.server.replies["capacity.retry_parked"] = answers.Retried(applied=0, waiting=2)
    assert parked("parked", "retry", "capacity", "renewal", "0123456").exit_code == 1


def test_a_retry_of_a_key_under_which_nothing_is_parked_says_so(parked: Tamdid) -> None:
    parked.server.replies["capacity.retry_parked"] = answers.Retried(applied=0, waiting=0)
    result = parked("parked", "retry", "capacity", "renewal", "renewal/012345")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Nothing is parked under the key renewal/012345." in result.stderr


def test_an_event_is_given_up_with_a_reason(parked: Tamdid) -> None:
    arguments = ("parked", "drop", "capacity", "renewal", "7")
    result = parked(*arguments, "--reason", " approved twice by mistake ")
    assert (result.exit_code, result.stdout) == (0, "Dropped: renewal 7\n")
    assert parked(*arguments, typed="it was approved twice\n").exit_code == 0
    first, second = parked.server.sent(commands.DropParked)
    assert (first.position, first.reason) == (7, "approved twice by mistake")
    assert second.reason == "it was approved twice"


def test_nothing_is_given_up_without_a_reason(parked: Tamdid) -> None:
    assert parked("parked", "drop", "capacity", "renewal", "7", "--reason", "because").exit_code == 2
    assert parked.server.sent(commands.DropParked) == []


def test_only_followers_are_asked_and_only_of_logs(parked: Tamdid) -> None:
    assert parked("parked", "retry", "auth", "renewal", "0123456").exit_code == 2
    assert parked("parked", "retry", "capacity", "gateway", "0123456").exit_code == 2
    parked.server.replies["capacity.retry_parked"] = Refused(Reason.NOT_PARKED)
    assert parked("parked", "retry", "capacity", "bank", "0123456").exit_code == 1
