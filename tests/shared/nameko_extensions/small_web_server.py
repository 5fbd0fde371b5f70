"""A small web server with our connections and protocol, for tests: `python -m … PORT '{"HEAD_SECONDS": 1}' MOST PER_ADDRESS`."""

import json
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import eventlet
from eventlet import wsgi
from eventlet.event import Event

from shared.nameko_extensions import http_connections

BIG = b"a" * 64 * 1024 * 1024
"""More than the system buffers."""


def main(port: int, limits: dict[str, float], most: int, per_address: int) -> None:
    """Serve until killed; the limits replace the module's constants."""
    vars(http_connections).update(limits)
    connections = http_connections.Connections(most, per_address)
    released = Event()
    pages: dict[str, Callable[[dict[str, Any]], object]] = {
        "/length": lambda environ: len(environ["wsgi.input"].read()),
        "/type": lambda environ: environ["CONTENT_TYPE"] or "none",
        "/hold": lambda _: released.wait() or "page",
        "/release": lambda _: released.send() or "page",
        "/open": lambda _: len(connections.peers),
        "/pid": lambda _: os.getpid(),
        "/nodelay": lambda environ: (
            environ["wsgi.input"].get_socket().getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        ),
    }

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        path = environ["PATH_INFO"]
        if path == "/big":
            return [BIG]
        return [str(pages[path](environ)).encode() if path in pages else b"page"]

    listening = eventlet.listen(("127.0.0.1", port), reuse_port=False, backlog=most)
    print("listens", flush=True)
    protocol = http_connections.TimedProtocol
    wsgi.server(listening, app, log_output=False, custom_pool=connections, protocol=protocol)


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
