"""Servers that answer in drips, each in time, and what the adapters say of it under eventlet; reported by `test_drips.py`."""

import eventlet

eventlet.monkey_patch()

import socket
import time
from datetime import UTC, datetime
from uuid import UUID

from pydantic import SecretStr

from services.notification.providers import http_client, smtp
from services.notification.providers.kavenegar import Kavenegar
from services.notification.providers.port import Message, Provider

DRIP_SECONDS = 0.2
LONG = 15
BEGINNINGS = {
    "headers": b"HTTP/1.1 200 OK\r\nX-Drips: ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
    "mail": b"220-",
}


def drip(connection: socket.socket, begin: bytes) -> None:
    """One more byte for ever, until who has called is gone."""
    try:
        connection.sendall(begin)
        while True:
            connection.sendall(b"7")
            eventlet.sleep(DRIP_SECONDS)
    except OSError:
        print("hung up", flush=True)


def adapter(kind: str, port: int) -> Provider:
    if kind != "mail":
        return Kavenegar(f"http://127.0.0.1:{port}", "key")
    server = smtp.MailServer.of(SecretStr(f"smtp+plain://127.0.0.1:{port}"))
    return smtp.Smtp(server, "tamdid@example.ir", lambda: datetime(2027, 3, 20, tzinfo=UTC))


def send(kind: str, begin: bytes) -> None:
    listener = eventlet.listen(("127.0.0.1", 0))
    provider = adapter(kind, listener.getsockname()[1])
    served = eventlet.spawn(lambda: drip(listener.accept()[0], begin))
    began = time.monotonic()
    message = Message(UUID(int=10), "09120000007" if kind != "mail" else "a@example.ir", "t", {"a": "1"}, "1")
    answer = provider.send(message)
    assert time.monotonic() - began < LONG, "the drips were waited for"
    with eventlet.Timeout(LONG):
        served.wait()
    print(kind, answer.outcome.value, answer.cause, flush=True)


if __name__ == "__main__":
    http_client.ANSWER_SECONDS = smtp.LETTER_SECONDS = 2 * DRIP_SECONDS
    for kind, begin in BEGINNINGS.items():
        send(kind, begin)
