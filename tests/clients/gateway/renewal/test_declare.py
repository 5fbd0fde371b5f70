import re
from datetime import date

import pytest
from flask.testing import FlaskClient

from clients.gateway.declaration import declaration_form, topics
from clients.gateway.declaration.topics import ANSWERED
from shared.contract.capacity import queries
from shared.contract.refusals import Reason
from shared.contract.renewal import answers, commands
from tests.clients.gateway import declarations, pages, samples
from tests.clients.gateway.declarations import FORM
from tests.clients.gateway.fake_services import FakeServices

FILLED = declaration_form.filled(samples.DECLARATION, None).values
DATES = sorted(name for name in FILLED if name.rpartition(".")[2] in declaration_form.DATES)
TOPIC_NAMES = sorted(topic.slug for topic in topics.TOPICS)


@pytest.fixture(autouse=True)
def requested(services: FakeServices) -> None:
    services.renewal = samples.renewal("requested")


def draft(**fields: str) -> answers.Draft:
    """A draft of the whole declaration, with some fields typed otherwise, and no topic marked as answered."""
    return answers.Draft(
        fields={**FILLED, **{name.replace("__", "."): text for name, text in fields.items()}}, kept_at=samples.NOW
    )


def test_one_begins_with_the_first_topic_and_goes_on_with_the_first_one_that_is_not_answered(
    member: FlaskClient, services: FakeServices
) -> None:
    assert member.get(FORM).location == f"{FORM}/contact"
    assert declarations.post(member, "contact", FILLED).location == f"{FORM}/residence"
    assert member.get(FORM).location == f"{FORM}/residence"
    assert services.draft is not None
    assert services.draft.fields["mobile"] == FILLED["mobile"]


def test_all_topics_lead_to_the_check(member: FlaskClient) -> None:
    declarations.post_all(member, FILLED)
    assert member.get(FORM).location == f"{FORM}/check"
    assert "پیش از ارسال بررسی کنید" in member.get(f"{FORM}/check").text


def test_a_topic_says_how_far_one_is_and_its_heading_is_the_question(member: FlaskClient) -> None:
    page = member.get(f"{FORM}/residence").text
    assert "گام ۲ از ۶" in page
    assert '<h1 tabindex="-1" autofocus>کجا سکونت دارید؟</h1>' in page


@pytest.mark.parametrize("name", sorted(set(FILLED) - set(DATES)))
def test_fields_are_named_as_in_the_contract(member: FlaskClient, services: FakeServices, name: str) -> None:
    services.draft = draft()
    page = member.get(f"{FORM}/{topics.of_field(name).slug}").text
    assert f'id="{name}"' in pages.field(page, name)


@pytest.mark.parametrize("name", DATES)
def test_a_date_has_a_box_each_for_day_month_and_year(member: FlaskClient, services: FakeServices, name: str) -> None:
    services.draft = draft(**{name.replace(".", "__"): "۱۴۰۵/۰۷/۱۵"})
    page = member.get(f"{FORM}/{topics.of_field(name).slug}").text
    assert f'<fieldset class="field" id="{name}"' in page
    assert 'value="۱۵"' in pages.field(page, f"{name}-day")
    assert 'value="۱۴۰۵"' in pages.field(page, f"{name}-year")
    month = page[page.index(f'name="{name}-month"') :]
    assert '<option value="7" selected>مهر</option>' in month[: month.index("</select>")]


def test_a_date_is_read_from_its_boxes_in_any_digits(member: FlaskClient, services: FakeServices) -> None:
    boxes = {"residence_since-day": "٧", "residence_since-month": "۱۲", "residence_since-year": "1404"}
    typed = {name: text for name, text in FILLED.items() if name != "residence_since"} | boxes
    assert declarations.post(member, "residence", typed).status_code == 303
    assert services.draft is not None
    assert services.draft.fields["residence_since"] == "1404/12/7"


def test_a_whole_date_may_be_pasted_into_one_box(member: FlaskClient, services: FakeServices) -> None:
    boxes = {"residence_since-day": "۱۴۰۴/۱۲/۰۷", "residence_since-month": "", "residence_since-year": ""}
    assert declarations.post(member, "residence", FILLED | boxes).status_code == 303
    assert services.draft is not None
    assert services.draft.fields["residence_since"] == "1404/12/07"


