"""Receivers, and a name server, that keep a request waiting for ever, under eventlet; reported by `test_drips.py`."""

import eventlet

eventlet.monkey_patch()

import socket
import ssl
import time
from typing import Any

from services.notification.webhooks.posting import Poster

SECONDS = 0.4
DRIP_SECONDS = 0.1
LONG = 5
SERVER_HELLO = b"\x16\x03\x03\x0f\xa0\x02\x00\x0f\x9c\x03\x03"
"""The beginning of a record of TLS that announces 4,000 bytes."""


def drip(listener: socket.socket) -> None:
    """A handshake, one byte after another, until who has called is gone."""
    connection, _ = listener.accept()
    try:
        connection.sendall(SERVER_HELLO)
        while True:
            connection.sendall(b"7")
            eventlet.sleep(DRIP_SECONDS)
    except OSError:
        print("hung up", flush=True)


def never(*_: Any, **__: Any) -> Any:
    eventlet.sleep(10 * LONG)


def send(port: int, lookup: Any) -> None:
    began = time.monotonic()
    result = Poster(True, ssl.create_default_context(), lookup, SECONDS)(f"https://localhost:{port}/", {}, "{}")
    assert time.monotonic() - began < LONG, "it was waited for"
    print(result.cause, flush=True)


if __name__ == "__main__":
    send(443, never)
    listener = eventlet.listen(("127.0.0.1", 0))
    dripping = eventlet.spawn(drip, listener)
    send(listener.getsockname()[1], socket.getaddrinfo)
    with eventlet.Timeout(LONG):
        dripping.wait()
