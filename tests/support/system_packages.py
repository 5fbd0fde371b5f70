"""Installs what the tests need and pip has not: a browser, a Persian font, a broker and a database.

Names as arguments (`broker database`) ask for these only. Where it may not install, it says what to do.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.support.servers import installed_servers
from tests.support.servers.servers import docker_answers

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LOCK_SECONDS_MAX = 600
"""How long to wait for another package manager that is at work, in seconds."""


@dataclass(frozen=True)
class Need:
    """Something of the system's, and the Debian package that brings it."""

    name: str
    package: str
    is_met: Callable[[], bool]


def has_browser() -> bool:
    return any(map(shutil.which, BROWSERS))


def has_persian_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    query = ["fc-list", ":lang=fa", "family"]
    return bool(subprocess.run(query, capture_output=True, check=False).stdout.strip())


NEEDS = (
    Need("browser", "chromium", has_browser),
    Need("font", "fonts-noto-core", has_persian_font),
    Need("broker", "rabbitmq-server", lambda: docker_answers() or installed_servers.find_rabbitmq() is not None),
    Need("alerts", "prometheus", lambda: shutil.which("promtool") is not None),
    Need("backup", "pgbackrest", lambda: shutil.which("pgbackrest") is not None),
    Need("backed-up-database", "postgresql", lambda: installed_servers.find_postgres() is not None),
    Need("database", "postgresql", lambda: docker_answers() or installed_servers.find_postgres() is not None),
)


def apt_get() -> list[str] | None:
    """How to call apt-get without being asked anything, or None where that is not possible."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return None


def install(command: list[str], packages: list[str]) -> bool:
    wait = f"-oDPkg::Lock::Timeout={LOCK_SECONDS_MAX}"
    steps = (["update"], ["install", "--yes", "--no-install-recommends", *packages])
    return all(subprocess.run([*command, "-qq", wait, *step], check=False).returncode == 0 for step in steps)


def main(names: list[str]) -> int:
    needed = [need for need in NEEDS if not names or need.name in names]
    missing = [need for need in needed if not need.is_met()]
    if not missing:
        return 0
    packages = [need.package for need in missing]
    command = apt_get()
    if command:
        print(f"Installing {', '.join(packages)} for the tests", flush=True)
        if install(command, packages):
            return 0
    print(f"Missing: {', '.join(need.name for need in missing)}.", file=sys.stderr)
    print(f"On Debian or Ubuntu: sudo apt-get install {' '.join(packages)}", file=sys.stderr)
    print("For broker and database, a running Docker engine does as well.", file=sys.stderr)
    # Only at home may something be missing: there the tests that need it are skipped, and say so.
    return 1 if os.environ.get("CI") == "true" or names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
