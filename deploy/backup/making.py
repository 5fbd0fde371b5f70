"""Making a backup of a standalone instance while it runs: a copy of all databases at one moment, packed, read back and verified."""

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from deploy import instance_lock
from deploy.backup import archive, snapshots, verification
from deploy.backup.archive import FILE_NAME, Manifest
from deploy.backup.errors import BackupError
from deploy.backup.verification import Report
from deploy.containers.secrets import KEY_HOLDERS
from shared.services import SOURCES
from shared.settings import Settings

SCRATCH = ".backup"
PASSES = 3
"""How often each byte is gone through: copied, packed, read back."""
SECRET_FILES = ("page-secret", "webhook-secret")
SPARE_BYTES = 64_000_000
"""Left free on the disk of the databases, for the programs that run."""
UpdateBar = Callable[..., None]


class Backup(NamedTuple):
    """A backup's manifest, and what its verification has found."""

    manifest: Manifest
    report: Report


def make(settings: Settings, path: Path, key: bytes | None, update_bar: UpdateBar) -> Backup:
    """Write a verified backup to `path`, where nothing is yet, or nothing at all."""
    if path.exists():
        raise BackupError("backup_exists", file=path)
    if (settings.var / instance_lock.UNFINISHED).exists():
        raise BackupError("backup_of_half_restored", folder=settings.var)
    files = snapshots.databases(settings)
    with archive.written_whole(path) as unfinished:
        with scratch(settings.var) as folder:
            require_room(folder, sum(file.stat().st_size for file in files.values()), unfinished.parent)
            manifest = gather(settings, files, folder, key, update_bar)
            archive.write(unfinished, key, manifest, folder, lambda count: update_bar(advance=count))
        made = check(settings, unfinished, key, update_bar)
        if made.report.problems:
            raise BackupError("backup_not_verified", problems=made.report.problems)
    return made


def check(settings: Settings, path: Path, key: bytes | None, update_bar: UpdateBar) -> Backup:
    """Read a backup whole and verify it."""
    with scratch(settings.var) as folder:
        return extract_and_verify(path, key, folder, update_bar)


def extract_and_verify(path: Path, key: bytes | None, folder: Path, update_bar: UpdateBar) -> Backup:
    """Write a backup's files into an empty folder, and verify them."""
    with archive.opened(path, key) as (manifest, _):
        require_room(folder, manifest.bytes_of_files)
    manifest = archive.extract(path, key, folder, lambda count: update_bar(advance=count))
    return Backup(manifest, verification.verify(folder, manifest))


def require_room(folder: Path, size: int, archives: Path | None = None) -> None:
    """Refuse copies of so many bytes where they would fill the disk on which the programs write; `archives` may be on the same one."""
    is_one_disk = archives is not None and archives.stat().st_dev == folder.stat().st_dev
    needed = size * (2 if is_one_disk else 1)
    if shutil.disk_usage(folder).free < needed + SPARE_BYTES:
        raise BackupError("backup_no_room", folder=folder, megabytes=(needed + SPARE_BYTES) // 1_000_000)


@contextmanager
def scratch(var: Path) -> Iterator[Path]:
    """An empty folder beside the databases, deleted with the block: copies of them lie on no other disk, and none outlives a crash for long."""
    folder = var / SCRATCH
    folder.mkdir(mode=archive.PRIVATE_FOLDER, parents=True, exist_ok=True)
    number = os.open(folder, os.O_RDONLY)
    if not is_taken_now(number, folder):
        os.close(number)
        raise BackupError("backup_busy")
    try:
        empty(folder)  # of a run that was killed
        yield folder
    finally:
        empty(folder)
        folder.rmdir()
        os.close(number)


def is_taken_now(number: int, folder: Path) -> bool:
    """Whether this run has the folder to itself; another that ended between its opening and its lock has deleted it."""
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return folder.exists() and os.path.samestat(os.fstat(number), folder.stat())


def empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def gather(
    settings: Settings, files: dict[str, Path], folder: Path, key: bytes | None, update_bar: UpdateBar
) -> Manifest:
    """Copy all that a backup holds into a folder."""
    with snapshots.snapshots(files) as connections:
        made_at = datetime.now(UTC)
        update_bar(total=PASSES * sum(map(snapshots.size_of, connections.values())))
        heads = {
            name: snapshots.head_of(connections[name])
            for name in SOURCES
            if name in connections and snapshots.has_log(connections[name])
        }
        for program, connection in connections.items():
            snapshots.copy(connection, folder / f"{program}.db", lambda count: update_bar(advance=count))
    copy_keys(settings, folder, with_secrets=key is not None)
    return Manifest(
        version=version("tamdid"),
        made_at=made_at,
        has_secrets=key is not None,
        heads=heads,
        files=tuple(archive.describe(folder, name) for name in names_in(folder)),
    )


def names_in(folder: Path) -> list[str]:
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in names if re.fullmatch(FILE_NAME, name))


def copy_keys(settings: Settings, folder: Path, *, with_secrets: bool) -> None:
    """Copy the public keys, by which the seals are verified, and only into an encrypted backup the private ones and the secrets."""
    (folder / "keys").mkdir(mode=archive.PRIVATE_FOLDER)
    public = {f"{program}.pub" for program in KEY_HOLDERS}
    for file in settings.keys_folder.iterdir():
        if file.name in public or (with_secrets and file.suffix in (".pem", ".pub")):
            shutil.copyfile(file, folder / "keys" / file.name)
    for name in SECRET_FILES if with_secrets else ():
        if (settings.var / name).is_file():
            shutil.copyfile(settings.var / name, folder / name)
