"""The work tree of a release runs the release's own code, and is gone afterwards, however its user ends."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.drills.upgrade import release
from tests.drills.upgrade.release import ReleaseMissing, Version
from tests.drills.upgrade.run import RELEASE
from tests.support.servers.instance import ROOT

PATIENCE_SECONDS = 60
HOLD = """
import signal, sys
from tests.drills.upgrade import release
signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it
with release.checked_out(sys.argv[1]) as it:
    print(it.root, flush=True)
    input()
"""


@pytest.fixture
def known_release() -> None:
    try:
        release.commit_of(RELEASE)
    except ReleaseMissing as error:
        pytest.skip(str(error))  # a clone may be shallow


def work_trees() -> str:
    return subprocess.run(
        ["git", "-C", str(ROOT), "worktree", "list", "--porcelain"], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.usefixtures("known_release")
def test_a_release_has_its_own_code_for_as_long_as_it_is_checked_out() -> None:
    with release.checked_out(RELEASE) as old:
        assert RELEASE not in (old.root / "deploy" / "releases.toml").read_text()  # a commit does not know its own id
        assert str(old.root) in work_trees()
    assert not old.root.exists()
    assert str(old.root) not in work_trees()


def test_code_of_another_version_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="would run"):
        release.require_own_code(Version("0.0.9", tmp_path))


@pytest.mark.usefixtures("known_release")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_release_goes_with_whoever_checked_it_out(how: signal.Signals) -> None:
    command = [sys.executable, "-W", "ignore", "-c", HOLD, RELEASE]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as holder:
        assert holder.stdout is not None
        root = Path(holder.stdout.readline().strip())
        assert (root / "deploy").is_dir()
        holder.send_signal(how)
        holder.wait(PATIENCE_SECONDS)
    until = time.monotonic() + PATIENCE_SECONDS
    while root.exists() or str(root) in work_trees():
        assert time.monotonic() < until, f"{root} is still there"
        time.sleep(0.1)


def test_a_clone_without_the_release_says_what_it_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    releases = tmp_path / "releases.toml"
    releases.write_text(f'[releases]\n"0.0.9" = "{"0" * 40}"\n', encoding="utf-8")
    monkeypatch.setattr(release, "RELEASES", releases)
    with pytest.raises(ReleaseMissing, match="which this clone does not have"), release.checked_out("0.0.9"):
        pass
