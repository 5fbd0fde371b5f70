"""The second step of a sign-in, the confirmation of a session, and setting and removing a second factor."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest

from deploy.containers.secrets import make_keys
from services.auth.second_factor import domain, factors
from services.auth.second_factor.encryption import SecretBox
from services.auth.second_factor.passkeys import Passkeys
from services.auth.second_factor.relying_party import RelyingParty
from services.auth.sign_in import known_devices, recovery, sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.second_step import SecondStep
from services.auth.sign_in.sessions import IDLE, PENDING_LIFE
from services.auth.sign_in.sign_in import SignIn
from services.auth.tables import RECOVERY_CODES, SECOND_FACTORS
from shared.contract.auth import answers, commands
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.auth.samples import NOON, appoint, appointment, sign_in, stamps

OFFICER = "officer:modir"
PASSWORD = "koohe-sefid-1405"
CODES = tuple(domain.recovery_code(bytes([number] * domain.RECOVERY_BYTES)) for number in range(10))
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def code(at: datetime) -> str:
    return pyotp.TOTP(SECRET).at(at)


def passkeys_of(keys: Path) -> Passkeys:
    return Passkeys(RelyingParty.of("https://portal.example"), SecretBox(keys / "auth.pem"))


@pytest.fixture
def step(records: Records, passwords: Passwords, tmp_path: Path) -> SecondStep:
    """An officer with a session, `first`."""
    make_keys(tmp_path, ["auth"])
    appoint(records, passwords, appointment(password=PASSWORD))
    records.write(lambda connection: sessions.start(connection, "first", OFFICER, NOON))
    return SecondStep(records, passkeys_of(tmp_path))


@pytest.fixture
def with_factor(step: SecondStep, passwords: Passwords) -> SecondStep:
    """The same with a second factor, set with the code of `NOON`."""
    enrol(step, passwords)
    assert turn_on(step) == answers.RecoveryCodes(codes=CODES)
    return step


def own(at: datetime = NOON, **more: Any) -> dict[str, Any]:
    return {**stamps(at), "actor": OFFICER, **more}


def enrol(
    step: SecondStep, passwords: Passwords, current: str = PASSWORD, at: datetime = NOON
) -> answers.SecondFactorSecret:
    return step.enrol(commands.EnrolSecondFactor(**own(at, current=current)), passwords, SECRET)


def turn_on(step: SecondStep, at: datetime = NOON, typed: str = "") -> answers.RecoveryCodes:
    command = commands.ConfirmSecondFactor(**own(at, code=typed or code(at), session="first"))
    return step.turn_on(command, CODES)


def confirm(step: SecondStep, token: str, typed: str, at: datetime, device: str | None = None) -> answers.Session:
    command = commands.ConfirmSession(**{**stamps(at), "session": token, "code": typed, "known_device": device})
    return step.confirm_session(command, f"device of {token}", initial_lasts=True)


def open_pending(
    step: SecondStep, passwords: Passwords, token: str, at: datetime = NOON, device: str | None = None
) -> answers.Session:
    service = SignIn(step.records, passwords, "never", initial_lasts=True)
    command = sign_in("modir", PASSWORD, at, principal_kind="officer", known_device=device)
    return service.open_session(command, token, "device")


def reason(work: Callable[..., object], *arguments: Any) -> Reason | None:
    try:
        work(*arguments)
    except Refused as refusal:
        return refusal.reason
    return None


def holder(step: SecondStep, token: str, at: datetime) -> sessions.Holder:
    return sessions.use(step.records, token, at, initial_lasts=True)


def test_a_factor_counts_only_after_a_code_of_it(step: SecondStep, passwords: Passwords) -> None:
    enrolled = enrol(step, passwords)
    assert enrolled.secret in enrolled.uri
    assert not open_pending(step, passwords, "second").needs_code
    assert not holder(step, "first", NOON).passport.has_second_factor
    assert reason(turn_on, step, NOON, "000000") is Reason.WRONG_CODE
    turn_on(step)
    passport = holder(step, "first", NOON).passport
    assert (passport.has_second_factor, passport.confirmed_at) == (True, NOON)
    assert open_pending(step, passwords, "third").needs_code


def test_enrolling_needs_the_password_and_no_factor_that_is_on(step: SecondStep, passwords: Passwords) -> None:
    assert reason(enrol, step, passwords, "wrong") is Reason.WRONG_CREDENTIALS
    assert reason(turn_on, step) is Reason.WRONG_CODE
    enrol(step, passwords, at=after(5))
    turn_on(step, after(5))
    assert reason(enrol, step, passwords, PASSWORD, after(60)) is Reason.SECOND_FACTOR_ON
    assert reason(turn_on, step, after(60)) is Reason.SECOND_FACTOR_ON


def test_a_session_that_waits_for_its_code_opens_nothing(with_factor: SecondStep, passwords: Passwords) -> None:
    pending = open_pending(with_factor, passwords, "second", after(60))
    assert pending.needs_code
    assert not pending.passport.roles | pending.passport.provinces
    assert reason(holder, with_factor, "second", after(60)) is Reason.NOT_SIGNED_IN
    with with_factor.records.read() as connection:
        listed = sessions.list_open(connection, OFFICER, "second", after(60))
    assert [one.is_this for one in listed] == [False]
    opened = confirm(with_factor, "second", code(after(60)), after(60))
    assert (opened.needs_code, opened.token, opened.passport.actor) == (False, "second", OFFICER)
    assert holder(with_factor, "second", after(61)).passport.provinces == {"isfahan"}


def test_a_wrong_code_and_a_session_that_is_none_open_nothing(with_factor: SecondStep, passwords: Passwords) -> None:
    open_pending(with_factor, passwords, "second", after(60))
    assert reason(confirm, with_factor, "second", "000000", after(60)) is Reason.WRONG_CODE
    assert reason(confirm, with_factor, "no session", code(after(60)), after(60)) is Reason.NOT_SIGNED_IN
    late = after(60) + PENDING_LIFE
    assert reason(confirm, with_factor, "second", code(late), late) is Reason.NOT_SIGNED_IN
    assert reason(holder, with_factor, "second", late) is Reason.NOT_SIGNED_IN


def test_a_code_is_right_once(with_factor: SecondStep, passwords: Passwords) -> None:
    """Whoever looks over a shoulder, or reads the code in a forged page, comes too late."""
    open_pending(with_factor, passwords, "second", after(60))
    open_pending(with_factor, passwords, "thief", after(60))
    confirm(with_factor, "second", code(after(60)), after(60))
    assert reason(confirm, with_factor, "thief", code(after(60)), after(61)) is Reason.WRONG_CODE
    assert reason(confirm, with_factor, "thief", code(NOON), after(62)) is Reason.WRONG_CODE


def test_five_wrong_codes_end_the_guessing(with_factor: SecondStep, passwords: Passwords) -> None:
    open_pending(with_factor, passwords, "second", after(0))
    guesses = [after(60 + 20 * number) for number in range(6)]
    answered = [reason(confirm, with_factor, "second", "000000", at) for at in guesses]
    assert answered == [Reason.WRONG_CODE] * 5 + [Reason.TOO_MANY_ATTEMPTS]
    assert reason(confirm, with_factor, "second", code(after(200)), after(200)) is Reason.TOO_MANY_ATTEMPTS


def known_after_its_code(step: SecondStep, passwords: Passwords) -> str:
    """The token of a device whose holder has signed in by both steps."""
    open_pending(step, passwords, "second", after(30))
    return confirm(step, "second", code(after(30)), after(30)).known_device


def test_wrong_codes_from_elsewhere_hold_up_neither_a_known_device_nor_an_open_session(
    with_factor: SecondStep, passwords: Passwords
) -> None:
    """Whoever has only the password could keep an officer out, again and again."""
    device = known_after_its_code(with_factor, passwords)
    open_pending(with_factor, passwords, "thief", after(60))
    answered = [reason(confirm, with_factor, "thief", "000000", after(60 + 20 * count)) for count in range(6)]
    assert answered[-1] is Reason.TOO_MANY_ATTEMPTS
    assert reason(confirm, with_factor, "thief", "000000", after(170), "made up") is Reason.TOO_MANY_ATTEMPTS
    assert confirm(with_factor, "second", code(after(180)), after(180)).passport.actor == OFFICER
    open_pending(with_factor, passwords, "third", after(240))
    assert confirm(with_factor, "third", code(after(240)), after(240), device).known_device == device


@pytest.mark.parametrize("knows_device", [True, False])
def test_a_known_device_and_an_open_session_guess_no_more_often(
    with_factor: SecondStep, passwords: Passwords, knows_device: bool
) -> None:
    device = known_after_its_code(with_factor, passwords)
    token = "third" if knows_device else "second"
    open_pending(with_factor, passwords, "third", after(60))
    answered = [
        reason(confirm, with_factor, token, "000000", after(60 + 20 * count), device if knows_device else f"{count}")
        for count in range(6)
    ]
    assert answered == [Reason.WRONG_CODE] * 5 + [Reason.TOO_MANY_ATTEMPTS]


def test_the_password_alone_makes_no_device_known_and_forgets_none(
    with_factor: SecondStep, passwords: Passwords
) -> None:
    device = known_after_its_code(with_factor, passwords)
    for count in range(known_devices.DEVICES_MAX + 1):
        assert not open_pending(with_factor, passwords, f"thief {count}", after(60 + count)).known_device
    with with_factor.records.read() as connection:
        assert known_devices.recognize(connection, OFFICER, device, after(90))


def test_each_recovery_code_opens_a_session_once(with_factor: SecondStep, passwords: Passwords) -> None:
    open_pending(with_factor, passwords, "second", after(60))
    open_pending(with_factor, passwords, "third", after(60))
    assert confirm(with_factor, "second", CODES[3].upper(), after(60)).passport.actor == OFFICER
    assert reason(confirm, with_factor, "third", CODES[3], after(61)) is Reason.WRONG_CODE
    assert reason(confirm, with_factor, "third", CODES[4], after(63)) is None
    with with_factor.records.read() as connection:
        assert factors.status(connection, OFFICER) == answers.SecondFactor(
            is_on=True, recovery_codes_left=8, has_code=True
        )


def test_a_recovery_code_sets_no_new_secret(step: SecondStep, passwords: Passwords) -> None:
    enrol(step, passwords)
    turn_on(step)
    step.remove(commands.RemoveSecondFactor(**own(code=CODES[0])))
    enrol(step, passwords, at=after(1))
    assert reason(turn_on, step, after(2), CODES[1]) is Reason.WRONG_CODE


def test_an_open_session_is_confirmed_again_for_acts_about_money(with_factor: SecondStep) -> None:
    late = after(900)
    passport = holder(with_factor, "first", late).passport
    with pytest.raises(Refused) as refusal:
        passport.must_be_confirmed(late, is_required=False)
    assert refusal.value.reason is Reason.CODE_NEEDED
    confirmed = confirm(with_factor, "first", code(late), late).passport
    confirmed.must_be_confirmed(late + timedelta(minutes=10), is_required=True)
    with pytest.raises(Refused):
        confirmed.must_be_confirmed(late + timedelta(minutes=10, seconds=1), is_required=True)


def test_without_a_factor_a_code_is_needed_only_where_one_is_required(step: SecondStep) -> None:
    passport = holder(step, "first", NOON).passport
    passport.must_be_confirmed(NOON, is_required=False)
    with pytest.raises(Refused) as refusal:
        passport.must_be_confirmed(NOON, is_required=True)
    assert refusal.value.reason is Reason.SECOND_FACTOR_NEEDED


def test_the_factor_is_removed_by_a_code_alone(with_factor: SecondStep, passwords: Passwords) -> None:
    wrong = commands.RemoveSecondFactor(**own(after(60), code="000000"))
    assert reason(with_factor.remove, wrong) is Reason.WRONG_CODE
    with_factor.remove(commands.RemoveSecondFactor(**own(after(60), code=code(after(60)))))
    assert not open_pending(with_factor, passwords, "second", after(61)).needs_code
    with with_factor.records.read() as connection:
        assert factors.status(connection, OFFICER) == answers.SecondFactor(is_on=False, recovery_codes_left=0)
        history = with_factor.records.own_log().stream(connection, "second-factor/officer/modir")
    assert [one.type for one in history] == ["SecondFactorSet", "SecondFactorRemoved"]


def test_neither_the_secret_nor_a_recovery_code_is_anywhere(with_factor: SecondStep) -> None:
    with with_factor.records.read() as connection:
        rows = [*connection.execute(SECOND_FACTORS.select()), *connection.execute(RECOVERY_CODES.select())]
        events = with_factor.records.own_log().read(connection, 0, 100)
    written = f"{rows} {[one.data for one in events]}"
    assert SECRET not in written
    assert [one for one in CODES if one in written or one.replace("-", "") in written] == []


def test_a_session_of_before_the_factor_ends_as_others_do(with_factor: SecondStep) -> None:
    assert reason(holder, with_factor, "first", NOON + IDLE) is Reason.NOT_SIGNED_IN
    assert reason(confirm, with_factor, "first", code(NOON + IDLE), NOON + IDLE) is Reason.NOT_SIGNED_IN


def test_ending_an_accounts_access_takes_the_factor_too(with_factor: SecondStep, passwords: Passwords) -> None:
    with_factor.records.write(lambda connection: recovery.end_access(connection, OFFICER))
    assert not open_pending(with_factor, passwords, "second", after(60)).needs_code


def test_a_code_of_ones_own_opens_no_session_of_somebody_else(with_factor: SecondStep, passwords: Passwords) -> None:
    """Whoever knows the officer's password has a session that waits, and may set a factor for an account of their own."""
    open_pending(with_factor, passwords, "waits", after(60))
    appoint(with_factor.records, passwords, appointment("thief", password=PASSWORD))

    def thief(at: datetime, **more: Any) -> dict[str, Any]:
        return {**stamps(at), "actor": "officer:thief", **more}

    with_factor.enrol(commands.EnrolSecondFactor(**thief(after(60), current=PASSWORD)), passwords, SECRET)
    at = after(61)
    turned_on = commands.ConfirmSecondFactor(**thief(at, code=code(at), session="waits"))
    assert reason(with_factor.turn_on, turned_on, CODES) is Reason.NOT_SIGNED_IN
    assert reason(holder, with_factor, "waits", after(62)) is Reason.NOT_SIGNED_IN


