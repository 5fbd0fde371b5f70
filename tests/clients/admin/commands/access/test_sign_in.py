import stat
from pathlib import Path
from typing import Any

import pytest

from clients.admin.transport import saved_session
from shared.contract import base
from shared.contract.auth import answers, commands
from shared.contract.refusals import Reason, Refused
from tests.clients.admin.examples import CAPTCHA, CARD, MEMBER
from tests.clients.admin.fake_server import MARYAM, URL, Tamdid

NO_CAPTCHA = answers.SignInRule(captcha_needed=False)
CAPTCHA_FIRST = answers.SignInRule(captcha_needed=True)


@pytest.mark.parametrize(
    "command", ["members show 123456", "desk list", "payments list", "officers list", "events tail"]
)
def test_a_command_without_a_session_says_how_to_sign_in(tamdid: Tamdid, command: str) -> None:
    result = tamdid(*command.split())
    assert result.exit_code == 1
    assert "tamdid sign-in --as NAME" in result.stderr
    assert tamdid.server.messages == []


def test_a_session_that_ended_at_the_server_says_how_to_sign_in(maryam: Tamdid) -> None:
    maryam.server.replies["auth.get_member"] = Refused(Reason.NOT_SIGNED_IN)
    result = maryam("members", "show", MEMBER)
    assert result.exit_code == 1
    assert "tamdid sign-in --as NAME" in result.stderr


def test_the_password_is_asked_for_and_never_shown(tamdid: Tamdid) -> None:
    tamdid.server.replies = {"auth.get_sign_in_rule": NO_CAPTCHA, "auth.sign_in": MARYAM}
    result = tamdid("sign-in", "--as", "maryam", typed="s3cret-enough\n")
    assert result.exit_code == 0, result.output
    assert "Signed in as maryam until 1405/07/15 18:30" in result.stdout
    assert "s3cret" not in result.output
    (command,) = tamdid.server.sent(commands.SignIn)
    assert (command.principal_kind, command.name, command.captcha_id) == ("officer", "maryam", None)
    assert command.password.get_secret_value() == "s3cret-enough"


def test_the_session_lies_in_a_file_that_only_its_owner_reads(tamdid: Tamdid, tmp_path: Path) -> None:
    tamdid.server.replies = {
        "auth.get_sign_in_rule": NO_CAPTCHA,
        "auth.sign_in": MARYAM,
        "auth.get_member": CARD,
    }
    tamdid("sign-in", "--as", "maryam", TAMDID_PASSWORD="s3cret-enough")
    (kept,) = (tmp_path / "state" / "tamdid").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert tamdid("members", "show", MEMBER).exit_code == 0
    assert tamdid.tokens == [None, "the-token"]


def test_another_server_is_another_session(maryam: Tamdid) -> None:
    assert saved_session.load(URL) is not None
    assert saved_session.load(URL + ":8443") is None


def test_a_member_signs_in_with_a_number_in_persian_digits(tamdid: Tamdid) -> None:
    tamdid.server.replies = {"auth.get_sign_in_rule": NO_CAPTCHA, "auth.sign_in": MARYAM}
    tamdid("sign-in", "--as", "۰۱۲۳۴۵۶", TAMDID_PASSWORD="0084575948")
    (command,) = tamdid.server.sent(commands.SignIn)
    assert (command.principal_kind, command.name) == ("member", "0123456")


def test_a_development_server_tells_the_security_phrase_itself(tamdid: Tamdid) -> None:
    hinted = CAPTCHA.model_copy(update={"hint": "48213"})
    tamdid.server.replies = {
        "auth.get_sign_in_rule": CAPTCHA_FIRST,
        "auth.new_captcha": hinted,
        "auth.sign_in": MARYAM,
    }
    assert tamdid("sign-in", "--as", "maryam", TAMDID_PASSWORD="s3cret-enough").exit_code == 0
    (command,) = tamdid.server.sent(commands.SignIn)
    assert (command.captcha_id, command.captcha_answer) == (CAPTCHA.captcha_id, "48213")


def test_a_security_phrase_is_shown_as_a_picture_and_another_one_after_a_mistake(
    tamdid: Tamdid, tmp_path: Path
) -> None:
    def sign_in(command: Any) -> answers.Session:
        if command.captcha_answer != "48213":
            raise Refused(Reason.WRONG_CAPTCHA)
        return MARYAM

    tamdid.server.replies = {
        "auth.get_sign_in_rule": CAPTCHA_FIRST,
        "auth.new_captcha": CAPTCHA,
        "auth.sign_in": sign_in,
    }
    result = tamdid("sign-in", "--as", "maryam", typed="11111\n۴۸۲۱۳\n", TAMDID_PASSWORD="s3cret-enough")
    assert result.exit_code == 0, result.output
    picture = tmp_path / "state" / "tamdid" / "security-phrase.png"
    assert result.stderr.count(str(picture)) == 2
    assert not picture.exists()


