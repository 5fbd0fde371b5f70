"""Passkeys as second step, as a whole sign-in and as what is registered and removed, with a real authenticator's signatures."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pyotp
import pytest
from pydantic import SecretStr

from deploy.containers.secrets import make_keys
from services.auth.register import import_batch
from services.auth.second_factor import domain, factors, passkeys
from services.auth.second_factor.encryption import SecretBox
from services.auth.second_factor.passkeys import CHALLENGE_LIFE, Passkeys
from services.auth.second_factor.relying_party import RelyingParty
from services.auth.sign_in import recovery, sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.second_step import SecondStep
from services.auth.sign_in.sign_in import SignIn
from services.auth.tables import MEMBERS, PASSKEYS, USED_CHALLENGES
from shared.contract.auth import answers, commands, passkey_commands, queries
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from tests.services.auth.samples import (
    ADMIN,
    NOON,
    ROW,
    appoint,
    appointment,
    dismiss,
    import_of,
    sign_in,
    stamps,
)
from tests.support.authenticator import Authenticator

ORIGIN, RP = "https://portal.example", "portal.example"
OFFICER, OTHER = "officer:modir", "officer:digar"
PASSWORD = "koohe-sefid-1405"
CODES = tuple(domain.recovery_code(bytes([number] * domain.RECOVERY_BYTES)) for number in range(10))
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BROWSER = "the secret of a browser"


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def step(records: Records, passwords: Passwords, tmp_path: Path) -> SecondStep:
    """Two officers, each with a session called as the account."""
    make_keys(tmp_path, ["auth"])
    for account in (OFFICER, OTHER):
        appoint(records, passwords, appointment(account.partition(":")[2], password=PASSWORD))
        records.write(partial(sessions.start, token=account, account=account, at=NOON))
    return SecondStep(records, Passkeys(RelyingParty.of(ORIGIN), SecretBox(tmp_path / "auth.pem")))


@pytest.fixture
def key() -> Authenticator:
    return Authenticator(ORIGIN, RP)


def own(at: datetime = NOON, account: str = OFFICER, **more: Any) -> dict[str, Any]:
    return {**stamps(at), "actor": account, **more}


def begin(step: SecondStep, passwords: Passwords, account: str = OFFICER, at: datetime = NOON, **more: Any) -> str:
    fields = own(at, account, current=PASSWORD, session=account) | more
    return step.begin_passkey(passkey_commands.BeginPasskey(**fields), passwords).options


def add(
    step: SecondStep,
    response: str,
    account: str = OFFICER,
    at: datetime = NOON,
    codes: tuple[str, ...] = CODES,
    **more: Any,
) -> tuple[str, ...]:
    fields = own(at, account, passkey=response, session=account, name="گوشی") | more
    return step.add_passkey(passkey_commands.AddPasskey(**fields), codes).codes


def register(
    step: SecondStep, passwords: Passwords, key: Authenticator, account: str = OFFICER, at: datetime = NOON
) -> tuple[str, ...]:
    return add(step, key.create(begin(step, passwords, account, at)), account, at)


def options(step: SecondStep, session: str, at: datetime = NOON) -> str:
    return step.ways(queries.GetSecondStep(session=SecretStr(session)), at).passkey_options


def confirm(step: SecondStep, session: str, response: str, at: datetime) -> answers.Session:
    fields = {**stamps(at), "session": session, "passkey": response}
    return step.confirm_session(commands.ConfirmSession(**fields), "device", initial_lasts=True)


def open_pending(step: SecondStep, passwords: Passwords, token: str, at: datetime, name: str = "modir") -> bool:
    service = SignIn(step.records, passwords, "never", initial_lasts=True)
    return service.open_session(sign_in(name, PASSWORD, at, principal_kind="officer"), token, "device").needs_code


def alone(step: SecondStep, passwords: Passwords, response: str, at: datetime, **more: Any) -> answers.Session:
    """Sign in with a passkey alone."""
    fields = {**stamps(at), "browser": BROWSER, "passkey": response} | more
    service = SignIn(step.records, passwords, "always", initial_lasts=True)
    return service.open_by_passkey(passkey_commands.SignInWithPasskey(**fields), step.passkeys, "alone", "device")


def reason(work: Callable[..., object], *arguments: Any, **more: Any) -> Reason | None:
    try:
        work(*arguments, **more)
    except Refused as refusal:
        return refusal.reason
    return None


def status(step: SecondStep, account: str = OFFICER) -> answers.SecondFactor:
    with step.records.read() as connection:
        return factors.status(connection, account)


def holder(step: SecondStep, token: str, at: datetime) -> sessions.Holder:
    return sessions.use(step.records, token, at, initial_lasts=True)


# ---------------------------------------------------------------- registering


def test_the_first_passkey_is_a_second_factor_with_recovery_codes(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    assert register(step, passwords, key) == CODES
    found = status(step)
    assert (found.is_on, found.has_code, found.recovery_codes_left) == (True, False, 10)
    assert [(one.name, one.added_at, one.used_at) for one in found.passkeys] == [("گوشی", NOON, None)]
    passport = holder(step, OFFICER, NOON).passport
    assert (passport.has_second_factor, passport.confirmed_at) == (True, NOON)
    assert open_pending(step, passwords, "second", after(1))


def test_a_second_passkey_leaves_the_recovery_codes_as_they_are(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    excluded = json.loads(begin(step, passwords, at=after(1)))["excludeCredentials"]
    assert len(excluded) == 1
    second = Authenticator(ORIGIN, RP).create(begin(step, passwords, at=after(2)))
    assert add(step, second, at=after(2), codes=("another", "code")) == ()
    assert len(status(step).passkeys) == 2


def test_registering_needs_the_password(step: SecondStep, passwords: Passwords) -> None:
    assert reason(begin, step, passwords, current="wrong") is Reason.WRONG_CREDENTIALS


@pytest.mark.parametrize(
    "lie",
    [{"origin": "https://p0rtal.example"}, {"rp_id": "p0rtal.example"}, {"origin": "http://portal.example"}],
    ids=["another origin", "another rp", "no https"],
)
def test_a_passkey_for_another_site_is_refused(
    step: SecondStep, passwords: Passwords, key: Authenticator, lie: dict[str, Any]
) -> None:
    assert reason(register, step, passwords, replace(key, **lie)) is Reason.WRONG_PASSKEY
    assert not status(step).is_on


def test_a_registration_counts_for_its_session_and_holder_once_and_in_time(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    options_ = begin(step, passwords)
    made = key.create(options_)
    assert reason(add, step, made, OTHER) is Reason.WRONG_PASSKEY
    assert reason(add, step, made, session="another session") is Reason.WRONG_PASSKEY
    assert reason(add, step, made, at=NOON + CHALLENGE_LIFE) is Reason.WRONG_PASSKEY
    add(step, made)
    assert reason(add, step, Authenticator(ORIGIN, RP).create(options_)) is Reason.WRONG_PASSKEY
    assert len(status(step).passkeys) == 1


def test_the_same_command_again_adds_no_second_passkey_and_shows_the_same_codes(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    made, id_ = key.create(begin(step, passwords)), stamps()["id"]
    assert [add(step, made, id=id_), add(step, made, id=id_)] == [CODES, CODES]
    assert len(status(step).passkeys) == 1


def test_a_command_brings_the_same_recovery_codes_again_and_another_one_others(step: SecondStep) -> None:
    first, second = (passkey_commands.AddPasskey(**own(passkey="", session="", name="x")) for _ in range(2))
    codes = [step.passkeys.recovery_codes(one) for one in (first, first, second)]
    assert codes[0] == codes[1]
    assert not set(codes[0]) & set(codes[2])
    assert len(set(codes[0])) == domain.RECOVERY_CODES


def test_two_officers_share_no_passkey(step: SecondStep, passwords: Passwords, key: Authenticator) -> None:
    register(step, passwords, key)
    assert reason(register, step, passwords, key, OTHER) is Reason.PASSKEY_TAKEN
    assert reason(register, step, passwords, key, OFFICER, after(1)) is Reason.PASSKEY_TAKEN
    assert not status(step, OTHER).is_on
    assert status(step, OTHER).recovery_codes_left == 0


def test_an_account_has_no_more_passkeys_than_it_may(step: SecondStep, passwords: Passwords) -> None:
    for number in range(passkeys.PASSKEYS_MAX):
        register(step, passwords, Authenticator(ORIGIN, RP), at=after(number))
    assert reason(register, step, passwords, Authenticator(ORIGIN, RP), OFFICER, after(60)) is Reason.TOO_MANY_PASSKEYS


@pytest.mark.parametrize(
    "response", ["", "{}", "[]", "null", "1", "{" * 2000, '{"id":"x","rawId":"x","type":"public-key","response":{}}']
)
def test_nonsense_is_refused(step: SecondStep, passwords: Passwords, key: Authenticator, response: str) -> None:
    register(step, passwords, key)
    assert reason(add, step, response) is Reason.WRONG_PASSKEY
    without = Reason.WRONG_PASSKEY if response else Reason.WRONG_CODE  # nothing stands for a code that is not there
    assert reason(confirm, step, OFFICER, response, NOON) is without
    assert reason(alone, step, passwords, response, NOON) is Reason.WRONG_PASSKEY


# ---------------------------------------------------------------- the second step


def test_a_passkey_opens_a_session_that_waits_and_confirms_it_for_ten_minutes(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    assert open_pending(step, passwords, "second", after(60))
    opened = confirm(step, "second", key.get(options(step, "second", after(60))), after(61))
    assert opened.passport.actor == OFFICER
    late = after(61 + 600)
    holder(step, "second", late).passport.must_be_confirmed(late, is_required=True)
    passport = holder(step, "second", after(900)).passport
    assert reason(passport.must_be_confirmed, after(900), is_required=True) is Reason.CODE_NEEDED
    again = confirm(step, "second", key.get(options(step, "second", after(900))), after(901)).passport
    again.must_be_confirmed(after(901), is_required=True)
    assert status(step).passkeys[0].used_at == after(901)


@pytest.mark.parametrize("lie", [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}], ids=["origin", "rp"])
def test_an_answer_given_to_another_site_opens_nothing(
    step: SecondStep, passwords: Passwords, key: Authenticator, lie: dict[str, Any]
) -> None:
    register(step, passwords, key)
    open_pending(step, passwords, "second", after(60))
    answer = replace(key, **lie).get(options(step, "second", after(60)))
    assert reason(confirm, step, "second", answer, after(60)) is Reason.WRONG_PASSKEY
    assert reason(holder, step, "second", after(60)) is Reason.NOT_SIGNED_IN


def test_an_answer_is_good_once_and_for_its_session(step: SecondStep, passwords: Passwords, key: Authenticator) -> None:
    """Two tabs, Back, and whoever has seen an answer on its way."""
    register(step, passwords, key)
    for token in ("second", "third"):
        open_pending(step, passwords, token, after(60))
    answer = key.get(options(step, "second", after(60)))
    assert reason(confirm, step, "third", answer, after(60)) is Reason.WRONG_PASSKEY
    confirm(step, "second", answer, after(61))
    assert reason(confirm, step, "second", answer, after(62)) is Reason.WRONG_PASSKEY
    assert reason(holder, step, "third", after(63)) is Reason.NOT_SIGNED_IN


def test_an_answer_of_a_passkey_without_a_counter_is_good_once_too(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    key.counts = False
    register(step, passwords, key)
    answer = key.get(options(step, OFFICER, after(60)))
    confirm(step, OFFICER, answer, after(60))
    assert reason(confirm, step, OFFICER, answer, after(61)) is Reason.WRONG_PASSKEY
    confirm(step, OFFICER, key.get(options(step, OFFICER, after(62))), after(63))


def test_a_challenge_that_is_over_or_was_made_elsewhere_counts_no_more(
    step: SecondStep, passwords: Passwords, key: Authenticator, tmp_path: Path
) -> None:
    register(step, passwords, key)
    answer = key.get(options(step, OFFICER))
    assert reason(confirm, step, OFFICER, answer, NOON + CHALLENGE_LIFE) is Reason.WRONG_PASSKEY
    make_keys(tmp_path / "strangers", ["auth"])
    foreign = Passkeys(step.passkeys.relying_party, SecretBox(tmp_path / "strangers" / "auth.pem"))
    forged = key.get(options(SecondStep(step.records, foreign), OFFICER, after(301)))
    assert reason(confirm, step, OFFICER, forged, after(303)) is Reason.WRONG_PASSKEY


def test_the_passkey_of_another_officer_opens_nothing(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    others = Authenticator(ORIGIN, RP)
    register(step, passwords, key)
    register(step, passwords, others, OTHER)
    open_pending(step, passwords, "second", after(60))
    answer = others.get(options(step, "second", after(60)))
    assert reason(confirm, step, "second", answer, after(60)) is Reason.WRONG_PASSKEY


def test_another_key_under_the_same_id_opens_nothing(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    forger = Authenticator(ORIGIN, RP, credential_id=key.credential_id, sign_count=9)
    assert reason(confirm, step, OFFICER, forger.get(options(step, OFFICER)), NOON) is Reason.WRONG_PASSKEY


def test_a_copy_of_a_passkey_is_noticed_by_its_counter(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    copy = replace(key)
    confirm(step, OFFICER, key.get(options(step, OFFICER, after(1))), after(1))
    confirm(step, OFFICER, key.get(options(step, OFFICER, after(2))), after(2))
    assert reason(confirm, step, OFFICER, copy.get(options(step, OFFICER, after(3))), after(3)) is Reason.WRONG_PASSKEY


def test_wrong_answers_are_counted_as_wrong_codes_are(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    for number in range(5):
        assert reason(confirm, step, OFFICER, "{}", after(20 * number)) is Reason.WRONG_PASSKEY
    answer = key.get(options(step, OFFICER, after(100)))
    assert reason(confirm, step, OFFICER, answer, after(100)) is Reason.TOO_MANY_ATTEMPTS


def test_recovery_codes_stand_for_a_passkey(step: SecondStep, passwords: Passwords, key: Authenticator) -> None:
    register(step, passwords, key)
    open_pending(step, passwords, "second", after(60))
    fields = {**stamps(after(60)), "session": "second", "code": CODES[0]}
    assert (
        step.confirm_session(commands.ConfirmSession(**fields), "device", initial_lasts=True).passport.actor == OFFICER
    )
    assert (
        reason(
            step.confirm_session,
            commands.ConfirmSession(**{**stamps(after(61)), "session": "second"}),
            "device",
            initial_lasts=True,
        )
        is Reason.WRONG_CODE
    )


def test_a_secret_that_no_code_has_confirmed_stands_for_no_passkey(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    """Whoever has the password and a session may begin with an authenticator of their own."""
    register(step, passwords, key)
    step.enrol(commands.EnrolSecondFactor(**own(after(1), current=PASSWORD)), passwords, SECRET)
    open_pending(step, passwords, "second", after(60))
    fields = {**stamps(after(60)), "session": "second", "code": pyotp.TOTP(SECRET).at(after(60))}
    assert (
        reason(step.confirm_session, commands.ConfirmSession(**fields), "device", initial_lasts=True)
        is Reason.WRONG_CODE
    )
    removing = commands.RemoveSecondFactor(**own(after(70), code=CODES[0]))
    assert reason(step.remove, removing) is Reason.WRONG_CODE


def test_the_ways_of_a_session(step: SecondStep, passwords: Passwords, key: Authenticator) -> None:
    assert step.ways(queries.GetSecondStep(session=SecretStr(OFFICER)), NOON) == answers.SecondStep(
        has_code=False, by_password=True
    )
    assert reason(options, step, "no session") is Reason.NOT_SIGNED_IN
    register(step, passwords, key)
    open_pending(step, passwords, "second", after(60))
    found = json.loads(options(step, "second", after(60)))
    assert (found["rpId"], len(found["allowCredentials"])) == (RP, 1)
    assert reason(options, step, "second", after(60) + sessions.PENDING_LIFE) is Reason.NOT_SIGNED_IN


# ---------------------------------------------------------------- the whole sign-in


def test_a_passkey_that_verifies_its_holder_is_a_whole_sign_in(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    answer = key.get(step.passkeys.sign_in_options(BROWSER, after(60)))
    session = alone(step, passwords, answer, after(60))
    assert (session.passport.actor, session.needs_code, session.known_device) == (OFFICER, False, "device")
    assert session.passport.provinces == {"isfahan"}
    holder(step, "alone", after(61)).passport.must_be_confirmed(after(61), is_required=True)
    assert reason(alone, step, passwords, answer, after(62)) is Reason.WRONG_PASSKEY


@pytest.mark.parametrize("counts", [True, False])
def test_of_the_same_answer_many_times_at_once_one_opens_a_session(
    step: SecondStep, passwords: Passwords, key: Authenticator, *, counts: bool
) -> None:
    register(step, passwords, key)
    key.counts = counts
    answer = key.get(step.passkeys.sign_in_options(BROWSER, after(60)))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: reason(alone, step, passwords, answer, after(60)), range(8)))
    assert sorted(found, key=str) == [None, *[Reason.WRONG_PASSKEY] * 7]


def test_of_two_answers_under_one_counter_at_once_one_opens_a_session(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    """A passkey and its copy."""
    register(step, passwords, key)
    twins = [key.get(step.passkeys.sign_in_options(BROWSER, after(60))), ""]
    key.sign_count -= 1
    twins[1] = key.get(step.passkeys.sign_in_options(BROWSER, after(60)))
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda answer: reason(alone, step, passwords, answer, after(60)), twins))
    assert sorted(found, key=str) == [None, Reason.WRONG_PASSKEY]


def test_what_strangers_send_writes_nothing(
    step: SecondStep, passwords: Passwords, key: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(step, passwords, key)
    stranger = Authenticator(ORIGIN, RP)
    answers_ = [
        one.get(step.passkeys.sign_in_options(BROWSER, after(60))) for one in (stranger, replace(key, key=stranger.key))
    ]
    monkeypatch.setattr(type(step.records.database), "write", lambda *_: pytest.fail("a write"))
    for answer in (*answers_, "{}"):
        assert reason(alone, step, passwords, answer, after(60)) is Reason.WRONG_PASSKEY


def test_a_passkey_that_does_not_verify_its_holder_is_only_a_second_step(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    key.verifies_user = False
    register(step, passwords, key)
    answer = key.get(step.passkeys.sign_in_options(BROWSER, after(60)))
    assert reason(alone, step, passwords, answer, after(60)) is Reason.WRONG_PASSKEY
    confirm(step, OFFICER, key.get(options(step, OFFICER, after(61))), after(61))


def test_a_sign_in_counts_for_its_browser_and_a_challenge_for_its_purpose(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    answer = key.get(step.passkeys.sign_in_options(BROWSER, after(60)))
    assert reason(alone, step, passwords, answer, after(60), browser="another") is Reason.WRONG_PASSKEY
    assert reason(confirm, step, OFFICER, answer, after(60)) is Reason.WRONG_PASSKEY
    registering = key.get(begin(step, passwords, at=after(62)))
    assert reason(confirm, step, OFFICER, registering, after(62)) is Reason.WRONG_PASSKEY
    for_session = key.get(options(step, OFFICER, after(63)))
    assert reason(alone, step, passwords, for_session, after(63), browser=OFFICER) is Reason.WRONG_PASSKEY


def test_the_passkey_of_a_dismissed_officer_opens_nothing(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    dismiss(step.records, "modir")
    answer = key.get(step.passkeys.sign_in_options(BROWSER, after(60)))
    assert reason(alone, step, passwords, answer, after(60)) is Reason.WRONG_PASSKEY
    assert not status(step).passkeys


def test_the_passkey_of_a_member_ends_with_a_reset_and_with_the_membership(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    import_batch.import_members(step.records, import_of(ROW), ADMIN)
    member = "member:012345"
    step.records.write(lambda connection: sessions.start(connection, member, member, NOON))
    chosen = own(NOON, member, current=ROW["national_code"], new=PASSWORD, session=member)
    SignIn(step.records, passwords, "never").set_password(commands.SetPassword(**chosen))
    fields = own(NOON, member, current=PASSWORD, session=member)
    add(step, key.create(step.begin_passkey(passkey_commands.BeginPasskey(**fields), passwords).options), member)
    assert (
        alone(step, passwords, key.get(step.passkeys.sign_in_options(BROWSER, after(1))), after(1)).passport.roles
        == set()
    )
    gone = key.get(step.passkeys.sign_in_options(BROWSER, after(2)))
    with step.records.read() as connection:
        row = connection.execute(MEMBERS.select()).mappings().one()
    step.records.write(lambda connection: connection.execute(MEMBERS.delete()).close())
    assert reason(alone, step, passwords, gone, after(2)) is Reason.WRONG_PASSKEY
    step.records.write(lambda connection: connection.execute(MEMBERS.insert().values(dict(row))).close())
    step.records.write(lambda connection: recovery.end_access(connection, member))
    answer = key.get(step.passkeys.sign_in_options(BROWSER, after(2)))
    assert reason(alone, step, passwords, answer, after(2)) is Reason.WRONG_PASSKEY
    assert reason(holder, step, "alone", after(2)) is Reason.NOT_SIGNED_IN


# ---------------------------------------------------------------- names and removal


def removal(step: SecondStep, at: datetime, account: str = OFFICER, **proof: str) -> passkey_commands.RemovePasskey:
    [one, *_] = status(step).passkeys
    return passkey_commands.RemovePasskey(**own(at, account, passkey_id=one.passkey_id, session=account, **proof))


def test_the_last_passkey_is_removed_by_a_proof_alone_and_takes_the_recovery_codes(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    assert reason(step.remove_passkey, removal(step, after(1))) is Reason.WRONG_CODE
    assert reason(step.remove_passkey, removal(step, after(2), passkey="{}")) is Reason.WRONG_PASSKEY
    answer = key.get(options(step, OFFICER, after(10)))
    step.remove_passkey(removal(step, after(10), passkey=answer))
    assert status(step) == answers.SecondFactor(is_on=False, recovery_codes_left=0)
    assert not open_pending(step, passwords, "second", after(11))
    with step.records.read() as connection:
        history = step.records.own_log().stream(connection, "second-factor/officer/modir")
    assert [(one.type, getattr(one.event, "kind", "")) for one in history] == [
        ("SecondFactorSet", "passkey"),
        ("SecondFactorRemoved", "passkey"),
    ]
    assert "گوشی" not in "".join(one.data for one in history)


def test_recovery_codes_stay_while_another_factor_does(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    step.enrol(commands.EnrolSecondFactor(**own(after(1), current=PASSWORD)), passwords, SECRET)
    code = pyotp.TOTP(SECRET).at(after(60))
    step.turn_on(commands.ConfirmSecondFactor(**own(after(60), code=code, session=OFFICER)), CODES)
    step.remove_passkey(removal(step, after(61), code=CODES[1]))
    assert status(step) == answers.SecondFactor(is_on=True, recovery_codes_left=9, has_code=True)


def test_a_passkey_of_somebody_else_can_be_neither_removed_nor_renamed(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    others = Authenticator(ORIGIN, RP)
    register(step, passwords, others, OTHER)
    proof = others.get(options(step, OTHER, after(1)))
    assert reason(step.remove_passkey, removal(step, after(1), OTHER, passkey=proof)) is Reason.UNKNOWN_PASSKEY
    [one] = status(step).passkeys
    with step.records.read() as connection:
        assert not passkeys.rename(connection, OTHER, one.passkey_id, "mine")
    assert status(step).passkeys == (one,)


def test_a_passkey_has_the_name_that_its_holder_gives_it(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)
    [one] = status(step).passkeys
    assert step.records.write(lambda connection: passkeys.rename(connection, OFFICER, one.passkey_id, "رایانه"))
    assert status(step).passkeys[0].name == "رایانه"


def test_used_challenges_are_forgotten_when_they_are_over(
    step: SecondStep, passwords: Passwords, key: Authenticator
) -> None:
    register(step, passwords, key)

    def rows(at: datetime) -> int:
        step.records.write(lambda connection: passkeys.delete_expired(connection, at))
        with step.records.read() as connection:
            return len(connection.execute(USED_CHALLENGES.select()).all())

    assert [rows(after(1)), rows(NOON + CHALLENGE_LIFE)] == [1, 0]
    with step.records.read() as connection:
        assert len(connection.execute(PASSKEYS.select()).all()) == 1


@pytest.mark.parametrize(
    ("url", "id_", "origin"),
    [
        ("https://portal.example", "portal.example", "https://portal.example"),
        ("https://portal.example:8443", "portal.example", "https://portal.example:8443"),
        ("https://Portal.example:443", "portal.example", "https://portal.example"),
        ("https://سازمان.ایران", "xn--mgba6ac6gh.xn--mgba3a4f16a", "https://xn--mgba6ac6gh.xn--mgba3a4f16a"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
    ],
)
def test_the_relying_party_is_the_public_address(url: str, id_: str, origin: str) -> None:
    assert RelyingParty.of(url) == RelyingParty(id_, origin)
