"""Network policies: nothing is reached that is not named here. A program reaches what its networks in the compose file hold."""

from collections.abc import Iterator
from typing import Any

from deploy.kubernetes import broker, database, pods
from deploy.kubernetes.compose_file import Container, containers
from deploy.kubernetes.manifest import SERVERS, Manifest, manifest

INGRESS, MONITORING, SCALER = "ingress", "monitoring", "keda"
OPERATORS = {"rabbitmq": "rabbitmq-system", "postgres": "cnpg-system"}
"""Namespaces of others by their usual names; an overlay has those of the cluster."""
AMQPS, MANAGEMENT, BROKER_METRICS = 5671, 15671, 15691
POSTGRESQL, POSTGRESQL_STATUS, POSTGRESQL_METRICS = 5432, 8000, 9187
API_SERVER = (443, 6443)
OUTSIDE = (443, 465, 587)
"""HTTPS of the bank, of providers and webhooks; mail servers."""
INSIDE = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]
Rules = list[dict[str, Any]]


def all_policies() -> Iterator[Manifest]:
    yield policy("nothing", {}, ingress=[], egress=[])
    yield policy(
        "names", {}, egress=[{"to": [of_namespace("kube-system")], "ports": ports(53, protocol="UDP") + ports(53)}]
    )
    programs = {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": programs_names()}]}
    yield policy("health", programs, ingress=[{"from": [of_namespace(MONITORING)], "ports": ports(pods.HEALTH_PORT)}])
    for network, server, port in (("broker", broker_nodes(), AMQPS), ("database", instances(), POSTGRESQL)):
        yield policy(f"to-{network}", on(network), egress=[{"to": [{"podSelector": server}], "ports": ports(port)}])
    yield from map(published, filter(lambda one: one.port, containers()))
    yield from (outside(one) for one in containers() if "outside" in one.networks and not one.port)
    yield broker_policy()
    yield database_policy()


def programs_names() -> list[str]:
    return [one.name for one in containers()]


def policy(name: str, selected: dict[str, Any], **rules: Rules) -> Manifest:
    types = [kind for kind in ("Ingress", "Egress") if kind.lower() in rules]
    spec = {"podSelector": selected, "policyTypes": types, **{kind: rule for kind, rule in rules.items() if rule}}
    return manifest("networking.k8s.io/v1", "NetworkPolicy", name, SERVERS, {"spec": spec})


def published(one: Container) -> Manifest:
    """Pages and notices come by the ingress controller alone."""
    own = {"matchLabels": {"app.kubernetes.io/name": one.name}}
    return policy(f"to-{one.name}", own, ingress=[{"from": [of_namespace(INGRESS)], "ports": ports(one.port or 0)}])


def outside(one: Container) -> Manifest:
    """To the bank, to providers, to webhooks: never to an address inside."""
    own = {"matchLabels": {"app.kubernetes.io/name": one.name}}
    anywhere = [{"ipBlock": {"cidr": "0.0.0.0/0", "except": INSIDE}}]
    return policy(f"{one.name}-outside", own, egress=[{"to": anywhere, "ports": ports(*OUTSIDE)}])


def broker_policy() -> Manifest:
    itself = {"podSelector": broker_nodes()}
    ingress = [
        {"from": [{"podSelector": on("broker")}], "ports": ports(AMQPS)},
        {"from": [of_namespace(OPERATORS["rabbitmq"]), of_namespace(SCALER)], "ports": ports(MANAGEMENT)},
        {"from": [of_namespace(MONITORING)], "ports": ports(BROKER_METRICS)},
        {"from": [itself]},
    ]
    return policy("rabbitmq", broker_nodes(), ingress=ingress, egress=[{"to": [itself]}, {"ports": ports(*API_SERVER)}])


def database_policy() -> Manifest:
    """The standbys follow the primary; each instance asks the API server who is primary, and sends backups to the object store."""
    itself = {"podSelector": instances()}
    ingress = [
        {"from": [{"podSelector": on("database")}], "ports": ports(POSTGRESQL)},
        {"from": [of_namespace(OPERATORS["postgres"])], "ports": ports(POSTGRESQL, POSTGRESQL_STATUS)},
        {"from": [of_namespace(MONITORING)], "ports": ports(POSTGRESQL_METRICS)},
        {"from": [itself]},
    ]
    return policy("postgres", instances(), ingress=ingress, egress=[{"to": [itself]}, {"ports": ports(*API_SERVER)}])


def on(network: str) -> dict[str, Any]:
    return {"matchLabels": {f"tamdid/{network}": "yes"}}


def broker_nodes() -> dict[str, Any]:
    return {"matchLabels": {"app.kubernetes.io/name": broker.CLUSTER}}


def instances() -> dict[str, Any]:
    return {"matchLabels": {"cnpg.io/cluster": database.CLUSTER}}


def of_namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def ports(*numbers: int, protocol: str = "TCP") -> Rules:
    return [{"port": number, "protocol": protocol} for number in numbers]
