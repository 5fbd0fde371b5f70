"""Files with secrets in them: written whole or not at all, and readable by nobody else at any moment."""

import os
from pathlib import Path

PRIVATE = 0o600
PUBLIC = 0o644


def write(path: Path, content: bytes, mode: int) -> None:
    """Write the whole file or none of it, readable by nobody else at any moment."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    with open(unfinished, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        os.fchmod(file.fileno(), mode)  # also where the umask would take more away
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
