"""The Ed25519 keys of programs: a program signs with its private key, and everybody verifies with the public keys of all."""

import base64
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

PROGRAM = re.compile("[a-z][a-z0-9-]{0,30}")
END = b"-----END PUBLIC KEY-----\n"


@dataclass
class Keys:
    """A folder of `<program>.pem` (private, Ed25519 in PKCS8) and `<program>.pub`, as one program uses it.

    A program needs its own private key, where it signs, and the public keys of all. A file of public keys has the present one
    first; former ones after it verify what was signed for good, such as seals.
    """

    program: str
    folder: Path
    _public: dict[str, list[Ed25519PublicKey]] = field(default_factory=dict, repr=False)

    @cached_property
    def private(self) -> Ed25519PrivateKey:
        """The program's own key; OSError without its file, ValueError for another kind of key."""
        key = load_pem_private_key((self.folder / f"{self.program}.pem").read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise ValueError(f"{self.program}.pem is no Ed25519 key")  # noqa: TRY004 - the file is wrong, not an argument
        return key

    def public(self, program: str) -> Ed25519PublicKey:
        """A program's present key; OSError without its file, ValueError for another kind of key or name."""
        return self._all(program)[0]

    def sign(self, text: bytes) -> str:
        """This program's signature of a text, in Base64."""
        return base64.b64encode(self.private.sign(text)).decode()

    def is_signed_by(self, program: str, text: bytes, signature: str) -> bool:
        """Whether a signature in Base64 is the program's for this text, by its present key or a former one."""
        try:
            return any(verifies(key, base64.b64decode(signature, validate=True), text) for key in self._all(program))
        except (OSError, ValueError):
            return False

    def _all(self, program: str) -> list[Ed25519PublicKey]:
        if program not in self._public:
            if not PROGRAM.fullmatch(program):
                raise ValueError("no program's name")
            self._public[program] = read_public((self.folder / f"{program}.pub").read_bytes())
        return self._public[program]


def read_public(file: bytes) -> list[Ed25519PublicKey]:
    """The keys of a file in its order; ValueError where one is of another kind, or there is none."""
    keys = [load_pem_public_key(block + END) for block in file.split(END)[:-1]]
    found = [key for key in keys if isinstance(key, Ed25519PublicKey)]
    if not found or len(found) < len(keys):
        raise ValueError("no Ed25519 key")
    return found


def verifies(key: Ed25519PublicKey, signature: bytes, text: bytes) -> bool:
    try:
        key.verify(signature, text)
    except InvalidSignature:
        return False
    return True
