"""The standalone instance's folder is its owner's alone, also where an earlier version or another hand has made it wider."""

import stat
from pathlib import Path

from deploy import standalone
from shared.settings import Settings


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_others_could_read_is_closed_to_them_at_the_next_start(tmp_path: Path) -> None:
    var, elsewhere = tmp_path / "var", tmp_path / "elsewhere"
    for folder in (var, var / "keys", elsewhere):
        folder.mkdir()
        folder.chmod(0o755)
    for file in (var / "auth.db", var / "auth.db-wal", elsewhere / "not ours"):
        file.touch()
        file.chmod(0o664)
    (var / "link").symlink_to(elsewhere / "not ours")
    standalone.prepare(Settings(var=var), demonstration=False)
    assert [mode(one) for one in (var, var / "keys")] == [0o700, 0o700]
    assert [mode(one) for one in (var / "auth.db", var / "auth.db-wal")] == [0o600, 0o600]
    assert [mode(one) for one in (elsewhere, elsewhere / "not ours")] == [0o755, 0o664]


def test_a_folder_that_everybody_writes_to_stays_as_it_is(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "of another").touch(0o644)
    before = mode(shared / "of another")
    standalone.prepare(Settings(var=shared), demonstration=False)
    assert mode(shared) == 0o1777
    assert mode(shared / "of another") == before
