import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clients.gateway.declaration import declaration_form
from shared.contract.capacity import queries
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason
from shared.contract.renewal import commands
from tests.clients.gateway import declarations, pages, samples
from tests.clients.gateway.declarations import FORM, SENDING
from tests.clients.gateway.fake_services import FakeServices

CHECK = f"{FORM}/check"
COMMAND_ID = "5f0c7a4e-1d8f-4a53-9a53-1a2b3c4d5e6f"
FILLED = declaration_form.filled(samples.DECLARATION, None).values


@pytest.fixture(autouse=True)
def answered(member: FlaskClient, services: FakeServices) -> None:
    """All topics are answered."""
    services.renewal = samples.renewal("requested")
    declarations.post_all(member, FILLED)


def send(client: FlaskClient, **fields: str) -> TestResponse:
    return pages.send(client, SENDING, {**FILLED, "command_id": COMMAND_ID, **fields})


def test_the_check_shows_everything_what_it_uses_and_what_it_will_cost(
    member: FlaskClient, services: FakeServices
) -> None:
    page = member.get(CHECK).text
    assert "پیش از ارسال بررسی کنید" in page
    assert "بخش خصوصی، تمام‌وقت" in page
    assert "ارائه نشده" in page
    assert '<bdi dir="ltr">۳۳۰</bdi> P' in page
    assert "۹٬۰۰۰٬۰۰۰ ریال" in page
    assert services.sent(queries.CountJobUnits)[-1].jobs == (samples.JOB.job,)
    assert services.sent(commands.SubmitDeclaration) == []


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        (queries.CountJobUnits, "برآورد ظرفیت اکنون در دسترس نیست"),
        (payment_queries.EstimateFee, "مبلغ اکنون در دسترس نیست"),
    ],
)
def test_the_check_works_while_others_do_not_answer(
    member: FlaskClient, services: FakeServices, query: type[queries.CountJobUnits], missing: str
) -> None:
    services.refuse(query, Reason.NO_ANSWER)
    page = member.get(CHECK).text
    assert missing in page
    assert "می‌پذیرم و ارسال می‌کنم" in page


def test_each_row_is_changed_on_its_page_and_comes_straight_back(member: FlaskClient, services: FakeServices) -> None:
    assert (
        f'href="{FORM}/residence?from=check#city">تغییر<span class="hidden"> شهر سکونت</span></a>'
        in member.get(CHECK).text
    )
    assert f'action="{FORM}/residence?from=check"' in member.get(f"{FORM}/residence?from=check").text
    wrong = declarations.post(member, "residence", {**FILLED, "city": ""}, query="?from=check")
    assert f'action="{FORM}/residence?from=check"' in wrong.text
    changed = declarations.post(member, "residence", {**FILLED, "city": "کاشان"}, query="?from=check")
    assert changed.location == CHECK
    assert "کاشان" in member.get(CHECK).text


def test_the_check_waits_for_every_topic(member: FlaskClient, services: FakeServices) -> None:
    services.draft = None
    assert member.get(CHECK).location == f"{FORM}/contact"


def test_a_topic_that_is_wrong_meanwhile_is_shown_in_place_of_the_check(
    member: FlaskClient, services: FakeServices
) -> None:
    declarations.post(member, "residence", {**FILLED, "postal_code": "12"}, "save")
    answer = member.get(CHECK)
    assert answer.status_code == 422
    assert '<a href="#postal_code">' in answer.text
    assert f'action="{FORM}/residence?from=check"' in answer.text


def test_what_was_checked_is_what_is_sent(member: FlaskClient, services: FakeServices) -> None:
    checked = {**pages.hidden(member.get(CHECK).text), "command_id": COMMAND_ID}
    declarations.post(member, "residence", {**FILLED, "city": "کاشان"})
    answer = member.post(SENDING, data={**checked, "truth_ack": "true"})
    assert answer.headers["Location"] == f"/member/renewal#sent-{COMMAND_ID}"
    [sent] = services.sent(commands.SubmitDeclaration)
    assert sent.form == samples.DECLARATION
    assert (sent.member, sent.year, str(sent.id)) == (samples.MEMBER, 1405, COMMAND_ID)


def test_without_the_members_confirmation_nothing_is_sent(member: FlaskClient, services: FakeServices) -> None:
    answer = send(member)
    assert answer.status_code == 422
    assert '<a href="#truth_ack">برای ارسال، درستی اظهارات را تأیید کنید.</a>' in answer.text
    assert services.sent(commands.SubmitDeclaration) == []


def test_what_the_service_finds_wrong_is_shown_at_its_field(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.SubmitDeclaration, Reason.BAD_INPUT, {"form.jobs.0.ends_on": "date_from_datetime_parsing"})
    answer = send(member, truth_ack="true")
    assert answer.status_code == 422
    assert 'href="#jobs.0.ends_on-day"' in answer.text
    assert "چه کارهایی در دست دارید؟" in answer.text


def test_an_unanswered_sending_can_be_tried_again_under_the_same_id(
    member: FlaskClient, services: FakeServices
) -> None:
    services.refuse(commands.SubmitDeclaration, Reason.NO_ANSWER)
    answer = send(member, truth_ack="true")
    assert "سامانه پاسخ نداد" in answer.text
    assert pages.hidden(answer.text)["command_id"] == COMMAND_ID


def test_after_sending_nothing_is_sent_again(member: FlaskClient, services: FakeServices) -> None:
    assert f'data-sent="{FORM}"' in member.get(CHECK).text
    services.renewal = samples.renewal("submitted")
    assert send(member, truth_ack="true").location == "/member/renewal"
    assert member.get(CHECK).location == "/member/renewal"
    assert services.sent(commands.SubmitDeclaration) == []


def test_a_sending_that_came_too_late_leads_to_what_became_of_it(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.SubmitDeclaration, Reason.ALREADY_SUBMITTED)
    assert send(member, truth_ack="true").location == FORM


def test_what_was_sent_can_be_read_again(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    page = member.get(f"{FORM}/sent").text
    assert "نسخهٔ ۱" in page
    assert "معدن سنگ آهن گل‌گهر" in page
