"""Ports for the servers of tests, each reserved until this process ends.

None is of the range from which the system serves port 0 and outgoing connections: those would take the port of a server
that is down for a moment, which then could not start again.
"""

import fcntl
import os
import random
import socket
import tempfile
from pathlib import Path

HOST = "127.0.0.1"
PORTS = range(10_000, 32_768)
"""Below what Linux (from 32768) and others (from 49152) use by themselves; above the well-known servers' ports."""


def free_ports(count: int) -> list[int]:
    """So many different ports that nobody listens on and no other test has reserved."""
    return [free_port() for _ in range(count)]


def free_port() -> int:
    """A port that nobody listens on and no other test has reserved."""
    return next(port for port in random.sample(PORTS, len(PORTS)) if _reserve(port))


def _reserve(port: int) -> bool:
    """Whether the port is ours now. Its lock stays open; the system releases it when this process is gone."""
    folder = Path(tempfile.gettempdir()) / f"tamdid-ports-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    lock = os.open(folder / str(port), os.O_CREAT | os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        socket.create_server((HOST, port)).close()
    except OSError:
        os.close(lock)
        return False
    return True
