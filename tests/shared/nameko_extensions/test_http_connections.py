"""Connections of clients that send slowly, hold places or come in crowds, on real sockets and a server of its own process."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO

import pytest

from shared.nameko_extensions.http_connections import CONNECTIONS_MAX
from tests.support.servers.free_ports import HOST, free_port

PATIENCE_SECONDS = 30
FOR_EVER = 3600
HALF = b"GET / HTTP/1.1\r\nHost: portal\r\nX-Half: "
NO_ADDRESS_LIMIT = CONNECTIONS_MAX


@contextmanager
def server(
    most: int = 20, per_address: int = NO_ADDRESS_LIMIT, log: IO[bytes] | None = None, **limits: float
) -> Iterator[int]:
    """The port of a server with these limits, until the block ends."""
    port = free_port()
    module = "tests.shared.nameko_extensions.small_web_server"
    arguments = [str(port), json.dumps(limits), str(most), str(per_address)]
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"listens\n"
        try:
            yield port
        finally:
            process.kill()


def connect(port: int) -> socket.socket:
    return socket.create_connection((HOST, port), timeout=PATIENCE_SECONDS)


def send_request(client: socket.socket, path: str = "/", method: str = "GET", **headers: object) -> None:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    client.sendall("\r\n".join([f"{method} {path} HTTP/1.1", "Host: portal", *lines, "", ""]).encode())


def answer(client: socket.socket) -> tuple[int, bytes]:
    """The status and body of an answer with a length; status 0 where the connection ended before one."""
    received = b""
    while b"\r\n\r\n" not in received and (more := read(client)):
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    if not head:
        return 0, b""
    lengths = [int(line.split(b":")[1]) for line in head.splitlines() if line.lower().startswith(b"content-length")]
    while len(body) < lengths[0] and (more := read(client)):
        body += more
    return int(head.split()[1]), body


def read(client: socket.socket) -> bytes:
    try:
        return client.recv(65_536)
    except ConnectionError:
        return b""


def page(port: int, path: str = "/") -> tuple[int, bytes]:
    """The answer to a request on a connection of its own."""
    with closing(connect(port)) as client:
        send_request(client, path)
        return answer(client)


def drip(client: socket.socket, piece: bytes, pause_seconds: float, most: int) -> int:
    """Send a piece after each pause until the server ends the connection; returns how often it was sent."""
    client.settimeout(pause_seconds)
    for count in range(most):
        try:
            client.sendall(piece)
            if not client.recv(1):
                return count
        except TimeoutError:
            continue
        except ConnectionError:
            return count
    return most


def until(condition: Callable[[], bool]) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_a_page_is_answered_while_slow_requests_hold_every_place() -> None:
    with server(CONNECTIONS_MAX, HEAD_SECONDS=FOR_EVER) as port, ExitStack() as stack:
        held = [stack.enter_context(closing(connect(port))) for _ in range(CONNECTIONS_MAX)]
        for client in held:
            client.sendall(HALF)
        until(lambda: int(page(port, "/open")[1]) >= CONNECTIONS_MAX - 5)  # each of these has made one give way
        assert page(port) == (200, b"page")
        held[-1].sendall(b"done\r\n\r\n")
        assert answer(held[-1]) == (200, b"page"), "only the slowest gave way"


@pytest.mark.parametrize(("most", "per_address"), [(3, NO_ADDRESS_LIMIT), (20, 3)])
def test_a_page_is_answered_that_came_together_with_slow_requests_for_every_place(most: int, per_address: int) -> None:
    """The server finds all of them at once: nobody has been slow yet."""
    with server(most, per_address, HEAD_SECONDS=FOR_EVER) as port, ExitStack() as stack:
        pid = int(page(port, "/pid")[1])
        os.kill(pid, signal.SIGSTOP)
        for _ in range(3):
            stack.enter_context(closing(connect(port))).sendall(HALF)
        last = stack.enter_context(closing(connect(port)))
        send_request(last)
        os.kill(pid, signal.SIGCONT)
        assert answer(last) == (200, b"page")


def test_bytes_that_come_one_by_one_do_not_prolong_a_head() -> None:
    with server(HEAD_SECONDS=0.5) as port, closing(connect(port)) as client:
        client.sendall(HALF)
        assert drip(client, b"a", 0.1, most=200) < 200
        assert page(port) == (200, b"page")


def test_bytes_that_come_one_by_one_do_not_prolong_a_body() -> None:
    with server(BODY_SECONDS=0.5) as port, closing(connect(port)) as client:
        send_request(client, "/length", "POST", Content_Length=10_000)
        assert drip(client, b"a", 0.1, most=200) < 200


def test_a_slow_upload_that_moves_on_is_taken() -> None:
    with server(BODY_SECONDS=0.5) as port, closing(connect(port)) as client:
        send_request(client, "/length", "POST", Content_Length=10 * 2048)
        for _ in range(10):
            client.sendall(b"a" * 2048)
            time.sleep(0.2)  # 2 s at 10 KB/s: four times as long as one that stands still may take
        assert answer(client) == (200, b"20480")


def test_whoever_does_not_take_an_answer_loses_the_place() -> None:
    with server(BODY_SECONDS=0.5) as port, closing(connect(port)) as client:
        send_request(client, "/big")
        until(lambda: page(port, "/open")[1] == b"1")


def test_an_idle_connection_gives_way_before_a_slow_one() -> None:
    with server(most=2) as port, closing(connect(port)) as slow, closing(connect(port)) as idle:
        slow.sendall(HALF)
        send_request(idle)
        assert answer(idle) == (200, b"page")
        assert page(port) == (200, b"page")
        assert read(idle) == b""
        slow.sendall(b"done\r\n\r\n")
        assert answer(slow) == (200, b"page")


def test_an_idle_connection_ends_by_itself() -> None:
    with server(IDLE_SECONDS=0.3) as port, closing(connect(port)) as client:
        send_request(client)
        assert answer(client) == (200, b"page")
        assert read(client) == b""


def test_one_address_gets_no_more_than_its_places() -> None:
    with server(per_address=2) as port, closing(connect(port)) as first, closing(connect(port)) as second:
        for client in (first, second):
            send_request(client, "/hold")
        until(lambda: page(port)[0] == 503)
        idle = connect(port)  # refused as well, whatever it would have sent
        with closing(idle):
            assert answer(idle)[0] == 503


def test_a_waiting_connection_of_a_crowded_address_makes_room_for_its_next_one() -> None:
    with server(per_address=2) as port, closing(connect(port)) as busy, closing(connect(port)) as idle:
        send_request(busy, "/hold")
        send_request(idle)
        assert answer(idle) == (200, b"page")
        assert page(port, "/release") == (200, b"page")
        assert answer(busy) == (200, b"page")
        assert read(idle) == b""


def test_small_packets_are_sent_at_once() -> None:
    with server() as port:
        assert page(port, "/nodelay") == (200, b"1")


def test_a_body_that_does_not_say_what_it_is_has_no_type() -> None:
    """Eventlet says text/plain of it, which the JSON API refuses."""
    with server() as port, closing(connect(port)) as client:
        send_request(client, "/type", "POST", Content_Length=0)
        assert answer(client) == (200, b"none")
        send_request(client, "/type", "POST", Content_Length=0, Content_Type="text/plain")
        assert answer(client) == (200, b"text/plain")


MALFORMED = [
    b"TYPED-\x1b[2J\r\n\r\n",
    b"GET /TYPED HTTP/9.9\r\n\r\n",
    b"NO /TYPED a b c\r\n\r\n",
    b"POST /length HTTP/1.1\r\nContent-Length: TYPED\r\n\r\n",
    b"POST /length HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nTYPED\r\n",
    b"GET /\xff HTTP/1.1\r\nTYPED\xff: \x1b[2J\r\n\r\n",
]


def test_nothing_of_a_malformed_request_is_logged(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+b") as log, server(log=log) as port:
        for request in MALFORMED:
            with closing(connect(port)) as client:
                client.sendall(request)
                client.shutdown(socket.SHUT_WR)
                while read(client):
                    pass
        log.seek(0)
        assert b"TYPED" not in log.read()
