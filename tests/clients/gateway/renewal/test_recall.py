"""A declaration on the desk: recalled until it is opened, with a note after that, and each told who was quicker."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from shared.contract.refusals import Reason
from shared.contract.renewal import answers, commands
from shared.text import persian
from tests.clients.gateway import pages, samples
from tests.clients.gateway.fake_services import FakeServices

PAGE, RECALL, NOTE = "/member/renewal", "/member/declaration/recall", "/member/declaration/note"
OPENED = {"opened_at": samples.NOW}


@pytest.fixture(autouse=True)
def submitted(services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    services.last_declaration = samples.DECLARATION


def test_what_is_not_opened_is_recalled_after_a_page_that_asks(member: FlaskClient, services: FakeServices) -> None:
    page = member.get(PAGE).text
    assert f'href="{RECALL}"' in page
    assert NOTE not in page
    assert "پاسخ‌های شما می‌ماند" in member.get(RECALL).text
    answer = pages.send(member, RECALL, {})
    assert answer.location == "/member/declaration/check"
    [sent] = services.sent(commands.RecallDeclaration)
    assert (sent.member, sent.year) == (samples.MEMBER, samples.YEAR)


def test_a_manager_who_was_quicker_is_named_and_a_note_offered(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted", **OPENED)
    services.refuse(commands.RecallDeclaration, Reason.REVIEW_OPENED)
    answer = pages.send(member, RECALL, {})
    assert answer.status_code == 422
    assert "دیگر پس گرفته نمی‌شود" in answer.text
    assert f'action="{NOTE}"' in answer.text


def test_a_recalled_declaration_is_a_draft_with_all_its_answers(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("requested", recalled_at=samples.NOW)
    assert "خوداظهاری را پس گرفته‌اید" in member.get(PAGE).text
    assert member.get("/member/declaration").location == "/member/declaration/check"
    assert samples.DECLARATION.city in member.get("/member/declaration/check").text


def test_a_note_is_cleaned_sent_and_shown(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted", **OPENED)
    assert f'href="{RECALL}"' not in member.get(PAGE).text
    answer = pages.send(member, NOTE, {"text": "  قرارداد تمديد شد "})
    assert (answer.status_code, answer.location) == (303, PAGE)
    [sent] = services.sent(commands.AddMemberNote)
    note = answers.MemberNote(declaration_version=1, text="<b>قرارداد</b>", at=samples.NOW)
    assert sent.text.startswith("قرارداد")
    services.renewal = samples.renewal("submitted", member_notes=(note,), **OPENED)
    assert "&lt;b&gt;قرارداد&lt;/b&gt;" in member.get(PAGE).text


def test_a_note_that_is_refused_stays_on_the_page(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted", **OPENED)
    assert "یادداشت" in pages.send(member, NOTE, {"text": "  "}).text
    services.refuse(commands.AddMemberNote, Reason.TOO_MANY_NOTES)
    answer = pages.send(member, NOTE, {"text": "یک یادداشت دیگر"})
    assert answer.status_code == 422
    assert "بیش از این یادداشت" in answer.text
    assert ">یک یادداشت دیگر</textarea>" in answer.text


def test_a_return_says_until_when_it_is_awaited_and_what_follows(member: FlaskClient, services: FakeServices) -> None:
    due_at = samples.NOW + timedelta(days=12)
    decided = (samples.decision("returned", "نشانی کامل نیست"),)
    services.renewal = samples.renewal("returned", decisions=decided, correction_due_at=due_at)
    for path in (PAGE, "/member"):
        day = persian.long_date(due_at.astimezone(persian.TEHRAN).date())
        assert day in member.get(path).text
    page = member.get(PAGE).text
    assert "این درخواست بسته می‌شود: پولی گرفته نمی‌شود" in page
    assert "اگر اکنون بفرستید، مدیر حداکثر تا" in page


def test_an_expired_request_says_so_and_may_be_made_again(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("expired")
    page = member.get(PAGE).text
    assert "در مهلت خود اصلاح نشد و بسته شد" in page
    assert 'name="year"' in page
    assert "در مهلت خود اصلاح نشد و بسته شد" in member.get("/member").text


def test_a_new_request_shows_no_reason_of_the_one_that_expired(member: FlaskClient, services: FakeServices) -> None:
    decision = answers.Decision(outcome="returned", by="officer:maryam", at=samples.NOW, reason="نشانی ناخواناست")
    for status, count in (("requested", 0), ("returned", 1)):
        services.renewal = samples.renewal(status, decisions=(decision,))
        assert member.get("/member/declaration/contact").text.count(decision.reason) == count


def test_an_approval_by_the_rule_is_not_said_to_be_a_manager_s(member: FlaskClient, services: FakeServices) -> None:
    decision = answers.Decision(outcome="approved", by="rule:unchanged", at=samples.NOW)
    services.renewal = samples.renewal("approved", decisions=(decision,))
    page = member.get(PAGE).text
    assert "درخواست شما تأیید شد" in page
    assert "مدیر" not in page
