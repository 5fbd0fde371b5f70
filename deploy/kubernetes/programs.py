"""Deployments of all programs with what belongs to them: settings, service, disruption budget, scaling by waiting calls, and ingress with TLS."""

from collections.abc import Iterator
from typing import Any

from deploy.kubernetes import broker, pods
from deploy.kubernetes.compose_file import Container, containers, migration, places
from deploy.kubernetes.manifest import MIGRATION, PROGRAMS, Manifest, manifest
from shared.messaging import topology
from shared.services import SERVICES

COPIES_MIN = 2
COPIES_MAX = 6
CALLS_A_COPY = 20
"""So many calls wait on a service's queue for each copy before another copy is started."""
PAGES_CPU = "600m"
"""Of each copy, which uses one core at most."""
EVIDENCE = "evidence"
HOSTS = {"gateway": "tamdid.example.org", "bank": "bank.tamdid.example.org"}
"""Examples: an overlay has the organization's own."""
CERTIFICATE_OF_PAGES = "pages-tls"
"""Secret with the public certificate: by cert-manager and its issuer, or put there by the operator."""
OPERATOR = {
    "TAMDID_PUBLIC_URL": f"https://{HOSTS['gateway']}",
    "TAMDID_BANK_PUBLIC_URL": f"https://{HOSTS['bank']}",
    "TAMDID_BANK_URL": "https://the-bank.example.org",
    "TAMDID_TRUSTED_PROXIES": "1",
    "TAMDID_DEVELOPMENT": "false",
}
"""What an organization must say itself; whatever else `docs/settings.md` has may be added to it by an overlay."""


def settings() -> Manifest:
    """The settings of all programs that are no secret."""
    return manifest("v1", "ConfigMap", pods.SETTINGS, MIGRATION, {"data": {**places(), **OPERATOR}})


def migration_job() -> Manifest:
    """Migrates all databases as their tables' owner, before the programs of its version start."""
    one = migration()
    container = pods.container_of(one, pods.secret_settings_of("migration"), [pods.authority_mount()])
    pod = pods.pod(container, [pods.temporary(one), pods.authority()], restartPolicy="Never")
    spec = {
        "backoffLimit": 3,
        "activeDeadlineSeconds": 3600,
        "template": {"metadata": {"labels": labels(one)}, "spec": pod},
    }
    return manifest("batch/v1", "Job", one.name, MIGRATION, {"spec": spec}, labels=labels(one))


def all_programs() -> Iterator[Manifest]:
    yield evidence_volume()
    yield from (broker_reader(),)
    for one in containers():
        yield deployment(one)
        yield disruption_budget(one)
        if one.port:
            yield service(one)
        yield by_waiting_calls(one) if one.name in SERVICES else by_cpu(one)
    yield ingress([one for one in containers() if one.port])


def labels(one: Container) -> dict[str, str]:
    """By the container's networks, network policies let it reach what it needs."""
    return {"app.kubernetes.io/name": one.name} | {f"tamdid/{network}": "yes" for network in one.networks}


def deployment(one: Container) -> Manifest:
    """No number of copies: the scaler sets it, and applying the manifest again must not set it back."""
    spec = {
        "revisionHistoryLimit": 3,
        "selector": {"matchLabels": {"app.kubernetes.io/name": one.name}},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}},
        "template": {"metadata": {"labels": labels(one)}, "spec": pod_of(one)},
    }
    return manifest(
        "apps/v1", "Deployment", one.name, PROGRAMS, {"spec": spec}, labels={"app.kubernetes.io/name": one.name}
    )


def pod_of(one: Container) -> dict[str, Any]:
    keys = {"name": "keys", "mountPath": "/run/tamdid/keys", "readOnly": True}
    mounts, volumes = [pods.authority_mount(), keys], [pods.temporary(one), pods.authority()]
    volumes.append({"name": "keys", "secret": {"secretName": pods.keys_of(one.name), "defaultMode": 0o440}})
    if one.has_evidence:
        mounts.append({"name": EVIDENCE, "mountPath": "/run/tamdid/evidence", "subPath": one.name})
        volumes.append({"name": EVIDENCE, "persistentVolumeClaim": {"claimName": EVIDENCE}})
    ports = [{"name": "health", "containerPort": pods.HEALTH_PORT}]
    if one.port:
        ports.append({"name": "http", "containerPort": one.port})
    container = pods.container_of(one, pods.secret_settings_of(one.name), mounts)
    container |= {"ports": ports, **pods.probes()}
    container["lifecycle"] = {"preStop": {"sleep": {"seconds": pods.ENDPOINT_REMOVAL_SECONDS}}}
    return pods.pod(
        container,
        volumes,
        terminationGracePeriodSeconds=one.stop_seconds + pods.ENDPOINT_REMOVAL_SECONDS,
        affinity=apart(one.name),
    )


