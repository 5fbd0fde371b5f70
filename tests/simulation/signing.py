"""The programs' keys in the simulation, and what somebody with the broker account of a program makes of its messages."""

import base64
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.subscriptions.source_signatures import SourceSignatures


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


def signatures_of(program: str) -> SourceSignatures:
    """As a subscription reads what comes from a program; the key is looked up at each use, as mutants replace it."""
    return SourceSignatures(program, lambda text, signature: is_signed_by(program, text, signature))
