"""The permissions of each program's user on the broker, derived from the topology: RabbitMQ's patterns over names and routing keys."""

import re
from collections.abc import Sequence

from shared.messaging import topology
from shared.messaging.topology import CALLERS_FOR_PERSONS, UNIQUE
from shared.services import SERVICES, SUBSCRIPTIONS

READ = ("read_events", "find_events")
"""The calls by which a program reads the log of a source."""


def permission(program: str) -> dict[str, str]:
    """What the program's part of the topology needs, as RabbitMQ's three patterns over names.

    It declares (configure) its queues and no exchange: those are shared, and in the definitions. It publishes (write) its own
    events, calls and replies; it consumes (read) the subscriptions into itself only. A binding is made by whoever may write
    to the queue and read from the exchange: nobody reads from where they publish, for a binding from there to the exchange of
    RPC, or a queue with dead letters, would carry what they publish past the patterns over its routing keys.
    """
    sources = topology.sources_of(program)
    into = [topology.subscription(program, source).name for source in sources]
    own = [topology.exchange(program).name] if program in SUBSCRIPTIONS else []
    served = [topology.calls(program).name] if program in SERVICES else []
    followed = [topology.exchange(source).name for source in sources]
    rpc = topology.rpc_exchange().name
    replies = f"rpc\\.reply-{program}-.*"
    return {
        "user": program,
        "configure": any_of([*into, *served], replies),
        "write": any_of([*own, *into, *served, rpc], replies),
        "read": any_of([*followed, *into, *served, rpc], replies),
    }


def topic_permission(program: str) -> dict[str, str]:
    """Which calls and replies the program may send (write) and receive (read), as patterns over the routing keys of RPC.

    It calls what it needs, answers whoever may call it, and receives the calls to itself and the replies to its own. To
    receive is to bind a queue; a key with a wildcard for others' messages matches no pattern.
    """
    if program in CALLERS_FOR_PERSONS:
        calls = [rf"{service}\.[a-z_]+" for service in SERVICES]
    else:
        calls = [rf"{source}\.{method}" for source in topology.sources_of(program) for method in READ]
    callers = topology.callers_of(program) if program in SERVICES else ()
    replies = [topology.reply_key(caller, UNIQUE) for caller in callers]
    served = [rf"{program}\.\*"] if program in SERVICES else []
    return {
        "user": program,
        "exchange": topology.rpc_exchange().name,
        "write": any_of((), *calls, *replies),
        "read": any_of((), *served, topology.reply_key(program, UNIQUE)),
    }


def follower_permissions(name: str, sources: Sequence[str]) -> list[dict[str, str]]:
    """What the account of an outside follower may do: make its own queues and fill them with the events of these sources.

    It publishes nothing, neither to an exchange nor past them, and nothing of the exchange of RPC reaches its queues.
    """
    own = follower_queues(name)
    exchanges = [topology.exchange(source).name for source in sources]
    nothing = "^$"
    return [
        {"user": name, "configure": any_of((), own), "write": any_of((), own), "read": any_of(exchanges, own)},
        *({"user": name, "exchange": exchange, "write": nothing, "read": ".*"} for exchange in exchanges),
        {"user": name, "exchange": topology.rpc_exchange().name, "write": nothing, "read": nothing},
    ]


def follower_queues(name: str) -> str:
    """The pattern of an outside follower's queues: `follower.<name>.…`, or as stock nameko names those of a service of this name."""
    return rf"(follower\.|evt-[a-z]+-[A-Za-z]+--){re.escape(name)}\..+"


def any_of(names: Sequence[str], *patterns: str) -> str:
    """The pattern of these names and of whatever matches one of the patterns."""
    return f"^({'|'.join([*map(re.escape, names), *patterns])})$"
