"""The programs' keys in the simulation, and what somebody with the broker account of a program makes of its messages."""

import base64
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.contract.seal import Delivery, delivered, signed_text


@cache
def key_of(program: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(program.encode().ljust(32))


def sign(program: str, text: bytes) -> str:
    return base64.b64encode(key_of(program).sign(text)).decode()


def is_signed_by(program: str, text: bytes, signature: str) -> bool:
    """As `shared.keys.Keys`."""
    try:
        key_of(program).public_key().verify(base64.b64decode(signature), text)
    except (InvalidSignature, ValueError):
        return False
    return True


def read(program: str, body: str, seal: str | None) -> Delivery:
    """The event of a message from a program; `ValueError` for what is none."""
    if seal is None:
        return delivered(body)
    return delivered(body, lambda *sealed: is_signed_by(program, signed_text(*sealed), seal))
