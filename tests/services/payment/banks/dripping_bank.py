"""A bank that answers in drips, each in time, and the adapter's word on it under eventlet; told by `test_bulkhead.py`."""

import eventlet

eventlet.monkey_patch()

import socket
import time

from services.payment.banks import http_client
from services.payment.banks.port import Exchange
from services.payment.banks.zarinpal import Zarinpal

DRIP_SECONDS = 0.2
DRIPS = {"headers": b"HTTP/1.1 200 OK\r\nX-Drips: ", "body": b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"}


def drip(connection: socket.socket, begin: bytes) -> None:
    """One more byte for ever, until whoever asked is gone."""
    connection.recv(10_000)
    connection.sendall(begin)
    try:
        while True:
            connection.sendall(b"7")
            eventlet.sleep(DRIP_SECONDS)
    except OSError:
        print("hung up", flush=True)


def run_inquiry(begin: bytes) -> None:
    listener = eventlet.listen(("127.0.0.1", 0))
    kept: list[Exchange] = []
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    bank = Zarinpal(url, url, url, "merchant", record=kept.append)
    http_client.ANSWER_SECONDS = 2 * DRIP_SECONDS
    served = eventlet.spawn(lambda: drip(listener.accept()[0], begin))
    began = time.monotonic()
    status = bank.inquire("S" + "0" * 35)
    assert time.monotonic() - began < http_client.READ_SECONDS, "the drips were waited for"
    with eventlet.Timeout(http_client.READ_SECONDS):
        served.wait()
    print(status, [(one.answer, one.is_usable) for one in kept], flush=True)


if __name__ == "__main__":
    for begin in DRIPS.values():
        run_inquiry(begin)
