"""The list of an account's security events, and the notice on the other pages until it is acknowledged."""

from datetime import timedelta
from typing import get_args

import pytest
from flask.testing import FlaskClient

from clients.gateway.web import labels
from shared.contract.auth import commands
from shared.contract.auth.security_answers import SecurityEvent, SecurityEventKind
from shared.contract.notification.queries import ListNotices
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

NOTICE = "رویداد امنیتی تازه‌ای ثبت شده است"
EVENTS = (
    SecurityEvent(kind="new_device", at=samples.NOW, device="firefox-android"),
    SecurityEvent(kind="password_changed", at=samples.NOW, is_seen=True),
)


def test_each_kind_has_its_words() -> None:
    assert set(get_args(SecurityEventKind)) == labels.SECURITY_EVENTS.keys()


@pytest.mark.parametrize("holder", ["member-session", "manager-session"])
def test_a_notice_on_each_page_leads_to_the_list(signed_in: SignedIn, services: FakeServices, holder: str) -> None:
    client, services.security_events = signed_in(holder), EVENTS
    assert NOTICE not in client.get("/password").text
    services.has_security_news = True
    assert f'{NOTICE}. <a href="/sessions#events">' in client.get("/password").text
    page = client.get("/sessions").text
    assert NOTICE not in page
    assert 'id="events"' in page
    for words in ("ورود با دستگاه تازه (فایرفاکس", "گذرواژهٔ تازه"):
        assert words in page
    assert page.count('tag-not_yet">تازه') == 1


def test_who_has_seen_the_list_says_so(member: FlaskClient, services: FakeServices) -> None:
    services.security_events = EVENTS
    done = pages.send(member, "/sessions/events", {}, page="/sessions")
    assert done.headers["Location"] == "/sessions"
    assert len(services.sent(commands.AcknowledgeSecurityEvents)) == 1
    services.security_events = EVENTS[1:]
    assert "/sessions/events" not in member.get("/sessions").text
    services.refuse(commands.AcknowledgeSecurityEvents, Reason.NO_ANSWER)
    assert pages.send(member, "/sessions/events", {}, page="/sessions").status_code == 422


def test_a_changed_address_is_in_the_list(member: FlaskClient, services: FakeServices) -> None:
    """Notification has told it; without its answer the list has what auth knows."""
    services.security_events = EVENTS
    at = samples.NOW - timedelta(days=1)
    services.notices = (samples.notice("address_changed", notified_at=at), samples.notice())
    page = member.get("/sessions").text
    assert page.index("ورود با دستگاه تازه") < page.index("تغییر نشانی پیام‌ها")
    services.refuse(ListNotices, Reason.NO_ANSWER)
    page = member.get("/sessions").text
    assert "ورود با دستگاه تازه" in page
    assert "تغییر نشانی پیام‌ها" not in page


def test_a_quiet_account_has_an_empty_list(member: FlaskClient) -> None:
    assert "در سی روز گذشته رویدادی نبوده است." in member.get("/sessions").text
