"""What the command line's tests share."""

from functools import cache
from pathlib import Path

import pytest
from typer import Typer, testing
from typer.main import get_command

from tests.clients.admin.fake_server import Tamdid


@cache
def built(app: Typer, _groups: int, _commands: int) -> object:
    """All commands, from the signatures of their functions; again where others have been added."""
    return get_command(app)


# Once for all tests, and not at each call: that takes longer than most commands.
testing.__dict__["_get_command"] = lambda app: built(app, len(app.registered_groups), len(app.registered_commands))


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions lie in the test's own folder, and nobody's locale or terminal shows through."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    for name in ("LC_ALL", "LC_MESSAGES", "COLUMNS", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.fixture
def tamdid() -> Tamdid:
    """The command line against a fake server, with nobody signed in."""
    return Tamdid()


@pytest.fixture
def maryam(tamdid: Tamdid) -> Tamdid:
    """The same, with the officer Maryam of Isfahan signed in."""
    tamdid.sign_in()
    return tamdid
