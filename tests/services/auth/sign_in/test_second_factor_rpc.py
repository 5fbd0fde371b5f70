"""Who may call the methods about second factors, and with what session."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from deploy.containers.secrets import make_keys
from services.auth.second_factor import factors
from services.auth.second_factor.passkeys import Passkeys
from services.auth.service import PASSWORDS, AuthService
from services.auth.sign_in import sessions
from shared.contract.auth import answers, commands, passkey_commands, queries
from shared.contract.passport import NOBODY, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records
from shared.settings import Settings
from tests.services.auth.samples import appoint, appointment, stamps
from tests.support.authenticator import Authenticator

OFFICER = "officer:modir"
PASSWORD = "koohe-sefid-1405"
GATEWAY, BANK = (Passport(principal_kind=PrincipalKind.PROGRAM, subject=name) for name in ("gateway", "bank"))
SELF = Passport(principal_kind=PrincipalKind.OFFICER, subject="modir")
UNCONFIRMED = SELF.model_copy(update={"has_second_factor": True})
KEY = Authenticator("http://localhost:8000", "localhost")


@pytest.fixture
def service(records: Records, tmp_path: Path) -> AuthService:
    """An officer with a session of the same name, and the service with keys of its own."""
    settings = Settings(var=tmp_path)
    make_keys(settings.keys_folder, ["auth"])
    appoint(records, PASSWORDS, appointment(password=PASSWORD))
    records.write(lambda connection: sessions.start(connection, OFFICER, OFFICER, datetime.now(UTC)))
    made = AuthService()
    made.records, made.settings, made.passkeys = records, settings, Passkeys.of(settings)
    return made


def call_as(service: AuthService, caller: Passport, message: Any) -> Any:
    service.caller = caller
    return getattr(service, message.method)(message.model_dump(mode="json"))


def reason(service: AuthService, caller: Passport, message: Any) -> Reason | None:
    try:
        call_as(service, caller, message)
    except Refused as refusal:
        return refusal.reason
    return None


def own(**fields: Any) -> dict[str, Any]:
    return {**stamps(datetime.now(UTC)), **fields}


def of_the_holder() -> list[Any]:
    """Every message that only the holder of the account may send."""
    return [
        queries.GetSecondFactor(),
        commands.EnrolSecondFactor(**own(current=PASSWORD)),
        commands.ConfirmSecondFactor(**own(code="000000", session=OFFICER)),
        commands.RemoveSecondFactor(**own(code="000000")),
        passkey_commands.BeginPasskey(**own(current=PASSWORD, session=OFFICER)),
        passkey_commands.AddPasskey(**own(passkey="{}", name="x", session=OFFICER)),
        passkey_commands.RenamePasskey(**own(passkey_id="ab" * 32, name="x")),
        passkey_commands.RemovePasskey(**own(passkey_id="ab" * 32, session=OFFICER, code="000000")),
    ]


def of_programs() -> list[Any]:
    return [
        queries.GetSecondStep(session=SecretStr(OFFICER)),
        queries.GetPasskeySignIn(browser=SecretStr("x")),
        passkey_commands.SignInWithPasskey(**own(browser="x", passkey="{}")),
        commands.ConfirmSession(**own(session=OFFICER, code="000000")),
    ]


def test_only_persons_look_after_second_factors_and_only_programs_open_sessions(service: AuthService) -> None:
    for message in of_the_holder():
        assert reason(service, NOBODY, message) is Reason.NOT_SIGNED_IN, message
        assert reason(service, GATEWAY, message) is Reason.NOT_ALLOWED, message
    for message in of_programs():
        assert reason(service, NOBODY, message) is Reason.NOT_SIGNED_IN, message
        for caller in (SELF, BANK):
            assert reason(service, caller, message) is Reason.NOT_ALLOWED, message


def test_whoever_has_the_password_and_a_session_of_before_sets_no_factor_beside_another(service: AuthService) -> None:
    setting = [one for one in of_the_holder() if isinstance(
        one,
        commands.EnrolSecondFactor
        | commands.ConfirmSecondFactor
        | passkey_commands.BeginPasskey
        | passkey_commands.AddPasskey,
    )]  # fmt: skip
    assert len(setting) == 4
    for message in setting:
        assert reason(service, UNCONFIRMED, message) is Reason.CODE_NEEDED, message
    late = datetime.now(UTC) - timedelta(minutes=10, seconds=1)
    for message in setting:
        assert reason(service, UNCONFIRMED.model_copy(update={"confirmed_at": late}), message) is Reason.CODE_NEEDED


def test_a_passkey_from_its_making_to_its_sign_in_and_removal(service: AuthService) -> None:
    begin = passkey_commands.BeginPasskey(**own(current=PASSWORD, session=OFFICER))
    made = KEY.create(call_as(service, SELF, begin)["options"])
    added = call_as(service, SELF, passkey_commands.AddPasskey(**own(passkey=made, name="گوشی", session=OFFICER)))
    assert len(added["codes"]) == 10
    found = answers.SecondFactor.model_validate(call_as(service, SELF, queries.GetSecondFactor()))
    [passkey] = found.passkeys
    named = passkey_commands.RenamePasskey(**own(passkey_id=passkey.passkey_id, name="رایانه"))
    call_as(service, SELF, named)
    wrong = passkey_commands.RenamePasskey(**own(passkey_id="cd" * 32, name="x"))
    assert reason(service, SELF, wrong) is Reason.UNKNOWN_PASSKEY

    options = call_as(service, GATEWAY, queries.GetPasskeySignIn(browser=SecretStr("a browser")))["options"]
    opening = passkey_commands.SignInWithPasskey(**own(browser="a browser", passkey=KEY.get(options)))
    session = answers.Session.model_validate(call_as(service, GATEWAY, opening))
    assert session.passport.actor == OFFICER
    step = call_as(service, GATEWAY, queries.GetSecondStep(session=SecretStr(session.token)))
    removal = {"passkey_id": passkey.passkey_id, "session": session.token, "passkey": KEY.get(step["passkey_options"])}
    call_as(service, SELF, passkey_commands.RemovePasskey(**own(**removal)))
    with service.records.read() as connection:
        assert not factors.is_on(connection, OFFICER)
