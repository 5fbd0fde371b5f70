"""A backup file gives back what was written, or an error: for every flipped bit, cut, doubled or moved chunk, and other key."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.backup import streams
from deploy.backup.errors import BackupError
from deploy.backup.streams import CHUNK_BYTES, HEADER_BYTES, TAG_BYTES

KEY = bytes(range(32))
ENCRYPTED_CHUNK = CHUNK_BYTES + TAG_BYTES
SIZES = (0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES)
CONTENT = (bytes(range(251)) * CHUNK_BYTES)[: 3 * CHUNK_BYTES]
"""Three chunks, of which no two are alike."""


def written(content: bytes, key: bytes | None = KEY) -> bytes:
    file = io.BytesIO()
    with streams.writing(file, key) as writer:
        for start in range(0, len(content), 10_000):
            writer.write(content[start : start + 10_000])
    return file.getvalue()


def read(stored: bytes, key: bytes | None = KEY, piece: int = 7_000) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stored"
        path.write_bytes(stored)
        with path.open("rb") as file:
            reader = streams.reading(file, key)
            return b"".join(iter(lambda: reader.read(piece), b""))


ENCRYPTED, PLAIN = written(CONTENT), written(CONTENT, None)


@pytest.mark.parametrize("key", [KEY, None], ids=["encrypted", "plain"])
@pytest.mark.parametrize("size", SIZES)
def test_what_was_written_is_read(size: int, key: bytes | None) -> None:
    assert read(written(CONTENT[:size], key), key) == CONTENT[:size]


@pytest.mark.parametrize(("stored", "key"), [(ENCRYPTED, KEY), (PLAIN, None)], ids=["encrypted", "plain"])
@given(data=st.data())
def test_one_flipped_bit_anywhere_is_an_error(stored: bytes, key: bytes | None, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(stored) - 1))
    bit = data.draw(st.integers(0, 7))
    with pytest.raises(BackupError):
        read(stored[:place] + bytes([stored[place] ^ (1 << bit)]) + stored[place + 1 :], key)


@pytest.mark.parametrize(("stored", "key"), [(ENCRYPTED, KEY), (PLAIN, None)], ids=["encrypted", "plain"])
@given(data=st.data())
def test_a_file_that_is_cut_off_or_goes_on_is_an_error(stored: bytes, key: bytes | None, data: st.DataObject) -> None:
    chunk_ends = st.sampled_from([HEADER_BYTES + number * ENCRYPTED_CHUNK for number in range(4)])
    length = data.draw(st.integers(0, len(stored) - 1) | chunk_ends.filter(lambda end: end < len(stored)))
    with pytest.raises(BackupError):
        read(stored[:length], key)
    with pytest.raises(BackupError):
        read(stored + data.draw(st.binary(min_size=1, max_size=100)), key)


def chunks(stored: bytes) -> list[bytes]:
    return [stored[at : at + ENCRYPTED_CHUNK] for at in range(HEADER_BYTES, len(stored), ENCRYPTED_CHUNK)]


MOVED: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "exchanged": lambda all_: [all_[1], all_[0], *all_[2:]],
    "doubled": lambda all_: [all_[0], *all_],
    "left out": lambda all_: [all_[0], *all_[2:]],
    "last one first": lambda all_: [all_[-1], *all_[:-1]],
    "of another file": lambda all_: [chunks(written(CONTENT))[0], *all_[1:]],
}


@pytest.mark.parametrize("moved", MOVED)
def test_a_chunk_in_another_place_does_not_decrypt(moved: str) -> None:
    with pytest.raises(BackupError, match="backup_damaged"):
        read(ENCRYPTED[:HEADER_BYTES] + b"".join(MOVED[moved](chunks(ENCRYPTED))))


def test_nothing_behind_an_altered_chunk_is_read() -> None:
    stored = bytearray(ENCRYPTED)
    stored[HEADER_BYTES + ENCRYPTED_CHUNK] ^= 1
    with TemporaryDirectory() as folder:
        path = Path(folder) / "stored"
        path.write_bytes(stored)
        with path.open("rb") as file:
            reader = streams.reading(file, KEY)
            assert reader.read(CHUNK_BYTES) == CONTENT[:CHUNK_BYTES]
            with pytest.raises(BackupError, match="backup_damaged"):
                reader.read(1)


@pytest.mark.parametrize(
    ("stored", "key", "code"),
    [
        (ENCRYPTED, bytes(32), "backup_other_key"),
        (ENCRYPTED, None, "backup_key_needed"),
        (PLAIN, KEY, "backup_not_encrypted"),
        (b"", None, "backup_damaged"),
        (b"something else", None, "backup_damaged"),
        (ENCRYPTED.replace(b"backup 1", b"backup 2", 1), KEY, "backup_of_later_version"),
    ],
    ids=["another key", "no key", "a key for a plain file", "empty", "something else", "a later form"],
)
def test_what_cant_be_read_has_a_name(stored: bytes, key: bytes | None, code: str) -> None:
    with pytest.raises(BackupError, match=code):
        read(stored, key)


def test_the_same_content_twice_is_not_the_same_file() -> None:
    assert written(b"the same") != written(b"the same")
    assert not re.search(re.escape(CONTENT[:16]), ENCRYPTED)


def test_a_key_file_has_one_key() -> None:
    assert len(streams.parse_key(streams.new_key().encode())) == 32
    assert streams.new_key() != streams.new_key()


@pytest.mark.parametrize("text", [b"", b"AAAA\n", b"no base64 at all, but of more than thirty-two bytes", b"\xff" * 44])
def test_what_is_no_key_is_refused(text: bytes) -> None:
    with pytest.raises(BackupError, match="backup_no_key_file"):
        streams.parse_key(text)
