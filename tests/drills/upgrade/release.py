"""A released version in a work tree of its own: checked out for as long as its code runs beside the present one, then removed."""

import re
import shlex
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.servers.containers import removed_in_the_end
from tests.support.servers.instance import ROOT, clean_environment

RELEASES = ROOT / "deploy" / "releases.toml"
PRESENT = "new"
"""How the version that is not released yet is called."""
LOCK = "requirements.lock"
PINNED = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)
OWN_CODE = "import shared.contract; print(shared.contract.__file__)"


class ReleaseMissing(Exception):  # noqa: N818 - a state of the clone, named as what it is
    """The release's commit is not in this clone's history."""


@dataclass(frozen=True)
class Version:
    """A version's code."""

    name: str
    root: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which Python runs this version's code."""
        return clean_environment() | {"PYTHONPATH": str(self.root)}

    def has(self, program: str) -> bool:
        """Whether this version has a program; others came later."""
        return any((self.root / room / program / "service.py").exists() for room in ("services", "clients"))

    def keeps_log(self, program: str) -> bool:
        """Whether this version of a program has a log of its own."""
        return (self.root / "shared" / "contract" / program / "events.py").exists()


def present() -> Version:
    return Version(PRESENT, ROOT)


def packages(version: Version) -> dict[str, str]:
    """The packages of a version's lock."""
    return dict(PINNED.findall((version.root / LOCK).read_text(encoding="utf-8")))


def lock_differences(old: Version, new: Version) -> str:
    """In which packages the locks of two versions differ, in words; both run on those that are installed, the new version's."""
    before, now = packages(old), packages(new)
    differing = [
        f"{name} {before.get(name, 'none')} → {now.get(name, 'none')}"
        for name in sorted({**before, **now})
        if before.get(name) != now.get(name)
    ]
    return f"{len(before)} packages, {', '.join(differing) or 'none differs'}"


def releases() -> dict[str, str]:
    """The commit of each release, the oldest first."""
    found: dict[str, str] = tomllib.loads(RELEASES.read_text(encoding="utf-8"))["releases"]
    return found


def last() -> str:
    """The release before the present version."""
    return next(reversed(releases()))


def commit_of(version: str) -> str:
    """The commit of a release; `ReleaseMissing` where this clone does not have it."""
    commit = releases()[version]
    try:
        git("cat-file", "-e", f"{commit}^{{commit}}")
    except (OSError, subprocess.CalledProcessError) as error:
        hint = "it needs git and the whole history (git fetch --unshallow)"
        raise ReleaseMissing(f"version {version} is commit {commit}, which this clone does not have: {hint}") from error
    return commit


@contextmanager
def checked_out(version: str) -> Iterator[Version]:
    """A release's code until the block ends, or until this process does, however it ends."""
    commit = commit_of(version)
    folder = tempfile.mkdtemp(prefix=f"tamdid-{version}-")
    with removed_in_the_end(folder, f'git -C {shlex.quote(str(ROOT))} worktree remove --force "$0"'):
        git("worktree", "add", "--quiet", "--detach", folder, commit)
        release = Version(version, Path(folder))
        require_own_code(release)
        yield release


def require_own_code(version: Version) -> None:
    """Fail where Python would run other code than the version's: the drill would compare the present one with itself."""
    ran = subprocess.run(
        [sys.executable, "-c", OWN_CODE], env=version.environment, cwd="/", capture_output=True, text=True, check=True
    )
    if version.root not in Path(ran.stdout.strip()).parents:
        raise RuntimeError(f"version {version.name} would run {ran.stdout.strip()}")


def git(*arguments: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, check=True)
