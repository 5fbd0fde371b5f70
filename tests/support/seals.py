"""Deliveries for tests: events of a log from its first one on, each sealed."""

import base64
import dataclasses
from collections.abc import Iterable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.contract import cloud_events
from shared.contract.envelope import Recorded
from shared.contract.seal import GENESIS, Delivery, digest_of, extended

FIELDS = [field.name for field in dataclasses.fields(Recorded)]
KEY = Ed25519PrivateKey.generate()


def sign(text: bytes) -> str:
    """A relay's signature, by a key of the tests' own."""
    return base64.b64encode(KEY.sign(text)).decode()


def is_signed(text: bytes, signature: str) -> bool:
    """Whether a signature is by that key; as expensive as a real check."""
    try:
        KEY.public_key().verify(base64.b64decode(signature), text)
    except InvalidSignature:
        return False
    return True


def sealed(events: Iterable[Recorded], chain: str = GENESIS) -> list[Delivery]:
    """The events that follow a chain as deliveries."""
    deliveries = []
    for event in events:
        digest = digest_of(cloud_events.encoded(event))
        chain = extended(chain, digest)
        fields = {name: getattr(event, name) for name in FIELDS}
        deliveries.append(Delivery(**fields, digest=digest, is_sealed=chain.__eq__))
    return deliveries
