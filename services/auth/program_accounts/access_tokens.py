"""Access tokens of program accounts: JSON web tokens that auth signs for itself (RFC 9068), which the gateway exchanges for passports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import jwt

from shared.contract.refusals import Reason, Refused
from shared.keys import Keys
from shared.passports import ALGORITHM, AUTH, CLOCK_SKEW_SECONDS
from shared.settings import Settings

LIFE_SECONDS = 600
AUDIENCE = "api"
"""The JSON API; no service has this name, so that no access token is a passport and no passport an access token."""
TYPE = "at+jwt"
REQUIRED = ["aud", "exp", "iat", "iss", "sub", "jti", "scope", "secret"]
OPTIONS: Any = {"require": REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False}
"""Times are compared with the clock that is passed in, not against PyJWT's own."""


@dataclass(frozen=True)
class Granted:
    """What an access token says: which program, by which of its secrets, and for which scopes."""

    program: str
    secret: UUID
    scopes: frozenset[str]


@dataclass(frozen=True)
class AccessTokens:
    """Signs with auth's own key and accepts what was signed so."""

    keys: Keys

    @classmethod
    def of(cls, settings: Settings) -> "AccessTokens":
        return cls(Keys(AUTH, settings.keys_folder))

    def sign(self, granted: Granted, now: datetime) -> str:
        issued_at = int(now.timestamp())
        claims = {
            "iss": AUTH,
            "aud": AUDIENCE,
            "sub": granted.program,
            "client_id": granted.program,
            "scope": " ".join(sorted(granted.scopes)),
            "secret": str(granted.secret),
            "jti": str(uuid4()),
            "iat": issued_at,
            "exp": issued_at + LIFE_SECONDS,
        }
        return jwt.encode(claims, self.keys.private, ALGORITHM, headers={"kid": AUTH, "typ": TYPE})

    def verify(self, token: str, now: datetime) -> Granted:
        """What a token says, or Refused(NOT_SIGNED_IN) for anything that is not exactly right."""
        try:
            claims = jwt.decode(token, self.keys.public(AUTH), [ALGORITHM], OPTIONS, audience=AUDIENCE, issuer=AUTH)
            must_be_current(jwt.get_unverified_header(token), claims, now)
            return Granted(str(claims["sub"]), UUID(claims["secret"]), frozenset(claims["scope"].split()))
        except (jwt.PyJWTError, OSError, ValueError, TypeError, AttributeError):
            raise Refused(Reason.NOT_SIGNED_IN) from None  # the cause may hold parts of the token


def must_be_current(header: Mapping[str, Any], claims: Mapping[str, Any], now: datetime) -> None:
    """ValueError for a token of another kind, from the future or that has expired."""
    if header.get("typ") != TYPE:
        raise ValueError("no access token")
    if not claims["iat"] - CLOCK_SKEW_SECONDS <= now.timestamp() < claims["exp"]:
        raise ValueError("not current")
