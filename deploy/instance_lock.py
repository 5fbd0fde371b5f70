"""The lock on an instance's folder: programs share it, or have it alone in a standalone instance, and a restore waits for none of them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.settings import Settings

LOCK = "instance.lock"
UNFINISHED = "restore-unfinished"
"""Is in the folder while a restore replaces its files."""
PRIVATE = 0o600
PRIVATE_FOLDER = 0o700


class InUse(Exception):  # noqa: N818 - the name is the state
    """Programs run on the folder, or a restore replaces its files."""

    def __str__(self) -> str:
        return f"Another instance runs on {self.args[0]}, or a backup is being restored there. TAMDID_VAR chooses another folder."


class RestoreUnfinished(Exception):  # noqa: N818 - the name is the state
    """A restore was broken off while it replaced files: what is in the folder belongs to two moments."""

    def __str__(self) -> str:
        return f"A restore into {self.args[0]} was broken off: run `tamdid restore FILE --replace` again."


def acquire(folder: Path, *, alone: bool) -> int:
    """Lock a folder for as long as this process lives, or until what is returned is closed; raises `InUse`."""
    number = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
    try:
        fcntl.flock(number, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(number)
        raise InUse(folder) from None
    return number


def acquire_to_run(settings: Settings, *, alone: bool) -> None:
    """Lock the folder of programs on SQLite for as long as this process lives; raises `InUse` and `RestoreUnfinished`."""
    if not settings.database_url.startswith("sqlite"):
        return
    settings.var.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    number = acquire(settings.var, alone=alone)
    if (settings.var / UNFINISHED).exists():
        os.close(number)
        raise RestoreUnfinished(settings.var)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a folder alone until the block ends; raises `InUse`."""
    number = acquire(folder, alone=True)
    try:
        yield
    finally:
        os.close(number)
