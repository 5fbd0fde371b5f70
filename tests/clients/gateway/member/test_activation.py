"""Where the first sign-in needs a code of the office: the page that prints one, and what other pages say of it."""

from pathlib import Path

import flask
import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from clients.gateway.app import make_app
from shared.app_context import AppContext
from shared.contract.auth import commands
from shared.contract.refusals import Reason
from shared.settings import Settings
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

ACCOUNT = f"/desk/account/{samples.MEMBER}"
PAGE = f"{ACCOUNT}/activation"


@pytest.fixture
def app(services: FakeServices, tmp_path: Path) -> flask.Flask:
    settings = Settings(var=tmp_path, page_secret=SecretStr("a secret of this test"), first_sign_in="activation")
    services.card = samples.card(has_own_password=False)
    services.invoices = (samples.invoice("open"),)
    return make_app(AppContext(services, settings))


def test_a_manager_prints_a_code_after_seeing_the_member(manager: FlaskClient, services: FakeServices) -> None:
    assert f'href="{PAGE}"' in manager.get(ACCOUNT).text
    refused = pages.send(manager, PAGE, {}, page=PAGE)
    assert (refused.status_code, 'href="#identity_checked"' in refused.text) == (422, True)
    assert services.sent(commands.IssueActivationCode) == []
    shown = pages.send(manager, PAGE, {"identity_checked": "true"}, page=PAGE)
    assert samples.ACTIVATION_CODE.code in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert [command.member for command in services.sent(commands.IssueActivationCode)] == [samples.MEMBER]


def test_a_refusal_is_shown_on_the_page(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.IssueActivationCode, Reason.HAS_PASSWORD)
    refused = pages.send(manager, PAGE, {"identity_checked": "true"}, page=PAGE)
    assert (refused.status_code, "این عضو گذرواژه دارد" in refused.text) == (422, True)


def test_nobody_else_comes_to_the_page(signed_in: SignedIn) -> None:
    for session in ("member-session", "finance-session"):
        client = signed_in(session)
        assert client.get(PAGE).status_code == 403
        assert pages.send(client, PAGE, {"identity_checked": "true"}, page="/sessions").status_code == 403


def test_who_has_a_password_is_given_none(manager: FlaskClient, services: FakeServices) -> None:
    services.card = samples.card(has_own_password=True)
    assert PAGE not in manager.get(ACCOUNT).text


def test_a_reset_leads_to_another_code(manager: FlaskClient) -> None:
    page = f"{ACCOUNT}/reset"
    assert pages.send(manager, page, {"identity_checked": "true"}, page=page).headers["Location"] == PAGE


def test_pages_name_the_code_in_place_of_the_national_code(member: FlaskClient, visitor: FlaskClient) -> None:
    assert "گذرواژه یا کد فعال‌سازی" in visitor.get("/sign-in").text
    for path in ("/", "/sign-in"):
        assert "کد ملی" not in visitor.get(path).text
    empty = pages.send(visitor, "/sign-in", {"name": "1", "principal_kind": "member"}, page="/sign-in")
    assert "گذرواژه یا کد فعال‌سازی را بنویسید." in empty.text
    assert "گذرواژهٔ شما هنوز کد ملی است" not in member.get("/member").text


def test_a_member_who_has_come_by_a_code_sets_a_password_first(member: FlaskClient, services: FakeServices) -> None:
    services.must_change_password = True
    for path in ("/member", "/member/card", "/member/renewal", "/passkeys/new"):
        assert member.get(path).headers["Location"] == "/password"
    assert "کد فعال‌سازی تنها همین یک بار" in member.get("/password").text


def test_without_a_password_there_is_no_link_for_strangers(member: FlaskClient) -> None:
    page = member.get("/member/card").text
    assert 'href="/password"' in page
    assert "/member/card/issue" not in page