def test_a_factor_is_set_in_no_session_that_has_ended(step: SecondStep, passwords: Passwords) -> None:
    """A new password ends the session of whoever was about to set a factor of their own."""
    enrol(step, passwords)
    step.records.write(lambda connection: sessions.end_all(connection, OFFICER))
    assert reason(turn_on, step) is Reason.NOT_SIGNED_IN
    with step.records.read() as connection:
        assert not factors.is_on(connection, OFFICER)


def test_sessions_that_wait_for_a_code_end_none_of_a_known_device(
    with_factor: SecondStep, passwords: Passwords
) -> None:
    """Whoever has only the password could end each of them before its holder has typed the code."""
    device = known_after_its_code(with_factor, passwords)
    for number in range(sessions.SESSIONS_MAX):
        open_pending(with_factor, passwords, f"waits {number}", after(60 + number / 100))
    open_pending(with_factor, passwords, "own", after(61), device)
    for number in range(3):
        late = f"late {number}"
        assert reason(open_pending, with_factor, passwords, late, after(62 + 30 * number)) is Reason.TOO_MANY_ATTEMPTS
    assert confirm(with_factor, "own", code(after(180)), after(180), device).passport.actor == OFFICER
    open_pending(with_factor, passwords, "later", after(62) + PENDING_LIFE)


