import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from clients.gateway import web
from services.auth.sign_in import sessions
from shared.contract.auth import commands, queries
from shared.contract.refusals import Reason
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

TYPED = {"principal_kind": "member", "name": "۰۰۱۲۳-۴۵", "password": "۱۹۳۷۸۶۵۳", "captcha_id": str(samples.ATTEMPT)}


def test_a_member_signs_in_with_persian_digits(visitor: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(visitor, "/sign-in", {**TYPED, "captcha_answer": "۴۸۲۱۳"}, page="/sign-in")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/member")
    [command] = services.sent(commands.SignIn)
    assert (command.name, command.password.get_secret_value(), command.captcha_answer) == (
        "0012345",
        "19378653",
        "48213",
    )
    assert services.passport_of(commands.SignIn) is None


def test_an_officer_comes_to_the_desk(visitor: FlaskClient, services: FakeServices) -> None:
    fields = {"principal_kind": "officer", "name": "Maryam", "password": "x"}
    assert pages.send(visitor, "/sign-in", fields, page="/sign-in").headers["Location"] == "/desk"
    assert services.sent(commands.SignIn)[0].name == "maryam"


def test_one_comes_back_to_where_one_was(visitor: FlaskClient) -> None:
    assert visitor.get("/member/capacity/1405?x=1").headers["Location"] == "/sign-in?next=/member/capacity/1405?x%3D1"
    page = visitor.get("/sign-in?next=/member/capacity/1405").text
    assert pages.hidden(page)["next"] == "/member/capacity/1405"


def test_wrong_credentials_keep_the_number_and_forget_the_password(
    visitor: FlaskClient, services: FakeServices
) -> None:
    services.refuse(commands.SignIn, Reason.WRONG_CREDENTIALS)
    answer = pages.send(visitor, "/sign-in", TYPED, page="/sign-in")
    assert answer.status_code == 422
    assert "شماره یا گذرواژه درست نیست." in answer.text
    assert 'value="۰۰۱۲۳-۴۵"' in pages.field(answer.text, "name")
    assert "value=" not in pages.field(answer.text, "password")
    assert "۱۹۳۷۸۶۵۳" not in answer.text
    assert "19378653" not in answer.text
    assert "<title>خطا: ورود" in answer.text


def test_a_wrong_phrase_has_an_error_at_the_phrase_and_a_new_one_is_shown(
    visitor: FlaskClient, services: FakeServices
) -> None:
    services.refuse(commands.SignIn, Reason.WRONG_CAPTCHA)
    answer = pages.send(visitor, "/sign-in", {**TYPED, "captcha_answer": "11111"}, page="/sign-in")
    assert 'href="#captcha_answer"' in answer.text
    assert 'value=""' in pages.field(answer.text, "captcha_answer")
    assert len(services.sent(commands.NewCaptcha)) == 2


def test_a_new_phrase_can_be_requested_without_typing_the_number_again(
    visitor: FlaskClient, services: FakeServices
) -> None:
    answer = pages.send(visitor, "/sign-in", {**TYPED, "action": "new-captcha"}, page="/sign-in")
    assert answer.status_code == 200
    assert 'value="۰۰۱۲۳-۴۵"' in pages.field(answer.text, "name")
    assert services.sent(commands.SignIn) == []


def test_the_phrase_has_a_sound(visitor: FlaskClient) -> None:
    page = visitor.get("/sign-in").text
    sound = re.search(r'<audio controls preload="none" src="(/sign-in/sound/[0-9a-f-]+)"', page)
    assert sound is not None
    answer = visitor.get(sound[1])
    assert (answer.mimetype, answer.data) == ("audio/wav", b"RIFF")
    assert answer.headers["Cache-Control"].startswith("private, max-age=")


def test_a_part_of_the_sound_can_be_requested(visitor: FlaskClient) -> None:
    answer = visitor.get(f"/sign-in/sound/{samples.ATTEMPT}", headers={"Range": "bytes=0-1"})
    assert (answer.status_code, answer.data, answer.headers["Content-Range"]) == (206, b"RI", "bytes 0-1/4")


def test_a_sound_that_is_refused_is_not_cached(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(queries.GetCaptchaSound, Reason.WRONG_CAPTCHA)
    answer = visitor.get(f"/sign-in/sound/{samples.ATTEMPT}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (400, "no-store")


def test_a_phrase_is_drawn_for_an_address(visitor: FlaskClient, services: FakeServices) -> None:
    visitor.get("/sign-in", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert services.sent(commands.NewCaptcha)[-1].address == "192.0.2.7"


def test_no_phrase_is_shown_where_none_is_needed(visitor: FlaskClient, services: FakeServices) -> None:
    services.captcha_needed = False
    assert "captcha_answer" not in visitor.get("/sign-in").text
    assert services.sent(commands.NewCaptcha) == []


@pytest.mark.parametrize("missing", ["name", "password"])
def test_what_is_missing_has_an_error_before_any_message_is_sent(
    visitor: FlaskClient, services: FakeServices, missing: str
) -> None:
    answer = pages.send(visitor, "/sign-in", {**TYPED, missing: " "}, page="/sign-in")
    assert answer.status_code == 422
    assert f'href="#{missing}"' in answer.text
    assert services.sent(commands.SignIn) == []


def test_a_lock_says_until_when(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.SignIn, Reason.TOO_MANY_ATTEMPTS, {"until": "2026-11-22T18:30:00+00:00"})
    assert "یکشنبه ۱ آذر ۱۴۰۵، ساعت ۲۲:۰۰" in pages.send(visitor, "/sign-in", TYPED, page="/sign-in").text


def test_a_form_posted_after_the_sessions_end_waits_for_the_sign_in(
    signed_in: SignedIn, services: FakeServices
) -> None:
    client = signed_in("a-session-that-is-over")
    services.renewal = samples.renewal("requested")
    waiting = {"action": "next", "city": 'کاشان "شهر"'}
    first = client.post(
        "/member/declaration/residence", data={"csrf_token": pages.token(client, "/sign-in"), **waiting}
    )
    assert "آنچه نوشته‌اید نگه داشته شده است" in first.text
    kept = {name: text for name, text in pages.hidden(first.text).items() if name.startswith("resumed.")}
    assert kept == {f"resumed.{name}": text for name, text in waiting.items()}
    fields = {**TYPED, **kept, "next": pages.hidden(first.text)["next"]}
    second = pages.send(client, "/sign-in", fields, page="/sign-in")
    assert "<h1>وارد شدید</h1>" in second.text
    resumed = pages.hidden(second.text)
    assert '<form method="post" action="/member/declaration/residence">' in second.text
    third = client.post("/member/declaration/residence", data=resumed)
    assert third.status_code == 422
    assert "کاشان &#34;شهر&#34;" in third.text


def test_a_form_that_waits_survives_a_wrong_password(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.SignIn, Reason.WRONG_CREDENTIALS)
    answer = pages.send(visitor, "/sign-in", {**TYPED, "resumed.city": "کاشان"}, page="/sign-in")
    assert pages.hidden(answer.text)["resumed.city"] == "کاشان"


def test_secrets_never_wait_in_a_page(visitor: FlaskClient) -> None:
    fields = {"csrf_token": pages.token(visitor, "/sign-in"), "current": "x", "new": "a secret", "repeat": "a secret"}
    answer = visitor.post("/password", data=fields)
    assert answer.status_code == 303
    assert "a secret" not in answer.text


def test_signing_out_ends_the_session_at_both_ends(member: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(member, "/sign-out", {})
    assert answer.headers["Location"] == "/"
    assert [call.session.get_secret_value() for call in services.sent(commands.SignOut)] == ["member-session"]
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert member.get("/member").status_code == 303


def test_a_token_of_the_time_before_signing_in_is_worth_nothing_after(visitor: FlaskClient) -> None:
    before = pages.token(visitor, "/sign-in")
    visitor.post("/sign-in", data={**TYPED, "csrf_token": before})
    assert visitor.post("/member/renewal", data={"csrf_token": before}).status_code == 400


def test_a_password_of_ones_own_is_set(member: FlaskClient, services: FakeServices) -> None:
    fields = {"current": "۱۹۳۷۸۶۵۳", "new": "گذرواژه ۱۲۳", "repeat": "گذرواژه 123"}
    answer = pages.send(member, "/password", fields)
    assert answer.headers["Location"] == "/member"
    [command] = services.sent(commands.SetPassword)
    assert (command.current.get_secret_value(), command.new.get_secret_value()) == ("19378653", "گذرواژه 123")


@pytest.mark.parametrize(("reason", "place"), [(Reason.WRONG_CREDENTIALS, "current"), (Reason.WEAK_PASSWORD, "new")])
def test_a_refused_password_has_an_error_at_its_field(
    member: FlaskClient, services: FakeServices, reason: Reason, place: str
) -> None:
    services.refuse(commands.SetPassword, reason, {"password": "password_short:12"} if place == "new" else None)
    answer = pages.send(member, "/password", {"current": "x", "new": "y", "repeat": "y"})
    assert answer.status_code == 422
    assert f'href="#{place}"' in answer.text
    assert ("دست‌کم ۱۲ نویسه باشد" in answer.text) == (place == "new")


def test_a_repetition_that_differs_is_refused_here(member: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(member, "/password", {"current": "x", "new": "y", "repeat": "z"})
    assert 'href="#repeat"' in answer.text
    assert services.sent(commands.SetPassword) == []


def test_the_rule_is_queried_for_the_account_that_was_typed(visitor: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.SignIn, Reason.WRONG_CREDENTIALS)
    pages.send(visitor, "/sign-in", TYPED, page="/sign-in")
    assert services.sent(queries.GetSignInRule)[-1].name == "0012345"


def test_a_browser_that_signed_in_is_known_again(visitor: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(visitor, "/sign-in", TYPED, page="/sign-in")
    [cookie] = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith("tamdid_device=")]
    assert cookie.startswith("tamdid_device=known-device; ")
    assert all(f"; {rule}" in cookie for rule in ("HttpOnly", "Max-Age=15552000", "Path=/", "SameSite=Lax"))
    pages.send(visitor, "/sign-out", {})
    pages.send(visitor, "/sign-in", TYPED, page="/sign-in")
    known = [command.known_device for command in services.sent(commands.SignIn)]
    assert [one and one.get_secret_value() for one in known] == [None, "known-device"]
    rule = services.sent(queries.GetSignInRule)[-1]
    assert (rule.address, rule.known_device and rule.known_device.get_secret_value()) == ("127.0.0.1", "known-device")


@pytest.mark.parametrize("path", ["/", "/desk", "/desk/payments", "/desk/0012345/1405"])
def test_an_officer_changes_the_first_password_before_anything_else(
    manager: FlaskClient, services: FakeServices, path: str
) -> None:
    services.must_change_password = True
    answer = manager.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/password")
    page = manager.get("/password")
    assert "تنها برای نخستین ورود است" in page.text
    posted = pages.send(manager, "/desk/0012345/1405/approve", {"reason": "x"})
    assert (posted.status_code, posted.headers["Location"]) == (303, "/password")
    fields = {"current": "x", "new": "y", "repeat": "y"}
    assert pages.send(manager, "/password", fields).headers["Location"] == "/desk"
    assert pages.send(manager, "/sign-out", {}).headers["Location"] == "/"


def test_whoever_cannot_sign_in_is_told_whom_to_call(visitor: FlaskClient) -> None:
    page = visitor.get("/sign-in").text
    assert 'href="/help#forgotten"' in page
    assert 'href="tel:031-00000000"' in page
    assert 'id="forgotten"' in visitor.get("/help").text


def test_a_secret_can_be_shown_where_there_are_scripts(visitor: FlaskClient) -> None:
    page = visitor.get("/sign-in").text
    assert re.search(r'data-reveal="password"[^>]* hidden>', page)
    assert 'inputmode="numeric"' in pages.field(page, "captcha_answer")


def test_a_session_that_has_ended_is_told_after_it(signed_in: SignedIn) -> None:
    ended, nobody = signed_in("ended-session"), signed_in("")
    assert "زمان نشست شما به پایان رسید" in ended.get("/member", follow_redirects=True).text
    assert "زمان نشست" not in nobody.get("/member", follow_redirects=True).text


def test_the_end_of_an_idle_session_is_told_before_it(member: FlaskClient, visitor: FlaskClient) -> None:
    assert timedelta(minutes=web.session.IDLE_MINUTES) == sessions.IDLE
    page = member.get("/member").text
    assert 'data-idle-minutes="30"' in page
    assert "نشستی که ۳۰ دقیقه به کار نرود" in page
    assert "data-idle-minutes" not in visitor.get("/").text
