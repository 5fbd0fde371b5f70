"""Broker URLs with several nodes of a RabbitMQ cluster, separated by semicolons: a client connects to the next one where one does not answer."""

from random import Random

SEPARATOR = ";"
"""As kombu has it; each node's URL is whole."""


def nodes_of(url: str) -> list[str]:
    """The URL of each node."""
    return [node.strip() for node in url.split(SEPARATOR)]


def next_first(url: str) -> str:
    """The same nodes from the second on, and the first one last: it has just failed."""
    first, *others = nodes_of(url)
    return SEPARATOR.join((*others, first))


def in_any_order(url: str, rng: Random) -> str:
    """The same nodes in an order of this process's own, so that a cluster's connections spread over its nodes."""
    nodes = nodes_of(url)
    return SEPARATOR.join(rng.sample(nodes, len(nodes)))
