from datetime import datetime, timedelta

import pytest

from services.capacity.ledger import domain
from services.capacity.ledger.domain import Ledger, SourceEvent, Summary
from shared.contract.values import Employment, Job, JobKind, LicenceField, MemberClass
from shared.policies.capacity_policy import Policy
from tests.services.capacity.sample_events import (
    MEMBER,
    POLICIES,
    PROVINCE,
    UNEMPLOYED,
    approved,
    changed,
    confirmed,
    employed,
    enrolled,
    facts,
    job,
    licence,
    on,
    withdrawn,
)

YEAR = POLICIES[1405]
JOINED, APPROVED, CONFIRMED = on("1404/01/01"), on("1405/02/01"), on("1405/02/03")
YEAR_OVER = on("1406/01/01", "00:00")


def ledger(*history: SourceEvent, year: Policy = YEAR) -> Ledger:
    return domain.derive(facts(*history), year)


def summary(found: Ledger) -> Summary:
    assert found.summary is not None
    return found.summary


def shown(found: Ledger, at: datetime | None = None) -> list[tuple[str, int]]:
    """Kind and units of each line up to a moment."""
    return [(line.kind, line.units) for line in found.lines if at is None or line.effective_at <= at]


def remaining(found: Ledger, at: datetime) -> int:
    return domain.capacity(MEMBER, 1405, PROVINCE, found.summary, at).remaining_units


@pytest.mark.parametrize(
    ("grade", "employment", "jobs", "ceiling", "used", "left"),
    [
        # the worked example of docs/domain.md 7.1
        (MemberClass.GRADE_2, employed(ends="1405/06/31"), [job(starts="1405/07/01")], 72000, 39000, 33000),
        # "it yields at most 1/2/3/4 D4 mines for پایه ۳/۲/۱/ارشد"
        (MemberClass.GRADE_3, UNEMPLOYED, [job()], 45000, 30000, 15000),
        (MemberClass.GRADE_2, UNEMPLOYED, [job()] * 2, 72000, 60000, 12000),
        (MemberClass.GRADE_1, UNEMPLOYED, [job()] * 3, 108000, 90000, 18000),
        (MemberClass.SENIOR, UNEMPLOYED, [job()] * 4, 144000, 120000, 24000),
        # a full-time year is two thirds of the ceiling
        (MemberClass.SENIOR, employed(), [], 144000, 96000, 48000),
        (MemberClass.INTERN, employed(), [], 0, 0, 0),
    ],
)
def test_the_worked_examples_come_out(  # noqa: PLR0913 - a table
    grade: MemberClass, employment: Employment, jobs: list[Job], ceiling: int, used: int, left: int
) -> None:
    held = licence(grade)
    found = ledger(
        enrolled(JOINED, held),
        approved(APPROVED, *jobs, as_licence=held, employment=employment),
        confirmed(CONFIRMED),
    )
    answer = domain.capacity(MEMBER, 1405, PROVINCE, found.summary, CONFIRMED)
    assert (answer.ceiling_units, answer.used_units, answer.remaining_units) == (ceiling, used, left)
    assert answer.status == "active"
    assert answer.warnings == ()
    assert sum(units for _, units in shown(found, CONFIRMED)) == left


def test_each_line_names_its_event_and_its_row_of_the_policy() -> None:
    found = ledger(
        enrolled(JOINED),
        approved(on("1404/02/01"), year=1404),
        approved(APPROVED, job(starts="1405/07/01"), employment=employed(ends="1405/06/31")),
        confirmed(CONFIRMED),
    )
    assert [(line.kind, line.rule, line.months, *line.origin, line.effective_at) for line in found.lines] == [
        ("grant", "1405 ceilings.grade_2.extraction", None, "payment", 1, CONFIRMED),
        ("use", "1405 deductions.person_month.3", 6, "renewal", 2, CONFIRMED),
        ("use", "1405 deductions.mine_technical_manager.4", 6, "renewal", 2, CONFIRMED),
        ("expiry", "1405 validity.year", None, "payment", 1, YEAR_OVER),
    ]


