"""The archive of a backup: a tar of regular files with known names, first of all the manifest that lists them with their checksums."""

import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from deploy.backup import streams
from deploy.backup.errors import BackupError
from deploy.backup.streams import Reader, Writer
from deploy.containers.private_files import PRIVATE

MANIFEST = "manifest.json"
MANIFEST_BYTES_MAX = 1 << 20
FORMAT: Literal[1] = 1
PIECE_BYTES = 1 << 18
PRIVATE_FOLDER = 0o700
FILE_NAME = r"^(?:[a-z]{1,30}\.db|page-secret|webhook-secret|keys/[a-z][a-z0-9-]{0,40}\.(?:pem|pub))$"
"""All that is ever in a backup: nothing that would leave the folder it is restored to."""
END = bytes(2 * tarfile.BLOCKSIZE)

Advance = Callable[[int], None]
"""Is called with each number of bytes that were worked on."""


class ArchivedFile(BaseModel):
    """A file of a backup."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=FILE_NAME)]
    size: Annotated[int, Field(ge=0)]
    sha256: str


class Manifest(BaseModel):
    """What a backup holds: the first file of its archive."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = FORMAT
    version: str
    """Of the program that made it."""
    made_at: AwareDatetime
    """The moment that all databases show."""
    has_secrets: bool
    """Whether private keys and secrets are in it, and not the databases and public keys alone."""
    heads: dict[str, int]
    """The position of each log's last event."""
    files: tuple[ArchivedFile, ...]

    @property
    def bytes_of_files(self) -> int:
        return sum(file.size for file in self.files)


def describe(folder: Path, name: str) -> ArchivedFile:
    """A file of a folder with its checksum."""
    with (folder / name).open("rb") as file:
        digest = sha256()
        while piece := file.read(PIECE_BYTES):
            digest.update(piece)
        return ArchivedFile(name=name, size=file.tell(), sha256=digest.hexdigest())


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A private file beside `path` for the block to write, which gets that name at the end, and is deleted after an error."""
    unfinished = path.with_name(f".{path.name}.{token_hex(8)}")
    try:
        yield unfinished
        if path.exists():
            raise BackupError("backup_exists", file=path)
        unfinished.rename(path)
        sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write(path: Path, key: bytes | None, manifest: Manifest, folder: Path, advance: Advance) -> None:
    """Write an archive of the manifest's files, which lie in a folder, durably."""
    with open(path, "xb", opener=private) as file:
        with streams.writing(file, key) as writer:
            content = manifest.model_dump_json(indent=2).encode()
            write_header(writer, MANIFEST, len(content))
            writer.write(padded(content))
            for archived in manifest.files:
                write_file(writer, folder, archived, advance)
            writer.write(END)
        file.flush()
        os.fsync(file.fileno())


def write_file(writer: Writer, folder: Path, archived: ArchivedFile, advance: Advance) -> None:
    write_header(writer, archived.name, archived.size)
    with (folder / archived.name).open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            writer.write(piece)
            advance(len(piece))
    writer.write(bytes(-archived.size % tarfile.BLOCKSIZE))


def write_header(writer: Writer, name: str, size: int) -> None:
    header = tarfile.TarInfo(name)
    header.size = size
    header.mode = PRIVATE
    writer.write(header.tobuf(tarfile.GNU_FORMAT))


def padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % tarfile.BLOCKSIZE)


def private(path: str, flags: int) -> int:
    return os.open(path, flags, PRIVATE)


@contextmanager
def opened(path: Path, key: bytes | None) -> Iterator[tuple[Manifest, Reader]]:
    """An archive's manifest, and the reader behind it."""
    with path.open("rb") as file:
        reader = streams.reading(file, key)
        size = read_header(reader, MANIFEST)
        if size > MANIFEST_BYTES_MAX:
            raise BackupError("backup_damaged")
        yield parse_manifest(read_exactly(reader, size + -size % tarfile.BLOCKSIZE)[:size]), reader


class AnyManifest(BaseModel):
    """What each version's manifest says of itself."""

    format: int = FORMAT
    version: str


def parse_manifest(content: bytes) -> Manifest:
    """The manifest in a text; of a later format only the version is known, with which the backup is to be restored."""
    try:
        known = AnyManifest.model_validate_json(content)
        if known.format > FORMAT:
            raise BackupError("backup_of_later_version", version=known.version)
        return Manifest.model_validate_json(content)
    except ValidationError:
        raise BackupError("backup_damaged") from None


def extract(path: Path, key: bytes | None, folder: Path, advance: Advance) -> Manifest:
    """Write all files of an archive into an empty folder; `BackupError` unless every byte is as it was written."""
    with opened(path, key) as (manifest, reader):
        for archived in manifest.files:
            if read_header(reader, archived.name) != archived.size:
                raise BackupError("backup_damaged")
            extract_file(reader, folder / archived.name, archived, advance)
        if read_exactly(reader, len(END)) != END or reader.read(1):
            raise BackupError("backup_damaged")
    return manifest


def extract_file(reader: Reader, path: Path, archived: ArchivedFile, advance: Advance) -> None:
    path.parent.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    digest = sha256()
    with open(path, "xb", opener=private) as file:
        left = archived.size
        while left:
            piece = read_exactly(reader, min(left, PIECE_BYTES))
            file.write(piece)
            digest.update(piece)
            left -= len(piece)
            advance(len(piece))
        file.flush()
        os.fsync(file.fileno())
    padding = read_exactly(reader, -archived.size % tarfile.BLOCKSIZE)
    if digest.hexdigest() != archived.sha256 or padding.strip(b"\0"):
        raise BackupError("backup_damaged")


def read_header(reader: Reader, name: str) -> int:
    """The size of the next file, which must have this name and be a regular one."""
    try:
        header = tarfile.TarInfo.frombuf(read_exactly(reader, tarfile.BLOCKSIZE), "utf-8", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError):
        raise BackupError("backup_damaged") from None
    if header.name != name or header.type != tarfile.REGTYPE or header.size < 0:
        raise BackupError("backup_damaged")
    return header.size


def read_exactly(reader: Reader, count: int) -> bytes:
    content = reader.read(count)
    if len(content) < count:
        raise BackupError("backup_damaged")
    return content