@pytest.mark.parametrize(
    ("day", "box", "sentence"),
    [
        ("1405/12/30", "day", "روز اسفند ۱۴۰۵ را با عددی از ۱ تا ۲۹ بنویسید."),
        ("1405//3", "month", "ماه را انتخاب کنید."),
        ("84/1/3", "year", "سال را با چهار رقم، از ۱۳۰۰ تا ۱۴۵۰، بنویسید."),
        ("۱۲۵۱/۰۱/۰۱", "year", "سال را با چهار رقم، از ۱۳۰۰ تا ۱۴۵۰، بنویسید."),
    ],
)
def test_what_is_wrong_with_a_date_is_said_at_its_box(member: FlaskClient, day: str, box: str, sentence: str) -> None:
    year, month, of_month = day.split("/")
    boxes = {f"residence_since-{name}": text for name, text in (("day", of_month), ("month", month), ("year", year))}
    answer = declarations.post(member, "residence", {**FILLED, "residence_since": "", **boxes})
    assert answer.status_code == 422
    assert f'<a href="#residence_since-{box}">سکونت در این نشانی از: {sentence}</a>' in answer.text
    for name in ("day", "month", "year"):
        is_wrong = 'aria-invalid="true"' in pages.field(answer.text, f"residence_since-{name}")
        assert is_wrong == (name == box)


def test_all_errors_of_a_page_are_said_in_one_round_in_its_order(member: FlaskClient) -> None:
    wrong = {"weekly_hours": "x", "employer": "", "employment.from_on": ""}
    answer = declarations.post(member, "employment", {**FILLED, **wrong})
    assert answer.status_code == 422
    assert re.findall('<li><a href="#([^"]*)">', answer.text) == ["employer", "employment.from_on-day", "weekly_hours"]


def test_what_is_wrong_is_listed_above_the_title_and_linked(member: FlaskClient, services: FakeServices) -> None:
    answer = declarations.post(member, "contact", {**FILLED, "mobile": "۱۲"})
    assert answer.status_code == 422
    page = answer.text
    assert "<title>خطا: " in page
    assert page.index('class="summary"') < page.index("<h1")
    assert '<a href="#mobile">تلفن همراه را با ۱۱ رقم بنویسید' in page
    assert 'value="۱۲"' in pages.field(page, "mobile")
    assert services.draft is not None
    assert ANSWERED + "contact" not in services.draft.fields


def test_what_was_declared_last_is_asked_about_and_may_stay(member: FlaskClient, services: FakeServices) -> None:
    services.last_declaration = samples.DECLARATION
    page = member.get(f"{FORM}/contact").text
    assert "۰۹۱۳۱۲۳۴۵۶۷" in page
    assert "بدون تغییر" in page
    assert 'name="mobile"' not in page
    answer = pages.send(member, f"{FORM}/contact", {"action": "unchanged"})
    assert answer.location == f"{FORM}/residence"
    assert services.draft is not None
    assert services.draft.fields["mobile"] == "۰۹۱۳۱۲۳۴۵۶۷"
    assert 'value="۰۹۱۳۱۲۳۴۵۶۷"' in pages.field(member.get(f"{FORM}/contact").text, "mobile")


def test_what_was_declared_last_may_be_changed(member: FlaskClient, services: FakeServices) -> None:
    services.last_declaration = samples.DECLARATION
    page = member.get(f"{FORM}/contact").text
    [address] = re.findall('href="([^"]*change=yes)"', page)
    assert 'value="۰۹۱۳۱۲۳۴۵۶۷"' in pages.field(member.get(address).text, "mobile")


def test_a_renewal_of_last_answers_takes_six_times_unchanged_and_sends_them(
    member: FlaskClient, services: FakeServices
) -> None:
    services.last_declaration = samples.DECLARATION
    for topic in topics.TOPICS:
        pages.send(member, f"{FORM}/{topic.slug}", {"action": "unchanged"})
    checked = pages.hidden(member.get(f"{FORM}/check").text)
    member.post(f"{FORM}/send", data={**checked, "truth_ack": "true"})
    assert [sent.form for sent in services.sent(commands.SubmitDeclaration)] == [samples.DECLARATION]


def test_jobs_of_an_earlier_year_are_not_left_as_they_are(member: FlaskClient, services: FakeServices) -> None:
    job = samples.JOB.model_copy(update={"starts_on": date(2025, 9, 23), "ends_on": date(2026, 3, 20)})
    services.last_declaration = samples.DECLARATION.model_copy(update={"jobs": (job,)})
    page = member.get(f"{FORM}/jobs").text
    assert "این ردیف‌ها از سال پیش مانده است." in page
    assert 'value="معدن سنگ آهن گل‌گهر"' in pages.field(page, "jobs.0.title")
    changed = declarations.post(member, "jobs", FILLED, "count").text
    assert "این ردیف‌ها از سال پیش مانده است." not in changed


def test_typed_answers_are_never_taken_for_the_last_ones(member: FlaskClient, services: FakeServices) -> None:
    services.last_declaration = samples.DECLARATION
    services.draft = draft(mobile="۰۹ ناتمام")
    page = member.get(f"{FORM}/contact").text
    assert 'value="۰۹ ناتمام"' in pages.field(page, "mobile")


