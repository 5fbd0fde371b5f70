"""Loads by strangers, each in a process of its own: `python -m tests.attack.strangers KIND PORTAL SECONDS [ARGUMENT …]`."""

import http.client
import json
import random
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from urllib.parse import urlsplit
from uuid import uuid4

PHRASE_CLIENTS = 60
SOUNDS_PER_PHRASE = 3
DRIPPING = 500
DRIP_SECONDS = 12
CALLBACKS = 1000
CALLBACK_CLIENTS = 8
SIGN_INS_A_SECOND = 20
ANSWER_SECONDS = 30
HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Half: "

Statuses = Counter[str]


def connection(portal: str, client: int = 0) -> http.client.HTTPConnection:
    """A connection from an address of its own, as a stranger elsewhere has one."""
    address = urlsplit(portal)
    source = (f"127.1.{client // 250}.{client % 250 + 1}", 0)
    return http.client.HTTPConnection(
        address.hostname or "", address.port, timeout=ANSWER_SECONDS, source_address=source
    )


def send(
    peer: http.client.HTTPConnection, statuses: Statuses, method: str, path: str, body: object = None
) -> tuple[int, bytes]:
    """Send a request and count its status; 0 where the connection ends."""
    try:
        peer.request(method, path, json.dumps(body) if body is not None else None)
        response = peer.getresponse()
        status, received = response.status, response.read()
    except (OSError, http.client.HTTPException):
        peer.close()
        status, received = 0, b""
    statuses[str(status)] += 1
    return status, received


def phrases(portal: str, until: float) -> Statuses:
    """Ask for security phrases and their sounds, as fast as they come."""
    statuses: Statuses = Counter()

    def client(number: int) -> None:
        peer = connection(portal, number)
        while time.monotonic() < until:
            status, drawn = send(peer, statuses, "POST", "/api/auth/new_captcha", {})
            if status == http.client.OK:
                for _ in range(SOUNDS_PER_PHRASE):
                    send(peer, statuses, "GET", f"/sign-in/sound/{json.loads(drawn)['captcha_id']}")
        peer.close()

    run_all(client, PHRASE_CLIENTS)
    return statuses


def drips(portal: str, until: float) -> Statuses:
    """Hold connections, each with half a request that goes on by a byte now and then; a closed one is opened again."""
    statuses: Statuses = Counter()
    peers: dict[int, socket.socket] = {}
    next_drip = dict.fromkeys(range(DRIPPING), 0.0)
    while time.monotonic() < until:
        for number in range(DRIPPING):
            if time.monotonic() < next_drip[number]:
                continue
            next_drip[number] = time.monotonic() + DRIP_SECONDS * random.uniform(0.9, 1.1)  # noqa: S311 - no secret
            try:
                if number not in peers:
                    opened = connection(portal, number)
                    opened.connect()
                    peers[number] = opened.sock
                    peers[number].sendall(HALF)
                    statuses["opened"] += 1
                peers[number].sendall(b"a")
            except OSError:
                peers.pop(number).close() if number in peers else None
                next_drip[number] = 0.0
                statuses["closed"] += 1
        time.sleep(0.1)
    for peer in peers.values():
        peer.close()
    return statuses


def callbacks(portal: str, until: float, authority: str = "") -> Statuses:
    """Come back from the bank a thousand times, whatever the bank says; without a key, each time with one that is made up."""
    statuses: Statuses = Counter()

    def client(number: int) -> None:
        peer = connection(portal, number)
        for _ in range(CALLBACKS // CALLBACK_CLIENTS):
            if time.monotonic() < until:
                key = authority or f"A{uuid4().hex:0>35}"
                send(peer, statuses, "GET", f"/payment/return?Authority={key}&Status=OK")
        peer.close()

    run_all(client, CALLBACK_CLIENTS)
    return statuses


def sign_ins(portal: str, until: float, members: str) -> Statuses:
    """Sign in at a steady pace, whether or not the last ones have been answered; `members` is JSON of names and codes."""
    people = json.loads(members)
    statuses: Statuses = Counter()

    def client(number: int) -> None:
        peer = connection(portal, number % DRIPPING)
        name, code = people[number % len(people)]
        command = {"id": str(uuid4()), "principal_kind": "member", "name": name, "password": code}
        send(peer, statuses, "POST", "/api/auth/sign_in", command)
        peer.close()

    started = time.monotonic()
    with ThreadPoolExecutor(10 * SIGN_INS_A_SECOND) as pool:
        for number in range(int((until - started) * SIGN_INS_A_SECOND)):
            time.sleep(max(0.0, started + number / SIGN_INS_A_SECOND - time.monotonic()))
            pool.submit(client, number)
    return statuses


def run_all(client: Callable[[int], None], count: int) -> None:
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(client, range(count)))


KINDS: dict[str, Callable[..., Statuses]] = {
    "phrases": phrases,
    "drips": drips,
    "callbacks": callbacks,
    "forgeries": callbacks,
    "sign-ins": sign_ins,
}


def main(kind: str, portal: str, seconds: str, *arguments: str) -> None:
    with suppress(KeyboardInterrupt):
        print(json.dumps(KINDS[kind](portal, time.monotonic() + float(seconds), *arguments)))


if __name__ == "__main__":
    main(*sys.argv[1:])
