"""Pages of passkeys: making, naming and removing one, and using one to sign in and before acts about money."""

import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from shared.contract.auth import answers, commands, passkey_commands, queries
from shared.contract.payment import commands as payment_commands
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

ID = samples.PASSKEY.passkey_id
MADE = '{"id": "x", "type": "public-key"}'
NEW = {"name": "گوشی من", "current": "my password"}
CONFIRM = "/desk/payments/0012345/1405"
SCRIPT = Path("clients/gateway/design/static/passkeys.js")


@pytest.fixture
def with_passkey(services: FakeServices) -> FakeServices:
    services.factor = answers.SecondFactor(is_on=True, recovery_codes_left=7, passkeys=(samples.PASSKEY,))
    services.step = answers.SecondStep(has_code=False, passkey_options=samples.PASSKEY_OPTIONS.options)
    return services


@pytest.mark.parametrize("holder", ["member-session", "manager-session"])
def test_a_passkey_is_made_after_the_password(signed_in: SignedIn, services: FakeServices, holder: str) -> None:
    client = signed_in(holder)
    page = pages.send(client, "/passkeys/new", NEW, page="/passkeys/new")
    assert "data-options=" in page.text
    assert 'data-sent="/second-factor"' in page.text
    [begun] = services.sent(passkey_commands.BeginPasskey)
    assert (begun.current.get_secret_value(), begun.session.get_secret_value()) == ("my password", holder)
    assert "my password" not in page.text
    added = client.post("/passkeys/add", data={**pages.hidden(page.text), "passkey": MADE})
    assert all(code in added.text for code in samples.RECOVERY_CODES.codes)
    assert added.headers["Cache-Control"] == "no-store"
    [command] = services.sent(passkey_commands.AddPasskey)
    assert (command.passkey.get_secret_value(), command.name) == (MADE, "گوشی من")
    assert command.session.get_secret_value() == holder


def test_a_further_passkey_brings_no_codes(member: FlaskClient, with_passkey: FakeServices) -> None:
    page = pages.send(member, "/passkeys/new", NEW, page="/passkeys/new")
    added = member.post("/passkeys/add", data={**pages.hidden(page.text), "passkey": MADE})
    assert added.headers["Location"] == "/second-factor"
    assert "گوشی من" in member.get("/second-factor").text


@pytest.mark.parametrize("left_out", ["name", "current"])
def test_nothing_typed_begins_nothing(member: FlaskClient, services: FakeServices, left_out: str) -> None:
    page = pages.send(member, "/passkeys/new", {**NEW, left_out: " "}, page="/passkeys/new")
    assert f'href="#{left_out}"' in page.text
    assert not services.sent(passkey_commands.BeginPasskey)


