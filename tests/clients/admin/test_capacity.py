from datetime import datetime, timedelta

import pytest

from shared.contract import questions
from shared.contract.refusals import Reason, Refused
from shared.persian import TEHRAN
from tests.clients.admin.examples import CAPACITY, EXPLANATION, MEMBER
from tests.clients.admin.fake import Tamdid


@pytest.fixture
def capacity(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        "capacity.get_capacity": CAPACITY,
        "capacity.explain_capacity": EXPLANATION,
    }
    return maryam


def test_a_capacity_is_shown_in_p(capacity: Tamdid) -> None:
    found = capacity("capacity", "show", MEMBER)
    for text in ("720 P", "390.25 P", "329.75 P", "active", "1405/12/29", "over the ceiling"):
        assert text in found.stdout
    assert "۳۹۰٫۲۵ P" in capacity("--language", "fa", "capacity", "show", MEMBER).stdout


def test_no_capacity_is_a_refusal(capacity: Tamdid) -> None:
    capacity.server.replies["capacity.get_capacity"] = Refused(Reason.NO_CAPACITY)
    found = capacity("capacity", "show", MEMBER, "--year", "۱۳۹۹")
    assert found.exit_code == 1
    assert "No capacity is recorded for this year." in found.stderr


def test_an_explanation_names_the_event_behind_each_line(capacity: Tamdid) -> None:
    lines = capacity("capacity", "explain", MEMBER).stdout.splitlines()
    (grant,) = [line for line in lines if line.lstrip().startswith("grant")]
    (use,) = [line for line in lines if line.lstrip().startswith("use ")]
    assert "720" in grant
    assert "payment 17" in grant
    assert "-150" in use
    assert "mine technical manager" in use
    assert "renewal 8" in use


def test_as_of_a_day_means_its_end_in_tehran(capacity: Tamdid) -> None:
    capacity("capacity", "explain", MEMBER, "--as-of", "۱۴۰۵-۷-۱۵")
    (question,) = capacity.server.asked_for(questions.ExplainCapacity)
    assert question.as_of + timedelta(microseconds=1) == datetime(2026, 10, 8, tzinfo=TEHRAN)


def test_a_day_that_is_not_in_the_calendar_is_wrong_usage(capacity: Tamdid) -> None:
    assert capacity("capacity", "explain", MEMBER, "--as-of", "1404/12/30").exit_code == 2
    assert capacity("capacity", "explain", MEMBER, "--as-of", "2026-10-07").exit_code == 2
