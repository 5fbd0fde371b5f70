"""Comparison of a live broker with the topology: over AMQP what is missing, over the management API everything else."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]

from clients.admin.transport import tls
from clients.admin.transport.amqp import connected, parameters_of
from clients.admin.transport.http import LOOPBACK
from shared.broker_nodes import nodes_of
from shared.messaging.permissions import follower_permissions, permission, topic_permission
from shared.messaging.topology import CALLERS_FOR_PERSONS, Binding, Topology, exchange
from shared.services import SERVICES, SOURCES

NOT_FOUND = 404
NOT_ALLOWED = (401, 403)
DURABLE = {"durable": True, "auto_delete": False}
ANSWER_SECONDS = 10
PROGRAMS = sorted({*SERVICES, *CALLERS_FOR_PERSONS})
OURS = re.compile(r".+\.follows\..+|rpc-.+")
"""Queues that only Tamdid's programs declare."""
OF_REPLIES = re.compile(r"rpc\.reply-([a-z]+)-([0-9a-f-]+) \1-reply-\2")
"""The queue of the replies to one copy of a program, and the key it is bound with; any other binding receives what is not meant for it."""

OF_FOLLOWERS = re.compile(r"(follower\.|evt-[a-z]+-[A-Za-z]+--)(?P<follower>[a-z][a-z0-9-]{2,29})\..+")
"""Queues of outside followers (`shared.messaging.permissions`)."""


class Problem(NamedTuple):
    """A difference between the broker and the topology; `detail` has both values."""

    kind: str
    """`missing`, `wrong`, `extra` or `orphan`."""
    what: str
    """`exchange`, `queue`, `binding` or `permission`."""
    name: str
    detail: str = ""


class ManagementSilent(Exception):  # noqa: N818 - a state of the world
    """The management API was not reached, or refuses to answer."""


def missing(url: str, needed: Topology) -> list[Problem]:
    """The exchanges and queues that are not there, by declaring them passively, which makes nothing."""
    connection = connected(url)
    try:
        named = [*(("exchange", name) for name in needed.exchanges), *(("queue", name) for name in needed.queues)]
        return [Problem("missing", what, name) for what, name in named if not is_declared(connection, what, name)]
    finally:
        connection.close()


def is_declared(connection: Any, what: str, name: str) -> bool:
    channel = connection.channel()  # a new channel each time: a broker that refuses closes it
    try:
        if what == "exchange":
            channel.exchange_declare(name, passive=True)
        else:
            channel.queue_declare(name, passive=True)
    except pika.exceptions.ChannelClosedByBroker as error:
        if error.reply_code == NOT_FOUND:
            return False
        raise
    channel.close()
    return True


class Declared(NamedTuple):
    """What a virtual host has, by the management API."""

    exchanges: Mapping[str, Mapping[str, Any]]
    queues: Mapping[str, Mapping[str, Any]]
    bindings: frozenset[Binding]
    permissions: Sequence[Mapping[str, Any]] | None
    """Of each user, with those on the routing keys of RPC; None where the user may not read them, who is no administrator."""


def vhost_of(url: str) -> str:
    vhost: str = parameters_of(nodes_of(url)[0]).virtual_host
    return vhost


def read_declared(management: str, vhost: str) -> Declared:
    """Read what is declared from the management API of the first node that answers; raises `ManagementSilent`."""
    *others, last = nodes_of(management)
    for node in others:
        with suppress(ManagementSilent):
            return read_from(node, vhost)
    return read_from(last, vhost)


def read_from(management: str, vhost: str) -> Declared:
    try:
        is_near = httpx.URL(management).host in LOOPBACK
        with httpx.Client(
            base_url=management, timeout=ANSWER_SECONDS, trust_env=not is_near, verify=tls.context()
        ) as client:
            exchanges, queues, bindings = (
                client.get(f"api/{kind}/{quote(vhost, safe='')}").raise_for_status().json()
                for kind in ("exchanges", "queues", "bindings")
            )
            permissions = read_permissions(client, vhost)
    except httpx.HTTPStatusError as error:
        raise ManagementSilent(f"HTTP {error.response.status_code}") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise ManagementSilent(str(error) or type(error).__name__) from error
    return Declared(
        {exchange["name"]: exchange for exchange in exchanges},
        {queue["name"]: queue for queue in queues},
        frozenset(Binding(each["source"], each["destination"], each["routing_key"]) for each in bindings),
        permissions,
    )


