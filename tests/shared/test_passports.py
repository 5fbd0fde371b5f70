"""Passports: what is believed, and the many things that are not."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from deploy.containers import secrets
from shared.contract.passport import PASSPORT_SECONDS_MAX, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.passports import PassportOffice

NOW = datetime(2026, 4, 18, 8, 30, tzinfo=UTC)
MODIR = Passport(
    principal_kind=PrincipalKind.OFFICER,
    subject="modir",
    roles=frozenset({Role.MANAGER, Role.FINANCE}),
    provinces=frozenset({"isfahan"}),
)
MEMBER = Passport(principal_kind=PrincipalKind.MEMBER, subject="0012345")
GATEWAY = Passport(principal_kind=PrincipalKind.PROGRAM, subject="gateway")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    secrets.make_keys(folder, ["auth", "gateway", "renewal"])
    return folder


@pytest.fixture
def auth(keys: Path) -> PassportOffice:
    return PassportOffice("auth", keys)


@pytest.fixture
def renewal(keys: Path) -> PassportOffice:
    """Whoever verifies has never signed."""
    return PassportOffice("renewal", keys)


def claims(**changed: Any) -> dict[str, Any]:
    issued_at = int(NOW.timestamp())
    said = {
        "iss": "auth",
        "aud": "renewal",
        "sub": "modir",
        "principal_kind": "officer",
        "roles": ["admin"],
        "provinces": ["isfahan"],
        "iat": issued_at,
        "exp": issued_at + PASSPORT_SECONDS_MAX,
    }
    return {name: value for name, value in (said | changed).items() if value is not ...}


def signed(keys: Path, program: str, said: dict[str, Any], kid: str | None = None) -> str:
    key = (keys / f"{program}.pem").read_bytes()
    return jwt.api_jws.encode(json.dumps(said).encode(), key, "EdDSA", headers={"kid": kid or program})


def is_believed(office: PassportOffice, token: str, now: datetime = NOW) -> bool:
    """Whether it is; any other error than the one refusal fails the test."""
    try:
        office.verify(token, now)
    except Refused as refusal:
        return refusal.reason is not Reason.NOT_SIGNED_IN
    return True


@pytest.mark.parametrize("passport", [MODIR, MEMBER, Passport(principal_kind=PrincipalKind.PROGRAM, subject="auth")])
def test_what_auth_signs_everybody_can_verify(
    auth: PassportOffice, renewal: PassportOffice, passport: Passport
) -> None:
    assert renewal.verify(auth.sign(passport, "renewal", NOW), NOW) == passport


def test_a_passport_for_one_service_is_refused_by_another(keys: Path, auth: PassportOffice) -> None:
    token = auth.sign(MODIR, "renewal", NOW)
    assert is_believed(PassportOffice("renewal", keys), token)
    assert not is_believed(PassportOffice("gateway", keys), token)


def test_a_passport_for_a_command_is_for_that_command_alone(auth: PassportOffice, renewal: PassportOffice) -> None:
    one, another = UUID(int=1), UUID(int=2)
    for_one = renewal.verify(auth.sign(MODIR.model_copy(update={"command_id": one}), "renewal", NOW), NOW)
    for_one.must_be_for(str(one))
    for_queries = renewal.verify(auth.sign(MODIR, "renewal", NOW), NOW)
    for passport, command_id in ((for_one, another), (for_queries, one)):
        with pytest.raises(Refused, match="not_signed_in"):
            passport.must_be_for(str(command_id))


def test_a_program_sends_any_of_its_own_commands(keys: Path, renewal: PassportOffice) -> None:
    token = PassportOffice("gateway", keys).sign(GATEWAY, "renewal", NOW)
    renewal.verify(token, NOW).must_be_for(str(UUID(int=1)))


def test_a_program_vouches_for_itself(keys: Path, renewal: PassportOffice) -> None:
    assert renewal.verify(PassportOffice("gateway", keys).sign(GATEWAY, "renewal", NOW), NOW) == GATEWAY


@pytest.mark.parametrize(
    ("seconds", "believed"), [(-11, False), (-10, True), (0, True), (299, True), (309, True), (310, False)]
)
def test_a_passport_is_good_for_five_minutes(
    auth: PassportOffice, renewal: PassportOffice, seconds: int, believed: bool
) -> None:
    token = auth.sign(MODIR, "renewal", NOW)
    assert is_believed(renewal, token, NOW + timedelta(seconds=seconds)) is believed


@pytest.mark.parametrize("passport", [MODIR, MEMBER, Passport(principal_kind=PrincipalKind.PROGRAM, subject="auth")])
def test_another_program_vouches_for_nobody_else(keys: Path, passport: Passport) -> None:
    with pytest.raises(ValueError, match="can't vouch"):
        PassportOffice("gateway", keys).sign(passport, "renewal", NOW)


@pytest.mark.parametrize(
    "said",
    [
        claims(iss="gateway"),
        claims(iss="gateway", principal_kind="member", sub="0012345"),
        claims(iss="gateway", principal_kind="program", sub="renewal"),
        claims(iss="auth"),
        claims(iss="auth", principal_kind="program", sub="auth"),
    ],
)
def test_a_passport_that_another_program_signed_all_the_same_is_not_believed(
    keys: Path, renewal: PassportOffice, said: dict[str, Any]
) -> None:
    assert not is_believed(renewal, signed(keys, "gateway", said))
    assert not is_believed(renewal, signed(keys, "gateway", said, kid="auth"))


def test_auth_can_be_believed_so_the_others_fail_for_the_signers_sake(keys: Path, renewal: PassportOffice) -> None:
    assert is_believed(renewal, signed(keys, "auth", claims()))
    assert not is_believed(renewal, signed(keys, "auth", claims(principal_kind="program", sub="gateway")))


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": ...},
        {"iat": ...},
        {"iss": ...},
        {"sub": ...},
        {"principal_kind": ...},
        {"exp": int(NOW.timestamp()) + PASSPORT_SECONDS_MAX + 1},
        {"exp": 1e300},
        {"exp": str(int(NOW.timestamp()) + 60)},
        {"iat": int(NOW.timestamp()) + 60, "exp": int(NOW.timestamp()) + 120},
        {"iat": True},
        {"principal_kind": "nobody", "sub": ""},
        {"principal_kind": "king"},
        {"roles": ["king"]},
        {"sub": 7},
        {"iss": ["auth"]},
        {"aud": ...},
        {"aud": "payment"},
        {"command_id": "any"},
    ],
)
def test_a_claim_that_is_missing_or_odd_spoils_the_passport(
    keys: Path, renewal: PassportOffice, wrong: dict[str, Any]
) -> None:
    assert not is_believed(renewal, signed(keys, "auth", claims(**wrong)))


def forged(header: dict[str, Any], said: dict[str, Any]) -> str:
    parts = (urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, said))
    return ".".join([*parts, ""])


def test_no_other_algorithm_is_accepted(keys: Path, renewal: PassportOffice) -> None:
    public = (keys / "auth.pub").read_bytes()
    assert not is_believed(renewal, forged({"alg": "none", "typ": "JWT", "kid": "auth"}, claims()))
    by_public_key = forged_hmac(public, claims())
    assert not is_believed(renewal, by_public_key)


def forged_hmac(secret: bytes, said: dict[str, Any]) -> str:
    """What PyJWT itself refuses to sign: an HMAC with the public key as its secret."""
    import hashlib  # noqa: PLC0415 - only the forger needs it
    import hmac  # noqa: PLC0415

    head = forged({"alg": "HS256", "typ": "JWT", "kid": "auth"}, said).removesuffix(".")
    mac = hmac.new(secret, head.encode(), hashlib.sha256).digest()
    return f"{head}.{urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def test_an_altered_claim_breaks_the_signature(auth: PassportOffice, renewal: PassportOffice) -> None:
    head, body, signature = auth.sign(MEMBER, "renewal", NOW).split(".")
    said = json.loads(urlsafe_b64decode(body + "=="))
    other = urlsafe_b64encode(json.dumps(said | {"sub": "0012346"}).encode()).rstrip(b"=").decode()
    assert is_believed(renewal, f"{head}.{body}.{signature}")
    assert not is_believed(renewal, f"{head}.{other}.{signature}")


@pytest.mark.parametrize("kid", ["../auth", "nobody", "AUTH", "", "/etc/passwd", "auth\x00", "a" * 500])
def test_a_key_is_named_by_a_program_and_by_nothing_else(keys: Path, renewal: PassportOffice, kid: str) -> None:
    said = claims(iss=kid)
    token = jwt.encode(said, (keys / "auth.pem").read_bytes(), "EdDSA", headers={"kid": kid})
    assert not is_believed(renewal, token)


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "é.é.é", "x" * 5000, "eyJhbGciOiJFZERTQSJ9.e30."])
def test_what_is_no_token_is_not_believed(renewal: PassportOffice, token: str) -> None:
    assert not is_believed(renewal, token)


def test_the_refusal_hides_what_was_wrong(renewal: PassportOffice) -> None:
    with pytest.raises(Refused) as refusal:
        renewal.verify("a secret token", NOW)
    assert refusal.value.__suppress_context__
    assert refusal.value.details == {}


def test_a_key_of_another_curve_is_no_key(tmp_path: Path) -> None:
    secrets.make_keys(tmp_path, ["renewal"])
    other = Ed448PrivateKey.generate()
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "auth.pub").write_bytes(public)
    token = jwt.encode(claims(), other, "EdDSA", headers={"kid": "auth"})
    assert not is_believed(PassportOffice("renewal", tmp_path), token)


def test_the_office_does_not_print_its_key(auth: PassportOffice) -> None:
    auth.sign(MODIR, "renewal", NOW)
    assert "PrivateKey" not in repr(auth)


def test_a_passport_carries_when_its_session_was_confirmed(auth: PassportOffice, renewal: PassportOffice) -> None:
    for confirmed_at in (None, NOW - timedelta(minutes=3)):
        for has_second_factor in (False, True):
            passport = MODIR.model_copy(update={"has_second_factor": has_second_factor, "confirmed_at": confirmed_at})
            assert renewal.verify(auth.sign(passport, "renewal", NOW), NOW) == passport
    assert "second_factor" not in jwt.decode(auth.sign(MODIR, "renewal", NOW), options={"verify_signature": False})
