"""What the holder of an account is shown: new devices, passwords and second factors, until it is acknowledged or thirty days old."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest

from deploy.containers.secrets import make_keys
from services.auth.accounts import security_events
from services.auth.accounts.security_events import EVENTS_MAX, LIFE
from services.auth.register import import_batch
from services.auth.second_factor import passkeys
from services.auth.second_factor.encryption import SecretBox
from services.auth.second_factor.passkeys import Passkeys
from services.auth.second_factor.relying_party import RelyingParty
from services.auth.sign_in import recovery, sessions
from services.auth.sign_in.credentials import Passwords
from services.auth.sign_in.second_step import SecondStep
from services.auth.sign_in.sign_in import SignIn
from shared.contract.auth import commands, passkey_commands, queries
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from tests.services.auth.samples import ADMIN, NOON, ROW, appoint, appointment, import_of, sign_in, stamps
from tests.support.authenticator import Authenticator

MEMBER, NUMBER = "member:012345", "012345"
PASSWORD = "kooh-e-1405"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MANAGER = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="modir",
    roles=frozenset({Role.MANAGER}),
    provinces=frozenset({"isfahan"}),
)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.fixture
def service(records: Records, passwords: Passwords) -> SignIn:
    """A member who has signed in once, as `first`, by the device `known`, and has set a password."""
    import_batch.import_members(records, import_of(ROW), ADMIN)
    made = SignIn(records, passwords, "never", initial_lasts=True)
    enter(made, "first", ROW["national_code"], "known")
    fields = own(current=ROW["national_code"], new=PASSWORD, session="first")
    made.set_password(commands.SetPassword(**fields))
    return made


def own(at: datetime = NOON, **fields: Any) -> dict[str, Any]:
    return {**stamps(at), "actor": MEMBER, **fields}


def enter(service: SignIn, session: str, secret: str = PASSWORD, device: str = "", at: datetime = NOON) -> str:
    """Sign in by a device; returns the token by which it is known then."""
    command = sign_in(NUMBER, secret, at, known_device=device or None, device="firefox-android")
    return service.open_session(command, session, device or f"device of {session}").known_device


def kinds(service: SignIn, at: datetime = NOON, account: str = MEMBER) -> list[str]:
    with service.records.read() as connection:
        return [one.kind for one in security_events.list_all(connection, account, at).events]


def has_news(service: SignIn, session: str, at: datetime = NOON) -> bool:
    return sessions.use(service.records, session, at, initial_lasts=True).has_security_news


def test_a_new_password_is_news_to_other_sessions_alone(service: SignIn) -> None:
    assert kinds(service) == ["password_changed"]
    assert not has_news(service, "first")
    enter(service, "second")
    assert has_news(service, "second")
    service.records.write(lambda connection: security_events.acknowledge(connection, MEMBER))
    assert not has_news(service, "second")
    assert kinds(service) == ["password_changed"]


def test_a_sign_in_by_a_device_that_is_new_beside_others_is_news(service: SignIn) -> None:
    device = enter(service, "second")
    assert kinds(service) == ["password_changed"]
    enter(service, "third", device=device, at=after(1))
    assert kinds(service) == ["password_changed"]
    service.records.write(lambda connection: security_events.acknowledge(connection, MEMBER))
    enter(service, "thief", at=after(2))
    assert kinds(service) == ["new_device", "password_changed"]
    assert not has_news(service, "thief", after(3))
    assert has_news(service, "second", after(3))
    with service.records.read() as connection:
        assert security_events.list_all(connection, MEMBER, NOON).events[0].device == "firefox-android"


def test_what_the_office_does_is_news_to_everybody(service: SignIn) -> None:
    recovery.reset_member(service.records, commands.ResetMember(**own(member=NUMBER)), MANAGER)
    assert kinds(service) == ["password_reset", "password_changed"]
    issue = commands.IssueActivationCode(**own(after(1), member=NUMBER))
    recovery.issue_activation_code(service.records, issue, MANAGER, "k7qa-bbbb")
    assert kinds(service)[0] == "activation_code_issued"
    enter(service, "later", ROW["national_code"], at=after(2))
    assert has_news(service, "later", after(3))


def test_an_officer_reads_that_two_admins_have_set_another_password(records: Records, passwords: Passwords) -> None:
    service = SignIn(records, passwords, "never")
    for password, wanted in (("koohe-sefid-1405", []), ("koohe-siah-1405", ["password_reset"])):
        appoint(records, passwords, appointment(password=password))
        assert kinds(service, account="officer:modir") == wanted


def test_each_change_of_a_second_factor_is_news(service: SignIn, passwords: Passwords, tmp_path: Path) -> None:
    make_keys(tmp_path, ["auth"])
    own_keys = Passkeys(RelyingParty.of("https://portal.example"), SecretBox(tmp_path / "auth.pem"))
    step, key = SecondStep(service.records, own_keys), Authenticator("https://portal.example", "portal.example")
    step.enrol(commands.EnrolSecondFactor(**own(current=PASSWORD)), passwords, SECRET)
    codes = ("k7qa-aaaa", "k7qa-bbbb", "k7qa-cccc")
    turn_on = own(code=pyotp.TOTP(SECRET).at(NOON), session="first")
    step.turn_on(commands.ConfirmSecondFactor(**turn_on), codes)
    begun = step.begin_passkey(passkey_commands.BeginPasskey(**own(current=PASSWORD, session="first")), passwords)
    added = own(passkey=key.create(begun.options), session="first", name="گوشی")
    step.add_passkey(passkey_commands.AddPasskey(**added), ())
    step.remove(commands.RemoveSecondFactor(**own(code=codes[0])))
    answer = key.get(step.ways(queries.GetSecondStep.model_validate({"session": "first"}), NOON).passkey_options)
    removal = own(passkey_id=kept(step), session="first", passkey=answer)
    step.remove_passkey(passkey_commands.RemovePasskey(**removal))
    wanted = ["passkey_removed", "code_removed", "passkey_added", "code_set", "password_changed"]
    assert kinds(service) == wanted


def kept(step: SecondStep) -> str:
    with step.records.read() as connection:
        return passkeys.list_all(connection, MEMBER)[0].passkey_id


def test_news_are_old_after_thirty_days_and_as_many_as_anybody_reads(service: SignIn) -> None:
    enter(service, "second")
    assert kinds(service, NOON + LIFE) == []

    def often(connection: Any) -> None:
        for number in range(EVENTS_MAX + 5):
            security_events.record(connection, MEMBER, "new_device", after(number))

    service.records.write(often)
    assert kinds(service) == ["new_device"] * EVENTS_MAX
    service.records.write(lambda connection: security_events.delete_expired(connection, NOON + 2 * LIFE))
    assert kinds(service) == []


def test_news_of_others_are_nobodys_business(service: SignIn) -> None:
    assert kinds(service, account="member:012346") == []
