import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clients.gateway.declaration import declaration_form
from shared.contract.capacity import queries
from shared.contract.refusals import Reason
from shared.contract.renewal import commands
from tests.clients.gateway import pages, samples
from tests.clients.gateway.fake_services import FakeServices

FORM = "/member/declaration"
COMMAND_ID = "5f0c7a4e-1d8f-4a53-9a53-1a2b3c4d5e6f"
FILLED = declaration_form.filled(samples.DECLARATION, None).values


@pytest.fixture(autouse=True)
def requested(services: FakeServices) -> None:
    services.renewal = samples.renewal("requested")


def post(client: FlaskClient, path: str = FORM, **fields: str) -> TestResponse:
    return pages.send(client, path, {**FILLED, "command_id": COMMAND_ID, **fields})


def test_the_form_has_what_was_declared_last(member: FlaskClient, services: FakeServices) -> None:
    services.last_declaration = samples.DECLARATION
    page = member.get(FORM).text
    assert 'value="۰۹۱۳۱۲۳۴۵۶۷"' in pages.field(page, "mobile")
    assert 'value="معدن سنگ آهن گل‌گهر"' in pages.field(page, "jobs.0.title")
    assert '<option value="private_full_time" selected>' in page


@pytest.mark.parametrize("name", [*FILLED, "truth_ack"])
def test_fields_are_named_as_in_the_contract(member: FlaskClient, services: FakeServices, name: str) -> None:
    services.last_declaration = samples.DECLARATION
    page = member.get(FORM).text if name != "truth_ack" else post(member, action="check").text
    assert f'id="{name}"' in pages.field(page, name)


def test_a_row_is_added_and_nothing_typed_is_lost(member: FlaskClient) -> None:
    page = post(member, action="add-job", city="کاشان؛ نیمه‌کاره", mobile="۰۹").text
    assert 'value="کاشان؛ نیمه‌کاره"' in pages.field(page, "city")
    assert 'value="۰۹"' in pages.field(page, "mobile")
    assert 'value="معدن سنگ آهن گل‌گهر"' in pages.field(page, "jobs.0.title")
    assert " autofocus" in pages.field(page, "jobs.1.kind")
    assert "خطا" not in page


def test_a_new_row_suggests_the_members_own_field_and_province(member: FlaskClient) -> None:
    page = post(member, action="add-job").text
    row = page[page.index('id="job-2"') :]
    assert '<option value="extraction" selected>' in row
    assert '<option value="isfahan" selected>' in row


def test_a_row_is_removed(member: FlaskClient) -> None:
    page = post(member, action="remove-job.0").text
    assert "jobs.0." not in page
    assert "ردیفی افزوده نشده است" in page


def test_the_check_shows_everything_and_what_it_uses(member: FlaskClient, services: FakeServices) -> None:
    page = post(member, action="check").text
    assert "پیش از ارسال بررسی کنید" in page
    assert "بخش خصوصی، تمام‌وقت" in page
    assert "ارائه نشده" in page
    assert '<bdi dir="ltr">۳۳۰</bdi> P' in page
    [sent] = services.sent(queries.CountJobUnits)
    assert sent.jobs == (samples.JOB.job,)
    assert sent.employment == samples.DECLARATION.employment
    assert services.sent(commands.SubmitDeclaration) == []


def test_too_much_work_is_a_warning_with_the_sum_and_no_wall(member: FlaskClient, services: FakeServices) -> None:
    over = {
        "ceiling_units": 30000,
        "ceiling_rule": "1405 ceilings.grade_3.surveying",
        "problems": {"jobs": "over_ceiling"},
    }
    services.units = services.units.model_copy(update=over)
    page = post(member, action="check").text
    assert "مجموع کسرها ۳۹۰ P است، سقف ظرفیت سال ۳۰۰ P: ۹۰ P بیش از سقف." in re.sub("<[^>]*>", "", page)
    assert "(سقف ظرفیت، پایه ۳، نقشه‌برداری معدن، سیاست سال ۱۴۰۵)" in page
    assert "می‌توانید بفرستید" in page
    assert "ثبت اظهارات" in page


