"""The relying party of passkeys (WebAuthn, by the library `webauthn`): options for the browser, and the verification of what it answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    options_to_json,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from shared.contract.refusals import Reason, Refused

ISSUER = "Tamdid"
ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
LOCALHOST = "localhost"
DEFAULT_PORTS = {"http": 80, "https": 443}
"""Browsers leave them out of an origin."""
T = TypeVar("T")


@dataclass(frozen=True)
class Assertion:
    """A browser's answer with a passkey that exists, before its signature is verified."""

    response: str
    credential_id: bytes
    challenge: bytes


@dataclass(frozen=True)
class NewCredential:
    """A passkey that a browser has made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class RelyingParty:
    """Who passkeys are made for: a host name, and the origin of its pages."""

    id: str
    origin: str

    @classmethod
    def of(cls, portal_url: str) -> "RelyingParty":
        """That of the pages' public address; a loopback has no name, and browsers know it as `localhost`."""
        parts = urlsplit(portal_url)
        host = LOCALHOST if is_loopback(parts.hostname or "") else (parts.hostname or "").encode("idna").decode()
        port = "" if parts.port in (None, DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
        return cls(host, f"{parts.scheme}://{host}{port}")

    def registration_options(self, challenge: bytes, user: bytes, name: str, known: Sequence[bytes]) -> str:
        """What `navigator.credentials.create` needs; an authenticator with a known passkey makes no second one."""
        options = webauthn.generate_registration_options(
            rp_id=self.id,
            rp_name=ISSUER,
            user_id=user,
            user_name=name,
            challenge=challenge,
            exclude_credentials=descriptors(known),
            supported_pub_key_algs=ALGORITHMS,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
            ),
        )
        return options_to_json(options)

    def request_options(self, challenge: bytes, known: Sequence[bytes]) -> str:
        """What `navigator.credentials.get` needs; without known passkeys any of this origin, which must verify its holder."""
        verification = UserVerificationRequirement.PREFERRED if known else UserVerificationRequirement.REQUIRED
        options = webauthn.generate_authentication_options(
            rp_id=self.id, challenge=challenge, allow_credentials=descriptors(known), user_verification=verification
        )
        return options_to_json(options)

    def challenge_of_new(self, response: str) -> bytes:
        """The challenge that the answer to registration options names."""
        return refusing(
            lambda: parse_client_data_json(parse_registration_credential_json(response).response.client_data_json)
        ).challenge

    def assertion(self, response: str) -> Assertion:
        """The credential and the challenge that the answer to request options names."""

        def parsed() -> Assertion:
            credential = parse_authentication_credential_json(response)
            client_data = parse_client_data_json(credential.response.client_data_json)
            return Assertion(response, credential.raw_id, client_data.challenge)

        return refusing(parsed)

    def verify_new(self, response: str, challenge: bytes) -> NewCredential:
        """The passkey in the answer to registration options."""
        verified = refusing(
            lambda: webauthn.verify_registration_response(
                credential=response,
                expected_challenge=challenge,
                expected_rp_id=self.id,
                expected_origin=self.origin,
                supported_pub_key_algs=ALGORITHMS,
            )
        )
        return NewCredential(verified.credential_id, verified.credential_public_key, verified.sign_count)

    def verify(self, one: Assertion, public_key: bytes, sign_count: int, *, must_verify_user: bool) -> int:
        """The counter of a passkey after an answer that it has signed; a counter that has not grown is a copy's."""
        return refusing(
            lambda: webauthn.verify_authentication_response(
                credential=one.response,
                expected_challenge=one.challenge,
                expected_rp_id=self.id,
                expected_origin=self.origin,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
                require_user_verification=must_verify_user,
            )
        ).new_sign_count


def descriptors(credential_ids: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one) for one in credential_ids]


def refusing(work: Callable[[], T]) -> T:
    """What the library makes of a browser's answer, refused whatever is wrong with it: its parsers fail in many ways."""
    try:
        return work()
    except Exception as error:
        raise Refused(Reason.WRONG_PASSKEY) from error


def is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == LOCALHOST