def test_nothing_is_granted_before_the_payment_is_confirmed() -> None:
    found = ledger(enrolled(JOINED), approved(APPROVED, job()))
    assert found == Ledger()
    answer = domain.capacity(MEMBER, 1405, PROVINCE, found.summary, APPROVED)
    assert (answer.status, answer.ceiling_units, answer.valid_until) == ("none", 0, None)


def test_a_confirmation_heard_before_its_approval_waits_for_it() -> None:
    assert ledger(enrolled(JOINED), confirmed(CONFIRMED)) == Ledger()


def test_confirming_twice_grants_once() -> None:
    once = [enrolled(JOINED), approved(APPROVED, job()), confirmed(CONFIRMED)]
    assert ledger(*once, confirmed(on("1405/02/04"))) == ledger(*once)


def test_a_licence_approved_before_the_register_was_heard_counts() -> None:
    found = ledger(approved(APPROVED, as_licence=licence(MemberClass.GRADE_3)), confirmed(CONFIRMED))
    assert summary(found).ceiling_units == 45000


def test_the_register_wins_over_the_licence_that_was_approved() -> None:
    upgraded = changed(on("1405/01/20"), licence(MemberClass.GRADE_1))
    found = ledger(enrolled(JOINED), upgraded, approved(APPROVED), confirmed(CONFIRMED))
    assert summary(found).ceiling_units == 108000


def test_a_new_grade_changes_the_grant_and_the_use_of_a_full_time_job() -> None:
    upgrade = on("1405/08/15")
    found = ledger(
        enrolled(JOINED),
        approved(APPROVED, job(), employment=employed(ends="1405/01/31")),
        confirmed(CONFIRMED),
        changed(upgrade, licence(MemberClass.GRADE_1)),
    )
    assert shown(found, upgrade) == [
        ("grant", 72000),
        ("use", -4000),
        ("use", -30000),
        ("regrade", 36000),
        ("release", 4000),
        ("use", -6000),
    ]
    assert [tuple(line.origin) for line in found.lines[3:6]] == [("auth", 2)] * 3
    assert found.lines[3].rule == "1405 ceilings.grade_1.extraction"
    assert remaining(found, upgrade) == 108000 - 36000


def test_within_a_source_its_last_word_counts_even_where_its_clock_was_set_back() -> None:
    found = ledger(
        enrolled(JOINED),
        approved(APPROVED),
        confirmed(CONFIRMED),
        changed(on("1405/05/01", "10:00"), licence(MemberClass.GRADE_1)),
        changed(on("1405/05/01", "09:59"), licence(MemberClass.SENIOR)),
    )
    assert summary(found).ceiling_units == 144000
    assert found.lines[-2].effective_at == on("1405/05/01", "10:00")


def test_a_lower_grade_takes_back_and_over_use_is_a_warning() -> None:
    downgrade = on("1405/08/15")
    found = ledger(
        enrolled(JOINED),
        approved(APPROVED, job(), job()),
        confirmed(CONFIRMED),
        changed(downgrade, licence(MemberClass.GRADE_3)),
    )
    assert shown(found, downgrade)[-1] == ("regrade", -27000)
    assert remaining(found, downgrade) == 0
    assert summary(found).warnings == ("too_many_posts", "over_ceiling", "over_field_ceiling")


def test_news_of_the_register_that_changes_nothing_has_no_line() -> None:
    before = [enrolled(JOINED), approved(APPROVED, job()), confirmed(CONFIRMED)]
    assert ledger(*before, changed(on("1405/03/01"), licence())) == ledger(*before)


def test_a_second_approval_releases_the_jobs_that_ended_and_takes_the_new_ones() -> None:
    again = on("1405/05/01")
    plan = job(JobKind.EXPLORATION_PLAN)
    found = ledger(
        enrolled(JOINED),
        approved(APPROVED, job(), job(), plan),
        confirmed(CONFIRMED),
        approved(again, job(), job(JobKind.MINE_INSPECTION), plan),
    )
    assert shown(found, again)[4:] == [("release", 30000), ("use", -1300)]
    assert sum(units for _, units in shown(found, again)) == remaining(found, again) == 72000 - 36300