def test_sessions_that_wait_for_a_code_end_no_open_one(with_factor: SecondStep, passwords: Passwords) -> None:
    for number in range(sessions.SESSIONS_MAX):
        open_pending(with_factor, passwords, f"waits {number}", after(60 + number / 100))
    assert holder(with_factor, "first", after(61)).passport.actor == OFFICER


def test_with_another_key_recovery_codes_still_open(
    with_factor: SecondStep, passwords: Passwords, tmp_path: Path
) -> None:
    make_keys(tmp_path / "new", ["auth"])
    rotated = SecondStep(with_factor.records, passkeys_of(tmp_path / "new"))
    open_pending(rotated, passwords, "second", after(60))
    assert reason(confirm, rotated, "second", code(after(60)), after(60)) is Reason.WRONG_CODE
    assert confirm(rotated, "second", CODES[0], after(61)).passport.actor == OFFICER


def test_a_second_press_shows_the_same_recovery_codes(step: SecondStep, passwords: Passwords) -> None:
    enrol(step, passwords)
    command = commands.ConfirmSecondFactor(**own(NOON, code=code(NOON), session="first"))
    assert step.turn_on(command, CODES) == step.turn_on(command, CODES)
    assert confirm(step, "first", CODES[0], after(1)).passport.actor == OFFICER
