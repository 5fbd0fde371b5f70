"""The lock files are whole, and an environment made from them has exactly their versions, whatever has been released since."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import missing

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
ENTRY = re.compile(r"^(?P<requirement>\S+==[^\n\\]+) \\\n(?P<hashes>(?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE)
OLDEST_PIP = {(3, 11): "22.3", (3, 12): "23.2.1", (3, 13): "24.2"}
"""What the first release of each Python brings."""
NEWER = "99999.0"


@dataclass(frozen=True)
class Entry:
    """A package of a lock."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def version(self) -> str:
        [pin] = self.requirement.specifier
        return pin.version


def entries(lock: str) -> dict[str, Entry]:
    """What a lock holds, by name."""
    found = ENTRY.finditer((ROOT / lock).read_text(encoding="utf-8"))
    listed = [Entry(Requirement(one["requirement"]), tuple(re.findall(r"sha256:\w{64}\b", one[0]))) for one in found]
    return {canonicalize_name(one.requirement.name): one for one in listed}


def wanted(group: str) -> list[Requirement]:
    """The requirements of pyproject.toml, with a dependency group and those that it includes."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]

    def of(name: str) -> list[str]:
        return [
            each for line in groups[name] for each in ([line] if isinstance(line, str) else of(line["include-group"]))
        ]

    return [Requirement(line) for line in (*project["project"]["dependencies"], *of(group))]


# ---------------------------------------------------------------- what is written in them


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_of_a_lock_is_of_a_package_with_one_version_and_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert re.sub(r"^ *#.*\n", "", ENTRY.sub("", text), flags=re.MULTILINE) == ""
    assert [name for name, one in entries(lock).items() if not one.hashes or "*" in one.version] == []
    assert "://" not in text


@pytest.mark.parametrize(("lock", "group"), [("requirements.lock", "build"), ("requirements-dev.lock", "dev")])
def test_a_lock_holds_every_dependency_with_its_extras_in_a_version_that_is_wanted(lock: str, group: str) -> None:
    held = entries(lock)
    for one in wanted(group):
        found = held[canonicalize_name(one.name)]
        assert one.extras <= found.requirement.extras
        assert found.version in one.specifier


def test_what_the_programs_run_on_is_what_the_tests_run_on() -> None:
    runtime, dev = map(entries, LOCKS)
    assert {name: dev.get(name) for name in runtime} == runtime


# ---------------------------------------------------------------- what is installed from them


@dataclass(frozen=True)
class Environment:
    """A copy of what an installation needs, with an environment of its own."""

    folder: Path
    newer: Path
    """A folder with a newer release of every locked package, for pip to find."""
    index: Path
    """A package index with nothing but the locked releases; where it is missing, pip reads the pages of its own."""

    @property
    def python(self) -> str:
        return str(self.folder / ".venv" / "bin" / "python")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        links = f"{environment.get('PIP_FIND_LINKS', '')} {self.newer}".strip()
        own = {"PIP_FIND_LINKS": links}
        if self.index.exists():
            own |= dict.fromkeys(("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"), self.index.as_uri())
        return subprocess.run(
            command, cwd=self.folder, env=environment | own, capture_output=True, text=True, check=False
        )

    def install(self) -> subprocess.CompletedProcess[str]:
        return self.run("make", ".venv/dev")

    def packages(self) -> dict[str, str]:
        """What is installed, with its versions."""
        listed = json.loads(self.run(self.python, "-m", "pip", "list", "--format=json").stdout)
        return {canonicalize_name(one["name"]): one["version"] for one in listed}


@pytest.fixture
def empty(tmp_path: Path) -> Environment:
    """An environment with nothing but the oldest pip, and a newer release of everything within its reach."""
    made = Environment(tmp_path / "tamdid", tmp_path / "newer", tmp_path / "index")
    made.folder.mkdir()
    for name in ("Makefile", "pyproject.toml", "README.md", *LOCKS):
        shutil.copy(ROOT / name, made.folder)
    made.newer.mkdir()
    for name in entries("requirements-dev.lock"):
        release(made.newer, name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made.folder / ".venv"], check=True)
    pip = f"pip=={OLDEST_PIP[sys.version_info[:2]]}"
    if made.run(sys.executable, "-m", "pip", "--python", made.python, "install", pip).returncode != 0:
        missing(f"no package index answers: {pip} is not to be had")
    write_index(made)
    (made.folder / ".venv" / "made").touch()
    return made


def write_index(made: Environment) -> None:
    """Ask uv where the files of the locked releases are: an old pip takes a minute to read all releases that the real index lists."""
    lock = ("requirements-dev.lock", "--no-deps", "--generate-hashes", "--format=pylock.toml", "--quiet")
    listed = made.run(sys.executable, "-m", "uv", "pip", "compile", *lock, f"--python={sys.executable}")
    if listed.returncode != 0:
        return
    for package in tomllib.loads(listed.stdout)["packages"]:
        files = [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
        links = [f'<a href="{one["url"]}#sha256={one["hashes"]["sha256"]}">{one["url"]}</a>' for one in files]
        page = made.index / package["name"] / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text("<!DOCTYPE html>\n" + "\n".join(links), encoding="utf-8")


def release(folder: Path, name: str) -> None:
    """Put a release without content into a folder."""
    stem = f"{name.replace('-', '_')}-{NEWER}"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{stem}.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {NEWER}\n")
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")


@pytest.mark.slow
def test_newer_releases_and_an_old_pip_change_nothing_of_what_is_installed(empty: Environment) -> None:
    reached = empty.run(empty.python, "-m", "pip", "install", "--dry-run", "--no-deps", "iniconfig")
    assert f"Would install iniconfig-{NEWER}" in reached.stdout
    done = empty.install()
    assert done.returncode == 0, done.stderr
    locked = {name: one.version for name, one in entries("requirements-dev.lock").items() if fits(one.requirement)}
    own = {"pip": OLDEST_PIP[sys.version_info[:2]], "tamdid": version("tamdid")}
    assert empty.packages() == locked | own

    lack(empty, "iniconfig")
    done = empty.install()
    assert done.returncode != 0
    assert "iniconfig, which is not installed" in done.stderr
    assert "make lock renews both" in done.stderr


def fits(requirement: Requirement) -> bool:
    """Whether it is meant for this machine."""
    return requirement.marker is None or requirement.marker.evaluate()


def lack(environment: Environment, name: str) -> None:
    """Take a package that only tests need out of its lock and of the environment."""
    file = environment.folder / "requirements-dev.lock"
    text = file.read_text(encoding="utf-8")
    less = ENTRY.sub(lambda one: "" if one["requirement"].startswith(f"{name}==") else one[0], text)
    assert less != text
    file.write_text(less, encoding="utf-8")
    environment.run(environment.python, "-m", "pip", "uninstall", "--yes", name)
