"""Which servers the containers have: one broker and one database server (docker-compose.yml), or a cluster of each (docker-compose.cluster.yml)."""

from collections.abc import Mapping
from typing import NamedTuple


class Layout(NamedTuple):
    """The names under which programs reach the nodes of each server."""

    brokers: tuple[str, ...]
    databases: tuple[str, ...]
    proxies: tuple[str, ...] = ()
    """The reverse proxy's own names, until it has a certificate of a public authority."""

    @property
    def is_cluster(self) -> bool:
        return len(self.brokers) > 1

    @property
    def hosts(self) -> Mapping[str, tuple[str, ...]]:
        """The names that each server's certificate is for."""
        itself = ("localhost",) if self.is_cluster else ()  # by which Patroni reaches its own server
        named = {"rabbitmq": self.brokers, "postgres": (*self.databases, *itself), "proxy": self.proxies}
        return {server: hosts for server, hosts in named.items() if hosts}


SINGLE = Layout(("rabbitmq",), ("postgres",))
CLUSTER = Layout(("rabbitmq-1", "rabbitmq-2", "rabbitmq-3"), ("postgres-1", "postgres-2"), ("localhost",))