def test_what_auth_refuses_begins_anew(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(passkey_commands.BeginPasskey, Reason.WRONG_CREDENTIALS)
    assert 'href="#current"' in pages.send(member, "/passkeys/new", NEW, page="/passkeys/new").text
    services.refuse(passkey_commands.AddPasskey, Reason.PASSKEY_TAKEN)
    refused = pages.send(member, "/passkeys/add", {"name": "گوشی من", "passkey": MADE}, page="/passkeys/new")
    assert refused.status_code == 422
    assert "از پیش ثبت شده" in refused.text
    assert "public-key" not in refused.text


def test_a_further_factor_needs_a_proof_of_the_present_one_first(manager: FlaskClient, services: FakeServices) -> None:
    services.has_unconfirmed_factor = True
    page = manager.get("/passkeys/new")
    assert pages.hidden(page.text)["next"] == "/passkeys/new"
    assert 'action="/sign-in/code"' in page.text


def test_back_to_a_passkey_that_was_made_begins_anew(member: FlaskClient) -> None:
    assert 'action="/passkeys/new"' in member.get("/passkeys/add").text


def test_a_passkey_is_renamed(member: FlaskClient, with_passkey: FakeServices) -> None:
    page = f"/passkeys/{ID}"
    assert 'value="گوشی من"' in pages.field(member.get(page).text, "name")
    done = pages.send(member, f"{page}/name", {"name": "رایانه"}, page=page)
    assert done.headers["Location"] == "/second-factor"
    [command] = with_passkey.sent(passkey_commands.RenamePasskey)
    assert (command.passkey_id, command.name) == (ID, "رایانه")
    assert 'href="#name"' in pages.send(member, f"{page}/name", {"name": ""}, page=page).text


@pytest.mark.parametrize(("field", "typed"), [("code", "k7qa-aaaa-bbbb-cccc"), ("passkey", MADE)])
def test_a_passkey_is_removed_by_a_proof(
    member: FlaskClient, with_passkey: FakeServices, field: str, typed: str
) -> None:
    page = f"/passkeys/{ID}"
    done = pages.send(member, f"{page}/remove", {field: typed}, page=page)
    assert done.headers["Location"] == "/second-factor"
    [command] = with_passkey.sent(passkey_commands.RemovePasskey)
    given = getattr(command, field)
    assert (given.get_secret_value(), command.passkey_id) == (typed, ID)
    assert command.session.get_secret_value() == "member-session"


@pytest.mark.parametrize(
    ("reason", "text"), [(Reason.WRONG_CODE, 'href="#code"'), (Reason.WRONG_PASSKEY, "کلید عبور پذیرفته نشد")]
)
def test_a_wrong_proof_removes_nothing(
    member: FlaskClient, with_passkey: FakeServices, reason: Reason, text: str
) -> None:
    page = f"/passkeys/{ID}"
    assert 'href="#code"' in pages.send(member, f"{page}/remove", {"code": " ", "passkey": ""}, page=page).text
    with_passkey.refuse(passkey_commands.RemovePasskey, reason)
    refused = pages.send(member, f"{page}/remove", {"code": "000000"}, page=page)
    assert refused.status_code == 422
    assert text in refused.text
    assert "000000" not in refused.text


def test_a_passkey_that_is_gone_has_no_page(member: FlaskClient, with_passkey: FakeServices) -> None:
    assert member.get(f"/passkeys/{'cd' * 32}").status_code == 404
    assert member.get("/passkeys/x").status_code == 404


# ---------------------------------------------------------------- signing in


def test_a_passkey_alone_signs_in_and_goes_on(visitor: FlaskClient, services: FakeServices) -> None:
    hidden = pages.hidden(visitor.get("/sign-in?next=/desk/payments").text)
    options = visitor.get("/sign-in/passkey")
    assert json.loads(options.text)["challenge"] == "AA"
    assert (options.mimetype, options.headers["Cache-Control"]) == ("application/json", "no-store")
    done = visitor.post("/sign-in/passkey", data={**hidden, "passkey": MADE})
    assert done.headers["Location"] == "/desk/payments"
    assert any("tamdid_session=manager-session" in one for one in done.headers.getlist("Set-Cookie"))
    [query], [command] = services.sent(queries.GetPasskeySignIn), services.sent(passkey_commands.SignInWithPasskey)
    assert query.browser == command.browser
    assert len(command.browser.get_secret_value()) >= 40


def test_another_browser_has_another_secret(signed_in: SignedIn, services: FakeServices) -> None:
    for _ in range(2):
        browser = signed_in("")
        browser.get("/sign-in")
        browser.get("/sign-in/passkey")
    first, second = services.sent(queries.GetPasskeySignIn)
    assert first.browser != second.browser


def test_a_browser_that_has_seen_no_form_gets_no_options(visitor: FlaskClient, services: FakeServices) -> None:
    assert visitor.get("/sign-in/passkey").status_code == 400
    assert not services.sent(queries.GetPasskeySignIn)


def test_a_passkey_that_is_refused_leads_back_to_the_sign_in(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(passkey_commands.SignInWithPasskey, Reason.WRONG_PASSKEY)
    refused = pages.send(visitor, "/sign-in/passkey", {"passkey": MADE, "resumed.city": "کاشان"}, page="/sign-in")
    assert (refused.status_code, "کلید عبور پذیرفته نشد" in refused.text) == (422, True)
    assert pages.hidden(refused.text)["resumed.city"] == "کاشان"


def test_an_act_about_money_waits_for_the_passkey(manager: FlaskClient, with_passkey: FakeServices) -> None:
    with_passkey.invoices = (samples.invoice("settled"),)
    with_passkey.refuse(payment_commands.ConfirmPayment, Reason.CODE_NEEDED)
    stopped = manager.post(CONFIRM, data=pages.hidden(manager.get(CONFIRM).text))
    assert 'data-url="/sign-in/code/passkey"' in stopped.text
    assert json.loads(manager.get("/sign-in/code/passkey").text)["challenge"] == "AA"
    resumed = manager.post("/sign-in/code", data={**pages.hidden(stopped.text), "passkey": MADE})
    assert manager.post(CONFIRM, data=pages.hidden(resumed.text)).status_code == 303
    [command] = with_passkey.sent(commands.ConfirmSession)
    assert (command.passkey.get_secret_value(), command.code.get_secret_value()) == (MADE, "")
    first, second = with_passkey.sent(payment_commands.ConfirmPayment)
    assert first.id == second.id


def test_the_second_step_offers_what_the_account_has(visitor: FlaskClient, with_passkey: FakeServices) -> None:
    with_passkey.needs_code = True
    typed = {"principal_kind": "officer", "name": "maryam", "password": "x"}
    page = pages.send(visitor, "/sign-in", typed, page="/sign-in")
    assert "رمز بازیابی" in page.text
    assert "رمز شش‌رقمی" not in page.text
    assert with_passkey.sent(queries.GetSecondStep)[0].session.get_secret_value() == "manager-session"
    with_passkey.step = answers.SecondStep(has_code=True)
    assert "data-passkey" not in visitor.get("/sign-in/code").text


def test_scripts_are_our_own_files(member: FlaskClient) -> None:
    page = member.get("/sign-in")
    assert re.findall('<script src="([^"?]+)', page.text) == [
        "/static/once.js",
        "/static/sign_in.js",
        "/static/passkeys.js",
    ]
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "innerHTML" not in SCRIPT.read_text(encoding="utf-8")
