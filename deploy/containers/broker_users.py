"""Who may do what on the broker: RabbitMQ definitions with one narrow user for each program."""

import base64
import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence

from shared.messaging import topology
from shared.messaging.topology import SUBSCRIPTIONS

VHOST = "tamdid"
OPERATORS = ("admin",)
"""The user of `tamdid broker check`: reads everything through the management API, and changes nothing."""
SALT_BYTES = 4
"""RabbitMQ's salted password hashes have exactly this many."""


def definitions(passwords: Mapping[str, str]) -> dict[str, object]:
    """The definitions that the broker loads at every start, from each program's password."""
    return {
        "vhosts": [{"name": VHOST}],
        "users": [user(program, password) for program, password in passwords.items()],
        "permissions": [permission(program) for program in passwords],
    }


def fingerprint(passwords: Mapping[str, str]) -> str:
    """What changes when a user, a password or a permission does; the salts of the definitions change every time."""
    users = [(password, tags(program), permission(program)) for program, password in passwords.items()]
    return hashlib.sha256(repr(users).encode()).hexdigest()


def user(program: str, password: str) -> dict[str, object]:
    return {
        "name": program,
        "password_hash": password_hash(password, secrets.token_bytes(SALT_BYTES)),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": tags(program),
    }


def tags(program: str) -> list[str]:
    return ["monitoring"] if program in OPERATORS else []


def password_hash(password: str, salt: bytes) -> str:
    """RabbitMQ's own form: base64 of the salt and of SHA-256 over salt and password."""
    return base64.b64encode(salt + hashlib.sha256(salt + password.encode()).digest()).decode()


def permission(program: str) -> dict[str, str]:
    """What the program's part of the topology needs, as RabbitMQ's three patterns over names.

    It declares (configure) its own exchange with the subscriptions out of it, and the subscriptions into it with their sources'
    exchanges, because either side may start first; it publishes (write) its own events only; it consumes (read) the
    subscriptions into itself only. A binding is made by whoever may write to the queue and read from the exchange.
    """
    sources = [source for source, subscribers in SUBSCRIPTIONS.items() if program in subscribers]
    exchanges = [topology.exchange(source).name for source in sources]
    into = [topology.subscription(program, source).name for source in sources]
    own = [topology.exchange(program).name] if program in SUBSCRIPTIONS else []
    out = [topology.subscription(subscriber, program).name for subscriber in SUBSCRIPTIONS.get(program, ())]
    rpc = ["nameko-rpc", f"rpc-{program}"]
    return {
        "user": program,
        "vhost": VHOST,
        "configure": any_of([*own, *out, *exchanges, *into, *rpc], program),
        "write": any_of([*own, *out, *into, *rpc], program),
        "read": any_of([*own, *exchanges, *into, *rpc], program),
    }


def any_of(names: Sequence[str], program: str) -> str:
    """The pattern of these names, and of the program's own queues for replies, which have random ends."""
    return f"^({'|'.join(map(re.escape, names))}|rpc\\.reply-{re.escape(program)}-.*)$"
