"""An authenticator of passkeys (WebAuthn) and the browser before it, in a few lines: real keys and signatures, and any lie that is wanted."""

import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url, encode_cbor

USER_PRESENT, USER_VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40
ES256, EC2, P256 = -7, 2, 1


@dataclass
class Authenticator:
    """One passkey (ES256), and the origin of the page that uses it."""

    origin: str
    rp_id: str
    verifies_user: bool = True
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    sign_count: int = 0

    def create(self, options: str) -> str:
        """The browser's answer to registration options."""
        data = self._data(HAS_CREDENTIAL) + bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id
        attestation = {"fmt": "none", "attStmt": {}, "authData": data + encode_cbor(self._public_key())}
        client_data = self._client_data("webauthn.create", options)
        return self._answer({"clientDataJSON": client_data, "attestationObject": encode_cbor(attestation)})

    def get(self, options: str) -> str:
        """The browser's answer to request options."""
        self.sign_count += self.counts
        client_data, data = self._client_data("webauthn.get", options), self._data(0)
        signed = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": client_data, "authenticatorData": data, "signature": signed})

    def _client_data(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.verifies_user else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + struct.pack(">BI", flags, self.sign_count)

    def _public_key(self) -> dict[int, Any]:
        point = self.key.public_key().public_numbers()
        return {1: EC2, 3: ES256, -1: P256, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}

    def _answer(self, response: dict[str, bytes]) -> str:
        own = bytes_to_base64url(self.credential_id)
        encoded = {name: bytes_to_base64url(one) for name, one in response.items()}
        return json.dumps({"id": own, "rawId": own, "type": "public-key", "response": encoded})
