"""What the figures were measured on: the machine, the versions, and whether a commit reaches the disk."""

import os
import platform
import re
import sqlite3
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from bench.environment import Environment
from bench.implementations.appends import plain

PACKAGES = ("nameko", "eventlet", "kombu", "amqp", "sqlalchemy", "psycopg", "pydantic", "flask")
SHOWN = ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "shared_buffers")


def described(environment: Environment) -> dict[str, Any]:
    """Everything that a reader needs to know before comparing."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": " ".join([platform.system(), ".".join(platform.release().split(".")[:2]), *platform.libc_ver()]),
        "python": platform.python_version(),
        "postgresql": postgresql(environment),
        "sqlite": {"version": sqlite3.sqlite_version, "journal_mode": "wal", "synchronous": "full"},
        "rabbitmq": environment.rabbitmq.manage("GET", "overview").json()["rabbitmq_version"],
        "packages": {name: version(name) for name in PACKAGES} | environment.peer_versions(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def processor() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


def postgresql(environment: Environment) -> dict[str, str]:
    with psycopg.connect(plain(environment.postgres.url)) as connection:
        shown = {name: connection.execute(f"SHOW {name}").fetchone() for name in ("server_version", *SHOWN)}
    return {name: value[0] for name, value in shown.items() if value}