def test_a_row_is_added_and_nothing_typed_is_lost(member: FlaskClient) -> None:
    page = declarations.post(member, "jobs", {**FILLED, "jobs.0.client": "نیمه‌کاره"}, "add-job").text
    assert 'value="نیمه‌کاره"' in pages.field(page, "jobs.0.client")
    assert " autofocus" in pages.field(page, "jobs.1.kind")
    assert "خطا" not in page


def test_a_new_row_suggests_the_members_own_field_and_province(member: FlaskClient) -> None:
    page = declarations.post(member, "jobs", FILLED, "add-job").text
    row = page[page.index('id="job-2"') :]
    assert '<option value="extraction" selected>' in row
    assert '<option value="isfahan" selected>' in row


def test_a_row_is_removed(member: FlaskClient) -> None:
    page = declarations.post(member, "jobs", FILLED, "remove-job.0").text
    assert "jobs.0." not in page
    assert "ردیفی افزوده نشده است" in page


def test_capacity_is_counted_for_the_rows_that_are_complete(member: FlaskClient, services: FakeServices) -> None:
    services.draft = draft()
    page = declarations.post(member, "jobs", {**FILLED, "jobs.1.title": "ناتمام"}, "count").text
    assert '<bdi dir="ltr">۳۳۰</bdi> P' in page
    assert "ردیف‌های ناتمام هنوز حساب نشده است." in page
    assert services.sent(queries.CountJobUnits)[-1].jobs == (samples.JOB.job,)


OVER = {"ceiling_units": 30000, "ceiling_rule": "1405 ceilings.grade_3.surveying", "problems": {"jobs": "over_ceiling"}}


@pytest.mark.parametrize("place", ["check", "jobs"])
def test_too_much_work_is_a_warning_with_the_sum_and_no_wall(
    member: FlaskClient, services: FakeServices, place: str
) -> None:
    declarations.post_all(member, FILLED)
    services.units = services.units.model_copy(update=OVER)
    page = member.get(f"{FORM}/{place}").text
    assert "مجموع کسرها ۳۹۰ P است، سقف ظرفیت سال ۳۰۰ P: ۹۰ P بیش از سقف." in re.sub("<[^>]*>", "", page)
    assert "(سقف ظرفیت، پایه ۳، نقشه‌برداری معدن، سیاست سال ۱۴۰۵)" in page
    assert "می‌توانید بفرستید" in page


def test_a_script_saves_and_is_told_when(member: FlaskClient, services: FakeServices) -> None:
    answer = declarations.post(member, "contact", {**FILLED, "mobile": "۰۹"}, "save")
    assert (answer.status_code, "<html" in answer.text) == (200, False)
    assert '<p data-live="saved">پیش‌نویس در ' in answer.text
    assert services.draft is not None
    assert services.draft.fields["mobile"] == "۰۹"
    assert 'data-live="capacity"' in declarations.post(member, "jobs", FILLED, "save").text
    services.refuse(commands.SaveDraft, Reason.NO_ANSWER)
    assert declarations.post(member, "contact", FILLED, "save").status_code == 503


def test_what_is_typed_is_kept_to_go_on_later_right_or_wrong(member: FlaskClient, services: FakeServices) -> None:
    answer = declarations.post(member, "contact", {**FILLED, "mobile": "۰۹ ناتمام"}, "keep")
    assert (answer.status_code, answer.location) == (303, "/member")
    page = member.get(f"{FORM}/contact").text
    assert 'value="۰۹ ناتمام"' in pages.field(page, "mobile")
    assert "پیش‌نویس ذخیره‌شده در" in page
    assert services.sent(commands.SubmitDeclaration) == []


def test_a_topic_takes_no_fields_of_others(member: FlaskClient, services: FakeServices) -> None:
    pages.send(member, f"{FORM}/contact", {"mobile": "۰۹", "city": "کاشان", "foreign": "x", "action": "keep"})
    assert services.draft is not None
    assert services.draft.fields == {"mobile": "۰۹", "saved.contact": "true"}


def test_a_topic_s_answers_leave_those_of_another_page_and_its_mark(
    member: FlaskClient, services: FakeServices
) -> None:
    """Two pages of the form at once, or a script's save that comes late: none takes back what the other has saved."""
    declarations.post(member, "residence", FILLED)
    page_of_before = dict(FILLED, mobile="۰۹۱۲۰۰۰۰۰۰۱", city="از پیش")
    declarations.post(member, "contact", page_of_before, "save")
    assert services.draft is not None
    assert services.draft.fields["answered.residence"] == "true"
    assert services.draft.fields["city"] == FILLED["city"]
    assert services.sent(commands.SaveDraft)[-1].replaces == ("mobile", "email", "phone", "saved.contact")


