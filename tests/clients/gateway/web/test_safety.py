import logging
from pathlib import Path
from typing import Any

import flask
import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.formparser import FormDataParser
from werkzeug.test import TestResponse

from clients.gateway import app as gateway
from clients.gateway import web
from clients.gateway.web import session
from shared.app_context import AppContext
from shared.contract.auth import commands as auth_commands
from shared.contract.auth import queries as auth_queries
from shared.contract.capacity import queries as capacity_queries
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import queries as renewal_queries
from shared.observability.log_format import FORMAT, DiscreetFormatter
from shared.settings import Settings
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn, browsers
from tests.clients.gateway.fake_services import FakeServices

MEMBER_PAGES = ["/member", "/member/account", "/member/renewal", "/member/capacity/1405", "/password", "/sessions"]
OFFICER_PAGES = ["/desk", "/desk/0012345/1405", "/desk/payments", "/desk/payments/0012345/1405", "/desk/calendar"]
OFFICER_PAGES += ["/desk/money", "/desk/account/0012345", "/desk/statement", "/desk/account/0012345/1405/slip"]
OFFICER_PAGES += ["/desk/account/0012345/reset"]


@pytest.fixture
def https(services: FakeServices, tmp_path: Path) -> FlaskClient:
    settings = Settings(
        var=tmp_path,
        page_secret=SecretStr("another secret"),
        public_url="https://isfahan.example.ir",
        bank_url="https://payment.example.ir",
    )
    client: FlaskClient = gateway.make_app(AppContext(services, settings)).test_client()
    return client


def session_cookie(answer: TestResponse) -> str:
    return next(cookie for cookie in answer.headers.getlist("Set-Cookie") if "tamdid_session" in cookie)


@pytest.mark.parametrize("path", ["/", "/sign-in", "/member", "/api", "/nowhere", "/static/base.css"])
def test_every_answer_carries_the_safety_headers(member: FlaskClient, path: str) -> None:
    answer = member.get(path)
    answer.close()
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy


@pytest.mark.parametrize("path", MEMBER_PAGES)
def test_signed_in_pages_are_kept_nowhere(member: FlaskClient, path: str) -> None:
    assert member.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", [*MEMBER_PAGES, "/member/declaration", "/sign-in", "/"])
def test_no_page_needs_inline_code_or_anything_from_elsewhere(
    member: FlaskClient, services: FakeServices, path: str
) -> None:
    services.renewal = samples.renewal("requested")
    page = member.get(path).text
    assert "<style" not in page
    assert 'style="' not in page
    assert "<script>" not in page
    assert "//" not in page.replace("data:image/png;base64,", "").replace(samples.PIXEL, "")


def form_action(client: FlaskClient, path: str) -> str:
    policy = client.get(path).headers["Content-Security-Policy"]
    return next(rule for rule in policy.split("; ") if rule.startswith("form-action"))


def test_only_the_form_of_the_pay_page_may_lead_away(
    member: FlaskClient, https: FlaskClient, services: FakeServices
) -> None:
    services.invoices = (samples.invoice("open"),)
    assert form_action(member, "/member") == "form-action 'self'"
    assert form_action(member, "/member/pay/1405") == "form-action 'self' http://127.0.0.1:8001"
    https.set_cookie(session.SECURE_COOKIE, "member-session")
    assert form_action(https, "/member/pay/1405") == (
        "form-action 'self' http://127.0.0.1:8001 https: https://payment.example.ir"
    )


def test_https_is_insisted_on_where_the_portal_has_it(https: FlaskClient, visitor: FlaskClient) -> None:
    assert "max-age=31536000" in https.get("/").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in visitor.get("/").headers


