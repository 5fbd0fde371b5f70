"""A policy for Kubernetes manifests, each rule a function that says what is wrong: non-root, read-only, limits, probes, fixed images, no service account token."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Manifest = dict[str, Any]
Rule = Callable[[list[Manifest]], Iterator[str]]
WORKLOADS = ("Deployment", "Job", "StatefulSet", "DaemonSet", "CronJob")
SERVERS = {"RabbitmqCluster": "app.kubernetes.io/name"}
"""Whose operators make no disruption budget of their own, and the label of their pods."""
SCALERS = {"ScaledObject": "minReplicaCount", "HorizontalPodAutoscaler": "minReplicas"}
COPIES_MIN = 2
FIXED_IMAGE = re.compile(r"[^:@\s]+(:\d+[^:@\s]*/[^:@\s]+)?(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})")


def findings(manifests: Iterable[Manifest]) -> list[str]:
    """Everything that is wrong, by every rule."""
    everything = list(manifests)
    return [f"{rule.__name__}: {found}" for rule in RULES for found in rule(everything)]


def pods(manifests: Iterable[Manifest]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each workload's kind, name and pod."""
    for one in manifests:
        if one["kind"] in WORKLOADS:
            spec = one["spec"]["jobTemplate"]["spec"] if one["kind"] == "CronJob" else one["spec"]
            yield one["kind"], one["metadata"]["name"], spec["template"]["spec"]


def containers(manifests: Iterable[Manifest]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for kind, name, pod in pods(manifests):
        for container in (*pod.get("initContainers", ()), *pod["containers"]):
            yield kind, f"{name}/{container['name']}", container


def security_of(container: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = container.get("securityContext", {})
    return found


def non_root(manifests: list[Manifest]) -> Iterator[str]:
    for _, name, pod in pods(manifests):
        context = pod.get("securityContext", {})
        if not context.get("runAsNonRoot") or not context.get("runAsUser"):
            yield f"{name} may run as root"
    for _, name, container in containers(manifests):
        if security_of(container).get("runAsNonRoot") is False or security_of(container).get("runAsUser") == 0:
            yield f"{name} may run as root"


def read_only_root(manifests: list[Manifest]) -> Iterator[str]:
    yield from (name for _, name, one in containers(manifests) if not security_of(one).get("readOnlyRootFilesystem"))


def no_privileges(manifests: list[Manifest]) -> Iterator[str]:
    for _, name, container in containers(manifests):
        context = security_of(container)
        if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
            yield f"{name} may gain privileges"
        if context.get("capabilities", {}) != {"drop": ["ALL"]}:
            yield f"{name} has capabilities"
    for _, name, pod in pods(manifests):
        if any(pod.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{name} is on the machine's own network or sees its processes"
        if any("hostPath" in volume for volume in pod.get("volumes", ())):
            yield f"{name} has a folder of the machine"


def system_calls_filtered(manifests: list[Manifest]) -> Iterator[str]:
    for _, name, pod in pods(manifests):
        if pod.get("securityContext", {}).get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield name


def limits(manifests: list[Manifest]) -> Iterator[str]:
    for _, name, container in containers(manifests):
        resources = container.get("resources", {})
        for kind in ("requests", "limits"):
            yield from (f"{name}: no {kind} of {of}" for of in ("cpu", "memory") if of not in resources.get(kind, {}))


def probes(manifests: list[Manifest]) -> Iterator[str]:
    for kind, name, container in containers(manifests):
        for probe, path in (("livenessProbe", "/live"), ("readinessProbe", "/ready"), ("startupProbe", "/live")):
            if kind != "Job" and container.get(probe, {}).get("httpGet", {}).get("path") != path:
                yield f"{name}: no {probe} at {path}"


def fixed_images(manifests: list[Manifest]) -> Iterator[str]:
    for _, name, container in containers(manifests):
        if not FIXED_IMAGE.fullmatch(container["image"]):
            yield f"{name}: {container['image']} may be another image tomorrow"


def no_service_account_token(manifests: list[Manifest]) -> Iterator[str]:
    yield from (name for _, name, pod in pods(manifests) if pod.get("automountServiceAccountToken") is not False)


def no_secret_in_a_manifest(manifests: list[Manifest]) -> Iterator[str]:
    """Secrets are referred to; what a manifest says is in every copy of the repository."""
    yield from (f"the secret {one['metadata']['name']}" for one in manifests if one["kind"] == "Secret")
    for _, name, container in containers(manifests):
        for variable in container.get("env", ()):
            if "value" in variable and re.search("PASSWORD|SECRET|KEY|TOKEN", variable["name"]):
                yield f"{name}: {variable['name']}"


def copies(manifests: list[Manifest]) -> Iterator[str]:
    """Two at least, with a disruption budget, and not on one machine."""
    kept = {name for one in manifests if one["kind"] == "PodDisruptionBudget" for name in selected(one)}
    scaled = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"][SCALERS[one["kind"]]]
        for one in manifests
        if one["kind"] in SCALERS
    }
    for one in manifests:
        if one["kind"] == "Deployment":
            name = one["metadata"]["name"]
            if scaled.get(name, one["spec"].get("replicas", 1)) < COPIES_MIN:
                yield f"{name} has fewer than {COPIES_MIN} copies"
            if not selected(one) <= kept:
                yield f"{name} has no disruption budget"
            if "podAntiAffinity" not in one["spec"]["template"]["spec"].get("affinity", {}):
                yield f"all copies of {name} may be on one machine"


def servers_kept(manifests: list[Manifest]) -> Iterator[str]:
    """Whoever empties machines takes one node of a server at a time."""
    budgets = [one["spec"] for one in manifests if one["kind"] == "PodDisruptionBudget"]
    for one in manifests:
        if one["kind"] in SERVERS:
            pods_of = {"matchLabels": {SERVERS[one["kind"]]: one["metadata"]["name"]}}
            if not any(spec["selector"] == pods_of and spec.get("maxUnavailable") == 1 for spec in budgets):
                yield f"{one['metadata']['name']} has no disruption budget"


def selected(one: Manifest) -> set[str]:
    return set(one["spec"]["selector"]["matchLabels"].values())


def closed_network(manifests: list[Manifest]) -> Iterator[str]:
    """Nothing is reached that no policy names."""
    everything = [one["spec"] for one in manifests if one["kind"] == "NetworkPolicy" and not one["spec"]["podSelector"]]
    closed = {kind for spec in everything for kind in spec["policyTypes"] if not spec.get(kind.lower())}
    yield from (f"{kind} is open" for kind in ("Egress", "Ingress") if kind not in closed)


def encrypted_ingress(manifests: list[Manifest]) -> Iterator[str]:
    for one in manifests:
        if one["kind"] == "Ingress":
            protected = {host for tls in one["spec"].get("tls", ()) if tls.get("secretName") for host in tls["hosts"]}
            yield from (rule["host"] for rule in one["spec"]["rules"] if rule["host"] not in protected)


RULES: tuple[Rule, ...] = (
    non_root,
    read_only_root,
    no_privileges,
    system_calls_filtered,
    limits,
    probes,
    fixed_images,
    no_service_account_token,
    no_secret_in_a_manifest,
    copies,
    servers_kept,
    closed_network,
    encrypted_ingress,
)
