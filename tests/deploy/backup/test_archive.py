"""An archive is written whole or not at all, and gives back only files of known names, each as it was."""

import json
import stat
import tarfile
import tracemalloc
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from deploy.backup import archive, streams
from deploy.backup.archive import ArchivedFile, Manifest
from deploy.backup.errors import BackupError

KEY = bytes(32)
CONTENTS = {"auth.db": b"rows of auth" * 100, "bank.db": b"", "keys/auth.pub": b"a key", "page-secret": bytes(512)}


def manifest_of(folder: Path) -> Manifest:
    return Manifest(
        version="0.1.0",
        made_at=datetime(2026, 4, 1, tzinfo=UTC),
        has_secrets=True,
        heads={"auth": 3},
        files=tuple(archive.describe(folder, name) for name in CONTENTS),
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "keys").mkdir(parents=True)
    for name, content in CONTENTS.items():
        (folder / name).write_bytes(content)
    return folder


def write(path: Path, key: bytes | None, source: Path) -> Manifest:
    manifest = manifest_of(source)
    archive.write(path, key, manifest, source, lambda _: None)
    return manifest


def extract(path: Path, key: bytes | None, into: Path) -> Manifest:
    into.mkdir(exist_ok=True)
    return archive.extract(path, key, into, lambda _: None)


def flip(stored: bytes, place: int) -> bytes:
    return stored[:place] + bytes([stored[place] ^ 0x40]) + stored[place + 1 :]


@pytest.mark.parametrize("key", [KEY, None], ids=["encrypted", "plain"])
def test_every_file_comes_back_readable_by_its_owner_alone(key: bytes | None, source: Path, tmp_path: Path) -> None:
    written = write(tmp_path / "archive", key, source)
    assert extract(tmp_path / "archive", key, tmp_path / "into") == written
    assert {name: (tmp_path / "into" / name).read_bytes() for name in CONTENTS} == CONTENTS
    private = [tmp_path / "archive", *(tmp_path / "into").rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in private} == {0o600, 0o700}


def test_a_plain_archive_is_a_tar_that_tar_reads(source: Path, tmp_path: Path) -> None:
    write(tmp_path / "archive", None, source)
    with tarfile.open(tmp_path / "archive") as opened:
        assert opened.getnames() == ["manifest.json", *CONTENTS]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("key", [KEY, None], ids=["encrypted", "plain"])
def test_one_flipped_byte_at_any_place_is_found(
    key: bytes | None, source: Path, tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "archive"
    if not path.exists():
        write(path, key, source)
    stored = path.read_bytes()
    (tmp_path / "flipped").write_bytes(flip(stored, data.draw(st.integers(0, len(stored) - 1))))
    with pytest.raises(BackupError):
        extract_anew(tmp_path / "flipped", key, tmp_path / "into")


def extract_anew(path: Path, key: bytes | None, into: Path) -> None:
    for file in into.rglob("*"):
        if file.is_file():
            file.unlink()
    extract(path, key, into)


@pytest.mark.parametrize("length", [0, 100, 512, 1024, 3000, -1, -600, -1200])
def test_an_archive_that_is_cut_off_is_found(length: int, source: Path, tmp_path: Path) -> None:
    for key in (KEY, None):
        path = tmp_path / f"archive-{key is None}"
        write(path, key, source)
        path.write_bytes(path.read_bytes()[:length])
        with pytest.raises(BackupError):
            extract_anew(path, key, tmp_path / "into")


# ---------------------------------------------------------------- archives that nobody of us has written


def forged(path: Path, manifest: str, *members: tuple[tarfile.TarInfo, bytes]) -> None:
    """An archive with a valid checksum, and whatever else."""
    with path.open("wb") as file, streams.writing(file, None) as writer:
        for header, content in [(tarfile.TarInfo("manifest.json"), manifest.encode()), *members]:
            header.size = len(content)
            writer.write(header.tobuf(tarfile.GNU_FORMAT) + archive.padded(content))
        writer.write(archive.END)


def listing(name: str) -> str:
    """The manifest of one file with an `x` in it."""
    file = {"name": name, "size": 1, "sha256": sha256(b"x").hexdigest()}
    fields = {"version": "1", "made_at": "2026-04-01T00:00:00Z", "has_secrets": False, "heads": {}, "files": [file]}
    return json.dumps(fields)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.db",
        "/outside.db",
        "keys/../../outside.pem",
        "keys/../auth.db",
        "auth.db\n",
        ".",
        "",
        "instance.lock",
        "cron.d/x",
    ],
)
def test_a_name_that_no_backup_has_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        ArchivedFile(name=name, size=1, sha256="")
    forged(tmp_path / "archive", listing(name), (tarfile.TarInfo(name), b"x"))
    with pytest.raises(BackupError, match="backup_damaged"):
        extract(tmp_path / "archive", None, tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.CHRTYPE, tarfile.XHDTYPE])
