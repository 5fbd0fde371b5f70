"""Restoring a backup into the folder of a standalone instance: verified first, and what was there is moved aside, never deleted."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from clients.admin.context import interruptible
from deploy import databases, instance_lock
from deploy.backup import archive, auth_rows, epochs, making
from deploy.backup.archive import Manifest
from deploy.backup.errors import BackupError
from deploy.backup.making import SECRET_FILES, UpdateBar
from deploy.backup.verification import Report
from deploy.containers import private_files, secrets
from shared.event_store.sql.schema import TablesOutOfDate

ASIDE = "before-restore"
DATABASE_FILES = ("*.db", "*.db-wal", "*.db-shm")


@dataclass
class Restored:
    """What a restore has done."""

    manifest: Manifest
    report: Report
    aside: Path | None = None
    """Where the files that were in the folder are now."""
    new_keys: bool = False
    """Whether private keys were made, since the backup has none and the folder had none that fit."""
    erased: Sequence[str] | None = None
    """The members whose erasure, which the backup does not know, was recorded again; None where no later log was there to be read."""


def restore(  # noqa: PLR0913 - from where, to where, and how
    path: Path, key: bytes | None, folder: Path, keys: Path, *, replace: bool, update_bar: UpdateBar
) -> Restored:
    """Restore a backup into a folder, whose programs have their keys in `keys`. What is there stays until the backup is verified."""
    folder.mkdir(mode=archive.PRIVATE_FOLDER, parents=True, exist_ok=True)
    with locked(folder):
        if not replace and any(owned(folder)):
            raise BackupError("restore_over_instance", folder=folder)
        with making.scratch(folder) as new:
            with archive.opened(path, key) as (manifest, _):
                update_bar(total=manifest.bytes_of_files)
            backup = making.extract_and_verify(path, key, new, update_bar)
            if backup.report.problems:
                raise BackupError("backup_not_verified", problems=backup.report.problems)
            done = Restored(backup.manifest, backup.report)
            migrate(new)
            epochs.begin_epochs(new)
            done.erased = auth_rows.record_erasures_again(former_auths(folder), new / "auth.db")
            auth_rows.end_sessions(new / "auth.db")
            done.new_keys = not manifest.has_secrets and complete_keys(new / "keys", keys)
            try:
                with interruptible():  # by then it is done sooner than it would be undone
                    done.aside = exchange(new, folder)
            except OSError as error:  # such as a folder that is a mount of its own
                if (folder / instance_lock.UNFINISHED).exists():
                    raise BackupError("restore_broken_off", folder=folder, error=error) from error
                raise
    return done


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Have a folder alone until the block ends."""
    try:
        with instance_lock.locked(folder):
            yield
    except instance_lock.InUse:
        raise BackupError("restore_while_running", folder=folder) from None


def migrate(folder: Path) -> None:
    """Bring databases that an earlier version has made to the revision of this one, before it writes in them."""
    for program in databases.STORES:
        try:
            databases.migrate(program, f"sqlite:///{folder.absolute()}/{program}.db")
        except TablesOutOfDate as error:
            raise BackupError("restore_of_other_version", error=error) from error


def former_auths(folder: Path) -> list[Path]:
    """The databases of auth that are replaced: the one in its place, and the one that a restore which was broken off has moved aside."""
    moved = sorted(folder.glob(f"{ASIDE}-*/auth.db"))[-1:] if (folder / instance_lock.UNFINISHED).exists() else []
    return [path for path in (folder / "auth.db", *moved) if path.exists()]


def owned(folder: Path) -> Iterator[Path]:
    """What of an instance is in a folder, which may have other things in it."""
    for pattern in (*DATABASE_FILES, "keys", *SECRET_FILES):
        yield from folder.glob(pattern)


def complete_keys(restored: Path, present: Path) -> bool:
    """Give public keys their private ones: those that are present already, or else new ones, behind which the public keys verify old seals.

    Returns whether new ones were made.
    """
    public = sorted(restored.glob("*.pub"))
    if all(is_known(file, present) for file in public):
        for file in public:
            file.unlink()
        restored.rmdir()
        return False
    for file in public:
        secrets.renew_key(restored, file.stem)
    return True


def is_known(public: Path, present: Path) -> bool:
    """Whether a folder has the private key to a public one, or to one that came after it."""
    own = present / public.name
    return own.with_suffix(".pem").exists() and own.exists() and public.read_bytes() in own.read_bytes()


def exchange(new: Path, folder: Path) -> Path | None:
    """Move files of a folder aside, and the new ones in their place; returns where the former are."""
    former = [path for path in owned(folder) if path.suffix or (new / path.name).exists()]
    aside = folder / f"{ASIDE}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}" if former else None
    if aside:
        aside.mkdir(mode=archive.PRIVATE_FOLDER)
    unfinished = folder / instance_lock.UNFINISHED
    unfinished.touch(mode=private_files.PRIVATE)
    archive.sync_folder(folder)
    if aside:
        for path in former:
            path.rename(aside / path.name)
        archive.sync_folder(aside)
    for path in new.iterdir():
        path.rename(folder / path.name)
    archive.sync_folder(folder)
    unfinished.unlink()
    archive.sync_folder(folder)
    return aside
