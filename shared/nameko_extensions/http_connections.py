"""HTTP connections with deadlines and bounds: slow senders (Slowloris), idle keep-alive, connections per address, TCP_NODELAY."""

import io
import logging
import socket
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

import eventlet
from eventlet import greenio
from eventlet.greenpool import GreenPool
from eventlet.greenthread import GreenThread
from eventlet.wsgi import HttpProtocol

from shared.network_addresses import network_of

CONNECTIONS_MAX = 500
CONNECTIONS_PER_ADDRESS_MAX = 50
"""A tenth, where the address is that of a browser's network and not of a proxy."""
IDLE_SECONDS = 75
"""Longer than the 60 s of the usual proxies, which then never send a request on a connection that is being closed."""
HEAD_SECONDS = 10
"""To send a request's line and headers."""
BODY_SECONDS = 20
"""That a body and its answer may stand still, all together."""
BYTES_PER_SECOND_MIN = 4096
"""At this speed a body or an answer may go on: slower than the poorest mobile network."""
PAUSE_SECONDS = 0.01
logger = logging.getLogger(__name__)
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class PeerIO(io.RawIOBase):
    """A socket's reads and writes: the time spent waiting for the peer is taken, all together, from an allowance.

    Bytes that move give some of it back, never more than there was at first: what the system buffers costs the peer nothing.
    """

    def __init__(self, green_socket: Any, network: str) -> None:
        self.socket = green_socket
        self.network = network
        self.is_idle = True
        self.is_broken_off = False
        self.allow(IDLE_SECONDS)

    def allow(self, seconds: float, bytes_per_second: float = 0) -> None:
        """Begin anew with so many seconds; so many bytes give one of them back, 0: none do."""
        self.seconds = self.left = seconds
        self.bytes_per_second = bytes_per_second
        self.waiting_since: float | None = None

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._wait(self.socket.recv_into, buffer)

    def write(self, data: Any) -> int:
        return self._wait(self.socket.send, data)

    def waited_at(self, now: float) -> float:
        """How many seconds of the allowance are gone."""
        return self.seconds - self.left + (now - self.waiting_since if self.waiting_since is not None else 0)

    def _wait(self, move: Callable[[Any], int], data: Any) -> int:
        if self.left <= 0:
            raise TimeoutError
        self.socket.settimeout(self.left)
        self.waiting_since = time.monotonic()
        try:
            moved = move(data)
        finally:
            self.left -= time.monotonic() - self.waiting_since
            self.waiting_since = None
        if self.bytes_per_second:
            self.left = min(self.seconds, self.left + moved / self.bytes_per_second)
        return moved


class TimedProtocol(HttpProtocol):
    """Eventlet's HTTP protocol, with an allowance for each part of a request instead of a timeout for each read."""

    def setup(self) -> None:
        """Read and write through the connection's `PeerIO`, without waiting to fill a packet (Nagle)."""
        self.connection = self.request
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.peer: PeerIO = self.conn_state[PEER]
        self.rfile = io.BufferedReader(self.peer)
        self.wfile = io.BufferedWriter(self.peer, self.wbufsize)

    def _read_request_line(self) -> bytes:
        """Wait for a request's first byte, then for its line."""
        self.peer.is_idle = True
        self.peer.allow(IDLE_SECONDS)
        with suppress(ConnectionError):  # which reading the line meets again
            self.rfile.peek(1)
        self.peer.is_idle = False
        self.peer.allow(HEAD_SECONDS)
        line: bytes = super()._read_request_line()
        return line

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002, ARG002 - http.server's own names
        """Log a malformed request without its text, which http.server would write to the standard error."""
        logger.debug("a request is malformed")

    def get_environ(self) -> dict[str, Any]:
        """The head is complete: what follows is the body, and then the answer."""
        self.peer.allow(BODY_SECONDS, BYTES_PER_SECOND_MIN)
        environ: dict[str, Any] = super().get_environ()
        if "Content-Type" not in self.headers:
            environ["CONTENT_TYPE"] = ""  # eventlet says text/plain of a body that does not say what it is
        return environ


ADDRESS, SOCKET, PEER = 0, 1, 3
"""Places in eventlet's list about a connection: address, socket, its own state, and our `PeerIO`."""


class Connections(GreenPool):
    """The pool of a server's connections. Where all places are taken, the connection that is waited for the longest gives way.

    Idle ones are closed first, then those whose request comes slowest: whoever sends a request at once is answered,
    however many others only hold a place.
    """

    def __init__(self, most: int = CONNECTIONS_MAX, per_address: int | None = None) -> None:
        super().__init__(most)
        self.per_address = per_address
        self.peers: set[PeerIO] = set()

    def spawn(self, serve: Callable[[list[Any]], None], connection: list[Any]) -> GreenThread:
        """Serve an accepted connection; refuse it where its address has too many already that are all at work."""
        eventlet.sleep(0)  # whoever was accepted before has begun by now, and is seen to be slow
        peer = PeerIO(connection[SOCKET], network_of(connection[ADDRESS][0]))
        connection.append(peer)
        neighbours = [one for one in self.peers if one.network == peer.network]
        is_crowded = self.per_address is not None and len(neighbours) >= self.per_address
        if is_crowded and not break_off_slowest(neighbours):
            serve = refuse
        while self.free() <= 0 and not break_off_slowest(self.peers):
            eventlet.sleep(PAUSE_SECONDS)  # all are at work: one will wait for its client, or end
        self.peers.add(peer)
        return super().spawn(self._serve, serve, connection)

    def _serve(self, serve: Callable[[list[Any]], None], connection: list[Any]) -> None:
        try:
            serve(connection)
        finally:
            self.peers.discard(connection[PEER])


def break_off_slowest(peers: Collection[PeerIO]) -> bool:
    """Break off the connection that is waited for the longest, an idle one first; False where all are at work."""
    now = time.monotonic()
    waiting = [peer for peer in peers if peer.waiting_since is not None and not peer.is_broken_off]
    if not waiting:
        return False
    slowest = max(waiting, key=lambda peer: (peer.is_idle, peer.waited_at(now)))
    slowest.is_broken_off = True
    greenio.shutdown_safe(slowest.socket)
    return True


def refuse(connection: list[Any]) -> None:
    """Answer that there is no room, if that can be sent at once."""
    connection[SOCKET].settimeout(0.0)
    with suppress(OSError):
        connection[SOCKET].send(BUSY)
