"""The inbox and the count of unread messages in the head of every page."""

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import flask
import pytest
from eventlet.event import Event
from flask.testing import FlaskClient

from clients.gateway.messages import unread as unread_messages
from clients.gateway.web import rpc
from clients.gateway.web.session import COOKIE
from shared.contract.notification import commands, queries
from shared.contract.refusals import Reason
from tests.clients.gateway import fake_services, pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

COUNT = '<span class="count">{}<span class="hidden"> تازه</span></span>'
TEXTS = Path("services/notification/templates/fa.toml")
LINKS = re.findall(r'^(?:link|unsubscribe_link) = "(.+)"', TEXTS.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture
def unread(services: FakeServices) -> None:
    """Two messages that are new, and one that was read."""
    read = samples.notice("returned", title="بازگشت", notice=samples.ATTEMPT, link="", read_at=samples.NOW)
    services.notices = (samples.notice(), samples.notice("expired", title="بسته شد", notice=samples.TASK), read)


@pytest.mark.usefixtures("unread")
def test_new_messages_are_marked_and_lead_to_their_page(member: FlaskClient) -> None:
    page = member.get("/messages").text
    assert f'<a href="/member/pay/{samples.YEAR}">درخواست شما تأیید شد</a>' in page
    assert "<strong>بازگشت</strong>" in page
    assert (page.count("تازه</span></p>"), page.count(">خواندم<")) == (2, 2)


@pytest.mark.parametrize("session", ["manager-session", "member-session"])
def test_whoever_has_no_message_is_told_so(signed_in: SignedIn, session: str) -> None:
    assert "هنوز پیامی ندارید" in signed_in(session).get("/messages").text


@pytest.mark.usefixtures("unread")
def test_looking_reads_nothing_and_a_button_does(member: FlaskClient, services: FakeServices) -> None:
    member.get("/messages")
    assert services.sent(commands.MarkRead) == []
    command = str(uuid4())
    answer = pages.send(member, "/messages/read", {"notice": str(samples.TASK), "command_id": command}, "/messages")
    assert answer.headers["Location"] == "/messages"
    [sent] = services.sent(commands.MarkRead)
    assert (sent.notices, str(sent.id)) == ((samples.TASK,), command)
    assert member.get("/messages").text.count(">خواندم<") == 1


@pytest.mark.usefixtures("unread")
def test_all_that_the_page_showed_as_new_are_read_by_one_button(member: FlaskClient, services: FakeServices) -> None:
    page = member.get("/messages").text
    form = re.search(r'<form method="post" action="/messages/read">.*?</form>', page, re.DOTALL)
    assert form
    shown = re.findall(r'name="notice" value="([^"]+)"', form[0])
    pages.send(member, "/messages/read", {"notice": shown}, "/messages")
    assert services.sent(commands.MarkRead)[0].notices == (samples.NOTICE, samples.TASK)
    assert "تازه" not in member.get("/messages").text


@pytest.mark.parametrize("notices", [[], ["x"], [str(uuid4()) for _ in range(101)]], ids=["none", "no-id", "too-many"])
def test_what_is_no_message_is_refused(member: FlaskClient, services: FakeServices, notices: list[str]) -> None:
    assert pages.send(member, "/messages/read", {"notice": notices}).status_code == 400
    assert services.sent(commands.MarkRead) == []


def test_a_long_inbox_has_pages(member: FlaskClient, services: FakeServices) -> None:
    services.notices = tuple(samples.notice(notice=uuid4()) for _ in range(45))
    page = member.get("/messages").text
    assert "همهٔ پیام‌های این صفحه را خواندم" in page
    assert 'href="/messages?start=20"' in page
    assert member.get("/messages?start=40").text.count(">خواندم<") == 5
    assert member.get("/messages?start=60").headers["Location"] == "/messages?start=40"


@pytest.mark.usefixtures("unread")
def test_every_page_shows_the_count_and_asks_once_a_minute(
    member: FlaskClient, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = samples.NOW
    monkeypatch.setattr(rpc, "now", lambda: now)
    for seconds, questions in ((0, 1), (59, 1), (60, 2)):
        now = samples.NOW + timedelta(seconds=seconds)
        for path in ("/member", "/sessions"):
            assert COUNT.format("۲") in member.get(path).text
        assert len(services.sent(queries.CountUnread)) == questions


@pytest.mark.usefixtures("unread")
def test_the_count_goes_when_the_messages_are_read(member: FlaskClient, services: FakeServices) -> None:
    assert COUNT.format("۲") in member.get("/sessions").text
    pages.send(member, "/messages/read", {"notice": [str(samples.NOTICE), str(samples.TASK)]})
    assert 'class="count"' not in member.get("/sessions").text


@pytest.mark.usefixtures("unread")
def test_a_browser_does_not_show_the_count_of_the_person_before(member: FlaskClient, services: FakeServices) -> None:
    assert COUNT.format("۲") in member.get("/sessions").text
    services.notices = ()
    member.set_cookie(COOKIE, "manager-session")  # beside the cookie that a late answer to the member has brought back
    assert 'class="count"' not in member.get("/sessions").text


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("reason", [Reason.NOT_ALLOWED, Reason.SECOND_FACTOR_NEEDED])
def test_a_refusal_of_one_person_takes_the_count_from_nobody_else(
    signed_in: SignedIn, services: FakeServices, reason: Reason
) -> None:
    services.refuse(queries.CountUnread, reason)
    refused = signed_in("manager-session")
    assert 'class="count"' not in refused.get("/sessions").text
    services.refusals.clear()
    assert COUNT.format("۲") in signed_in("member-session").get("/sessions").text
    assert 'class="count"' not in refused.get("/sessions").text


@pytest.mark.usefixtures("unread")
def test_without_notification_the_pages_are_shown_and_ask_no_more_for_a_minute(
    signed_in: SignedIn, services: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = samples.NOW
    monkeypatch.setattr(rpc, "now", lambda: now)
    services.refuse(queries.CountUnread, Reason.NO_ANSWER)
    for session in ("manager-session", "member-session"):
        page = signed_in(session).get("/sessions")
        assert (page.status_code, 'class="count"' in page.text) == (200, False)
    assert len(services.sent(queries.CountUnread)) == 1
    services.refusals.clear()
    now += timedelta(minutes=1)
    assert COUNT.format("۲") in signed_in("member-session").get("/sessions").text


def test_no_page_waits_for_a_count_that_does_not_come(member: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread_messages, "WAIT_SECONDS", 0.01)
    answers = {queries.CountUnread: lambda *_: Event().wait()}
    monkeypatch.setattr(fake_services, "ANSWERS", fake_services.ANSWERS | answers)
    page = member.get("/sessions")
    assert (page.status_code, 'class="count"' in page.text) == (200, False)


def test_a_bug_in_notification_takes_no_page_away(member: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {kind: answer for kind, answer in fake_services.ANSWERS.items() if kind is not queries.CountUnread}
    monkeypatch.setattr(fake_services, "ANSWERS", answers)
    assert member.get("/sessions").status_code == 200


def test_a_visitor_without_a_session_has_no_count(visitor: FlaskClient, services: FakeServices) -> None:
    assert "top-messages" not in visitor.get("/").text
    assert visitor.get("/messages").headers["Location"] == "/sign-in?next=/messages"
    assert services.sent(queries.ListNotices) == []


@pytest.mark.parametrize("link", sorted({*LINKS}))
def test_the_link_of_every_text_is_a_page(app: flask.Flask, link: str) -> None:
    assert tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    app.url_map.bind("").match(link.format(year=samples.YEAR))
