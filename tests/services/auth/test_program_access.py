"""Program accounts in auth, and the attacks on their secrets and access tokens."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from deploy.containers import secrets
from services.auth.officers import appointments
from services.auth.program_accounts.access_tokens import AUDIENCE, LIFE_SECONDS, TYPE, AccessTokens, Granted
from services.auth.program_tables import PROGRAM_SECRETS
from services.auth.service import AuthService
from services.auth.sign_in import throttle
from services.auth.sign_in.credentials import Passwords
from shared.contract.auth import program_answers
from shared.contract.auth import program_commands as commands
from shared.contract.auth.commands import DismissOfficer
from shared.contract.base import Message
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.keys import Keys
from shared.passports import ALGORITHM, AUTH, PassportOffice
from shared.settings import Settings
from tests.services.auth.samples import ADMIN, SECOND, grant, start_with_two_admins

GATEWAY = Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")
NAME = "desk-helper"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    secrets.make_keys(folder, ["auth", "gateway", "renewal"])
    return folder


@pytest.fixture
def service(records: Records, passwords: Passwords, keys: Path) -> AuthService:
    made = AuthService()
    made.records, made.passwords = records, passwords
    made.settings = settings = Settings(keys=keys)
    made.office = PassportOffice(AUTH, keys)
    made.access_tokens = AccessTokens.of(settings)
    made.passkeys = type(made).passkeys.load(settings)  # type: ignore[attr-defined]
    start_with_two_admins(records, passwords, datetime.now(UTC) - timedelta(days=60))
    return made


def fresh(**more: Any) -> dict[str, Any]:
    return {"id": uuid4(), "deadline": datetime.now(UTC) + timedelta(hours=1), **more}


def send(service: AuthService, message: Message[Any], caller: Passport) -> dict[str, Any]:
    service.caller = caller
    answer: dict[str, Any] = getattr(service, message.method)(message.model_dump(mode="json", exclude={"actor", "at"}))
    return answer


def refusal(service: AuthService, message: Message[Any], caller: Passport) -> Reason:
    with pytest.raises(Refused) as refused:
        send(service, message, caller)
    return refused.value.reason


def request(service: AuthService, *scopes: str, provinces: tuple[str, ...] = ("isfahan",)) -> UUID:
    """Requested by the second admin; the first one may grant it."""
    about: dict[str, Any] = {"program": NAME, "scopes": scopes or ("desk:read",), "provinces": provinces}
    command = commands.RequestProgramAccount(**fresh(), **about)
    send(service, command, SECOND)
    return command.id


def granted(service: AuthService, *scopes: str, provinces: tuple[str, ...] = ("isfahan",)) -> UUID:
    wanted = request(service, *scopes, provinces=provinces)
    send(service, commands.GrantProgramAccount(**fresh(), program=NAME, request=wanted), ADMIN)
    return wanted


def secret_of(service: AuthService, *scopes: str, provinces: tuple[str, ...] = ("isfahan",)) -> str:
    take = commands.TakeProgramSecret(**fresh(), program=NAME, request=granted(service, *scopes, provinces=provinces))
    return str(send(service, take, SECOND)["secret"])


def token_command(
    secret: str, *scopes: str, program: str = NAME, address: str = "192.0.2.1"
) -> commands.IssueAccessToken:
    about: dict[str, Any] = {"program": program, "scopes": scopes, "address": address}
    return commands.IssueAccessToken(**fresh(), **about, secret=SecretStr(secret))


def token_of(service: AuthService, secret: str, *scopes: str) -> str:
    return str(send(service, token_command(secret, *scopes), GATEWAY)["access_token"])


def exchange(token: str, command_id: UUID | None = None) -> commands.IssueProgramPassports:
    about: dict[str, Any] = {"services": ("renewal",), "command_id": command_id}
    return commands.IssueProgramPassports(**fresh(), **about, access_token=SecretStr(token))


def passport(service: AuthService, token: str) -> Passport:
    return Passport.model_validate(send(service, exchange(token), GATEWAY)["passport"])


# ---------------------------------------------------------------- how it is made


def test_two_admins_make_an_account_whose_passport_has_its_scopes_and_provinces(
    service: AuthService, keys: Path
) -> None:
    token = token_of(service, secret_of(service, "desk:read", "desk:approve"))
    signed = send(service, exchange(token), GATEWAY)
    found = PassportOffice("renewal", keys).verify(signed["tokens"]["renewal"], datetime.now(UTC))
    assert found == passport(service, token)
    assert (found.actor, found.principal_kind) == (f"program:{NAME}", PrincipalKind.PROGRAM_ACCOUNT)
    assert (found.scopes, found.provinces) == (frozenset({"desk:read", "desk:approve"}), frozenset({"isfahan"}))
    assert found.roles == {Role.MANAGER}


def test_who_has_requested_an_account_does_not_grant_it(service: AuthService) -> None:
    own = commands.GrantProgramAccount(**fresh(), program=NAME, request=request(service))
    assert refusal(service, own, SECOND) is Reason.OWN_REQUEST


def test_a_secret_is_stored_as_a_hash_and_answered_again_only_to_the_same_command(service: AuthService) -> None:
    take = commands.TakeProgramSecret(**fresh(), program=NAME, request=granted(service))
    secret = send(service, take, SECOND)["secret"]
    assert send(service, take, SECOND)["secret"] == secret
    assert refusal(service, take.model_copy(update=fresh()), SECOND) is Reason.UNKNOWN_REQUEST
    with service.records.read() as connection:
        (row,) = connection.execute(select(PROGRAM_SECRETS)).all()
        events = service.records.own_log().read(connection, 0, 100)
    assert secret not in str(row)
    assert secret not in str(events)


def test_two_secrets_count_in_rotation_and_a_third_ends_the_first(service: AuthService) -> None:
    first, second = secret_of(service), secret_of(service)
    assert token_of(service, first)
    assert token_of(service, second)
    third = secret_of(service)
    assert refusal(service, token_command(first), GATEWAY) is Reason.WRONG_CREDENTIALS
    assert token_of(service, second)
    assert token_of(service, third)


def test_an_admin_sees_accounts_with_last_use_and_what_waits(service: AuthService) -> None:
    token_of(service, secret_of(service, "desk:read", "desk:approve"))
    request(service)
    found = program_answers.ProgramAccounts.model_validate(send(service, commands.ListProgramAccounts(), SECOND))
    (account,), (waits,) = found.accounts, found.requests
    assert account.secrets[0].used_at is not None
    assert (waits.granters, waits.hindrance) == ((ADMIN.subject,), Reason.OWN_REQUEST)
    manager = ADMIN.model_copy(update={"roles": frozenset({Role.MANAGER})})
    assert refusal(service, commands.ListProgramAccounts(), manager) is Reason.NOT_ALLOWED


def test_a_secret_whose_taker_is_no_admin_any_more_is_marked_and_holds_until_it_is_ended(service: AuthService) -> None:
    secret = secret_of(service)

    def holder_left() -> bool:
        found = program_answers.ProgramAccounts.model_validate(send(service, commands.ListProgramAccounts(), ADMIN))
        return found.accounts[0].secrets[0].holder_left

    assert not holder_left()
    at = datetime.now(UTC)
    dismissal = DismissOfficer(**fresh(at=at, actor=ADMIN.actor), officer=SECOND.subject)
    appointments.dismiss(service.records, dismissal, ADMIN)
    grant(service.records, SECOND.subject, dismissal.id, SECOND, at)
    assert holder_left()
    assert token_of(service, secret)


# ---------------------------------------------------------------- attacks


def test_an_unknown_program_is_refused_like_a_wrong_secret(service: AuthService) -> None:
    secret = secret_of(service)
    assert refusal(service, token_command("wrong"), GATEWAY) is Reason.WRONG_CREDENTIALS
    assert refusal(service, token_command(secret, program="nobody"), GATEWAY) is Reason.WRONG_CREDENTIALS
    assert refusal(service, token_command("", program="nobody"), GATEWAY) is Reason.WRONG_CREDENTIALS


def test_guesses_lock_their_own_network_out_and_no_other(service: AuthService) -> None:
    secret = secret_of(service)
    at = datetime.now(UTC)
    attempt = throttle.Attempt(f"program:{NAME}", "192.0.2.1", at, "192.0.2.1", uuid4())
    for _ in range(throttle.FAILURES_MAX):
        service.records.write(lambda connection: throttle.count_failure(connection, attempt))
    assert refusal(service, token_command(secret), GATEWAY) is Reason.TOO_MANY_ATTEMPTS
    assert send(service, token_command(secret, address="192.0.2.2"), GATEWAY)["access_token"]


def test_a_scope_that_the_account_does_not_have_is_refused(service: AuthService) -> None:
    secret = secret_of(service, "desk:read", "desk:approve")
    assert refusal(service, token_command(secret, "capacity:read"), GATEWAY) is Reason.BAD_INPUT
    assert passport(service, token_of(service, secret, "desk:read")).scopes == {"desk:read"}


def test_ending_a_secret_ends_its_tokens_at_once_and_not_those_of_the_other(service: AuthService) -> None:
    wanted = granted(service)
    taken = commands.TakeProgramSecret(**fresh(), program=NAME, request=wanted)
    first = token_of(service, send(service, taken, SECOND)["secret"])
    second = token_of(service, secret_of(service))
    send(service, commands.EndProgramSecret(**fresh(), program=NAME, request=wanted), ADMIN)
    assert refusal(service, exchange(first), GATEWAY) is Reason.NOT_SIGNED_IN
    assert passport(service, second).subject == NAME


def test_revoking_ends_secrets_and_tokens_at_once(service: AuthService) -> None:
    secret = secret_of(service)
    token = token_of(service, secret)
    send(service, commands.RevokeProgramAccount(**fresh(), program=NAME), ADMIN)
    assert refusal(service, exchange(token), GATEWAY) is Reason.NOT_SIGNED_IN
    assert refusal(service, token_command(secret), GATEWAY) is Reason.WRONG_CREDENTIALS
    secret_of(service)  # an account of the same name again
    assert refusal(service, exchange(token), GATEWAY) is Reason.NOT_SIGNED_IN


def test_narrower_rights_hold_for_tokens_of_before(service: AuthService) -> None:
    token = token_of(service, secret_of(service, "desk:read", "desk:approve", provinces=("isfahan", "fars")))
    granted(service, "desk:read", provinces=("isfahan",))
    found = passport(service, token)
    assert (found.scopes, found.provinces) == (frozenset({"desk:read"}), frozenset({"isfahan"}))


WRONG: dict[str, dict[str, Any]] = {
    "of another audience": {"aud": "renewal"},
    "expired": {"iat": -LIFE_SECONDS, "exp": -1},
    "from the future": {"iat": 60},
    "of another issuer": {"iss": "gateway"},
    "of another program": {"sub": "other-program"},
    "without its secret": {"secret": None},
    "of no secret": {"secret": str(UUID(int=1))},
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_token_that_is_not_exactly_right_opens_nothing(service: AuthService, keys: Path, name: str) -> None:
    right = token_of(service, secret_of(service))
    now = int(datetime.now(UTC).timestamp())
    claims = jwt.decode(right, options={"verify_signature": False})
    changed = {key: now + value if key in ("iat", "exp") else value for key, value in WRONG[name].items()}
    headers = {"kid": AUTH, "typ": TYPE}
    own = Keys(AUTH, keys).private
    assert passport(service, jwt.encode(claims, own, ALGORITHM, headers=headers)).subject == NAME
    forged = jwt.encode({**claims, **changed}, own, ALGORITHM, headers=headers)
    assert refusal(service, exchange(forged), GATEWAY) is Reason.NOT_SIGNED_IN


def test_only_auth_signs_access_tokens(service: AuthService, keys: Path) -> None:
    secret_of(service)
    claims = jwt.decode(token_of(service, secret_of(service)), options={"verify_signature": False})
    forged = jwt.encode(claims, Keys("gateway", keys).private, ALGORITHM, headers={"kid": AUTH, "typ": TYPE})
    unsigned = jwt.encode(claims, "", "none", headers={"kid": AUTH, "typ": TYPE})
    for token in (forged, unsigned, "a.b.c", "..", ""):
        assert refusal(service, exchange(token), GATEWAY) is Reason.NOT_SIGNED_IN


def test_a_passport_is_no_access_token_and_an_access_token_no_passport(service: AuthService, keys: Path) -> None:
    token = token_of(service, secret_of(service))
    signed = send(service, exchange(token), GATEWAY)["tokens"]["renewal"]
    assert refusal(service, exchange(signed), GATEWAY) is Reason.NOT_SIGNED_IN
    for program in ("renewal", "gateway", "auth"):
        with pytest.raises(Refused):
            PassportOffice(program, keys).verify(token, datetime.now(UTC))


def test_only_the_gateway_gets_tokens_and_passports(service: AuthService) -> None:
    secret = secret_of(service)
    token = token_of(service, secret)
    others = [Passport(principal_kind=PrincipalKind.PROGRAM, subject="bank"), ADMIN, passport(service, token)]
    for other in others:
        assert refusal(service, token_command(secret), other) is Reason.NOT_ALLOWED
        assert refusal(service, exchange(token), other) is Reason.NOT_ALLOWED


def test_a_program_account_makes_no_accounts_and_has_no_sessions(service: AuthService) -> None:
    caller = passport(service, token_of(service, secret_of(service)))
    wanted = commands.RequestProgramAccount(**fresh(), program="more", scopes=("desk:read",), provinces=("isfahan",))
    assert refusal(service, wanted, caller) is Reason.NOT_ALLOWED
    assert refusal(service, commands.ListProgramAccounts(), caller) is Reason.NOT_ALLOWED


def test_an_access_token_says_what_it_is(service: AuthService) -> None:
    token = token_of(service, secret_of(service))
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["aud"], claims["client_id"], claims["scope"]) == (AUDIENCE, NAME, "desk:read")
    assert claims["exp"] - claims["iat"] == LIFE_SECONDS
    assert jwt.get_unverified_header(token)["typ"] == TYPE
    assert service.access_tokens.verify(token, datetime.now(UTC)) == Granted(
        NAME, UUID(claims["secret"]), frozenset({"desk:read"})
    )
