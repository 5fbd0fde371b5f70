from datetime import date, timedelta

from clients.gateway.declaration import summary
from clients.gateway.review import review_notes
from shared.contract.capacity import answers
from shared.contract.renewal.correction import DeclarationField
from shared.contract.renewal.declaration import Declaration
from shared.contract.values import Licence, MemberClass
from tests.clients.gateway import samples

TODAY = date(2026, 11, 22)


def changed(**changes: object) -> Declaration:
    return samples.DECLARATION.model_copy(update=changes)


def test_only_what_differs_from_the_version_before_is_marked() -> None:
    rows = [row for section in summary.sections(changed(city="کاشان"), samples.DECLARATION) for row in section.rows]
    assert [(row.name, row.before, row.text) for row in rows if row.before is not None] == [("city", "اصفهان", "کاشان")]


def test_without_a_version_before_nothing_is_marked() -> None:
    assert all(row.before is None for section in summary.sections(samples.DECLARATION) for row in section.rows)


def test_what_was_not_answered_is_shown_as_missing() -> None:
    rows = {row.name: row.text for section in summary.sections(samples.DECLARATION) for row in section.rows}
    assert rows["phone"] == summary.NOTHING
    assert rows["employment.status"] == "بخش خصوصی، تمام‌وقت"
    assert rows["employment.from_on"] == "۱۴۰۵/۰۱/۰۱"
    assert rows["is_mine_operator"] == "خیر"


def test_a_new_job_is_marked_and_a_removed_one_is_shown() -> None:
    other = samples.JOB.model_copy(update={"title": "معدن سرب نخلک"})
    shown = summary.jobs(changed(jobs=(other,)), samples.DECLARATION, (15000,), {"jobs.0.degree": "degree_not_allowed"})
    assert [(job.is_new, job.units, job.problems) for job in shown] == [(True, 15000, ("degree_not_allowed",))]
    assert summary.removed_jobs(changed(jobs=(other,)), samples.DECLARATION) == (samples.JOB,)


def test_a_plain_declaration_needs_no_warning() -> None:
    assert review_notes.warnings(samples.renewal("submitted"), samples.DECLARATION, samples.card(), None, TODAY) == []


def test_living_and_working_elsewhere_are_pointed_out() -> None:
    employment = samples.DECLARATION.employment.model_copy(update={"province": "fars"})
    declared = changed(province="yazd", employment=employment, residence_since=TODAY - timedelta(days=30))
    found = review_notes.warnings(samples.renewal("submitted"), declared, samples.card(), None, TODAY)
    assert [word for word in ("یزد", "فارس", "شش ماه") if not any(word in warning.text for warning in found)] == []


def test_a_licence_that_changed_or_ends_is_pointed_out() -> None:
    register = Licence(member_class=MemberClass.GRADE_3, fields=(), expires_on=date(2026, 11, 21))
    found = review_notes.warnings(
        samples.renewal("submitted"), samples.DECLARATION, samples.card(licence=register), None, TODAY
    )
    assert any("پایه ۳" in warning.text for warning in found)
    assert any("پایان یافته" in warning.text for warning in found)


def test_conflicts_of_interest_and_full_capacity_are_pointed_out() -> None:
    units = answers.JobUnits(
        units=(99,), employment_units=0, ceiling_units=1,
        problems={"jobs": "over_ceiling", "fields.extraction": "over_field_ceiling", "jobs.0.degree": "degree_not_allowed"},
    )  # fmt: skip
    declared = changed(is_public_employee=True, is_mine_operator=True)
    found = review_notes.warnings(samples.renewal("submitted"), declared, samples.card(), units, TODAY)
    assert sum("تعارض منافع" in warning.text for warning in found) == 2
    assert any(warning.text.startswith("استخراج معدن:") for warning in found)
    of_job = [warning for warning in found if warning.text.startswith("فعالیت ۱: این درجه")]
    assert [warning.field for warning in of_job] == [DeclarationField.JOBS]
