"""Pages of the second factor: setting and removing it, the second step of a sign-in, and the code before acts about money."""

import pytest
from flask.testing import FlaskClient

from shared.contract.auth import answers, commands
from shared.contract.payment import commands as payment_commands
from shared.contract.refusals import Reason
from shared.contract.values import SECRET_LENGTH_MAX
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

TYPED = {"principal_kind": "officer", "name": "maryam", "password": "x"}
CONFIRM = "/desk/payments/0012345/1405"


@pytest.mark.parametrize("holder", ["member-session", "manager-session"])
def test_a_factor_is_set_by_its_qr_code_and_one_code(signed_in: SignedIn, services: FakeServices, holder: str) -> None:
    client = signed_in(holder)
    enrolled = pages.send(client, "/second-factor/enrol", {"current": "۱۲۳ my password"}, page="/second-factor")
    assert samples.ENROLLED.secret in enrolled.text
    assert '<svg viewBox="' in enrolled.text
    assert services.sent(commands.EnrolSecondFactor)[0].current.get_secret_value() == "123 my password"
    shown = pages.send(client, "/second-factor/confirm", {"code": "۱۲۳ ۴۵۶"}, page="/second-factor")
    assert all(code in shown.text for code in samples.RECOVERY_CODES.codes)
    [command] = services.sent(commands.ConfirmSecondFactor)
    assert (command.code.get_secret_value(), command.session.get_secret_value()) == ("123 456", holder)
    for page in (enrolled, shown):
        assert page.headers["Cache-Control"] == "no-store"
    assert samples.ENROLLED.secret not in shown.text


def test_after_a_wrong_first_code_another_can_be_typed(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.ConfirmSecondFactor, Reason.WRONG_CODE)
    answer = pages.send(member, "/second-factor/confirm", {"code": "000000"}, page="/second-factor")
    assert answer.status_code == 422
    assert 'href="#code"' in answer.text
    assert "000000" not in answer.text
    assert 'action="/second-factor/confirm"' in answer.text


@pytest.mark.parametrize(("path", "name"), [("enrol", "current"), ("confirm", "code")])
def test_nothing_typed_sets_nothing(member: FlaskClient, services: FakeServices, path: str, name: str) -> None:
    answer = pages.send(member, f"/second-factor/{path}", {name: " "}, page="/second-factor")
    assert f'href="#{name}"' in answer.text
    assert not services.sent(commands.EnrolSecondFactor)
    assert not services.sent(commands.ConfirmSecondFactor)


@pytest.mark.parametrize(
    ("target", "shown_at"),
    [("/second-factor/enrol", "/second-factor"), ("/passkeys/new", "/second-factor"), ("/password", "/password")],
)
def test_what_is_too_long_for_a_secret_is_a_wrong_one(member: FlaskClient, target: str, shown_at: str) -> None:
    typed = dict.fromkeys(("current", "code", "new", "repeat", "name"), "آ" * (SECRET_LENGTH_MAX + 1))
    assert pages.send(member, target, typed, page=shown_at).status_code < 500


def test_a_wrong_password_sets_nothing(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.EnrolSecondFactor, Reason.WRONG_CREDENTIALS)
    answer = pages.send(member, "/second-factor/enrol", {"current": "x"}, page="/second-factor")
    assert 'href="#current"' in answer.text


def test_a_factor_is_removed_by_a_code(member: FlaskClient, services: FakeServices) -> None:
    services.factor = answers.SecondFactor(is_on=True, recovery_codes_left=7, has_code=True)
    assert "۷ رمز بازیابی" in member.get("/second-factor").text
    removed = pages.send(member, "/second-factor/remove", {"code": "123456"}, page="/second-factor")
    assert removed.headers["Location"] == "/second-factor"
    services.refuse(commands.RemoveSecondFactor, Reason.WRONG_CODE)
    wrong = pages.send(member, "/second-factor/remove", {"code": "123456"}, page="/second-factor")
    assert (wrong.status_code, 'href="#code"' in wrong.text) == (422, True)


