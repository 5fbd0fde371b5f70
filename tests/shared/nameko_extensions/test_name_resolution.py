"""A name that leads elsewhere is followed at once, by the programs' own resolver."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import dns.message
import dns.rrset
import pytest

LOOKED_UP = """
import deploy.run
import socket, sys, time
from eventlet.support import greendns
from shared.nameko_extensions.name_resolution import KEPT_SECONDS
own = greendns.resolver._resolver
own.port, own.nameservers = int(sys.argv[1]), ["127.0.0.1"]
for _ in range(3):
    print(socket.getaddrinfo("bank.example", 80, socket.AF_INET)[0][4][0])
    time.sleep(KEPT_SECONDS + 0.1)
"""


@pytest.fixture
def name_server() -> Iterator[int]:
    """The port of a name server that gives another address each time, each good for ten minutes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))

        def serve() -> None:
            for number in range(1, 100):
                received, caller = server.recvfrom(4096)
                if not received:
                    return
                query = dns.message.from_wire(received)
                answer = dns.message.make_response(query)
                answer.answer.append(dns.rrset.from_text(query.question[0].name, 600, "IN", "A", f"10.0.0.{number}"))
                server.sendto(answer.to_wire(), caller)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        server.sendto(b"", server.getsockname())
        thread.join()


def test_an_address_is_looked_up_for_each_connection(name_server: int) -> None:
    command = [sys.executable, "-W", "ignore", "-c", LOOKED_UP, str(name_server)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["10.0.0.1", "10.0.0.2", "10.0.0.3"], done.stderr
