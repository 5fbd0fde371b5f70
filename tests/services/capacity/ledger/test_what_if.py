from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.capacity.ledger import what_if
from services.capacity.ledger.what_if import Holding
from shared.contract.capacity import answers, queries
from shared.contract.values import JobKind, LicenceField, MemberClass
from tests.services.capacity.sample_events import MEMBER, POLICIES, day, employed, job, licence

YEAR = POLICIES[1405]
TODAY = day("1405/02/04")
WORKED = Holding(licence(), employed(ends="1405/06/31"), (job(starts="1405/07/01"),), is_granted=True)
"""The worked example of docs/domain.md 7.1: 330 P are left of 720."""


def tried(held: Holding, today: date = TODAY, **changes: Any) -> answers.WhatIfResult:
    content = {"member": MEMBER, "kind": JobKind.MINE_TECHNICAL_MANAGER, "degree": 4, "starts_on": day("1405/07/01")}
    return what_if.what_if(held, YEAR, queries.WhatIf.model_validate(content | changes), today)


def test_a_second_mine_from_mehr_on_fits_into_the_worked_example() -> None:
    found = tried(WORKED)
    assert (found.fits, found.problems) == (True, {})
    assert (found.left_units, found.units, found.remaining_units) == (33000, 15000, 18000)
    assert (found.rule, found.months) == ("1405 deductions.mine_technical_manager.4", 6)
    assert (found.field, found.ends_on) == (LicenceField.EXTRACTION, day("1405/12/29"))


@pytest.mark.parametrize(
    ("held", "changes", "problems", "remaining"),
    [
        (WORKED, {"degree": 3, "starts_on": day("1405/01/01")}, {"over_ceiling"}, -15000),
        (WORKED, {"degree": 2, "kind": "person_day"}, {"degree_not_allowed"}, 32625),
        (WORKED, {"field": "surveying", "kind": "mine_as_is_map"}, {"field_not_in_licence"}, -1000),
        (WORKED, {"ends_on": day("1405/06/01")}, {"dates_out_of_order"}, 33000),
        (Holding(licence()), {}, {"not_granted"}, 57000),
        (
            Holding(licence(MemberClass.GRADE_3), jobs=(job(starts="1405/08/01"),), is_granted=True),
            {},
            {"too_many_posts"},
            17500,
        ),
        (Holding(licence(expires="1405/06/31"), is_granted=True), {}, {"licence_expired"}, 57000),
    ],
)
def test_each_rule_that_a_job_would_break_is_named(
    held: Holding, changes: dict[str, Any], problems: set[str], remaining: int
) -> None:
    found = tried(held, **changes)
    assert set(found.problems) == problems
    assert not found.fits
    assert found.remaining_units == remaining


def test_a_broken_rule_comes_with_its_row_of_the_policy() -> None:
    found = tried(WORKED, degree=1, starts_on=day("1405/01/01"))
    assert found.problems == {
        "degree_not_allowed": "1405 degrees.grade_2",
        "over_ceiling": "1405 ceilings.grade_2.extraction",
        "over_field_ceiling": "1405 ceilings.grade_2.extraction",
    }


def test_after_the_last_day_of_the_year_nothing_fits_into_it() -> None:
    assert tried(WORKED, today=day("1405/12/29")).fits
    assert tried(WORKED, today=day("1406/01/01")).problems == {"year_over": "1405 validity.year"}
    assert set(tried(Holding(licence()), today=day("1406/01/01")).problems) == {"year_over"}


def test_without_a_field_the_roomiest_of_the_licence_is_taken() -> None:
    both = licence(MemberClass.GRADE_2, LicenceField.SURVEYING, LicenceField.EXTRACTION)
    used = job(JobKind.MINE_EXPLOITATION_PLAN, 3, quantity="2")
    found = tried(Holding(both, jobs=(used,), is_granted=True), kind=JobKind.PERSON_DAY, quantity=Decimal(4))
    assert (found.field, found.left_units) == (LicenceField.SURVEYING, 50000)
    assert found.remaining_units == 50000 - 4 * 165


def test_a_member_without_a_licence_has_no_field_and_no_room() -> None:
    none = Holding(licence(MemberClass.UNLICENSED, expires=None).model_copy(update={"fields": ()}), is_granted=True)
    found = tried(none, kind=JobKind.PERSON_HOUR)
    assert (found.field, found.left_units, found.remaining_units) == (None, 0, -30)
    assert {"degree_not_allowed", "field_not_in_licence", "over_ceiling"} <= set(found.problems)
