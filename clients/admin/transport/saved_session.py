"""The saved session of each server: a file with the session's token, readable by its owner only."""

import hashlib
import os
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from shared.contract.auth import answers


class SavedSession(BaseModel):
    """The session between two commands; `token` is a secret."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    token: str
    actor: str
    provinces: tuple[str, ...]
    expires_at: AwareDatetime


def load(server: str) -> SavedSession | None:
    """The session of a server, or None; a file that cannot be parsed counts as none."""
    try:
        return SavedSession.model_validate_json(path_of(server).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def save(server: str, opened: answers.Session) -> SavedSession:
    """Save a session in place of an earlier one."""
    holder = opened.passport
    saved = SavedSession(
        token=opened.token, actor=holder.actor, provinces=tuple(sorted(holder.provinces)), expires_at=opened.expires_at
    )
    path = path_of(server)
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(saved.model_dump_json())
    unfinished.replace(path)
    return saved


def forget(server: str) -> None:
    path_of(server).unlink(missing_ok=True)


def path_of(server: str) -> Path:
    """The server's URL may hold a password, so only its hash names the file."""
    return folder() / f"session-{hashlib.sha256(server.encode()).hexdigest()[:16]}.json"


def folder() -> Path:
    """Where a program keeps its state, by the XDG Base Directory Specification: an absolute path, else the default."""
    named = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".local" / "state") / "tamdid"
