"""Messages to auth and its answers, encrypted end to end (HPKE, RFC 9180): whoever reads the broker's queues learns no password, session or passport."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from shared.contract.base import Message

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
RECEIVER = "auth"
"""The one service whose messages hold secrets of persons, and proofs of who they are."""
FIELD = "sealed"
"""The only field of what stands for a message or an answer; programs of another version read it, so it keeps the name of a seal."""

Change = Callable[[Any], Any]


class Request(NamedTuple):
    """A message as it travels."""

    payload: dict[str, Any]
    answer: Change
    """The answer in clear; `ValueError` for one that does not come from the service."""


class Decrypted(NamedTuple):
    """A message as it is read."""

    payload: Mapping[str, Any]
    encrypt_answer: Change | None
    """Encrypts the answer to whoever sent the message; None where it came in clear."""


@dataclass
class EncryptedMessages:
    """`keys` is a folder with `auth-secrets.pub` (X25519), and at auth itself also with `auth-secrets.pem`."""

    keys: Path
    _own: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate, repr=False)
    """Answers are encrypted to it; only the receiver of a message learns its public half, and so nobody else can answer."""

    def request(self, message: Message[Any]) -> Request:
        """The message as it travels; OSError where it is for auth, and there is no key to encrypt it with.

        Fields with their defaults stay away: a service of an earlier version refuses those that it does not know.
        """
        payload = message.model_dump(mode="json", exclude_defaults=True)
        if getattr(message, "service", "") != RECEIVER:
            return Request(payload, lambda answer: answer)
        nonce = str(uuid4())
        content = {"message": payload, "nonce": nonce, "answer_to": self._answer_to}
        answer_info = info_of_answer(message.method, nonce)
        return Request(
            encrypt(content, self._public, info_of_call(message.method)),
            lambda answer: decrypt(answer, self._own, answer_info),
        )

    def decrypt(self, payload: Mapping[str, Any], method: str) -> Decrypted:
        """The message in clear, and how to answer it; what can't be read stays as it is, and is refused as bad input."""
        try:
            content = decrypt(payload, self._private, info_of_call(method))
            message, nonce = dict(content["message"]), str(content["nonce"])
            key = X25519PublicKey.from_public_bytes(base64.b64decode(content["answer_to"], validate=True))
        except (OSError, ValueError, KeyError, TypeError):
            return Decrypted(payload, None)
        return Decrypted(message, lambda answer: encrypt(answer, key, info_of_answer(method, nonce)))

    @cached_property
    def _answer_to(self) -> str:
        return base64.b64encode(self._own.public_key().public_bytes_raw()).decode()

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


def info_of_call(method: str) -> bytes:
    """What a message is bound to: no other method reads it."""
    return f"tamdid call {method}".encode()


def info_of_answer(method: str, nonce: str) -> bytes:
    """What an answer is bound to: it answers this very message."""
    return f"tamdid answer {method} {nonce}".encode()


def encrypt(content: object, key: X25519PublicKey, info: bytes) -> dict[str, str]:
    """What stands for a JSON value; without content for a key that nobody can have."""
    try:
        return {FIELD: base64.b64encode(SUITE.encrypt(json.dumps(content).encode(), key, info=info)).decode()}
    except ValueError:
        return {FIELD: ""}


def decrypt(value: object, key: X25519PrivateKey, info: bytes) -> Any:
    """The JSON value; `ValueError` for what is not encrypted to this key, or for something else."""
    if not isinstance(value, Mapping) or set(value) != {FIELD}:
        raise ValueError("not encrypted")
    try:
        return json.loads(SUITE.decrypt(base64.b64decode(str(value[FIELD]), validate=True), key, info=info))
    except (InvalidTag, ValueError, RecursionError):
        raise ValueError("not encrypted for this") from None
