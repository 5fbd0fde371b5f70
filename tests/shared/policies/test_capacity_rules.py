from datetime import UTC, date, datetime

import pytest

from shared.contract.values import Employment, EmploymentStatus, Job, JobKind, LicenceField, MemberClass
from shared.policies import capacity_rules
from shared.text import persian
from tests.services.capacity.sample_events import POLICIES, UNEMPLOYED, day, employed, job, licence

YEAR = POLICIES[1405]
SURVEYING, EXTRACTION = LicenceField.SURVEYING, LicenceField.EXTRACTION


@pytest.mark.parametrize(
    ("starts", "ends", "months"),
    [
        ("1405/01/01", "1405/12/29", 12),
        ("1405/07/01", "1405/12/29", 6),
        ("1405/07/30", "1405/12/29", 6),  # a started month counts
        ("1405/06/31", "1405/07/01", 2),
        ("1405/07/01", "1405/07/30", 1),
        ("1405/12/29", "1405/12/29", 1),
        ("1404/03/01", "1406/03/01", 12),  # clipped to the year
        ("1404/12/29", "1405/01/01", 1),
        ("1405/12/29", "1406/01/01", 1),
        ("1404/12/01", "1404/12/29", 0),
        ("1406/01/01", "1406/12/29", 0),
        ("1405/05/02", "1405/05/01", 0),
    ],
)
def test_started_months_of_the_year_count(starts: str, ends: str, months: int) -> None:
    assert capacity_rules.started_months(1405, day(starts), day(ends)) == months


@pytest.mark.parametrize("year", range(1403, 1410))
def test_every_day_of_a_year_lies_in_the_month_the_calendar_says(year: int) -> None:
    first, last = persian.year_bounds(year)
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        of_year = date.fromordinal(ordinal)
        month = int(persian.format_date(of_year)[5:7])
        assert capacity_rules.started_months(year, first, of_year) == month


@pytest.mark.parametrize(
    ("year", "last_day", "over_at"),
    [
        (1402, "1402/12/29", datetime(2024, 3, 19, 20, 30, tzinfo=UTC)),
        (1403, "1403/12/30", datetime(2025, 3, 20, 20, 30, tzinfo=UTC)),
        (1404, "1404/12/29", datetime(2026, 3, 20, 20, 30, tzinfo=UTC)),
        (1407, "1407/12/29", datetime(2029, 3, 19, 20, 30, tzinfo=UTC)),
        (1408, "1408/12/30", datetime(2030, 3, 20, 20, 30, tzinfo=UTC)),
        (1409, "1409/12/29", datetime(2031, 3, 20, 20, 30, tzinfo=UTC)),
    ],
)
def test_a_year_is_over_when_its_last_day_of_esfand_is_over_in_tehran(
    year: int, last_day: str, over_at: datetime
) -> None:
    assert capacity_rules.year_of(year).last == day(last_day)
    assert capacity_rules.year_of(year).over_at == over_at


@pytest.mark.parametrize(
    ("declared", "units"),
    [
        (job(), 30000),
        (job(starts="1405/07/01"), 15000),
        (job(quantity="2", starts="1405/10/05"), 15000),
        (job(JobKind.MINE_TECHNICAL_MANAGER, 3, "1404/07/01", "1405/02/01"), 8000),
        (job(JobKind.PERSON_HOUR, 2, quantity="10.5"), 788),  # 7.875 P: halves of 0.01 P go up
        (job(JobKind.PERSON_HOUR, 2, quantity="1.1"), 83),
        (job(JobKind.PERSON_HOUR, 4, quantity="0.01"), 0),
        (job(JobKind.PERSON_DAY, 4, quantity="3"), 495),
        (job(JobKind.PERSON_MONTH, 3, quantity="1.5"), 6000),
        (job(JobKind.EXPLORATION_TECHNICAL_MANAGER, 4, quantity="4"), 4000),
        (job(JobKind.FACULTY_PART_TIME, 4, quantity="2"), 9500),
        (job(JobKind.EXPLORATION_PLAN, 1), 14000),
        (job(JobKind.EXPLORATION_PLAN, 1, "1404/01/01", "1404/12/29"), 0),  # another year's job
    ],
)
def test_a_job_uses_its_row_times_its_quantity(declared: Job, units: int) -> None:
    assert capacity_rules.job_use(YEAR, declared).units == units


@pytest.mark.parametrize(
    ("employment", "member_class", "units"),
    [
        (employed(ends="1405/06/31"), MemberClass.GRADE_2, 24000),
        (employed(starts="1399/01/01"), MemberClass.GRADE_2, 48000),
        (employed(starts="1405/12/29"), MemberClass.GRADE_2, 4000),
        (employed(), MemberClass.SENIOR, 96000),
        (employed(), MemberClass.GRADE_1, 72000),
        (employed(), MemberClass.GRADE_3, 30000),
        (employed(), MemberClass.UNLICENSED, None),  # has no capacity to use
        (employed(EmploymentStatus.PUBLIC), MemberClass.GRADE_2, 48000),
        (employed(EmploymentStatus.FACULTY_HALF_TIME), MemberClass.GRADE_2, 24000),
        (employed(EmploymentStatus.FACULTY_HALF_TIME, "1405/07/01"), MemberClass.GRADE_2, 12000),
        (employed(EmploymentStatus.FACULTY_PART_TIME, "1405/06/31"), MemberClass.GRADE_3, 9500),
        (employed(EmploymentStatus.PRIVATE_PART_TIME), MemberClass.GRADE_2, None),
        (employed(starts="1402/01/01", ends="1404/12/29"), MemberClass.GRADE_2, None),
        (Employment(status=EmploymentStatus.PUBLIC), MemberClass.GRADE_2, 48000),  # without dates: the whole year
    ],
)
def test_an_employment_uses_its_months_at_the_degree_of_the_grade(
    employment: Employment, member_class: MemberClass, units: int | None
) -> None:
    use = capacity_rules.employment_use(YEAR, licence(member_class), employment)
    assert (use and use.units) == units