def apart(program: str) -> dict[str, Any]:
    """Copies on different machines where there are any, and in different zones where the machines have them."""
    same = {"matchLabels": {"app.kubernetes.io/name": program}}
    terms = [
        {"weight": weight, "podAffinityTerm": {"topologyKey": key, "labelSelector": same}}
        for key, weight in (("kubernetes.io/hostname", 100), ("topology.kubernetes.io/zone", 50))
    ]
    return {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": terms}}


def disruption_budget(one: Container) -> Manifest:
    """Copies that are not ready, for a server is away, hold up nobody who empties a machine."""
    spec = {
        "maxUnavailable": 1,
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
        "selector": {"matchLabels": {"app.kubernetes.io/name": one.name}},
    }
    return manifest("policy/v1", "PodDisruptionBudget", one.name, PROGRAMS, {"spec": spec})


def service(one: Container) -> Manifest:
    port = {"name": "http", "port": one.port, "targetPort": "http"}
    spec = {"selector": {"app.kubernetes.io/name": one.name}, "ports": [port]}
    return manifest("v1", "Service", one.name, PROGRAMS, {"spec": spec})


def evidence_volume() -> Manifest:
    """The last seal of each log by day; several copies write to it, so it is shared."""
    spec = {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}}}
    return manifest("v1", "PersistentVolumeClaim", EVIDENCE, PROGRAMS, {"spec": spec})


# ---------------------------------------------------------------- scaling


def broker_reader() -> Manifest:
    """How KEDA counts waiting calls: as the broker's user that reads everything and changes nothing."""
    given = [{"parameter": name, "name": broker.READER, "key": name} for name in ("host", "tls")]
    given.append({"parameter": "ca", "name": pods.AUTHORITY, "key": "ca.crt"})
    return manifest(
        "keda.sh/v1alpha1", "TriggerAuthentication", broker.READER, PROGRAMS, {"spec": {"secretTargetRef": given}}
    )


def by_waiting_calls(one: Container) -> Manifest:
    """More copies for calls that wait. Subscriptions gain nothing by them: one copy follows each source, whatever their number."""
    trigger = {
        "type": "rabbitmq",
        "metadata": {
            "protocol": "http",
            "queueName": topology.calls(one.name).name,
            "mode": "QueueLength",
            "value": str(CALLS_A_COPY),
            "excludeUnacknowledged": "true",  # those that a copy works on do not wait
        },
        "authenticationRef": {"name": broker.READER},
    }
    spec = {
        "scaleTargetRef": {"name": one.name},
        "minReplicaCount": COPIES_MIN,
        "maxReplicaCount": COPIES_MAX,
        "triggers": [trigger],
    }
    return manifest("keda.sh/v1alpha1", "ScaledObject", one.name, PROGRAMS, {"spec": spec})


def by_cpu(one: Container) -> Manifest:
    """Pages are CPU, and nothing of them waits in a queue."""
    target = {"type": "AverageValue", "averageValue": PAGES_CPU}
    spec = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": one.name},
        "minReplicas": COPIES_MIN,
        "maxReplicas": COPIES_MAX,
        "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": target}}],
    }
    return manifest("autoscaling/v2", "HorizontalPodAutoscaler", one.name, PROGRAMS, {"spec": spec})


# ---------------------------------------------------------------- from outside


def ingress(published: list[Container]) -> Manifest:
    """TLS ends at the ingress controller, which sets `X-Forwarded-*` itself and passes on none that a visitor sent."""
    rules = [{"host": HOSTS[one.name], "http": {"paths": [path_to(one)]}} for one in published]
    spec = {
        "tls": [{"hosts": [HOSTS[one.name] for one in published], "secretName": CERTIFICATE_OF_PAGES}],
        "rules": rules,
    }
    return manifest("networking.k8s.io/v1", "Ingress", "tamdid", PROGRAMS, {"spec": spec})


def path_to(one: Container) -> dict[str, Any]:
    return {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": one.name, "port": {"name": "http"}}}}
