"""Secrets that persons type, encrypted by the sender to the one service that may read them (HPKE, RFC 9180), so that the broker does not."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from shared.contract.base import Message
from shared.contract.values import SEAL

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
RECEIVER = "auth"
"""The one service that persons' secrets are for."""
FIELD = "sealed"
"""The only field of what stands for a secret in a message."""


@dataclass
class SealedSecrets:
    """`keys` is a folder with `auth-secrets.pub` (X25519), and at auth itself also with `auth-secrets.pem`."""

    keys: Path

    def payload(self, message: Message[Any], service: str) -> dict[str, Any]:
        """The message as it travels; OSError where there is no key to encrypt its secrets with."""
        if service != RECEIVER:
            return message.model_dump(mode="json")
        key, info = self._public, bound_to(message)
        return message.model_dump(mode="json", context={SEAL: lambda secret: sealed(secret, key, info)})

    def opened(self, payload: Mapping[str, Any], method: str) -> dict[str, Any]:
        """The payload with its secrets in clear; what can't be read stays as it is, and is refused as bad input."""
        info = f"{method} {payload.get('id', '')}".encode()
        return {name: self._open(value, info) for name, value in payload.items()}

    def _open(self, value: object, info: bytes) -> object:
        if not isinstance(value, Mapping) or set(value) != {FIELD}:
            return value
        try:
            return SUITE.decrypt(base64.b64decode(str(value[FIELD]), validate=True), self._private, info=info).decode()
        except (InvalidTag, ValueError):
            return value

    @cached_property
    def _public(self) -> X25519PublicKey:
        key = load_pem_public_key((self.keys / f"{RECEIVER}-secrets.pub").read_bytes())
        if not isinstance(key, X25519PublicKey):
            raise ValueError("no X25519 key")  # noqa: TRY004 - the file is wrong, not an argument
        return key

    @cached_property
    def _private(self) -> X25519PrivateKey:
        key = load_pem_private_key((self.keys / f"{RECEIVER}-secrets.pem").read_bytes(), None)
        if not isinstance(key, X25519PrivateKey):
            raise ValueError("no X25519 key")  # noqa: TRY004 - the file is wrong, not an argument
        return key


def sealed(secret: str, key: X25519PublicKey, info: bytes) -> dict[str, str]:
    """What stands for a secret in a message."""
    return {FIELD: base64.b64encode(SUITE.encrypt(secret.encode(), key, info=info)).decode()}


def bound_to(message: Message[Any]) -> bytes:
    """What a secret is bound to: the method and the command, so that it can't be moved into another message."""
    return f"{message.method} {getattr(message, 'id', '')}".encode()