def test_a_licence_that_ends_early_suspends_on_its_day_and_its_renewal_restores() -> None:
    ends, renewed = on("1405/06/02", "00:00"), on("1405/06/20")
    first = [
        enrolled(JOINED, licence(expires="1405/06/01")),
        approved(APPROVED, job(), as_licence=licence(expires="1405/06/01")),
        confirmed(CONFIRMED),
    ]
    found = ledger(*first)
    assert shown(found) == [("grant", 72000), ("use", -30000), ("suspension", -42000)]
    assert (found.lines[2].effective_at, found.lines[2].rule) == (ends, "1405 validity.licence")
    assert tuple(found.lines[2].origin) == ("auth", 1)
    assert summary(found).warnings == ("licence_expires_early",)
    assert remaining(found, ends - timedelta(microseconds=1)) == 42000
    assert remaining(found, ends) == 0

    found = ledger(*first, changed(renewed, licence()))
    assert shown(found)[2:] == [("suspension", -42000), ("restoration", 42000), ("expiry", -42000)]
    assert summary(found).warnings == ()
    assert remaining(found, renewed) == 42000


def test_a_licence_renewed_in_time_is_never_suspended() -> None:
    found = ledger(
        enrolled(JOINED, licence(expires="1405/06/01")),
        approved(APPROVED),
        confirmed(CONFIRMED),
        changed(on("1405/06/01", "23:59"), licence()),
    )
    assert shown(found) == [("grant", 72000), ("expiry", -72000)]


def test_a_new_grade_during_a_suspension_stays_suspended() -> None:
    found = ledger(
        enrolled(JOINED, licence(expires="1405/06/01")),
        approved(APPROVED, job()),
        confirmed(CONFIRMED),
        changed(on("1405/07/01"), licence(MemberClass.GRADE_1, expires="1405/06/01")),
    )
    assert shown(found)[2:] == [("suspension", -42000), ("regrade", 36000), ("suspension", -36000)]
    assert remaining(found, on("1405/07/02")) == 0


def test_a_licence_that_had_expired_before_the_grant_gives_nothing() -> None:
    found = ledger(enrolled(JOINED, licence(expires="1405/01/10")), approved(APPROVED), confirmed(CONFIRMED))
    assert shown(found, CONFIRMED) == [("grant", 72000), ("suspension", -72000)]
    assert domain.capacity(MEMBER, 1405, PROVINCE, found.summary, CONFIRMED).status == "expired"


def test_what_the_register_says_later_leaves_a_year_that_is_over_as_it_was() -> None:
    before = [enrolled(JOINED), approved(APPROVED, job()), confirmed(CONFIRMED)]
    upgraded = licence(MemberClass.SENIOR)
    assert ledger(*before, changed(YEAR_OVER, upgraded)) == ledger(*before)
    in_time = ledger(*before, changed(YEAR_OVER - timedelta(seconds=1), upgraded))
    assert summary(in_time).ceiling_units == 144000


def test_a_payment_confirmed_after_the_year_grants_nothing_that_lasts() -> None:
    late = on("1406/01/05")
    found = ledger(enrolled(JOINED), approved(APPROVED), confirmed(late))
    assert shown(found) == [("grant", 72000), ("expiry", -72000)]
    assert remaining(found, late) == 0


@pytest.mark.parametrize("year", [1402, 1403, 1404, 1407, 1408, 1409])
def test_capacity_lasts_to_the_last_minute_of_esfand_in_tehran(year: int) -> None:
    last = "30" if year in (1403, 1408) else "29"
    member_licence = licence(expires=None)
    found = ledger(
        enrolled(on("1390/01/01"), member_licence),
        approved(on(f"{year}/01/01", "00:00"), as_licence=member_licence, year=year),
        confirmed(on(f"{year}/01/01", "00:01"), year=year),
        year=YEAR.model_copy(update={"year": year}),
    )
    before_midnight, midnight = on(f"{year}/12/{last}", "23:59"), on(f"{year + 1}/01/01", "00:00")
    assert remaining(found, before_midnight) == 72000
    assert remaining(found, midnight) == 0
    assert midnight - before_midnight == timedelta(minutes=1)
    assert found.lines[-1].effective_at == midnight


