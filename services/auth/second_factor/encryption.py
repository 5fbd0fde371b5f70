"""Encryption at rest of the secrets of second factors (AES-GCM), and codes of what only auth can have made (HMAC), under keys derived from auth's own private key file."""

import base64
import hmac
import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

KEY_BYTES = 32
NONCE_BYTES = 12


@dataclass(frozen=True)
class SecretBox:
    """Encrypts and decrypts; with another key file nothing can be decrypted any more, and second factors must be set again."""

    key_file: Path

    def encrypt(self, text: str, account: str) -> str:
        """The text for the row of an account, and of no other."""
        nonce = os.urandom(NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), account.encode())).decode()

    def decrypt(self, encrypted: str, account: str) -> str | None:
        """The text; None where key, account or content are others: recovery codes work all the same."""
        content = base64.b64decode(encrypted)
        try:
            return self._cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], account.encode()).decode()
        except InvalidTag:
            return None

    def code(self, *parts: str) -> bytes:
        """The authentication code of some texts."""
        return hmac.digest(self._code_key, json.dumps(parts).encode(), "sha256")

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(self._derived(b"second factors of tamdid"))

    @cached_property
    def _code_key(self) -> bytes:
        return self._derived(b"passkeys of tamdid")

    def _derived(self, info: bytes) -> bytes:
        private = load_pem_private_key(self.key_file.read_bytes(), None)
        raw = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=info).derive(raw)
