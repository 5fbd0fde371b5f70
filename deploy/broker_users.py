"""Who may do what on the broker: RabbitMQ definitions with one narrow user for each program."""

import base64
import hashlib
import secrets
from collections.abc import Mapping

VHOST = "tamdid"
EVERY_EVENTS_EXCHANGE = r"[a-z]+\.events"
SALT_BYTES = 4
"""RabbitMQ's salted password hashes have exactly this many."""


def definitions(passwords: Mapping[str, str]) -> dict[str, object]:
    """The definitions that the broker loads at every start, from each program's password."""
    return {
        "vhosts": [{"name": VHOST}],
        "users": [user(program, password) for program, password in passwords.items()],
        "permissions": [permission(program) for program in passwords],
    }


def user(program: str, password: str) -> dict[str, object]:
    return {
        "name": program,
        "password_hash": password_hash(password, secrets.token_bytes(SALT_BYTES)),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
    }


def password_hash(password: str, salt: bytes) -> str:
    """RabbitMQ's own form: base64 of the salt and of SHA-256 over salt and password."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def permission(program: str) -> dict[str, str]:
    """What the program's part of the topology needs, as RabbitMQ's three patterns over names.

    It declares (configure) any events exchange, because a follower may start before its source; it
    publishes (write) its own events only; it binds and consumes (read) from any source, into queues
    that carry its own name.
    """
    queues = rf"{program}\.follows\..*|rpc-{program}|rpc\.reply-{program}-.*"
    return {
        "user": program,
        "vhost": VHOST,
        "configure": rf"^({EVERY_EVENTS_EXCHANGE}|nameko-rpc|{queues})$",
        "write": rf"^({program}\.events|nameko-rpc|{queues})$",
        "read": rf"^({EVERY_EVENTS_EXCHANGE}|nameko-rpc|{queues})$",
    }