def problems(*jobs: Job, employment: Employment = UNEMPLOYED, fields: tuple[LicenceField, ...] = ()) -> dict[str, str]:
    return dict(capacity_rules.usage_of(YEAR, licence(MemberClass.GRADE_2, *fields), employment, jobs).problems)


@pytest.mark.parametrize(
    ("jobs", "found"),
    [
        ([], {}),
        ([job()], {}),
        ([job(degree=2, ends="1405/01/31")], {"jobs.0.degree": "degree_not_allowed"}),
        ([job(), job(JobKind.MINE_AS_IS_MAP, field=SURVEYING)], {"jobs.1.field": "field_not_in_licence"}),
        ([job(starts="1404/01/01", ends="1404/02/01")], {"jobs.0.starts_on": "outside_year"}),
        ([job(starts="1405/03/01", ends="1405/02/01")], {"jobs.0.ends_on": "dates_out_of_order"}),
        ([job(degree=3), job()], {"jobs": "over_ceiling", "fields.extraction": "over_field_ceiling"}),
    ],
)
def test_what_does_not_fit_is_named_by_its_place(jobs: list[Job], found: dict[str, str]) -> None:
    assert problems(*jobs) == found


def test_a_ceiling_that_is_just_reached_is_not_passed() -> None:
    assert problems(job(), job(), job(JobKind.EXPLORATION_PLAN, 3), job(JobKind.PERSON_MONTH, 3)) == {}
    assert "jobs" in problems(
        job(), job(), job(JobKind.EXPLORATION_PLAN, 3), job(JobKind.PERSON_MONTH, 3, quantity="1.01")
    )


def test_a_full_time_job_is_not_declared_twice() -> None:
    twice = problems(job(JobKind.FULL_TIME_JOB), employment=employed(ends="1405/01/31"))
    assert twice == {"jobs.0.kind": "full_time_twice"}
    assert problems(job(JobKind.FULL_TIME_JOB)) == {}


def test_posts_held_at_the_same_time_are_limited_by_class() -> None:
    spring, summer = ("1405/01/01", "1405/03/31"), ("1405/04/01", "1405/06/31")
    mines = [job(starts=starts, ends=ends) for starts, ends in (summer, spring, spring, spring, summer)]
    found = problems(*mines, job(JobKind.EXPLORATION_TECHNICAL_MANAGER, 4, "1405/06/31", "1405/08/30"))
    assert found == {"jobs.3.kind": "too_many_posts", "jobs.5.kind": "too_many_posts"}


def test_posts_of_other_years_are_not_held_in_this_one() -> None:
    before = job(starts="1404/01/01", ends="1404/12/29")
    assert "too_many_posts" not in problems(before, before, job(starts="1404/12/01"), job()).values()


def test_each_field_has_its_ceiling_and_all_together_the_greatest() -> None:
    fields = (EXTRACTION, SURVEYING)
    surveys = [job(JobKind.EXPLORATION_SURVEY, 3, quantity="30", field=SURVEYING)]  # 525 of 540 P
    assert problems(*surveys, fields=fields) == {}
    assert problems(*surveys, job(JobKind.MINE_AS_IS_MAP, 3, quantity="2", field=SURVEYING), fields=fields) == {
        "fields.surveying": "over_field_ceiling"
    }
    assert problems(*surveys, job(starts="1405/05/01"), fields=fields) == {"jobs": "over_ceiling"}


def test_a_member_without_a_licence_has_nothing_to_use() -> None:
    unlicensed = licence(MemberClass.UNLICENSED, expires=None).model_copy(update={"fields": ()})
    counted = capacity_rules.usage_of(YEAR, unlicensed, employed(), [])
    assert (counted.ceiling, counted.used, counted.problems) == (0, 0, {})


def test_jobs_are_counted_before_they_are_declared() -> None:
    units = capacity_rules.job_units(
        YEAR, licence(), employed(ends="1405/06/31"), [job(starts="1405/07/01")], day("1405/02/01")
    )
    assert (units.units, units.employment_units, units.ceiling_units) == ((15000,), 24000, 72000)
    assert units.problems == {}


def test_an_expired_licence_leaves_no_room_for_jobs() -> None:
    short = licence(expires="1405/02/01")
    assert capacity_rules.job_units(YEAR, short, UNEMPLOYED, [], day("1405/02/01")).ceiling_units == 72000
    late = capacity_rules.job_units(YEAR, short, UNEMPLOYED, [], day("1405/02/02"))
    assert (late.ceiling_units, late.problems) == (0, {"licence": "licence_expired"})
