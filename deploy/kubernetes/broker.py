"""The broker: a RabbitmqCluster of three nodes, and the topology of `broker_users.definitions` as resources of RabbitMQ's Messaging Topology Operator."""

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.containers import broker_users
from deploy.containers.program_settings import COMMAND_LINE
from deploy.containers.program_settings import PROGRAMS as NAMES
from deploy.kubernetes.manifest import SERVERS, Manifest, manifest, object_name

CLUSTER = "rabbitmq"
"""Also the host of `broker_url`."""
API = "rabbitmq.com/v1beta1"
READER = "broker-reader"
USERS = (*NAMES, COMMAND_LINE)
NODES = 3
CONFIG = """\
# Nodes that have lost and found each other: the side with fewer clients starts anew with what the other knows. Every queue is a quorum queue,
# so that none goes on in two places. `pause_minority` would leave them apart for good where the cut was short.
cluster_partition_handling = autoheal
# A queue that was declared before all nodes had come gets the others as members too.
quorum_queue.continuous_membership_reconciliation.enabled = true
quorum_queue.continuous_membership_reconciliation.target_group_size = 3
quorum_queue.continuous_membership_reconciliation.interval = 30000
queue_leader_locator = balanced
vm_memory_high_watermark.relative = 0.5
disk_free_limit.absolute = 2GB
# The largest message that a program takes (shared/messaging/amqp_timeouts.py).
max_message_size = 8388608
# A program that is gone is noticed within two of these (seconds).
heartbeat = 20
log.console.level = warning
"""
OF_VHOST = {"vhost": broker_users.VHOST, "rabbitmqClusterReference": {"name": CLUSTER}}


def credentials_of(user: str) -> str:
    """The name of the secret with a user's name and password."""
    return f"broker-{user}"


def cluster() -> Manifest:
    same = {"matchLabels": {"app.kubernetes.io/name": CLUSTER}}
    apart = [{"topologyKey": "kubernetes.io/hostname", "labelSelector": same}]
    spec = {
        "replicas": NODES,
        "resources": {"requests": {"cpu": "500m", "memory": "2Gi"}, "limits": {"cpu": "2", "memory": "2Gi"}},
        "persistence": {"storage": "20Gi"},
        "tls": {"secretName": "rabbitmq-tls", "disableNonTLSListeners": True},
        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": apart}},
        "rabbitmq": {"additionalConfig": CONFIG},
    }
    return manifest(API, "RabbitmqCluster", CLUSTER, SERVERS, {"spec": spec})


def disruption_budget() -> Manifest:
    """One node at a time: without two of three nothing is taken. The operator makes none."""
    spec = {"maxUnavailable": 1, "selector": {"matchLabels": {"app.kubernetes.io/name": CLUSTER}}}
    return manifest("policy/v1", "PodDisruptionBudget", CLUSTER, SERVERS, {"spec": spec})


def topology() -> Iterator[Manifest]:
    """Virtual host, exchanges, queues, bindings, policies, and one user a program with its permissions; passwords are in secrets."""
    found: Mapping[str, Any] = broker_users.definitions(dict.fromkeys(USERS, ""), is_cluster=True)
    yield from map(vhost, found["vhosts"])
    yield from map(user, found["users"])
    for one in found["permissions"]:
        yield permission("Permission", one["user"], {key: one[key] for key in ("configure", "write", "read")})
    for one in found["topic_permissions"]:
        yield permission("TopicPermission", one["user"], {key: one[key] for key in ("exchange", "write", "read")})
    for one in found["exchanges"]:
        yield resource("Exchange", one["name"], durable(one) | {"type": one["type"]})
    for one in found["queues"]:
        yield resource("Queue", one["name"], durable(one) | queue_of(one["arguments"]))
    for one in found["bindings"]:
        yield resource("Binding", f"{one['source']}-{one['destination']}", binding(one))
    for one in found["policies"]:
        yield resource("Policy", one["name"], policy(one))


def resource(kind: str, name: str, spec: Mapping[str, Any]) -> Manifest:
    return manifest(API, kind, object_name(name), SERVERS, {"spec": dict(spec)})


def vhost(found: Mapping[str, Any]) -> Manifest:
    kind = {"defaultQueueType": found["metadata"]["default_queue_type"]}
    return resource(
        "Vhost", found["name"], {"name": found["name"], **kind, "rabbitmqClusterReference": {"name": CLUSTER}}
    )


def user(found: Mapping[str, Any]) -> Manifest:
    spec = {
        "tags": found["tags"],
        "rabbitmqClusterReference": {"name": CLUSTER},
        "importCredentialsSecret": {"name": credentials_of(found["name"])},
    }
    return resource("User", found["name"], {key: value for key, value in spec.items() if value})


def permission(kind: str, user_name: str, permissions: Mapping[str, str]) -> Manifest:
    return resource(
        kind, user_name, {**OF_VHOST, "userReference": {"name": user_name}, "permissions": dict(permissions)}
    )


def durable(found: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": found["name"], **OF_VHOST, "durable": found["durable"], "autoDelete": found["auto_delete"]}


def queue_of(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The type has a field of its own; without one the queue is what a program would declare."""
    others = {key: value for key, value in arguments.items() if key != "x-queue-type"}
    kind = {"type": arguments["x-queue-type"]} if "x-queue-type" in arguments else {}
    return kind | ({"arguments": others} if others else {})


def binding(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **OF_VHOST,
        "source": found["source"],
        "destination": found["destination"],
        "destinationType": found["destination_type"],
        "routingKey": found["routing_key"],
    }


def policy(found: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: found[key] for key in ("name", "pattern", "priority", "definition")}
    return {**OF_VHOST, **kept, "applyTo": found["apply-to"]}