def read_permissions(client: httpx.Client, vhost: str) -> list[Mapping[str, Any]] | None:
    """The permissions of all users, which only an administrator of the broker may read; None for another user."""
    found: list[Mapping[str, Any]] = []
    for kind in ("permissions", "topic-permissions"):
        response = client.get(f"api/vhosts/{quote(vhost, safe='')}/{kind}")
        if response.status_code in NOT_ALLOWED:
            return None
        found += response.raise_for_status().json()
    return found


def compare(needed: Topology, declared: Declared) -> list[Problem]:
    """Everything that is missing, wrong, extra or orphaned; bindings of what is missing are not listed again."""
    return [
        *exchange_problems(needed, declared),
        *queue_problems(needed, declared),
        *binding_problems(needed, declared),
        *permission_problems(declared),
    ]


def exchange_problems(needed: Topology, declared: Declared) -> Iterator[Problem]:
    for name, kind in needed.exchanges.items():
        if name not in declared.exchanges:
            yield Problem("missing", "exchange", name)
        elif wrong := differences({"type": kind, **DURABLE}, declared.exchanges[name]):
            yield Problem("wrong", "exchange", name, "; ".join(wrong))


def queue_problems(needed: Topology, declared: Declared) -> Iterator[Problem]:
    for name, arguments in needed.queues.items():
        queue = declared.queues.get(name)
        if queue is None:
            yield Problem("missing", "queue", name)
        elif wrong := [*differences({**DURABLE, "exclusive": False}, queue), *argument_differences(arguments, queue)]:
            yield Problem("wrong", "queue", name, "; ".join(wrong))
    for name, queue in declared.queues.items():
        if OURS.fullmatch(name) and name not in needed.queues:
            yield Problem("orphan", "queue", name, f"{queue.get('messages', 0)} messages")


def differences(needed: Mapping[str, object], actual: Mapping[str, Any]) -> list[str]:
    return [f"{name} is {actual.get(name)}, not {value}" for name, value in needed.items() if actual.get(name) != value]


def argument_differences(needed: Mapping[str, object], queue: Mapping[str, Any]) -> list[str]:
    """What is wrong with a queue's arguments. Newer brokers list a type that was never declared among them."""
    actual = dict(queue.get("arguments", {}))
    if "x-queue-type" not in needed:
        actual.pop("x-queue-type", None)
    extra = actual.keys() - needed.keys()
    return [*differences(needed, actual), *(f"{name} is {actual[name]}, not asked for" for name in extra)]


def binding_problems(needed: Topology, declared: Declared) -> Iterator[Problem]:
    for binding in sorted(needed.bindings - declared.bindings):
        if binding.exchange in declared.exchanges and binding.queue in declared.queues:
            yield Problem("missing", "binding", text_of(binding))
    for binding in sorted(declared.bindings - needed.bindings):
        is_expected = OF_REPLIES.fullmatch(f"{binding.queue} {binding.key}") or is_granted(binding, declared)
        if binding.exchange in needed.exchanges and not is_expected:
            yield Problem("extra", "binding", text_of(binding))


def is_granted(binding: Binding, declared: Declared) -> bool:
    """Whether a binding is that of an outside follower to a service that its account may follow; as far as accounts can be read."""
    named = OF_FOLLOWERS.fullmatch(binding.queue)
    if not named or declared.permissions is None:
        return bool(named)
    own = [{**one} for one in declared.permissions if one["user"] == named["follower"]]
    for one in own:
        one.pop("vhost", None)
    exchanges = {one.get("exchange") for one in own}
    sources = [source for source in SOURCES if exchange(source).name in exchanges]
    return binding.exchange in exchanges and all(one in own for one in follower_permissions(named["follower"], sources))


def permission_problems(declared: Declared) -> Iterator[Problem]:
    """The programs' users whose permissions differ from those that the topology gives them."""
    for program in PROGRAMS if declared.permissions is not None else ():
        for needed in (permission(program), topic_permission(program)):
            name = f"{program}, {needed['exchange']}" if "exchange" in needed else program
            of_user = [
                one
                for one in declared.permissions or ()
                if one["user"] == program and one.get("exchange") == needed.get("exchange")
            ]
            if not of_user:
                yield Problem("missing", "permission", name)
            elif wrong := differences(needed, of_user[0]):
                yield Problem("wrong", "permission", name, "; ".join(wrong))


def text_of(binding: Binding) -> str:
    return f"{binding.exchange} → {binding.queue} ({binding.key})"