def test_several_fields_are_summed_up_field_by_field() -> None:
    both = licence(MemberClass.GRADE_2, LicenceField.SURVEYING, LicenceField.EXTRACTION)
    survey = job(JobKind.EXPLORATION_SURVEY, 3, quantity="20", field=LicenceField.SURVEYING)
    found = ledger(
        enrolled(JOINED, both), approved(APPROVED, survey, employment=employed(ends="1405/06/31")), confirmed(CONFIRMED)
    )
    answer = domain.capacity(MEMBER, 1405, PROVINCE, found.summary, CONFIRMED)
    assert (answer.ceiling_units, answer.used_units, answer.remaining_units) == (72000, 59000, 13000)
    assert [(one.field, one.used_units, one.remaining_units) for one in answer.fields] == [
        (LicenceField.SURVEYING, 35000, 13000),
        (LicenceField.EXTRACTION, 0, 13000),
    ]


def test_the_province_is_the_registers_newest() -> None:
    moved = changed(on("1405/03/01"), licence(), province="yazd")
    assert domain.province_of(facts(confirmed(CONFIRMED))) == "isfahan"
    assert domain.province_of(facts(enrolled(JOINED, province="fars"), confirmed(CONFIRMED))) == "fars"
    assert domain.province_of(facts(enrolled(JOINED), confirmed(CONFIRMED), moved)) == "yazd"
    assert domain.province_of([]) == ""


def test_a_payment_that_goes_back_takes_all_that_was_granted_with_it() -> None:
    gone = on("1405/03/10")
    found = ledger(
        enrolled(JOINED), approved(APPROVED, job()), confirmed(CONFIRMED), withdrawn(gone), changed(gone, licence())
    )
    assert shown(found, gone) == [("grant", 72000), ("use", -30000), ("withdrawal", -72000), ("release", 30000)]
    assert {tuple(line.origin) for line in found.lines[2:]} == {("payment", 2)}
    assert found.summary is None
    assert domain.capacity(MEMBER, 1405, PROVINCE, found.summary, gone).status == "none"


def test_what_was_held_back_at_the_end_of_the_licence_goes_as_well() -> None:
    early = licence(expires="1405/02/20")
    found = ledger(
        enrolled(JOINED, early),
        approved(APPROVED, as_licence=early),
        confirmed(CONFIRMED),
        withdrawn(on("1405/03/10")),
    )
    assert [line.kind for line in found.lines] == ["grant", "suspension", "withdrawal", "restoration"]
    assert sum(line.units for line in found.lines) == 0


def test_a_new_payment_after_one_that_went_back_grants_anew() -> None:
    again = on("1405/04/01")
    found = ledger(
        enrolled(JOINED), approved(APPROVED), confirmed(CONFIRMED), withdrawn(on("1405/03/10")), confirmed(again)
    )
    assert [(line.kind, line.effective_at) for line in found.lines[2:3]] == [("grant", again)]
    assert remaining(found, again) == 72000


@pytest.mark.parametrize(
    ("used", "left"),
    [
        (0, "more"), (18000, "more"), (18001, "under_three_quarters"), (36000, "under_three_quarters"),
        (36001, "under_half"), (54000, "under_half"), (54001, "under_quarter"), (71999, "under_quarter"),
        (72000, "nothing"), (72001, "nothing"),
    ],
)  # fmt: skip
def test_a_stranger_learns_only_in_which_quarter_the_rest_lies(used: int, left: str) -> None:
    found = summary(ledger(enrolled(JOINED), approved(APPROVED), confirmed(CONFIRMED)))._replace(used_units=used)
    assert domain.band(1405, found, CONFIRMED).left == left
    over = domain.band(1405, found, YEAR_OVER)
    assert (over.status, over.left) == ("expired", "nothing")
    assert domain.band(1405, None, CONFIRMED).status == "none"
