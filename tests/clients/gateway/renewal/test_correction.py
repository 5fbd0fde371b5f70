import re

import pytest
from flask.testing import FlaskClient

from clients.gateway.declaration import declaration_form
from shared.contract.renewal import commands
from shared.contract.renewal.answers import Decision, FieldNote
from shared.contract.renewal.correction import DeclarationField, FieldFault
from tests.clients.gateway import declarations, pages, samples
from tests.clients.gateway.declarations import FORM, SENDING
from tests.clients.gateway.fake_services import FakeServices

FILLED = declaration_form.filled(samples.DECLARATION, None).values
FIELDS = (DeclarationField.CITY, DeclarationField.WEEKLY_HOURS)
NOTES = (
    FieldNote(field=FIELDS[0], fault=FieldFault.UNCLEAR, note="کدام کاشان؟"),
    FieldNote(field=FIELDS[1], fault=FieldFault.INCOMPLETE),
)


@pytest.fixture(autouse=True)
def returned(services: FakeServices) -> None:
    decision = Decision(outcome="returned", by="officer:maryam", at=samples.NOW, fields=NOTES)
    services.renewal = samples.renewal("returned", decisions=(decision,), open_fields=FIELDS)
    services.last_declaration = samples.DECLARATION


def test_the_request_lists_what_is_to_be_corrected_with_links(member: FlaskClient) -> None:
    page = member.get("/member/renewal").text
    assert f'<a href="{FORM}/residence#city">شهر سکونت</a>: روشن نیست. کدام کاشان؟' in page
    assert f'<a href="{FORM}/employment#weekly_hours">' in page


def test_only_topics_with_open_fields_are_left(member: FlaskClient) -> None:
    assert member.get(FORM).location == f"{FORM}/residence"
    assert member.get(f"{FORM}/contact").location == FORM
    page = member.get(f"{FORM}/residence").text
    assert "گام ۱ از ۲" in page


def test_each_note_stands_at_its_field_and_the_others_are_only_read(member: FlaskClient) -> None:
    page = member.get(f"{FORM}/residence").text
    assert page.index("کدام کاشان؟") < page.index('name="city"')
    assert re.findall('<(?:input|select|textarea)[^>]* name="([a-z_.-]+)"', page[page.index("<h1") :]) == [
        *("csrf_token", "command_id", "seen", "city")
    ]
    assert samples.DECLARATION.address in page


def test_a_closed_field_keeps_its_answer_whatever_is_posted(member: FlaskClient, services: FakeServices) -> None:
    declarations.post(member, "residence", {**FILLED, "city": "کاشان", "address": "نشانی دیگری برای آزمایش"})
    assert services.draft is not None
    assert services.draft.fields["city"] == "کاشان"
    assert services.draft.fields["address"] == FILLED["address"]


def test_the_check_shows_only_what_changes_and_sends_the_whole(member: FlaskClient, services: FakeServices) -> None:
    declarations.post(member, "residence", {**FILLED, "city": "کاشان"})
    assert declarations.post(member, "employment", FILLED).location == f"{FORM}/check"
    page = member.get(f"{FORM}/check").text
    shown, rest = page.split('<details class="details"', 1)
    assert "کاشان" in shown
    assert "پیش‌تر: اصفهان" in shown
    assert samples.DECLARATION.address not in shown
    assert samples.DECLARATION.address in rest
    member.post(SENDING, data={**pages.hidden(page), "truth_ack": "true"})
    [sent] = services.sent(commands.SubmitDeclaration)
    assert sent.form == samples.DECLARATION.model_copy(update={"city": "کاشان"})


def test_a_closed_answer_that_is_wrong_meanwhile_is_the_organizations_to_mend(
    member: FlaskClient, services: FakeServices
) -> None:
    services.last_declaration = samples.DECLARATION.model_copy(update={"postal_code": "12"})
    assert declarations.post(member, "residence", FILLED).status_code == 303
    declarations.post(member, "employment", FILLED)
    answer = member.get(f"{FORM}/check")
    assert answer.status_code == 422
    assert "پاسخی که بسته است درست نیست. با سازمان تماس بگیرید." in answer.text


def test_jobs_that_are_open_are_changed_as_a_table(member: FlaskClient, services: FakeServices) -> None:
    note = FieldNote(field=DeclarationField.JOBS, fault=FieldFault.OVER_LIMIT, note="قرارداد پایان یافته است")
    decision = Decision(outcome="returned", by="officer:maryam", at=samples.NOW, fields=(note,))
    services.renewal = samples.renewal("returned", decisions=(decision,), open_fields=(DeclarationField.JOBS,))
    page = member.get(f"{FORM}/jobs").text
    assert page.index("قرارداد پایان یافته است") < page.index('name="jobs.0.kind"')
    declarations.post(member, "jobs", {"jobs.0.title": ""})
    page = member.get(f"{FORM}/check").text
    assert "حذف شده" in page.split('<details class="details"', 1)[0]