def test_a_sign_in_with_a_factor_asks_for_its_code_and_then_goes_on(
    visitor: FlaskClient, services: FakeServices
) -> None:
    services.needs_code = True
    fields = {**TYPED, "next": "/desk/payments", "resumed.city": "کاشان"}
    first = pages.send(visitor, "/sign-in", fields, page="/sign-in")
    assert first.status_code == 200
    hidden = pages.hidden(first.text)
    assert (hidden["next"], hidden["resumed.city"]) == ("/desk/payments", "کاشان")
    second = visitor.post("/sign-in/code", data={**hidden, "code": "۱۲۳۴۵۶"})
    assert second.status_code == 200
    assert '<form method="post" action="/desk/payments">' in second.text
    assert pages.hidden(second.text)["city"] == "کاشان"
    [command] = services.sent(commands.ConfirmSession)
    assert (command.session.get_secret_value(), command.code.get_secret_value()) == ("manager-session", "123456")
    assert command.known_device
    assert command.known_device.get_secret_value() == "known-device"


def test_the_second_step_leads_to_the_first_page(visitor: FlaskClient, services: FakeServices) -> None:
    services.needs_code = True
    hidden = pages.hidden(pages.send(visitor, "/sign-in", TYPED, page="/sign-in").text)
    assert visitor.post("/sign-in/code", data={**hidden, "code": "123456"}).headers["Location"] == "/desk"


def test_a_wrong_code_keeps_what_waits_and_forgets_the_code(visitor: FlaskClient, services: FakeServices) -> None:
    services.needs_code = True
    services.refuse(commands.ConfirmSession, Reason.WRONG_CODE)
    hidden = pages.hidden(pages.send(visitor, "/sign-in", {**TYPED, "resumed.city": "کاشان"}, page="/sign-in").text)
    for typed in ("000000", " "):
        answer = visitor.post("/sign-in/code", data={**hidden, "code": typed})
        assert (answer.status_code, 'href="#code"' in answer.text) == (422, True)
        assert pages.hidden(answer.text)["resumed.city"] == "کاشان"
        assert "000000" not in answer.text


def test_a_code_without_a_session_leads_to_the_sign_in(signed_in: SignedIn) -> None:
    for cookie in ("", "a-session-that-is-over"):
        client = signed_in(cookie)
        answer = pages.send(client, "/sign-in/code", {"code": "123456"}, page="/sign-in/code")
        assert answer.headers["Location"] == "/sign-in"


def test_an_act_about_money_waits_for_the_code(manager: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled"),)
    services.refuse(payment_commands.ConfirmPayment, Reason.CODE_NEEDED)
    form = pages.hidden(manager.get(CONFIRM).text)
    stopped = manager.post(CONFIRM, data=form)
    assert "رمز یک‌بارمصرف" in stopped.text
    hidden = pages.hidden(stopped.text)
    assert hidden["next"] == CONFIRM
    resumed = manager.post("/sign-in/code", data={**hidden, "code": "123456"})
    done = manager.post(CONFIRM, data=pages.hidden(resumed.text))
    assert done.status_code == 303
    first, second = services.sent(payment_commands.ConfirmPayment)
    assert first.id == second.id


def test_a_wrong_code_in_an_open_session_is_said_to_whoever_is_signed_in(
    manager: FlaskClient, services: FakeServices
) -> None:
    services.invoices = (samples.invoice("settled"),)
    services.refuse(payment_commands.ConfirmPayment, Reason.CODE_NEEDED)
    before = manager.post(CONFIRM, data=pages.hidden(manager.get(CONFIRM).text)).text
    services.refuse(commands.ConfirmSession, Reason.WRONG_CODE)
    wrong = manager.post("/sign-in/code", data={**pages.hidden(before), "code": "000000"})
    assert wrong.status_code == 422
    for page in (before, wrong.text):
        assert "کارهای مالی و کارهای کاربران اداری" in page
        assert "/sign-out" in page


def test_the_api_says_that_a_code_is_needed(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(payment_commands.ConfirmPayment, Reason.CODE_NEEDED)
    body = {"member": "0012345", "year": 1405, "amount_rials": 1}
    headers = {"Authorization": "Bearer manager-session"}
    answer = manager.post("/api/payment/confirm_payment", json=body, headers=headers)
    assert (answer.status_code, answer.json and answer.json["refused"]) == (403, "code_needed")


@pytest.mark.parametrize("path", ["enrol", "confirm"])
def test_after_the_code_that_another_factor_needs_the_page_begins_anew(
    member: FlaskClient, services: FakeServices, path: str
) -> None:
    for kind in (commands.EnrolSecondFactor, commands.ConfirmSecondFactor):
        services.refuse(kind, Reason.CODE_NEEDED)
    fields = {"current": "x", "code": "x"}
    hidden = pages.hidden(pages.send(member, f"/second-factor/{path}", fields, page="/second-factor").text)
    assert hidden["next"] == f"/second-factor/{path}"
    assert member.get(hidden["next"]).status_code == 200
