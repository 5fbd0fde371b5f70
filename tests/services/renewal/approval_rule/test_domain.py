"""The approval rule's decisions: switched on and off once, a tenth left for people, and what a person is to look at."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.renewal.approval_rule.domain import (
    RULE,
    Request,
    hindrances,
    is_left_for_people,
)
from shared.contract.renewal import commands, events
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import Employment, EmploymentStatus
from tests.services.renewal import samples as s
from tests.support.given import given

SALT = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")
FORM = s.FORM.model_copy(update={"jobs": ()})
ON = events.ApprovalRuleSwitched(province="isfahan", is_on=True, switched_by=s.MANAGER, switched_at=s.AT)
OFF = ON.model_copy(update={"is_on": False})


def switch(*, is_on: bool) -> commands.SwitchApprovalRule:
    about: dict[str, Any] = {"id": uuid4(), "deadline": s.AT, "at": s.AT, "actor": s.MANAGER}
    return commands.SwitchApprovalRule(province="isfahan", is_on=is_on, **about)


def test_it_is_off_until_somebody_switches_it_on() -> None:
    assert given(RULE).when(switch(is_on=False)) == []
    assert given(RULE).when(switch(is_on=True)) == [ON]


def test_switching_twice_is_once() -> None:
    assert given(RULE, ON).when(switch(is_on=True)) == []
    assert given(RULE, ON).when(switch(is_on=False)) == [OFF]
    assert given(RULE, ON, OFF).when(switch(is_on=True)) == [ON]


def test_about_a_tenth_is_left_for_people_and_the_draw_never_changes() -> None:
    members = [f"{number:07}" for number in range(10_000)]
    left = [member for member in members if is_left_for_people(SALT, member, 1405)]
    assert 900 < len(left) < 1100
    assert left == [member for member in members if is_left_for_people(SALT, member, 1405)]
    assert left[:3] == ["0000001", "0000014", "0000028"]
    assert left != [member for member in members if is_left_for_people(SALT, member, 1406)]
    assert left != [member for member in members if is_left_for_people(uuid4(), member, 1405)]


def look(form: Declaration = FORM, earlier: Declaration | None = FORM, jobs: Any = ()) -> list[str]:
    return list(hindrances(Request(1405, "isfahan", jobs, form, earlier), s.AT))


def test_what_was_approved_last_year_and_is_unchanged_needs_nobody() -> None:
    assert look() == []
    assert look(jobs=(s.JOB,)) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mobile": "09131234568"}, "changed"),
        ({"address": "خیابان چهارباغ پایین، پلاک ۱۲"}, "changed"),
        ({"jobs": (s.DECLARED,)}, "changed"),
    ],
)
def test_a_change_is_for_people_also_one_that_no_event_has(changes: dict[str, Any], reason: str) -> None:
    assert look(FORM.model_copy(update=changes)) == [reason]


def test_a_first_declaration_is_for_people() -> None:
    assert look(earlier=None) == ["changed"]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ({"note": "لطفاً تماس بگیرید"}, "note"),
        ({"is_public_employee": True}, "conflict_of_interest"),
        ({"is_mine_operator": True}, "conflict_of_interest"),
        ({"province": "yazd"}, "elsewhere"),
        (
            {
                "employment": Employment(
                    status=EmploymentStatus.PRIVATE_FULL_TIME, province="yazd", from_on=date(2020, 1, 1)
                )
            },
            "elsewhere",
        ),
        ({"residence_since": date(2025, 10, 15)}, "elsewhere"),
    ],
)
def test_what_a_manager_would_be_warned_of_is_for_people_though_it_is_unchanged(
    answers: dict[str, Any], reason: str
) -> None:
    form = FORM.model_copy(update=answers)
    assert look(form, form) == [reason]


def test_six_months_of_residence_are_enough() -> None:
    form = FORM.model_copy(update={"residence_since": date(2025, 10, 14)})
    assert look(form, form) == []


def test_a_job_that_ended_before_the_year_is_for_people() -> None:
    ended = s.JOB.model_copy(update={"ends_on": date(2026, 3, 20)})
    assert look(jobs=(ended,)) == ["job_of_earlier_year"]
    assert look(jobs=(ended.model_copy(update={"ends_on": date(2026, 3, 21)}),)) == []


def test_the_day_is_that_of_tehran() -> None:
    form = FORM.model_copy(update={"residence_since": date(2025, 10, 14)})
    request = Request(1405, "isfahan", (), form, form)
    assert list(hindrances(request, datetime(2026, 4, 14, 20, 29, tzinfo=UTC))) == ["elsewhere"]
    assert list(hindrances(request, datetime(2026, 4, 14, 20, 30, tzinfo=UTC))) == []
