"""The two forms of a backup file: encrypted by a key in authenticated chunks, or plain with a checksum of the whole at its end.

Encrypted: ChaCha20-Poly1305 over chunks whose nonces count up and name the last one (the STREAM construction), by a key derived for
this file alone: a chunk that is altered, missing, doubled or in another place does not decrypt.
"""

import base64
import binascii
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from deploy.backup.errors import BackupError

MAGIC = b"tamdid backup 1, encrypted\n"
ANY_MAGIC = re.compile(rb"tamdid backup [0-9]+, encrypted\n")
"""Of this form and of later ones."""
KEY_BYTES = 32
KEY_ID_BYTES = 8
SALT_BYTES = 32
HEADER_BYTES = len(MAGIC) + KEY_ID_BYTES + SALT_BYTES
CHUNK_BYTES = 65_536
TAG_BYTES = 16
COUNTER_BYTES = 11
"""Of a nonce; its last byte says whether the chunk is the last one."""
TRAILER = b"tamdid backup 1, sha256 "
TRAILER_BYTES = len(TRAILER) + 64 + 1


class Writer(Protocol):
    """Takes the bytes of an archive in their order."""

    def write(self, content: bytes) -> None: ...


class Reader(Protocol):
    """Gives the bytes of an archive in their order; fewer than wanted only at the end. `BackupError` for what was altered."""

    def read(self, count: int) -> bytes: ...


def new_key() -> str:
    """A key as the text of its file."""
    return base64.b64encode(os.urandom(KEY_BYTES)).decode() + "\n"


def parse_key(text: bytes) -> bytes:
    """The key of a key file's text."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != KEY_BYTES:
        raise BackupError("backup_no_key_file")
    return key


def derived(key: bytes, salt: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, b"tamdid backup 1 " + purpose).derive(key)


def key_id(key: bytes) -> bytes:
    """What a file names its key by, so that another key is known from damage."""
    return derived(key, b"", b"key id", KEY_ID_BYTES)


class Chunks:
    """The cipher of one file's chunks, each by its number."""

    def __init__(self, key: bytes, header: bytes) -> None:
        self._cipher = ChaCha20Poly1305(derived(key, header[-SALT_BYTES:], b"file", KEY_BYTES))
        self._header = header
        self._number = 0

    def encrypt(self, chunk: bytes, *, is_last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(is_last), chunk, self._header)

    def decrypt(self, chunk: bytes, *, is_last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(is_last), chunk, self._header)
        except InvalidTag:
            raise BackupError("backup_damaged") from None

    def _nonce(self, is_last: bool) -> bytes:
        number, self._number = self._number, self._number + 1
        return number.to_bytes(COUNTER_BYTES, "big") + bytes([is_last])


class EncryptingWriter:
    """Encrypts what is written, a chunk at a time."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        header = MAGIC + key_id(key) + os.urandom(SALT_BYTES)
        file.write(header)
        self._file = file
        self._chunks = Chunks(key, header)
        self._waiting = bytearray()

    def write(self, content: bytes) -> None:
        self._waiting += content
        while len(self._waiting) > CHUNK_BYTES:  # one that is full may be the last, which `end` alone knows
            self._file.write(self._chunks.encrypt(bytes(self._waiting[:CHUNK_BYTES]), is_last=False))
            del self._waiting[:CHUNK_BYTES]

    def end(self) -> None:
        self._file.write(self._chunks.encrypt(bytes(self._waiting), is_last=True))


class DecryptingReader:
    """Decrypts a file, whose header was read already."""

    def __init__(self, file: BinaryIO, key: bytes, header: bytes) -> None:
        self._file = file
        self._chunks = Chunks(key, header)
        self._decrypted = bytearray()
        self._next = self._read_chunk()
        if not self._next:
            raise BackupError("backup_damaged")

    def read(self, count: int) -> bytes:
        while len(self._decrypted) < count and self._next:
            chunk, self._next = self._next, self._read_chunk()
            self._decrypted += self._chunks.decrypt(chunk, is_last=not self._next)
        content = bytes(self._decrypted[:count])
        del self._decrypted[:count]
        return content

    def _read_chunk(self) -> bytes:
        return self._file.read(CHUNK_BYTES + TAG_BYTES)


class PlainWriter:
    """Writes as it is, and the checksum of all of it at the end, behind which tar does not read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = sha256()

    def write(self, content: bytes) -> None:
        self._file.write(content)
        self._digest.update(content)

    def end(self) -> None:
        self._file.write(TRAILER + self._digest.hexdigest().encode() + b"\n")


class PlainReader:
    """Reads a plain file up to its checksum, and compares that at the end."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = max(0, os.fstat(file.fileno()).st_size - TRAILER_BYTES)
        self._digest = sha256()
        self._is_compared = False

    def read(self, count: int) -> bytes:
        content = self._file.read(min(count, self._left))
        self._left -= len(content)
        self._digest.update(content)
        if len(content) < count and not self._is_compared:
            if self._file.read() != TRAILER + self._digest.hexdigest().encode() + b"\n":
                raise BackupError("backup_damaged")
            self._is_compared = True
        return content


@contextmanager
def writing(file: BinaryIO, key: bytes | None) -> Iterator[Writer]:
    """A writer of an archive, which is whole when the block ends without an error."""
    writer = PlainWriter(file) if key is None else EncryptingWriter(file, key)
    yield writer
    writer.end()


def reading(file: BinaryIO, key: bytes | None) -> Reader:
    """A reader of either form; with a key only of what that key has encrypted."""
    header = file.read(HEADER_BYTES)
    if not header.startswith(MAGIC):
        if ANY_MAGIC.match(header):
            raise BackupError("backup_of_later_version", version="")
        if key is not None:
            raise BackupError("backup_not_encrypted")
        file.seek(0)
        return PlainReader(file)
    if key is None:
        raise BackupError("backup_key_needed")
    if header[len(MAGIC) : len(MAGIC) + KEY_ID_BYTES] != key_id(key):
        raise BackupError("backup_other_key")
    return DecryptingReader(file, key, header)
