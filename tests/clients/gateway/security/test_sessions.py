"""The page of the open sessions, and forms that belong to one session."""

import pytest
from flask.testing import FlaskClient

from clients.gateway.sign_in import user_agent
from shared.contract.auth import commands, queries
from tests.clients.gateway import pages
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0"


@pytest.mark.parametrize(
    ("header", "device"),
    [
        (FIREFOX, "firefox-android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36 Edg/131.0", "edge-windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/18.1 Mobile/15E Safari/604", "safari-ios"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/131.0 Safari/537.36", "chrome-linux"),
        ("curl/8.5", "other"),
        ("", "other"),
        ("a name <script> 0013542419", "other"),
    ],
)  # fmt: skip
def test_of_a_browser_only_its_family_is_passed_on(header: str, device: str) -> None:
    assert user_agent.device(header) == device


def test_signing_in_names_the_device(visitor: FlaskClient, services: FakeServices) -> None:
    fields = {"principal_kind": "member", "name": "1", "password": "x", "csrf_token": pages.token(visitor, "/sign-in")}
    visitor.post("/sign-in", data=fields, headers={"User-Agent": FIREFOX})
    assert [command.device for command in services.sent(commands.SignIn)] == ["firefox-android"]


@pytest.mark.parametrize("holder", ["member-session", "manager-session"])
def test_ones_open_sessions_are_listed_with_this_one(signed_in: SignedIn, services: FakeServices, holder: str) -> None:
    page = signed_in(holder).get("/sessions")
    assert page.status_code == 200
    assert [text in page.text for text in ("فایرفاکس در اندروید", "خط فرمان تمدید")] == [True, True]
    assert page.text.count("همین نشست") == 1
    [query] = services.sent(queries.ListSessions)
    assert query.session is not None
    assert query.session.get_secret_value() == holder
    assert services.passport_of(queries.ListSessions) == f"passport of {holder}"


def test_a_session_is_ended_by_its_name(member: FlaskClient, services: FakeServices) -> None:
    other = services.sessions[1].session_id
    answer = pages.send(member, "/sessions/end", {"session_id": other}, page="/sessions")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sessions")
    assert [command.session_id for command in services.sent(commands.EndSession)] == [other]


def test_what_names_no_session_is_refused(member: FlaskClient, services: FakeServices) -> None:
    assert pages.send(member, "/sessions/end", {"session_id": "%"}, page="/sessions").status_code == 422
    assert services.sent(commands.EndSession) == []


def test_all_others_are_ended_and_this_one_goes_on(member: FlaskClient, services: FakeServices) -> None:
    assert pages.send(member, "/sessions/end-others", {}, page="/sessions").status_code == 303
    [command] = services.sent(commands.EndOtherSessions)
    assert command.session.get_secret_value() == "member-session"


def test_changing_the_password_keeps_this_session(member: FlaskClient, services: FakeServices) -> None:
    pages.send(member, "/password", {"current": "x", "new": "y", "repeat": "y"})
    [command] = services.sent(commands.SetPassword)
    assert command.session is not None
    assert command.session.get_secret_value() == "member-session"


def test_a_form_token_with_its_cookie_from_elsewhere_is_worth_nothing_in_a_session(
    signed_in: SignedIn, services: FakeServices
) -> None:
    """A site beside ours may plant a cookie that was given to its own visit."""
    for planted_by in ("", "colleague-session"):
        attacker, victim = signed_in(planted_by), signed_in("manager-session")
        token = pages.token(attacker, "/sign-in" if not planted_by else "/sessions")
        cookie = attacker.get_cookie("tamdid_page")
        assert cookie is not None
        victim.set_cookie("tamdid_page", cookie.value)
        assert victim.post("/sessions/end-others", data={"csrf_token": token}).status_code == 400
    assert services.sent(commands.EndOtherSessions) == []


def test_a_form_works_without_the_cookie_of_the_page(member: FlaskClient, services: FakeServices) -> None:
    token = pages.token(member, "/sessions")
    member.delete_cookie("tamdid_page")
    assert member.post("/sessions/end-others", data={"csrf_token": token}).status_code == 303


def test_a_page_asks_before_all_other_sessions_end(member: FlaskClient, services: FakeServices) -> None:
    assert 'action="/sessions/end-others"' not in member.get("/sessions").text
    shown = member.get("/sessions/end-others").text
    assert '<form method="post" action="/sessions/end-others">' in shown
    assert services.sent(commands.EndOtherSessions) == []