def test_what_is_no_regular_file_is_refused(kind: bytes, tmp_path: Path) -> None:
    member = tarfile.TarInfo("auth.db")
    member.type, member.linkname = kind, "/etc/passwd"
    forged(tmp_path / "archive", listing("auth.db"), (member, b"x"))
    with pytest.raises(BackupError, match="backup_damaged"):
        extract(tmp_path / "archive", None, tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


def test_a_file_that_the_manifest_does_not_list_is_refused(tmp_path: Path) -> None:
    forged(
        tmp_path / "archive", listing("auth.db"), (tarfile.TarInfo("auth.db"), b"x"), (tarfile.TarInfo("bank.db"), b"y")
    )
    with pytest.raises(BackupError, match="backup_damaged"):
        extract(tmp_path / "archive", None, tmp_path / "into")
    assert not (tmp_path / "into" / "bank.db").exists()


def test_another_file_than_the_manifest_lists_is_refused(tmp_path: Path) -> None:
    forged(tmp_path / "archive", listing("auth.db"), (tarfile.TarInfo("bank.db"), b"x"))
    with pytest.raises(BackupError, match="backup_damaged"):
        extract(tmp_path / "archive", None, tmp_path / "into")


def test_other_content_than_the_manifest_lists_is_refused(tmp_path: Path) -> None:
    forged(tmp_path / "archive", listing("auth.db"), (tarfile.TarInfo("auth.db"), b"y"))
    with pytest.raises(BackupError, match="backup_damaged"):
        extract(tmp_path / "archive", None, tmp_path / "into")


@pytest.mark.parametrize("field", ["format", "another"])
def test_an_archive_of_a_later_version_says_so(field: str, tmp_path: Path) -> None:
    """It may have fields that this version has never heard of."""
    later = json.loads(listing("auth.db")) | {"format": archive.FORMAT + 1, "version": "7.0.0", field: 2}
    forged(tmp_path / "archive", json.dumps(later), (tarfile.TarInfo("auth.db"), b"x"))
    with pytest.raises(BackupError) as refused, archive.opened(tmp_path / "archive", None):
        pass
    assert (refused.value.code, refused.value.values) == ("backup_of_later_version", {"version": "7.0.0"})


def test_a_manifest_of_any_size_is_not_read_into_memory(tmp_path: Path) -> None:
    forged(tmp_path / "archive", listing("auth.db") + " " * archive.MANIFEST_BYTES_MAX)
    with pytest.raises(BackupError, match="backup_damaged"), archive.opened(tmp_path / "archive", None):
        pass


# ---------------------------------------------------------------- whole or not at all


def test_a_file_that_was_broken_off_is_not_there(tmp_path: Path) -> None:
    def break_off() -> None:
        with archive.written_whole(tmp_path / "archive") as unfinished:
            unfinished.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert list(tmp_path.iterdir()) == []


def test_two_runs_at_once_are_not_in_each_others_way(tmp_path: Path) -> None:
    """Their process numbers may be the same: in two containers they are."""

    def break_off() -> None:
        with archive.written_whole(tmp_path / "archive") as unfinished:
            unfinished.open("xb").close()
            raise KeyboardInterrupt

    with archive.written_whole(tmp_path / "archive") as unfinished:
        unfinished.write_bytes(b"whole")
        with pytest.raises(KeyboardInterrupt):
            break_off()
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("archive", b"whole")]


def test_a_file_that_is_there_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "archive").write_bytes(b"of last week")
    with pytest.raises(BackupError, match="backup_exists"), archive.written_whole(tmp_path / "archive") as unfinished:
        unfinished.write_bytes(b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"of last week"]


def test_a_forged_archive_is_refused_for_nothing_else(tmp_path: Path) -> None:
    forged(tmp_path / "archive", listing("auth.db"), (tarfile.TarInfo("auth.db"), b"x"))
    extract(tmp_path / "archive", None, tmp_path / "into")
    assert (tmp_path / "into" / "auth.db").read_bytes() == b"x"


def test_memory_does_not_grow_with_the_database(tmp_path: Path) -> None:
    source, size = tmp_path / "source", 16_000_000
    source.mkdir()
    (source / "auth.db").write_bytes(bytes(size))
    manifest = Manifest(
        version="1", made_at=datetime(2026, 4, 1, tzinfo=UTC), has_secrets=False, heads={},
        files=(archive.describe(source, "auth.db"),),
    )  # fmt: skip
    (tmp_path / "into").mkdir()
    tracemalloc.start()
    try:
        archive.write(tmp_path / "archive", KEY, manifest, source, lambda _: None)
        archive.extract(tmp_path / "archive", KEY, tmp_path / "into", lambda _: None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < size / 8
