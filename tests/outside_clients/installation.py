"""Installs clients that others have written, pinned by locks: an environment of Python and one of Node, in a folder that is deleted afterwards."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
PYTHON, NODE = HERE / "python", HERE / "node"
"""The programs that use the clients, each beside the lock of what it needs."""
INSTALL_SECONDS = 900
RUN_SECONDS = 900
SHOWN_MAX = 1500


class ClientError(AssertionError):
    """A client could not do its job, with the end of what it said."""


@dataclass(frozen=True)
class Installation:
    """Where the clients are."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "python" / "bin"

    @property
    def node(self) -> Path:
        return self.folder / "node"

    def run_python(self, program: str, environment: Mapping[str, str]) -> str:
        """What a program with Python clients has seen."""
        return run([self.python / "python", PYTHON / program], self.folder, environment)

    def run_node(self, program: str, environment: Mapping[str, str]) -> str:
        """What a program with Node clients has seen."""
        return run(["node", self.node / program], self.node, environment)

    def python_version(self, package: str) -> str:
        code = f"import importlib.metadata as found; print(found.version({package!r}))"
        return run([self.python / "python", "-c", code], self.folder, {})

    def node_version(self, package: str) -> str:
        found = json.loads((self.node / "node_modules" / package / "package.json").read_text(encoding="utf-8"))
        return str(found["version"])


@contextmanager
def installed() -> Iterator[Installation]:
    """All clients, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="tamdid-clients-") as name:
        found = Installation(Path(name))
        run([sys.executable, "-m", "venv", found.folder / "python"], found.folder, {})
        pip: list[str | Path] = [
            found.python / "python",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--quiet",
            "install",
        ]
        run([*pip, "--no-deps", "--require-hashes", "--requirement", PYTHON / "requirements.lock"], found.folder, {})
        shutil.copytree(NODE, found.node)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"], found.node, {})
        yield found


def run(command: Sequence[str | Path], folder: Path, environment: Mapping[str, str], said: Path | None = None) -> str:
    """The last line of what a program says; all of it in a file, where one is given."""
    own = {"PYTHONDONTWRITEBYTECODE": "1", "NO_PROXY": "127.0.0.1,localhost", **environment}
    ran = subprocess.run(
        ["env", *(f"{name}={value}" for name, value in own.items()), *map(str, command)],
        cwd=folder, capture_output=True, text=True, timeout=RUN_SECONDS, check=False,
    )  # fmt: skip
    if ran.returncode:
        raise ClientError(f"{ran.stdout[-SHOWN_MAX:]}\n{ran.stderr[-SHOWN_MAX:]}".strip())
    if said is not None:
        said.write_text(ran.stdout, encoding="utf-8")
    return (ran.stdout.strip().splitlines() or [""])[-1]
