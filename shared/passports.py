"""Passports as signed JSON web tokens (PyJWT, EdDSA): signed with a program's private key for one service, which verifies with the public keys of all."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import jwt
from pydantic import ValidationError

from shared.contract.passport import PASSPORT_SECONDS_MAX, Passport, PrincipalKind
from shared.contract.refusals import Reason, Refused
from shared.keys import Keys

ALGORITHM = "EdDSA"
AUTH = "auth"
"""The one program that may vouch for persons."""
CLOCK_SKEW_SECONDS = 10
"""How far the clocks of two machines may differ."""
TOKEN_CHARACTERS_MAX = 4096
VERIFIED_MAX = 1_000
"""Verified tokens in the cache."""
REQUIRED = ["aud", "exp", "iat", "iss", "sub", "principal_kind"]
OPTIONS: Any = {"require": REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
"""Times are compared with the clock that is passed in, not against PyJWT's own."""


class Verified(NamedTuple):
    """The content of a token whose signature was verified."""

    passport: Passport
    issued_at: object
    expires_at: object


@dataclass
class PassportOffice:
    """Signs with one program's own key and verifies with everybody's.

    `keys` is the folder of `shared.keys.Keys`.
    """

    program: str
    keys: Path
    _verified: dict[str, Verified] = field(default_factory=dict, repr=False)
    """Tokens whose signature was verified; their times are checked each time."""

    def __post_init__(self) -> None:
        self._keys = Keys(self.program, self.keys)

    def sign(self, passport: Passport, service: str, now: datetime) -> str:
        """A token for a passport that one service accepts, with the longest allowed lifetime.

        ValueError for a principal that this program must not sign for.
        """
        if not may_vouch(self.program, passport):
            raise ValueError(f"{self.program} can't vouch for a {passport.principal_kind.value}")
        issued_at = int(now.timestamp())
        claims: dict[str, object] = {
            "iss": self.program,
            "aud": service,
            "sub": passport.subject,
            "principal_kind": passport.principal_kind.value,
            "roles": sorted(passport.roles),
            "provinces": sorted(passport.provinces),
            "command_id": str(passport.command_id) if passport.command_id else None,
            "iat": issued_at,
            "exp": issued_at + PASSPORT_SECONDS_MAX,
        }
        if passport.scopes:
            claims["scopes"] = sorted(passport.scopes)
        if passport.has_second_factor:
            claims["has_second_factor"] = True
        if passport.confirmed_at is not None:
            claims["confirmed_at"] = passport.confirmed_at.timestamp()
        return jwt.encode(claims, self._keys.private, ALGORITHM, headers={"kid": self.program})

    def verify(self, token: str, now: datetime) -> Passport:
        """The passport in a token for this program, or Refused(NOT_SIGNED_IN) for anything that is not exactly right."""
        try:
            verified = self._verified.get(token) or self._verify(token)
            must_be_current(verified.issued_at, verified.expires_at, now.timestamp())
        except (jwt.PyJWTError, ValidationError, OSError, ValueError, TypeError, KeyError):
            raise Refused(Reason.NOT_SIGNED_IN) from None  # the cause may hold parts of the token
        return verified.passport

    def _verify(self, token: str) -> Verified:
        """The verified token, from the cache or by its signature, whose verification takes longer than many a query."""
        if len(token) > TOKEN_CHARACTERS_MAX:
            raise ValueError("too long")
        issuer = str(jwt.get_unverified_header(token)["kid"])
        claims = jwt.decode(
            token, self._keys.public(issuer), [ALGORITHM], OPTIONS, audience=self.program, issuer=issuer
        )
        passport = Passport.model_validate({**claims, "subject": claims["sub"]})
        if not may_vouch(issuer, passport):
            raise ValueError("the issuer can't vouch for the principal_kind")
        if len(self._verified) >= VERIFIED_MAX:
            self._verified.clear()
        self._verified[token] = verified = Verified(passport, claims["iat"], claims["exp"])
        return verified


def may_vouch(issuer: str, passport: Passport) -> bool:
    """Auth signs for members, officers and program accounts; every program only for itself."""
    if passport.principal_kind is PrincipalKind.PROGRAM:
        return passport.subject == issuer
    return issuer == AUTH and (passport.principal_kind is PrincipalKind.MEMBER or passport.is_staff)


def must_be_current(issued_at: object, expires_at: object, now: float) -> None:
    """ValueError for a token from the future, one that has expired, or one with a longer lifetime than allowed."""
    if type(issued_at) is not int or type(expires_at) is not int:
        raise ValueError("times are whole seconds")
    if expires_at - issued_at > PASSPORT_SECONDS_MAX:
        raise ValueError("too long a lifetime")
    if not issued_at - CLOCK_SKEW_SECONDS <= now < expires_at + CLOCK_SKEW_SECONDS:
        raise ValueError("not current")
