"""The ways by which a person is told: choices, addresses and the code that proves one."""

from datetime import time, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from clients.gateway.web import rpc
from shared.contract.auth import answers as auth_answers
from shared.contract.auth import commands as auth_commands
from shared.contract.notification import commands, queries
from shared.contract.notification.values import Way
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

WAYS, SMS, CODE = "/messages/ways", "/messages/ways/sms", "/messages/ways/sms/code"
MINUTE = timedelta(minutes=1)
UNTIL = {"until": "2026-10-06T08:30:20+00:00"}


@pytest.fixture(autouse=True)
def at_the_time_of_the_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    """However late the test runs, codes were sent as long ago as it says."""
    monkeypatch.setattr(rpc, "now", lambda: samples.NOW)


def await_code(services: FakeServices, ago: timedelta, address: str = samples.DECLARATION.mobile) -> None:
    awaited = samples.address("sms", address=address, is_proved=False, code_sent_at=samples.NOW - ago)
    services.contacts = samples.contacts(awaited)


@pytest.mark.parametrize("session", ["manager-session", "member-session"])
def test_addresses_are_shown_with_their_state(signed_in: SignedIn, services: FakeServices, session: str) -> None:
    assert signed_in(session).get(WAYS).text.count("آماده</span>") == 2
    await_code(services, MINUTE)
    page = signed_in(session).get(WAYS).text
    assert "در انتظار کد" in page
    assert f'href="{CODE}"' in page
    assert "رایانامه‌ای ثبت نشده است" in page
    services.contacts = samples.contacts(samples.address("email", is_stopped=True))
    assert "متوقف" in signed_in(session).get(WAYS).text
    assert "آنچه در هر حال گفته می‌شود" in signed_in(session).get(WAYS).text


def test_choices_are_shown_and_sent(member: FlaskClient, services: FakeServices) -> None:
    services.contacts = samples.contacts(ways=("email",), wants_reminders=False, quiet_from=time(22, 30))
    page = member.get(WAYS).text
    assert [("checked" in pages.field(page, name)) for name in ("sms", "email", "wants_reminders")] == [
        False,
        True,
        False,
    ]
    assert '<option value="22:30" selected>۲۲:۳۰</option>' in page
    typed = {"sms": "true", "wants_reminders": "true", "quiet_from": "۲۳:۰۰", "quiet_to": "07:00"}
    assert pages.send(member, WAYS, typed, WAYS).headers["Location"] == WAYS
    [sent] = services.sent(commands.SetChoices)
    assert (sent.ways, sent.wants_reminders) == ((Way.SMS,), True)
    assert (sent.quiet_from, sent.quiet_to) == (time(23), time(7))