def test_wrong_credentials_are_not_tried_again(tamdid: Tamdid) -> None:
    tamdid.server.replies = {
        "auth.get_sign_in_rule": NO_CAPTCHA,
        "auth.sign_in": Refused(Reason.WRONG_CREDENTIALS),
    }
    result = tamdid("sign-in", "--as", "maryam", TAMDID_PASSWORD="wrong")
    assert result.exit_code == 1
    assert "The number or the password is wrong." in result.stderr
    assert len(tamdid.server.sent(commands.SignIn)) == 1
    assert saved_session.load(URL) is None


def test_a_lock_tells_until_when_in_tehran(tamdid: Tamdid) -> None:
    locked = Refused(Reason.TOO_MANY_ATTEMPTS, {"until": "2026-10-07T11:15:00+00:00"})
    tamdid.server.replies = {"auth.get_sign_in_rule": NO_CAPTCHA, "auth.sign_in": locked}
    result = tamdid("sign-in", "--as", "maryam", TAMDID_PASSWORD="wrong")
    assert "until: 1405/07/15 14:45" in result.stderr


def test_signing_out_ends_the_session_here_and_there(maryam: Tamdid) -> None:
    maryam.server.replies["auth.sign_out"] = base.Done()
    assert maryam("sign-out").exit_code == 0
    (command,) = maryam.server.sent(commands.SignOut)
    assert command.session.get_secret_value() == "the-token"
    assert saved_session.load(URL) is None


def test_signing_out_forgets_a_session_that_had_ended(maryam: Tamdid) -> None:
    maryam.server.replies["auth.sign_out"] = Refused(Reason.NOT_SIGNED_IN)
    assert maryam("sign-out").exit_code == 0
    assert saved_session.load(URL) is None


def test_signing_out_keeps_a_session_that_the_server_could_not_end(maryam: Tamdid) -> None:
    maryam.server.replies["auth.sign_out"] = Refused(Reason.NO_ANSWER)
    assert maryam("sign-out").exit_code == 3
    assert saved_session.load(URL) is not None


def test_a_first_password_is_said_to_be_for_one_sign_in(tamdid: Tamdid) -> None:
    first = MARYAM.model_copy(update={"must_change_password": True})
    tamdid.server.replies = {"auth.get_sign_in_rule": NO_CAPTCHA, "auth.sign_in": first}
    result = tamdid("sign-in", "--as", "maryam", TAMDID_PASSWORD="s3cret-enough")
    assert result.exit_code == 0
    assert "tamdid password" in result.stderr


def test_a_password_of_ones_own_is_set_and_this_session_goes_on(maryam: Tamdid) -> None:
    maryam.server.replies["auth.set_password"] = base.Done(position=3)
    result = maryam("password", typed="the present one\nthe-new-one-1405\nthe-new-one-1405\n")
    assert result.exit_code == 0, result.output
    assert "The new password is set" in result.stdout
    assert "one-1405" not in result.output
    (command,) = maryam.server.sent(commands.SetPassword)
    secrets = (command.current, command.new, command.session)
    assert [one.get_secret_value() for one in secrets] == ["the present one", "the-new-one-1405", "the-token"]


def test_a_weak_password_says_what_is_weak(maryam: Tamdid) -> None:
    maryam.server.replies["auth.set_password"] = Refused(Reason.WEAK_PASSWORD, {"password": "password_short:12"})
    result = maryam("password", TAMDID_PASSWORD="x", TAMDID_NEW_PASSWORD="y")
    assert result.exit_code == 1
    assert "at least 12 characters" in result.stderr


def test_a_sign_in_with_a_second_factor_asks_for_its_code(tamdid: Tamdid) -> None:
    pending = MARYAM.model_copy(update={"token": "pending", "needs_code": True})
    replies = {"auth.get_sign_in_rule": NO_CAPTCHA, "auth.sign_in": pending, "auth.confirm_session": MARYAM}
    tamdid.server.replies = {**replies}
    result = tamdid("sign-in", "--as", "maryam", TAMDID_PASSWORD="s3cret-enough", typed="۱۲۳۴۵۶\n")
    assert result.exit_code == 0, result.output
    (command,) = tamdid.server.sent(commands.ConfirmSession)
    assert (command.session.get_secret_value(), command.code.get_secret_value()) == ("pending", "۱۲۳۴۵۶")
    saved = saved_session.load(URL)
    assert saved is not None
    assert saved.token == "the-token"


def test_a_wrong_code_saves_no_session(tamdid: Tamdid) -> None:
    pending = MARYAM.model_copy(update={"needs_code": True})
    wrong = Refused(Reason.WRONG_CODE)
    tamdid.server.replies = {
        "auth.get_sign_in_rule": NO_CAPTCHA,
        "auth.sign_in": pending,
        "auth.confirm_session": wrong,
    }
    result = tamdid("sign-in", "--as", "maryam", TAMDID_PASSWORD="s3cret-enough", TAMDID_CODE="000000")
    assert result.exit_code == 1
    assert saved_session.load(URL) is None


def test_a_session_is_confirmed_for_acts_about_money(maryam: Tamdid) -> None:
    maryam.server.replies["auth.confirm_session"] = MARYAM
    result = maryam("confirm", TAMDID_CODE="123456")
    assert result.exit_code == 0, result.output
    assert "confirmed for ten minutes" in result.stdout
    (command,) = maryam.server.sent(commands.ConfirmSession)
    assert command.session.get_secret_value() == "the-token"