def test_the_sessions_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: FlaskClient) -> None:
    fields = {"principal_kind": "member", "name": "0012345", "password": "x"}
    cookie = session_cookie(pages.send(visitor, "/sign-in", fields, page="/sign-in"))
    assert cookie.startswith("tamdid_session=member-session;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_over_https_the_cookie_belongs_to_this_host_alone(https: FlaskClient) -> None:
    page = https.get("/sign-in", base_url="https://isfahan.example.ir")
    fields = {
        "principal_kind": "member",
        "name": "0012345",
        "password": "x",
        "csrf_token": pages.hidden(page.text)["csrf_token"],
    }
    referer = {"Referer": "https://isfahan.example.ir/sign-in"}
    answer = https.post("/sign-in", data=fields, base_url="https://isfahan.example.ir", headers=referer)
    assert session_cookie(answer).startswith("__Host-tamdid_session=member-session; Secure; HttpOnly; Path=/;")
    [of_page] = [cookie for cookie in answer.headers.getlist("Set-Cookie") if "tamdid_page" in cookie]
    assert of_page.startswith("__Host-tamdid_page=")
    assert all(f"; {rule}" in of_page for rule in ("Secure", "HttpOnly", "Path=/"))
    [of_device] = [cookie for cookie in answer.headers.getlist("Set-Cookie") if "tamdid_device" in cookie]
    assert of_device.startswith("__Host-tamdid_device=known-device; ")
    assert "; Secure; HttpOnly; Path=/;" in of_device
    assert "Domain" not in of_page + of_device


@pytest.mark.parametrize("path", ["/member/renewal", "/member/declaration/send", "/member/pay/1405", "/sign-out"])
def test_a_form_of_another_site_is_refused(member: FlaskClient, services: FakeServices, path: str) -> None:
    answer = member.post(path, data={"year": "1405"})
    assert answer.status_code == 400
    assert "این فرم کهنه شده است" in answer.text
    assert services.sent(renewal_commands.RequestRenewal) == []


@pytest.mark.parametrize("path", ["/member", "/desk/0012345/1405?x=1", "/a/b#c"])
def test_one_comes_back_to_ones_own_paths(path: str) -> None:
    assert session.own_path(path) == path


@pytest.mark.parametrize(
    "path",
    ["", None, "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "member", "/\t/evil.example", "/a\r\nSet-Cookie: x=1", " //evil.example", "///evil.example"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(path: str | None) -> None:
    assert session.own_path(path) == ""


def test_signing_in_ignores_a_way_to_another_site(visitor: FlaskClient) -> None:
    fields = {"principal_kind": "member", "name": "1", "password": "x", "next": "//evil.example/member"}
    answer = pages.send(visitor, "/sign-in", fields, page="/sign-in")
    assert answer.headers["Location"] == "/member"


@pytest.mark.parametrize("path", [*MEMBER_PAGES, *OFFICER_PAGES, "/member/receipt/1405", "/member/pay/1405"])
def test_without_a_session_every_page_leads_to_the_sign_in(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sign-in?next={path}")


@pytest.mark.parametrize("path", OFFICER_PAGES)
def test_a_member_has_no_desk(member: FlaskClient, path: str) -> None:
    assert member.get(path).status_code == 403


def test_an_officer_has_no_members_page(manager: FlaskClient) -> None:
    assert manager.get("/member").status_code == 403


def test_pages_send_messages_as_their_visitor_and_never_as_the_program(
    member: FlaskClient, services: FakeServices
) -> None:
    member.get("/member")
    requested = [
        (type(call), passport) for call, passport in services.messages if type(call) is not auth_commands.IssuePassports
    ]
    assert {passport for _, passport in requested} == {"passport of member-session"}


def test_a_bug_shows_an_id_and_no_trace(
    member: FlaskClient, services: FakeServices, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(services, "card")
    with caplog.at_level(logging.ERROR):
        answer = member.get("/member")
    assert answer.status_code == 500
    assert "Traceback" not in answer.text
    assert "card" not in answer.text
    found = [record.getMessage() for record in caplog.records if record.exc_info]
    assert len(found) == 1
    assert found[0].split("(")[1].rstrip(")") in answer.text


@pytest.mark.parametrize(
    ("path", "body"),
    [("/member", None), ("/api/renewal/get_renewal", {"member": "0012345"}), ("/member/pay/1405", None)],
)
def test_what_was_typed_stays_out_of_the_log(
    member: FlaskClient,
    services: FakeServices,
    caplog: pytest.LogCaptureFixture,
    path: str,
    body: dict[str, str] | None,
) -> None:
    services.fail(ValueError("۰۹۱۳۱۲۳۴۵۶۷ typed"))
    headers = {"Authorization": "Bearer member-session"}
    answer = member.post(path, json=body, headers=headers) if body else member.get(f"{path}?said=typed")
    assert answer.status_code == 500
    lines = [DiscreetFormatter(FORMAT).format(record) for record in caplog.records]
    assert any("ValueError" in line for line in lines)
    assert not [line for line in lines if "typed" in line]


def test_a_service_that_is_down_is_shown_as_down(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(renewal_queries.GetRenewal, Reason.NO_ANSWER)
    answer = member.get("/member")
    assert answer.status_code == 503
    assert "سامانه پاسخ نداد" in answer.text


def test_one_silent_service_does_not_take_the_whole_page(member: FlaskClient, services: FakeServices) -> None:
    for kind in (capacity_queries.GetCapacity, payment_queries.GetInvoices, auth_queries.GetMember):
        services.refuse(kind, Reason.NO_ANSWER)
    answer = member.get("/member")
    assert answer.status_code == 200
    assert "درخواست تمدید را ثبت کنید" in answer.text


def test_a_form_of_many_fields_is_refused_before_they_are_read(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred thousand empty fields fit into the largest form, and would take as long to read as a hundred pages to show."""
    read: list[object] = []
    parse = FormDataParser._parse_urlencoded

    def seen(*arguments: Any) -> Any:
        read.append(arguments)
        return parse(*arguments)

    monkeypatch.setattr(FormDataParser, "_parse_urlencoded", seen)

    def answered(fields: int) -> int:
        form = "application/x-www-form-urlencoded"
        return visitor.post("/sign-in", data="a&" * (fields - 1) + "a", content_type=form).status_code

    assert answered(web.forms.FIELDS_MAX + 1) == 413
    assert read == []
    assert answered(web.forms.FIELDS_MAX) == 400
    assert len(read) == 1


def test_a_form_beyond_all_bounds_is_not_read(member: FlaskClient, services: FakeServices) -> None:
    answer = member.post("/member/renewal", data={"note": "x" * (gateway.PAGE_BODY_BYTES_MAX + 1)})
    assert answer.status_code == 413
    assert services.messages == []


def test_an_address_that_is_none_is_a_page_too(signed_in: SignedIn) -> None:
    for cookie in ("", "member-session"):
        answer = signed_in(cookie).get("/nowhere")
        assert answer.status_code == 404
        assert "صفحه پیدا نشد" in answer.text


def test_a_proxy_is_believed_only_where_there_is_one(app: flask.Flask, services: FakeServices, tmp_path: Path) -> None:
    behind = gateway.make_app(
        AppContext(services, Settings(var=tmp_path, page_secret=SecretStr("a secret"), trusted_proxies=1))
    )
    for one in (app, behind):
        client = one.test_client()
        fields = {
            "principal_kind": "member",
            "name": "1",
            "password": "x",
            "csrf_token": pages.token(client, "/sign-in"),
        }
        client.post("/sign-in", data=fields, headers={"X-Forwarded-For": "203.0.113.9"})
    assert [call.address for call in services.sent(auth_commands.SignIn)] == ["127.0.0.1", "203.0.113.9"]


@pytest.mark.parametrize("path", ["/sign-in", "/member/renewal/withdraw", "/desk/statement", "/api/auth/sign_in"])
def test_a_form_with_a_part_of_no_name_is_answered_as_a_wrong_one(visitor: FlaskClient, path: str) -> None:
    body = '--b\r\nContent-Disposition: form-data; name= "command_id "\r\n\r\nx\r\n--b--'
    answer = visitor.post(path, data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 400


TRIAL = "نسخهٔ آزمایشی — پرداخت‌ها واقعی نیست"


def test_in_development_every_page_says_so_and_in_earnest_none(services: FakeServices, tmp_path: Path) -> None:
    for development in (True, False):
        settings = Settings(var=tmp_path, page_secret=SecretStr("a secret"), development=development)
        open_browser = browsers(gateway.make_app(AppContext(services, settings)))
        for session_token, paths in {
            "": ["/", "/sign-in", "/nowhere", "/card/unknown"],
            "member-session": MEMBER_PAGES,
            "manager-session": OFFICER_PAGES,
        }.items():
            for path in paths:
                page = open_browser(session_token).get(path)
                assert page.mimetype == "text/html", path
                assert (TRIAL in page.text) is development, path
