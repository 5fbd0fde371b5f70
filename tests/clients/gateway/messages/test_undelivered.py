"""What was sent, on the pages of officers: its history, what arrived by no way, and sending it again."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.contract import bounds
from shared.contract.notification import commands, queries
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

REVIEW, ACCOUNT = f"/desk/{samples.MEMBER}/{samples.YEAR}", f"/desk/account/{samples.MEMBER}"
RESEND = f"{ACCOUNT}/notices/{samples.NOTICE}/resend"
REASON = "شمارهٔ عضو عوض شده بود"


@pytest.fixture(autouse=True)
def sent(services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    by_mail = {"way": "email", "address": "m•••@example.ir", "state": "delivered"}
    services.sent_notices = (samples.sent_notice({"cause": "blocked"}, by_mail),)


@pytest.mark.parametrize(("path", "year"), [(ACCOUNT, None), (REVIEW, samples.YEAR)])
def test_the_history_is_there_with_one_question(
    manager: FlaskClient, services: FakeServices, path: str, year: int | None
) -> None:
    page = manager.get(path).text
    assert "پیام‌ها به عضو (۱)" in page
    assert 'پیامک به <bdi dir="ltr">۰۹۱۳•••۴۵۶۷</bdi>: نرسید (شماره یا صندوق پیام نمی‌گیرد)' in page
    assert 'رایانامه به <bdi dir="ltr">m•••@example.ir</bdi>: رسید' in page
    [query] = services.sent(queries.ListSentNotices)
    assert (query.member, query.year) == (samples.MEMBER, year)


def test_auditors_see_the_history_and_send_nothing(signed_in: SignedIn, services: FakeServices) -> None:
    page = signed_in("auditor-session").get(f"/desk/reads/{samples.MEMBER}/{samples.YEAR}").text
    assert "پیام‌ها به عضو (۱)" in page
    assert "دوباره بفرست" not in page
    [query] = services.sent(queries.ListSentNotices)
    assert (query.member, query.year) == (samples.MEMBER, samples.YEAR)
    services.refuse(queries.ListSentNotices, Reason.NO_ANSWER)
    assert signed_in("auditor-session").get(f"/desk/reads/{samples.MEMBER}/{samples.YEAR}").status_code == 200


@pytest.mark.parametrize("path", [ACCOUNT, REVIEW])
def test_without_notification_the_page_says_so(manager: FlaskClient, services: FakeServices, path: str) -> None:
    services.refuse(queries.ListSentNotices, Reason.NO_ANSWER)
    page = manager.get(path)
    assert page.status_code == 200
    assert "تاریخچهٔ پیام‌ها اکنون در دسترس نیست" in page.text


@pytest.mark.parametrize("path", [ACCOUNT, "/desk", "/desk/payments"])
def test_others_and_other_pages_do_not_ask(signed_in: SignedIn, services: FakeServices, path: str) -> None:
    signed_in("finance-session").get(path)
    assert services.sent(queries.ListSentNotices) == []


@pytest.mark.parametrize(
    ("query", "back"),
    [
        ("", f"{ACCOUNT}#notices"),
        ("?province=yazd", "/desk/undelivered?province=yazd"),
        (
            "?province=yazd&kind=invoice_ends&start=50",
            "/desk/undelivered?province=yazd&kind=invoice_ends&start=50",
        ),
        (f"?year={samples.YEAR}", f"{REVIEW}#notices"),
    ],
)
def test_a_message_is_sent_again_with_a_reason(
    manager: FlaskClient, services: FakeServices, query: str, back: str
) -> None:
    answer = pages.send(manager, RESEND + query, {"reason": REASON}, RESEND + query)
    assert answer.headers["Location"] == back
    [command] = services.sent(commands.ResendNotice)
    assert (command.notice, command.reason) == (samples.NOTICE, REASON)


def test_a_short_reason_is_said_at_its_field_and_kept(manager: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(manager, RESEND, {"reason": "گم شد"}, RESEND)
    assert answer.status_code == 422
    assert "دست‌کم ۱۰ نویسه" in answer.text
    assert ">گم شد</textarea>" in answer.text
    assert services.sent(commands.ResendNotice) == []


def test_a_message_of_another_member_is_not_found(manager: FlaskClient, services: FakeServices) -> None:
    services.sent_notices = ()
    assert manager.get(RESEND).status_code == 404


@pytest.mark.parametrize("path", ["/desk/undelivered", RESEND])
@pytest.mark.parametrize("session", ["finance-session", "member-session"])
def test_only_managers_have_these_pages(signed_in: SignedIn, session: str, path: str) -> None:
    assert signed_in(session).get(path).status_code == 403


def test_what_did_not_arrive_leads_to_the_account(manager: FlaskClient, services: FakeServices) -> None:
    page = manager.get("/desk/undelivered?province=yazd").text
    assert f'<a href="{ACCOUNT}">زهرا صفوی‌نیا</a>' in page
    assert f'<a href="{REVIEW}">پروندهٔ سال ۱۴۰۵' in page
    assert f'href="{RESEND}?province=yazd"' in page
    assert services.sent(queries.ListUndelivered)[0].province == "yazd"
    services.sent_notices = ()
    assert "پیامی نیست که به دست عضو نرسیده باشد" in manager.get("/desk/undelivered").text


def test_a_message_is_found_by_its_id_however_many_have_come_since(
    manager: FlaskClient, services: FakeServices
) -> None:
    newer = (samples.sent_notice(notice=uuid4(), title="تازه‌تر") for _ in range(bounds.PAGE_MAX))
    services.sent_notices = (*newer, *services.sent_notices)
    page = manager.get(RESEND)
    assert (page.status_code, "«درخواست شما تأیید شد»" in page.text) == (200, True)


def test_they_are_sorted_out_by_kind_and_have_pages_and_files(manager: FlaskClient, services: FakeServices) -> None:
    services.sent_notices = tuple(samples.sent_notice(notice=uuid4(), kind="returned") for _ in range(60))
    path = "/desk/undelivered?province=yazd&kind=returned"
    page = manager.get(path).text
    assert '<option value="returned" selected>بازگشت خوداظهاری</option>' in page
    assert 'value="desk_digest"' not in page
    assert 'href="/desk/undelivered?province=yazd&amp;start=50&amp;kind=returned"' in page
    assert 'href="/desk/undelivered?province=yazd&amp;kind=returned&amp;list=&amp;as=csv"' in page
    assert "resend?province=yazd&amp;start=50&amp;kind=returned" in manager.get(f"{path}&start=50").text
    assert "پیامی از این نوع نیست" in manager.get("/desk/undelivered?kind=approved").text
    file = manager.get(f"{path}&as=csv").data.decode("utf-8-sig").splitlines()
    assert len(file) == 61
    assert manager.get("/desk/undelivered?kind=none").status_code == 200


def test_the_file_says_what_was_tried(manager: FlaskClient) -> None:
    [_, row] = manager.get("/desk/undelivered?as=csv").data.decode("utf-8-sig").splitlines()
    assert row.startswith(f"{samples.MEMBER},زهرا صفوی‌نیا,{samples.YEAR},تأیید درخواست,درخواست شما تأیید شد,")
    tried = "پیامک 0913•••4567 نرسید (شماره یا صندوق پیام نمی‌گیرد)؛ رایانامه m•••@example.ir رسید"
    assert tried in row


def test_the_overview_counts_them_and_the_desk_asks_nothing(manager: FlaskClient, services: FakeServices) -> None:
    assert 'href="/desk/undelivered?province=isfahan"' in manager.get("/desk").text
    assert services.sent(queries.ListUndelivered) == []
    assert "۱ پیام به دست عضو نرسیده است" in manager.get("/desk/overview").text
    services.refuse(queries.ListUndelivered, Reason.NO_ANSWER)
    page = manager.get("/desk/overview")
    assert (page.status_code, "به دست عضو نرسیده" in page.text) == (200, False)
