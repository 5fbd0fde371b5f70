"""Signing in and setting passwords, as one way from the command to the session."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from services.auth.register import import_batch
from services.auth.sign_in import captcha, credentials, sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.sign_in import CaptchaRule, SignIn, needs_captcha
from services.auth.sign_in.throttle import NETWORK_FAILURES_MAX, Attempt
from services.auth.tables import SESSIONS
from shared.contract.auth import answers, commands
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, OTHER, ROW, appoint, appointment, import_of, sign_in, stamps

MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject="012345")


@pytest.fixture
def sign_in_service(records: Records, passwords: Passwords) -> SignIn:
    import_batch.import_members(records, import_of(ROW, OTHER), ADMIN)
    return SignIn(records, passwords, "never")


def reason(
    sign_in_service: SignIn, command: commands.SignIn | commands.SetPassword, caller: Passport = MEMBER
) -> Reason | None:
    try:
        if isinstance(command, commands.SignIn):
            sign_in_service.open_session(command, str(command.id), f"device {command.id}")
        else:
            sign_in_service.set_password(command.model_copy(update={"actor": caller.actor}))
    except Refused as refusal:
        return refusal.reason
    return None


def change(current: str, new: str, at: datetime = NOON, **more: Any) -> commands.SetPassword:
    return commands.SetPassword(**{**stamps(at), "current": current, "new": new, **more})


def minutes(number: float) -> datetime:
    return NOON + timedelta(minutes=number)


@pytest.mark.parametrize(("name", "code"), [("012345", "19378653"), ("۰۱۲۳۴۵", "۰۰۱۹۳۷۸۶۵۳")])
def test_a_member_signs_in_with_number_and_national_code(sign_in_service: SignIn, name: str, code: str) -> None:
    session = sign_in_service.open_session(sign_in(name, code), "token", "device")
    assert session == answers.Session(token="token", passport=MEMBER, expires_at=minutes(30), known_device="device")
    assert sessions.use(sign_in_service.records, "token", minutes(1)).passport == MEMBER


def test_the_first_sign_in_leaves_a_hash_and_the_second_is_held_against_it(sign_in_service: SignIn) -> None:
    for minute in (0, 1):
        sign_in_service.open_session(sign_in("012345", "19378653", minutes(minute)), f"token {minute}", "device")
    with sign_in_service.records.read() as connection:
        kept = credentials.find(connection, "member:012345")
        assert credentials.find(connection, "member:012346").password_hash is None
    assert kept.password_hash is not None
    assert kept.password_hash.startswith("$argon2id$")
    assert not kept.is_own


def test_an_officer_signs_in_with_a_password(sign_in_service: SignIn) -> None:
    appoint(sign_in_service.records, sign_in_service.passwords, appointment())
    right = sign_in("modir", "a long enough one", principal_kind="officer")
    assert sign_in_service.open_session(right, "token", "device").passport.actor == "officer:modir"
    assert reason(sign_in_service, sign_in("modir", "a long enough one")) is Reason.WRONG_CREDENTIALS


def test_whatever_is_wrong_the_answer_is_the_same(sign_in_service: SignIn) -> None:
    for principal_kind, name, password in (
        ("member", "012345", "1275260187"),
        ("member", "999999", "19378653"),
        ("member", "'; --", "19378653"),
        ("officer", "012345", "19378653"),
        ("officer", "ghost", "a long enough one"),
    ):
        with pytest.raises(Refused) as refusal:
            sign_in_service.open_session(sign_in(name, password, principal_kind=principal_kind), "token", "device")
        assert (refusal.value.reason, refusal.value.details) == (Reason.WRONG_CREDENTIALS, {})
    with sign_in_service.records.read() as connection:
        assert not connection.execute(SESSIONS.select()).all()


def test_after_five_failures_the_right_credential_waits_as_well(sign_in_service: SignIn) -> None:
    for number in range(5):
        assert reason(sign_in_service, sign_in("012345", "wrong", minutes(number))) is Reason.WRONG_CREDENTIALS
    with pytest.raises(Refused) as refusal:
        sign_in_service.open_session(sign_in("012345", "19378653", minutes(6)), "token", "device")
    assert refusal.value.reason is Reason.TOO_MANY_ATTEMPTS
    assert refusal.value.details == {"until": minutes(19).isoformat()}
    assert reason(sign_in_service, sign_in("012345", "19378653", minutes(19))) is None


def test_a_try_while_locked_does_not_lengthen_the_lock(sign_in_service: SignIn) -> None:
    for number in range(9):
        reason(sign_in_service, sign_in("012345", "wrong", minutes(number)))
    assert reason(sign_in_service, sign_in("012345", "19378653", minutes(19))) is None


def test_an_account_that_does_not_exist_is_locked_alike(sign_in_service: SignIn) -> None:
    reasons = [reason(sign_in_service, sign_in("999999", "wrong", minutes(number))) for number in range(6)]
    assert reasons == [Reason.WRONG_CREDENTIALS] * 5 + [Reason.TOO_MANY_ATTEMPTS]


def test_the_same_number_typed_otherwise_is_the_same_account(sign_in_service: SignIn) -> None:
    for number, name in enumerate(("012345", "۰۱۲۳۴۵", "012-345", " 012345", "٠١٢٣٤٥")):
        reason(sign_in_service, sign_in(name, "wrong", minutes(number)))
    assert reason(sign_in_service, sign_in("012345", "19378653", minutes(6))) is Reason.TOO_MANY_ATTEMPTS


def test_success_begins_the_count_anew(sign_in_service: SignIn) -> None:
    for number in range(4):
        reason(sign_in_service, sign_in("012345", "wrong", minutes(number)))
    assert reason(sign_in_service, sign_in("012345", "19378653", minutes(4))) is None
    assert reason(sign_in_service, sign_in("012345", "wrong", minutes(5))) is Reason.WRONG_CREDENTIALS
    assert reason(sign_in_service, sign_in("012345", "19378653", minutes(5))) is None


STRANGER, HOLDER = {"address": "203.0.113.5"}, {"address": "192.0.2.7"}


def test_a_strangers_failures_do_not_keep_the_holder_out(sign_in_service: SignIn) -> None:
    """Five wrong tries locked anybody out for a quarter of an hour, again and again."""
    for number in range(20):
        reason(sign_in_service, sign_in("012345", "wrong", minutes(number / 5), **STRANGER))
    assert reason(sign_in_service, sign_in("012345", "19378653", minutes(4), **STRANGER)) is Reason.TOO_MANY_ATTEMPTS
    assert reason(sign_in_service, sign_in("012345", "19378653", minutes(4), **HOLDER)) is None


def test_a_device_that_signed_in_before_does_not_wait_for_strangers(sign_in_service: SignIn) -> None:
    device = sign_in_service.open_session(sign_in("012345", "19378653", NOON, **HOLDER), "first", "cookie").known_device
    for number in range(5):
        reason(sign_in_service, sign_in("012345", "wrong", minutes(number), **HOLDER))
    again = sign_in("012345", "19378653", minutes(5), **HOLDER)
    assert reason(sign_in_service, again) is Reason.TOO_MANY_ATTEMPTS
    assert reason(sign_in_service, again.model_copy(update={"known_device": SecretStr(device)})) is None
    assert reason(sign_in_service, again.model_copy(update={"known_device": SecretStr("made up")})) is (
        Reason.TOO_MANY_ATTEMPTS
    )


def test_a_known_device_guesses_no_faster_than_a_stranger(sign_in_service: SignIn) -> None:
    sign_in_service.open_session(sign_in("012345", "19378653"), "first", "cookie")
    tries = [sign_in("012345", "wrong", minutes(number), known_device="cookie") for number in range(6)]
    assert [reason(sign_in_service, one) for one in tries] == [Reason.WRONG_CREDENTIALS] * 5 + [
        Reason.TOO_MANY_ATTEMPTS
    ]


def test_the_failures_of_a_whole_network_ask_for_a_phrase_and_refuse_nobody(sign_in_service: SignIn) -> None:
    """Twenty refused everybody behind the address for a quarter of an hour."""
    mild = SignIn(sign_in_service.records, sign_in_service.passwords, "after-failures")
    for number in range(NETWORK_FAILURES_MAX):
        reason(mild, sign_in(f"9{number:05}", "wrong", NOON, **HOLDER))
    right = sign_in("012345", "19378653", minutes(1), **HOLDER)
    assert reason(mild, right) is Reason.WRONG_CAPTCHA
    solved = {"captcha_id": drawn(mild.records, minutes(1)), "captcha_answer": "04719"}
    assert reason(mild, sign_in("012345", "19378653", minutes(1), **HOLDER, **solved)) is None


def test_a_new_password_makes_every_device_a_stranger(sign_in_service: SignIn) -> None:
    sign_in_service.open_session(sign_in("012345", "19378653"), "first", "cookie")
    assert reason(sign_in_service, change("19378653", "kooh-e-1405")) is None
    for number in range(5):
        reason(sign_in_service, sign_in("012345", "wrong", minutes(number)))
    late = sign_in("012345", "kooh-e-1405", minutes(5), known_device="cookie")
    assert reason(sign_in_service, late) is Reason.TOO_MANY_ATTEMPTS


def drawn(records: Records, at: datetime = NOON) -> Any:
    command = commands.NewCaptcha(id=uuid4(), deadline=at + captcha.LIFE, at=at)
    records.write(lambda connection: captcha.create(connection, command, "04719"))
    return command.id


def test_where_a_phrase_is_asked_for_it_comes_first_and_counts_as_no_failure(sign_in_service: SignIn) -> None:
    strict = SignIn(sign_in_service.records, sign_in_service.passwords, "always")
    assert reason(strict, sign_in("012345", "19378653")) is Reason.WRONG_CAPTCHA
    wrong = {"captcha_id": drawn(sign_in_service.records), "captcha_answer": "00000"}
    assert reason(strict, sign_in("012345", "19378653", **wrong)) is Reason.WRONG_CAPTCHA
    used_up = wrong | {"captcha_answer": "04719"}
    assert reason(strict, sign_in("012345", "19378653", **used_up)) is Reason.WRONG_CAPTCHA
    right = {"captcha_id": drawn(sign_in_service.records), "captcha_answer": "۰۴۷۱۹"}
    assert reason(strict, sign_in("012345", "19378653", **right)) is None


def test_a_right_phrase_does_not_help_a_wrong_password(sign_in_service: SignIn) -> None:
    strict = SignIn(sign_in_service.records, sign_in_service.passwords, "always")
    solved = {"captcha_id": drawn(sign_in_service.records), "captcha_answer": "04719"}
    assert reason(strict, sign_in("012345", "wrong", **solved)) is Reason.WRONG_CREDENTIALS
    assert reason(strict, sign_in("012345", "19378653", **solved)) is Reason.WRONG_CAPTCHA


def test_after_failures_the_phrase_is_asked_for_from_the_third_try_on(sign_in_service: SignIn) -> None:
    mild = SignIn(sign_in_service.records, sign_in_service.passwords, "after-failures")
    for minute in (0, 1):
        assert reason(mild, sign_in("012345", "wrong", minutes(minute))) is Reason.WRONG_CREDENTIALS
    assert reason(mild, sign_in("012345", "19378653", minutes(2))) is Reason.WRONG_CAPTCHA
    solved = {"captcha_id": drawn(sign_in_service.records, minutes(2)), "captcha_answer": "04719"}
    assert reason(mild, sign_in("012345", "19378653", minutes(3), **solved)) is None
    assert reason(mild, sign_in("012345", "19378653", minutes(4))) is None


@pytest.mark.parametrize(
    ("rule", "fresh", "failed"), [("always", 1, 1), ("work", 1, 1), ("after-failures", 0, 1), ("never", 0, 0)]
)
def test_the_rule_is_the_same_for_accounts_that_do_not_exist(
    sign_in_service: SignIn, rule: CaptchaRule, fresh: bool, failed: bool
) -> None:
    for account, name in (("member:012345", "012345"), ("member:999999", "999999")):
        with sign_in_service.records.read() as connection:
            assert needs_captcha(connection, rule, Attempt(account, "", NOON)) == fresh
        for minute in (0, 1):
            reason(sign_in_service, sign_in(name, "wrong", minutes(minute)))
        with sign_in_service.records.read() as connection:
            assert needs_captcha(connection, rule, Attempt(account, "", minutes(2))) == failed


def test_an_own_password_takes_the_place_of_the_code(sign_in_service: SignIn) -> None:
    assert reason(sign_in_service, change("19378653", "kooh-e-1405")) is None
    assert reason(sign_in_service, sign_in("012345", "19378653", minutes(1))) is Reason.WRONG_CREDENTIALS
    assert reason(sign_in_service, sign_in("012345", "kooh-e-1405", minutes(2))) is None
    with sign_in_service.records.read() as connection:
        last = sign_in_service.records.own_log().read(connection, 0, 100)[-1]
    assert (last.stream, last.type) == ("member/012345", "PasswordChanged")
    assert "kooh" not in last.data


def test_an_officer_sets_a_password_on_their_own_stream(sign_in_service: SignIn) -> None:
    appoint(sign_in_service.records, sign_in_service.passwords, appointment())
    modir = Passport(principal_kind=PrincipalKind.OFFICER, subject="modir")
    assert reason(sign_in_service, change("a long enough one", "another long one"), modir) is None
    with sign_in_service.records.read() as connection:
        assert sign_in_service.records.own_log().read(connection, 0, 100)[-1].stream == "officer/modir"
    assert reason(sign_in_service, sign_in("modir", "another long one", principal_kind="officer")) is None


def test_a_password_is_set_only_by_who_knows_the_current_one(sign_in_service: SignIn) -> None:
    for number in range(5):
        assert reason(sign_in_service, change("wrong", "kooh-e-1405", minutes(number))) is Reason.WRONG_CREDENTIALS
    assert reason(sign_in_service, change("19378653", "kooh-e-1405", minutes(6))) is Reason.TOO_MANY_ATTEMPTS


def test_a_new_password_ends_all_sessions_but_the_one_that_set_it(sign_in_service: SignIn) -> None:
    for token in ("own", "left on another computer"):
        sign_in_service.open_session(sign_in("012345", "19378653"), token, "device")
    assert reason(sign_in_service, change("19378653", "kooh-e-1405", session="own")) is None
    assert sessions.use(sign_in_service.records, "own", minutes(1)).passport == MEMBER
    with pytest.raises(Refused) as refusal:
        sessions.use(sign_in_service.records, "left on another computer", minutes(1))
    assert refusal.value.reason is Reason.NOT_SIGNED_IN


def test_the_present_password_and_a_common_one_are_no_new_password(sign_in_service: SignIn) -> None:
    assert reason(sign_in_service, change("19378653", "kooh-e-1405")) is None
    for new, code in (
        ("kooh-e-۱۴۰۵", "password_unchanged"),
        ("آرمین-۱۴۰۵", "password_personal"),
        ("qwertyuiop1", "password_common"),
    ):
        with pytest.raises(Refused) as refusal:
            sign_in_service.set_password(change("kooh-e-1405", new).model_copy(update={"actor": MEMBER.actor}))
        assert refusal.value.details == {"password": code}


def test_a_weak_password_is_refused_before_the_current_one_is_tried(sign_in_service: SignIn) -> None:
    for weak in ("short", "0019378653"):
        assert reason(sign_in_service, change("19378653", weak)) is Reason.WEAK_PASSWORD
    assert reason(sign_in_service, sign_in("012345", "19378653")) is None


def test_setting_a_password_again_by_the_same_command_is_the_same(sign_in_service: SignIn) -> None:
    command = change("19378653", "kooh-e-1405")
    assert reason(sign_in_service, command) is None
    assert reason(sign_in_service, command) is None
    with sign_in_service.records.read() as connection:
        assert [one.type for one in sign_in_service.records.own_log().stream(connection, "member/012345")] == [
            "MemberEnrolled",
            "PasswordChanged",
        ]


def test_another_password_under_the_id_of_a_change_is_not_taken_for_set(sign_in_service: SignIn) -> None:
    first = change(ROW["national_code"], "کوه‌های زاگرس ۱۴۰۵")
    other = first.model_copy(update={"new": SecretStr("کوه‌های البرز ۱۴۰۵")})
    assert [reason(sign_in_service, first), reason(sign_in_service, other), reason(sign_in_service, first)] == [
        None,
        Reason.CONFLICT,
        None,
    ]