def test_hours_that_are_none_are_said_at_their_field(member: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(member, WAYS, {"email": "true", "quiet_from": "25:00", "quiet_to": "07:00"}, WAYS)
    assert answer.status_code == 422
    assert 'id="quiet_from-wrong"' in answer.text
    assert "checked" in pages.field(answer.text, "email")
    assert services.sent(commands.SetChoices) == []


def test_a_number_is_set_and_its_code_typed_in_persian_digits(member: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(member, SMS, {"address": " ۰۹۱۳۱۲۳۴۵۶۷ "}, SMS)
    assert answer.headers["Location"] == CODE
    assert services.sent(commands.SetAddress)[0].address == "۰۹۱۳۱۲۳۴۵۶۷"
    await_code(services, MINUTE)
    assert "۰۹۱۳۱۲۳۴۵۶۷" in member.get(CODE).text
    answer = pages.send(member, CODE, {"code": "۰۱۲۳۴۵"}, CODE)
    assert answer.headers["Location"] == WAYS
    assert services.sent(commands.ProveAddress)[0].code == "012345"


@pytest.mark.parametrize(
    "typed",
    [
        " 012345 ",
        "٠١٢٣٤٥",
        "۰۱۲ ۳۴۵",
        "012-345",
        "کد: ۰۱۲۳۴۵",
        "کد ۰۱۲۳۴۵ ۱۰ دقیقه",
        "کد تأیید سامانهٔ تمدید عضویت:\n012345\nتا ۱۰ دقیقه. به کسی ندهید.",
    ],
)
def test_a_code_is_found_in_what_was_typed_or_pasted(member: FlaskClient, services: FakeServices, typed: str) -> None:
    await_code(services, MINUTE)
    assert pages.send(member, CODE, {"code": typed}, CODE).headers["Location"] == WAYS
    assert services.sent(commands.ProveAddress)[0].code == "012345"


@pytest.mark.parametrize("typed", ["012345 543210", "0123456", "", "۰۱۲۳۴"])
def test_what_has_no_code_or_two_is_none(member: FlaskClient, services: FakeServices, typed: str) -> None:
    await_code(services, MINUTE)
    answer = pages.send(member, CODE, {"code": typed}, CODE)
    assert (answer.status_code, "کد شش رقم دارد" in answer.text) == (422, True)
    assert services.sent(commands.ProveAddress) == []


def test_after_the_code_one_is_where_one_came_from(member: FlaskClient, services: FakeServices) -> None:
    back = "/member/renewal"
    answer = pages.send(member, SMS, {"address": "09131234567", "back": back}, SMS)
    assert answer.headers["Location"] == f"{CODE}?back={back}"
    await_code(services, MINUTE)
    assert f'name="back" value="{back}"' in member.get(f"{CODE}?back={back}").text
    assert pages.send(member, CODE, {"code": "012345", "back": back}, CODE).headers["Location"] == back


@pytest.mark.parametrize("back", ["//elsewhere.ir", "https://elsewhere.ir", "\\elsewhere"])
def test_nobody_is_led_elsewhere(member: FlaskClient, services: FakeServices, back: str) -> None:
    await_code(services, MINUTE)
    assert pages.send(member, CODE, {"code": "012345", "back": back}, CODE).headers["Location"] == WAYS


@pytest.mark.parametrize(
    ("way", "typed", "sentence"),
    [
        ("email", "x@y", "رایانامه را کامل بنویسید"),
        ("email", "مریم@example.ir", "رایانامه را با حروف لاتین بنویسید"),
        ("sms", "", "۱۱ رقم"),
        ("sms", "0913", "۱۱ رقم"),
        ("sms", "+98 913", "۱۱ رقم"),
        ("sms", "+۴۹ ۱۷۶ ۱۲۳۴۵۶۷۸", "به شمارهٔ بیرون از ایران پیامک نمی‌رود"),
        ("sms", "00491761234567", "به شمارهٔ بیرون از ایران پیامک نمی‌رود"),
    ],
)
def test_an_address_that_is_none_is_said_at_its_field(
    member: FlaskClient, services: FakeServices, way: str, typed: str, sentence: str
) -> None:
    services.refuse(commands.SetAddress, Reason.BAD_INPUT, {"address": "string_pattern_mismatch"})
    answer = pages.send(member, f"{WAYS}/{way}", {"address": typed}, SMS)
    assert answer.status_code == 422
    assert 'id="address-wrong"' in answer.text
    assert sentence in answer.text


@pytest.mark.parametrize(
    ("ago", "sentence"),
    [
        (timedelta(seconds=20), "یک دقیقه پس از آن"),
        (2 * MINUTE, "کد بعدی را از سه‌شنبه ۱۴ مهر ۱۴۰۵، ساعت ۱۲:۰۱ می‌توانید"),
    ],
    ids=["too-soon", "too-many-today"],
)
def test_one_who_wants_too_many_codes_is_told_when(
    member: FlaskClient, services: FakeServices, ago: timedelta, sentence: str
) -> None:
    await_code(services, ago, "09350000000")
    services.refuse(commands.SetAddress, Reason.TOO_MANY_ATTEMPTS, UNTIL)
    answer = pages.send(member, SMS, {"address": "09131234567"}, SMS)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_one_who_changes_a_number_just_proved_is_not_sent_away_for_a_day(
    member: FlaskClient, services: FakeServices
) -> None:
    services.refuse(commands.SetAddress, Reason.TOO_MANY_ATTEMPTS, UNTIL)
    answer = pages.send(member, SMS, {"address": "09350000000"}, SMS)
    assert (answer.status_code, "ساعت ۱۲:۰۱" in answer.text) == (422, True)


def test_a_button_pressed_twice_leads_to_the_one_code(member: FlaskClient, services: FakeServices) -> None:
    await_code(services, timedelta(seconds=1))
    services.refuse(commands.SetAddress, Reason.TOO_MANY_ATTEMPTS, UNTIL)
    answer = pages.send(member, SMS, {"address": "۰۹۱۳ ۱۲۳ ۴۵۶۷", "command_id": str(uuid4())}, SMS)
    assert answer.headers["Location"] == CODE
    assert "یک دقیقه پس از آن" in member.get(CODE).text


@pytest.mark.parametrize(
    ("typed", "refused", "ago", "sentence"),
    [
        ("12345", None, MINUTE, "کد شش رقم دارد"),
        ("123456", (Reason.WRONG_CODE, {"tries_left": "3"}), MINUTE, "این کد درست نیست"),
        ("123456", (Reason.WRONG_CODE, {"tries_left": "3"}), MINUTE, "تا ۳ بار دیگر می‌توانید"),
        ("123456", (Reason.WRONG_CODE, {"tries_left": "0"}), MINUTE, "بیش از اندازه نادرست"),
        ("123456", (Reason.WRONG_CODE, {"code": "expired"}), MINUTE, "ده دقیقهٔ این کد گذشته است"),
        ("123456", (Reason.WRONG_CODE, {}), 10 * MINUTE, "ده دقیقهٔ این کد گذشته است"),
        ("123456", (Reason.TOO_MANY_ATTEMPTS, {}), MINUTE, "بیش از اندازه نادرست"),
    ],
    ids=["no-code", "wrong", "tries-left", "last-try", "expired", "expired-by-the-clock", "too-many"],
)  # fmt: skip
def test_a_wrong_code_is_said_at_its_field(  # noqa: PLR0913
    member: FlaskClient,
    services: FakeServices,
    typed: str,
    refused: tuple[Reason, dict[str, str]] | None,
    ago: timedelta,
    sentence: str,
) -> None:
    await_code(services, ago)
    if refused:
        services.refuse(commands.ProveAddress, *refused)
    answer = pages.send(member, CODE, {"code": typed}, CODE)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="code-wrong"' in answer.text
    assert "value" not in pages.field(answer.text, "code") or typed not in pages.field(answer.text, "code")


def test_each_code_that_is_typed_is_another_try(member: FlaskClient, services: FakeServices) -> None:
    await_code(services, MINUTE)
    services.refuse(commands.ProveAddress, Reason.WRONG_CODE, {"tries_left": "4"})
    first = str(uuid4())
    answer = pages.send(member, CODE, {"code": "123456", "command_id": first}, CODE)
    assert str(services.sent(commands.ProveAddress)[0].id) == first, "so that a button pressed twice is one try"
    assert f'name="command_id" value="{first}"' not in answer.text


def test_back_to_a_code_that_was_typed_leads_on(member: FlaskClient, services: FakeServices) -> None:
    assert member.get(CODE).headers["Location"] == WAYS
    services.refuse(commands.ProveAddress, Reason.WRONG_CODE)
    assert pages.send(member, CODE, {"code": "123456"}, SMS).headers["Location"] == WAYS


def test_an_expired_code_is_told_before_it_is_typed(member: FlaskClient, services: FakeServices) -> None:
    await_code(services, 10 * MINUTE)
    assert "ده دقیقهٔ این کد گذشته است" in member.get(CODE).text


def test_an_address_is_removed_after_a_page_that_asks(member: FlaskClient, services: FakeServices) -> None:
    assert "۰۹۱۳۱۲۳۴۵۶۷ پاک می‌شود" in member.get(f"{SMS}/remove").text
    assert services.sent(commands.RemoveAddress) == []
    assert pages.send(member, f"{SMS}/remove", {}, f"{SMS}/remove").headers["Location"] == WAYS
    assert services.sent(commands.RemoveAddress)[0].way is Way.SMS
    services.contacts = samples.contacts()
    assert member.get(f"{SMS}/remove").headers["Location"] == WAYS


def test_there_is_no_third_way(member: FlaskClient) -> None:
    assert member.get(f"{WAYS}/inbox").status_code == 404


@pytest.mark.parametrize("path", ["/member/declaration/sent", "/member/renewal"])
def test_a_declared_number_is_offered_to_be_proved_until_it_is(
    member: FlaskClient, services: FakeServices, path: str
) -> None:
    services.renewal = samples.renewal("submitted")
    offer = f'name="address" value="{samples.DECLARATION.mobile}"'
    assert "چگونه باخبر می‌شوید" not in member.get(path).text
    services.contacts = samples.contacts(samples.address("sms", address="09350000000"), samples.address("email"))
    page = member.get(path).text
    assert offer in page
    assert f'name="back" value="{path}"' in page
    assert 'action="/messages/ways/email"' not in page
    services.refuse(queries.GetContacts, Reason.NO_ANSWER)
    assert offer not in member.get(path).text


def test_the_form_promises_what_is_done(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("requested")
    page = member.get("/member/declaration/contact").text
    assert "اگر پس از ارسال، با یک کد نشان دهید که از آن شماست" in page


def test_the_home_page_says_when_no_message_can_come(member: FlaskClient, services: FakeServices) -> None:
    line = "برای اینکه از نتیجه باخبر شوید"
    assert line not in member.get("/member").text
    services.contacts = samples.contacts(samples.address("sms", is_stopped=True))
    assert line in member.get("/member").text
    services.refuse(queries.GetContacts, Reason.NO_ANSWER)
    assert line not in member.get("/member").text


def test_a_proved_address_is_replaced_after_the_password(member: FlaskClient, services: FakeServices) -> None:
    """The form that was posted waits, and goes on once the session is confirmed."""
    services.step = auth_answers.SecondStep(has_code=False, by_password=True)
    services.refuse(commands.SetAddress, Reason.CODE_NEEDED)
    needed = pages.send(member, SMS, {"address": "09131234567"}, SMS)
    assert 'type="password"' in pages.field(needed.text, "password")
    assert "کد ملی" in needed.text
    hidden = pages.hidden(needed.text)
    services.refuse(auth_commands.ConfirmSession, Reason.WRONG_CREDENTIALS)
    for typed in ("نادرست", " "):
        wrong = member.post("/sign-in/code", data={**hidden, "password": typed})
        assert (wrong.status_code, 'href="#password"' in wrong.text, "نادرست" in wrong.text) == (422, True, False)
        hidden = pages.hidden(wrong.text)
    services.refusals.pop(auth_commands.ConfirmSession)
    going_on = member.post("/sign-in/code", data={**hidden, "password": "koohe-sefid"})
    assert f'<form method="post" action="{SMS}">' in going_on.text
    assert ("<h1>تأیید شد</h1>" in going_on.text, "وارد شدید" in going_on.text) == (True, False)
    assert services.sent(auth_commands.ConfirmSession)[-1].password.get_secret_value() == "koohe-sefid"
    answer = member.post(SMS, data=pages.hidden(going_on.text))
    assert answer.headers["Location"] == CODE
    assert services.sent(commands.SetAddress)[-1].address == "09131234567"


def test_a_proved_address_is_removed_after_the_password(member: FlaskClient, services: FakeServices) -> None:
    services.step = auth_answers.SecondStep(has_code=False, by_password=True)
    services.refuse(commands.RemoveAddress, Reason.CODE_NEEDED)
    needed = pages.send(member, f"{SMS}/remove", {}, f"{SMS}/remove")
    going_on = member.post("/sign-in/code", data={**pages.hidden(needed.text), "password": "koohe-sefid"})
    assert going_on.headers["Location"] == f"{SMS}/remove"
    assert pages.send(member, f"{SMS}/remove", {}, f"{SMS}/remove").headers["Location"] == WAYS