def test_an_answer_that_was_cleared_does_not_come_back_from_last_year(
    member: FlaskClient, services: FakeServices
) -> None:
    services.last_declaration = samples.DECLARATION
    declarations.post(member, "employment", {**FILLED, "job_title": ""}, "keep")
    page = member.get(f"{FORM}/employment?change=yes").text
    assert 'value=""' in pages.field(page, "job_title")
    assert "name@example" not in page


def test_the_draft_of_an_earlier_version_is_taken_as_a_whole(member: FlaskClient, services: FakeServices) -> None:
    services.last_declaration = samples.DECLARATION
    services.draft = answers.Draft(fields={"city": "کاشان", "answered.contact": "true"}, kept_at=samples.NOW)
    page = member.get(f"{FORM}/residence?change=yes").text
    assert 'value=""' in pages.field(page, "postal_code"), "cleared there, though last year has one"
    declarations.post(member, "contact", FILLED, "keep")
    assert services.draft.fields["saved.residence"] == "true"
    assert services.draft.fields["city"] == "کاشان"


@pytest.mark.parametrize("action", ["keep", "next"])
def test_what_cannot_be_saved_now_stays_on_the_page(member: FlaskClient, services: FakeServices, action: str) -> None:
    services.refuse(commands.SaveDraft, Reason.NO_ANSWER)
    answer = declarations.post(member, "contact", {**FILLED, "email": "a@example.ir"}, action)
    assert answer.status_code == 422
    assert "سامانه پاسخ نداد" in answer.text
    assert 'value="a@example.ir"' in pages.field(answer.text, "email")


@pytest.mark.parametrize("action", ["add-job", "count", "remove-job.1"])
def test_rows_change_while_nobody_saves_them(member: FlaskClient, services: FakeServices, action: str) -> None:
    services.refuse(commands.SaveDraft, Reason.NO_ANSWER)
    answer = declarations.post(member, "jobs", FILLED, action)
    assert (answer.status_code, 'value="معدن سنگ آهن گل‌گهر"' in answer.text) == (200, True)


LONG = {f"jobs.{row}.{name}": "م" * 1000 for row in range(20) for name in ("title", "client")}
"""Longer than a draft may be."""


@pytest.mark.parametrize(("action", "status"), [("keep", 422), ("next", 422), ("remove-job.0", 200)])
def test_a_draft_that_is_too_long_stays_on_the_page(
    member: FlaskClient, services: FakeServices, action: str, status: int
) -> None:
    answer = declarations.post(member, "jobs", LONG, action)
    assert answer.status_code == status
    assert LONG["jobs.1.title"] in answer.text
    assert services.sent(commands.SaveDraft) == []


@pytest.mark.parametrize("path", [f"{FORM}/jobs", f"{FORM}/send"])
def test_more_rows_than_the_table_has_are_refused(member: FlaskClient, services: FakeServices, path: str) -> None:
    rows = {f"jobs.{row}.title": "معدن" for row in range(999)}
    assert pages.send(member, path, rows).status_code == 400
    assert services.sent(commands.SaveDraft) == []
    assert services.sent(commands.SubmitDeclaration) == []


def test_a_posted_page_may_be_shown_again_by_back(member: FlaskClient) -> None:
    """A browser can show the answer to a posted form again only if it was allowed to keep it."""
    answer = declarations.post(member, "jobs", FILLED, "add-job")
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("slug", TOPIC_NAMES)
def test_after_sending_the_pages_are_closed_and_say_when_it_was_sent(
    member: FlaskClient, services: FakeServices, slug: str
) -> None:
    services.renewal = samples.renewal("submitted")
    assert member.get(f"{FORM}/{slug}").location == "/member/renewal"
    assert declarations.post(member, slug, FILLED).location == "/member/renewal"
    assert "خوداظهاری شما پیش‌تر، در " in member.get("/member/renewal").text


def test_a_whole_declaration_that_is_returned_opens_at_the_check_with_the_reason_on_top(
    member: FlaskClient, services: FakeServices
) -> None:
    services.renewal = samples.renewal("returned", decisions=(samples.decision("returned", "کد کاداستر خوانا نیست"),))
    services.last_declaration = samples.DECLARATION
    assert member.get(FORM).location == f"{FORM}/check"
    page = member.get(f"{FORM}/check").text
    assert page.index("کد کاداستر خوانا نیست") < page.index(f'href="{FORM}/contact?from=check#mobile"')
    page = member.get(f"{FORM}/jobs?from=check").text
    assert "کد کاداستر خوانا نیست" in page
    assert 'value="K-1288"' in pages.field(page, "jobs.0.cadastre_code")
