"""Comparison of a live broker with the topology: over AMQP what is missing, over the management API everything else."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx
import pika  # type: ignore[import-untyped]
import pika.exceptions  # type: ignore[import-untyped]

from clients.admin.transport.amqp import parameters_of
from clients.admin.transport.http import LOOPBACK
from shared.messaging.topology import Binding, Topology

NOT_FOUND = 404
ANSWER_SECONDS = 10
OURS = re.compile(r".+\.follows\..+|rpc-.+")
"""Queues that only Tamdid's programs declare."""


class Problem(NamedTuple):
    """What is not as it should be; `detail` says how it is instead."""

    kind: str
    """`missing`, `wrong`, `extra` or `orphan`."""
    what: str
    """`exchange`, `queue` or `binding`."""
    name: str
    detail: str = ""


class ManagementSilent(Exception):  # noqa: N818 - a state of the world
    """The management API was not reached, or does not let us look."""


def missing(url: str, needed: Topology) -> list[Problem]:
    """The exchanges and queues that are not there, by declaring them passively, which makes nothing."""
    connection = pika.BlockingConnection(parameters_of(url))
    try:
        exchanges = [("exchange", name) for name in needed.exchanges]
        queues = [("queue", name) for name in needed.queues]
        return [
            Problem("missing", what, name) for what, name in exchanges + queues if not is_there(connection, what, name)
        ]
    finally:
        connection.close()


def is_there(connection: Any, what: str, name: str) -> bool:
    channel = connection.channel()  # a new one each time: a broker that says no closes it
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


class Found(NamedTuple):
    """What the management API tells of a virtual host."""

    exchanges: Mapping[str, Mapping[str, Any]]
    queues: Mapping[str, Mapping[str, Any]]
    bindings: frozenset[Binding]


def vhost_of(url: str) -> str:
    vhost: str = parameters_of(url).virtual_host
    return vhost


def look(management: str, vhost: str) -> Found:
    """Ask the management API; raises `ManagementSilent`."""
    try:
        is_near = httpx.URL(management).host in LOOPBACK
        with httpx.Client(base_url=management, timeout=ANSWER_SECONDS, trust_env=not is_near) as client:
            exchanges, queues, bindings = (
                client.get(f"api/{kind}/{quote(vhost, safe='')}").raise_for_status().json()
                for kind in ("exchanges", "queues", "bindings")
            )
    except httpx.HTTPStatusError as error:
        raise ManagementSilent(f"HTTP {error.response.status_code}") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise ManagementSilent(str(error) or type(error).__name__) from error
    return Found(
        {one["name"]: one for one in exchanges},
        {one["name"]: one for one in queues},
        frozenset(Binding(one["source"], one["destination"], one["routing_key"]) for one in bindings),
    )


def compare(needed: Topology, found: Found) -> list[Problem]:
    """Everything that is missing, wrong, too much or nobody's; what hangs on something missing is not told again."""
    return [*exchange_problems(needed, found), *queue_problems(needed, found), *binding_problems(needed, found)]


def exchange_problems(needed: Topology, found: Found) -> Iterator[Problem]:
    for name, kind in needed.exchanges.items():
        exchange = found.exchanges.get(name)
        if exchange is None:
            yield Problem("missing", "exchange", name)
        elif wrong := differing({"type": kind, **KEPT}, exchange):
            yield Problem("wrong", "exchange", name, wrong)


def queue_problems(needed: Topology, found: Found) -> Iterator[Problem]:
    for name, arguments in needed.queues.items():
        queue = found.queues.get(name)
        if queue is None:
            yield Problem("missing", "queue", name)
        elif wrong := "; ".join(
            filter(None, (differing({**KEPT, "exclusive": False}, queue), arguing(arguments, queue)))
        ):
            yield Problem("wrong", "queue", name, wrong)
    for name, queue in found.queues.items():
        if OURS.fullmatch(name) and name not in needed.queues:
            waiting = queue.get("messages", 0)
            yield Problem("orphan", "queue", name, f"{waiting} messages")


KEPT = {"durable": True, "auto_delete": False}


def differing(should: Mapping[str, object], found: Mapping[str, Any]) -> str:
    wrong = [f"{name} is {found.get(name)}, not {value}" for name, value in should.items() if found.get(name) != value]
    return "; ".join(wrong)


def arguing(needed: Mapping[str, object], queue: Mapping[str, Any]) -> str:
    """What is wrong with a queue's arguments. Newer brokers tell a type that was never asked for among them."""
    found = dict(queue.get("arguments", {}))
    if "x-queue-type" not in needed:
        found.pop("x-queue-type", None)
    wrong = [
        differing(needed, found),
        *(f"{name} is {found[name]}, not asked for" for name in found.keys() - needed.keys()),
    ]
    return "; ".join(filter(None, wrong))


def binding_problems(needed: Topology, found: Found) -> Iterator[Problem]:
    for binding in sorted(needed.bindings - found.bindings):
        if binding.exchange in found.exchanges and binding.queue in found.queues:
            yield Problem("missing", "binding", named(binding))
    for binding in sorted(found.bindings - needed.bindings):
        if binding.exchange and binding.queue in needed.queues:  # every queue is bound to the exchange without a name
            yield Problem("extra", "binding", named(binding))


def named(binding: Binding) -> str:
    return f"{binding.exchange} → {binding.queue} ({binding.key})"