def test_the_check_works_while_capacity_does_not_answer(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(queries.CountJobUnits, Reason.NO_ANSWER)
    page = post(member, action="check").text
    assert "برآورد ظرفیت اکنون در دسترس نیست" in page
    assert "ثبت اظهارات" in page


def test_what_is_wrong_is_listed_above_the_title_and_linked(member: FlaskClient) -> None:
    answer = post(member, action="check", mobile="۱۲", postal_code="")
    assert answer.status_code == 422
    page = answer.text
    assert "<title>خطا: فرم خوداظهاری" in page
    assert page.index('class="summary"') < page.index("<h1>")
    assert '<a href="#mobile">تلفن همراه را با ۱۱ رقم بنویسید' in page
    assert 'aria-invalid="true"' in pages.field(page, "postal_code")
    assert 'value="۱۲"' in pages.field(page, "mobile")


def test_from_the_check_one_goes_back_with_everything_kept(member: FlaskClient) -> None:
    checked = post(member, action="check", city="کاشان").text
    kept = {**pages.hidden(checked), "action": "edit"}
    page = member.post(FORM, data=kept).text
    assert 'value="کاشان"' in pages.field(page, "city")
    assert 'value="معدن سنگ آهن گل‌گهر"' in pages.field(page, "jobs.0.title")


def test_what_was_checked_is_what_is_sent(member: FlaskClient, services: FakeServices) -> None:
    checked = pages.hidden(post(member, action="check").text)
    answer = member.post(f"{FORM}/send", data={**checked, "truth_ack": "true"})
    assert answer.headers["Location"] == f"/member/renewal#sent-{COMMAND_ID}"
    [sent] = services.sent(commands.SubmitDeclaration)
    assert sent.form == samples.DECLARATION
    assert (sent.member, sent.year, str(sent.id)) == (samples.MEMBER, 1405, COMMAND_ID)


def test_without_the_members_confirmation_nothing_is_sent(member: FlaskClient, services: FakeServices) -> None:
    answer = post(member, f"{FORM}/send")
    assert answer.status_code == 422
    assert '<a href="#truth_ack">برای ارسال، درستی اظهارات را تأیید کنید.</a>' in answer.text
    assert services.sent(commands.SubmitDeclaration) == []


def test_what_the_service_finds_wrong_is_shown_at_its_field(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.SubmitDeclaration, Reason.BAD_INPUT, {"form.jobs.0.ends_on": "date_from_datetime_parsing"})
    answer = post(member, f"{FORM}/send", truth_ack="true")
    assert answer.status_code == 422
    assert 'href="#jobs.0.ends_on"' in answer.text
    assert "فرم خوداظهاری عضو" in answer.text


def test_an_unanswered_sending_can_be_tried_again_under_the_same_id(
    member: FlaskClient, services: FakeServices
) -> None:
    services.refuse(commands.SubmitDeclaration, Reason.NO_ANSWER)
    answer = post(member, f"{FORM}/send", truth_ack="true")
    assert "سامانه پاسخ نداد" in answer.text
    assert pages.hidden(answer.text)["command_id"] == COMMAND_ID


@pytest.mark.parametrize("path", [FORM, f"{FORM}/send"])
def test_after_sending_the_form_is_closed(member: FlaskClient, services: FakeServices, path: str) -> None:
    services.renewal = samples.renewal("submitted")
    services.refuse(commands.SubmitDeclaration, Reason.ALREADY_SUBMITTED)
    assert post(member, path, truth_ack="true").headers["Location"] == "/member/renewal"
    assert member.get(FORM).headers["Location"] == "/member/renewal"
    assert "خوداظهاری شما پیش‌تر ارسال شده است." in member.get("/member/renewal").text


def test_back_from_the_check_shows_the_form_as_it_was_typed(member: FlaskClient) -> None:
    """A browser can show the answer to a posted form again only if it was allowed to keep it."""
    answer = post(member, action="add-job")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert f'data-sent="{FORM}"' in answer.text


def test_a_returned_declaration_opens_with_the_reason_on_top(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("returned", decisions=(samples.decision("returned", "کد کاداستر خوانا نیست"),))
    services.last_declaration = samples.DECLARATION
    page = member.get(FORM).text
    assert page.index("کد کاداستر خوانا نیست") < page.index('<form method="post" action="/member/declaration"')
    assert 'value="K-1288"' in pages.field(page, "jobs.0.cadastre_code")


def test_what_was_sent_can_be_read_again(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    page = member.get(f"{FORM}/sent").text
    assert "نسخهٔ ۱" in page
    assert "معدن سنگ آهن گل‌گهر" in page


def test_what_is_typed_is_kept_to_go_on_later_right_or_wrong(member: FlaskClient, services: FakeServices) -> None:
    answer = post(member, action="keep", mobile="۰۹ ناتمام", foreign="x")
    assert (answer.status_code, answer.location) == (303, "/member")
    [kept] = services.sent(commands.SaveDraft)
    assert kept.fields["mobile"] == "۰۹ ناتمام"
    assert "foreign" not in kept.fields
    page = member.get(FORM).text
    assert 'value="۰۹ ناتمام"' in pages.field(page, "mobile")
    assert "پیش‌نویس شما" in page
    assert services.sent(commands.SubmitDeclaration) == []


@pytest.mark.parametrize("action", ["add-job", "remove-job.0", "check"])
def test_going_on_keeps_it_too_and_needs_nobody_for_it(
    member: FlaskClient, services: FakeServices, action: str
) -> None:
    post(member, action=action)
    assert len(services.sent(commands.SaveDraft)) == 1
    services.refuse(commands.SaveDraft, Reason.NO_ANSWER)
    assert post(member, action=action).status_code == 200


def test_what_cannot_be_kept_now_stays_on_the_page(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.SaveDraft, Reason.NO_ANSWER)
    answer = post(member, action="keep", mobile="۰۹ ناتمام")
    assert answer.status_code == 422
    assert 'value="۰۹ ناتمام"' in pages.field(answer.text, "mobile")


LONG = {f"jobs.{row}.{name}": "م" * 1000 for row in range(20) for name in ("title", "client")}
"""Longer than a draft may be."""


@pytest.mark.parametrize(("action", "status"), [("keep", 422), ("remove-job.0", 200), ("check", 422)])
def test_a_draft_that_is_too_long_stays_on_the_page(
    member: FlaskClient, services: FakeServices, action: str, status: int
) -> None:
    answer = post(member, action=action, **LONG)
    assert answer.status_code == status
    assert LONG["jobs.1.title"] in answer.text
    assert services.sent(commands.SaveDraft) == []


@pytest.mark.parametrize("path", [FORM, f"{FORM}/send"])
def test_more_rows_than_the_table_has_are_refused(member: FlaskClient, services: FakeServices, path: str) -> None:
    rows = {f"jobs.{row}.title": "معدن" for row in range(999)}
    assert post(member, path, **rows, action="check").status_code == 400
    assert services.sent(commands.SaveDraft) == []
    assert services.sent(commands.SubmitDeclaration) == []


def test_an_impossible_day_has_an_error_at_its_field(member: FlaskClient) -> None:
    answer = post(member, action="check", residence_since="۱۲۵۱/۰۱/۰۱")
    assert answer.status_code == 422
    assert "تاریخ باید از ۱۳۰۰/۰۱/۰۱ تا ۱۴۵۰/۱۲/۲۹ باشد." in answer.text
