"""Free ports are no one else's: neither another test's nor a connection's."""

import subprocess
import sys
from pathlib import Path

from tests.support.servers.free_ports import PORTS, free_ports

OTHER_PROCESS = """
from tests.support.servers import free_ports
free_ports.PORTS = range({first}, {end})
print(free_ports.free_port())
"""
RANGE_OF_CONNECTIONS = Path("/proc/sys/net/ipv4/ip_local_port_range")


def test_a_reserved_port_is_given_to_no_other_process() -> None:
    mine = min(free_ports(3))
    code = OTHER_PROCESS.format(first=mine, end=mine + 50)
    given = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert mine < int(given.stdout) < mine + 50


def test_no_port_is_one_that_connections_take() -> None:
    first = int(RANGE_OF_CONNECTIONS.read_text().split()[0]) if RANGE_OF_CONNECTIONS.exists() else PORTS.stop
    assert PORTS.stop <= first
