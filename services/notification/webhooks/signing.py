"""Secrets of webhooks, encrypted in the rows (AES-GCM), and signatures by the Standard Webhooks specification."""

import base64
import hmac
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from standardwebhooks import Webhook

from shared.keys import Keys

PREFIX = "whsec_"
SECRET_BYTES, NONCE_BYTES = 32, 12


class SecretLost(Exception):  # noqa: N818 - the name is the finding
    """A secret that was encrypted under another key of the program: the webhook needs a new one."""


@dataclass(frozen=True)
class SecretBox:
    """Encrypts secrets for their webhook alone, under a key derived from the program's own private key."""

    keys: Keys = field(repr=False)

    def encrypt(self, secret: str, webhook: UUID) -> str:
        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, secret.encode(), webhook.bytes)).decode()

    def decrypt(self, encrypted: str, webhook: UUID) -> str:
        """The secret; `SecretLost` where key, webhook or content are others."""
        try:
            content = base64.b64decode(encrypted, validate=True)
            return self._cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], webhook.bytes).decode()
        except (InvalidTag, ValueError):
            raise SecretLost from None

    @property
    def _cipher(self) -> AESGCM:
        raw = self.keys.private.private_bytes_raw()
        return AESGCM(hmac.digest(raw, b"secrets of webhooks of tamdid", "sha256"))


def new_secret() -> str:
    """A random secret in the form of the specification."""
    return PREFIX + base64.b64encode(os.urandom(SECRET_BYTES)).decode()


def headers(message_id: UUID, body: str, at: datetime, secrets: Sequence[str]) -> Mapping[str, str]:
    """The headers of a message that is sent at a moment; while a secret is replaced, the former one signs too."""
    utc = at.astimezone(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": str(message_id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(str(message_id), utc, body) for secret in secrets),
    }
