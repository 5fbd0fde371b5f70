"""Who may do what on the broker: RabbitMQ definitions with the topology, and one narrow user for each program."""

import base64
import hashlib
import secrets
from collections.abc import Mapping

from shared.messaging import topology
from shared.messaging.permissions import permission, topic_permission

VHOST = "tamdid"
OPERATORS = ("admin",)
"""The user of `tamdid broker check`: reads everything through the management API, and changes nothing."""
SUBSCRIPTION_BYTES_MAX = 64 * 1024 * 1024
"""Of waiting events on one subscription; the oldest are dropped then, and read from the source's log. Whoever has a program's password fills no disk."""
SALT_BYTES = 4
"""RabbitMQ's salted password hashes have exactly this many."""


def definitions(passwords: Mapping[str, str], vhost: str = VHOST, *, is_cluster: bool = False) -> dict[str, object]:
    """The definitions that the broker loads at every start, from each program's password.

    In a cluster the queues of calls and of replies are quorum queues too: a classic one would be away with its node.
    """
    needed = topology.needed()
    kind = {"x-queue-type": "quorum"} if is_cluster else {}
    return {
        "vhosts": [{"name": vhost, **({"metadata": {"default_queue_type": "quorum"}} if is_cluster else {})}],
        "users": [user(program, password) for program, password in passwords.items()],
        "permissions": [{"vhost": vhost, **permission(program)} for program in passwords],
        "topic_permissions": [{"vhost": vhost, **topic_permission(program)} for program in passwords],
        "exchanges": [
            {"vhost": vhost, "name": name, "type": kind, "durable": True, "auto_delete": False, "arguments": {}}
            for name, kind in needed.exchanges.items()
        ],
        "policies": policies(vhost),
        "queues": [
            {"vhost": vhost, "name": name, "durable": True, "auto_delete": False, "arguments": {**kind, **arguments}}
            for name, arguments in needed.queues.items()
        ],
        "bindings": [
            {
                "vhost": vhost,
                "source": one.exchange,
                "destination": one.queue,
                "destination_type": "queue",
                "routing_key": one.key,
                "arguments": {},
            }
            for one in sorted(needed.bindings)
        ],
    }


def policies(vhost: str) -> list[dict[str, object]]:
    bound = {"max-length-bytes": SUBSCRIPTION_BYTES_MAX, "overflow": "drop-head"}
    about = {"name": "bounded-subscriptions", "pattern": r"^.+\.follows\..+$", "apply-to": "queues", "priority": 0}
    return [{"vhost": vhost, **about, "definition": bound}]


def fingerprint(passwords: Mapping[str, str]) -> str:
    """What changes when a user, a password, a permission or a policy does; the salts of the definitions change every time."""
    users = [
        (password, tags(program), permission(program), topic_permission(program))
        for program, password in passwords.items()
    ]
    return hashlib.sha256(repr((users, policies(VHOST))).encode()).hexdigest()


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
