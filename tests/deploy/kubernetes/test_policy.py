"""Each rule of the policy finds what it is for, in the manifests as they are made with one thing spoilt."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from deploy.kubernetes import rendering
from tests.deploy.kubernetes import check, policy
from tests.deploy.kubernetes.policy import Manifest

MANIFESTS = [one for group in rendering.groups().values() for one in group]
Spoil = Callable[[dict[str, Any]], object]


def spoilt(kind: str, spoil: Spoil, name: str = "") -> list[Manifest]:
    """The manifests with the first of a kind, or the one of a name, changed."""
    manifests = copy.deepcopy(MANIFESTS)
    spoil(next(one for one in manifests if one["kind"] == kind and name in ("", one["metadata"]["name"])))
    return manifests


def without(kind: str, name: str = "") -> list[Manifest]:
    first = next(one for one in MANIFESTS if one["kind"] == kind and name in ("", one["metadata"]["name"]))
    return [one for one in MANIFESTS if one is not first]


def pod_of(one: Manifest) -> dict[str, Any]:
    pod: dict[str, Any] = one["spec"]["template"]["spec"]
    return pod


def container_of(one: Manifest) -> dict[str, Any]:
    container: dict[str, Any] = pod_of(one)["containers"][0]
    return container


POD_BREAKS: dict[str, tuple[str, Spoil]] = {
    "a container of the user root": ("non_root", lambda one: container_of(one)["securityContext"].update(runAsUser=0)),
    "a folder of the machine": (
        "no_privileges",
        lambda one: pod_of(one)["volumes"].append({"name": "x", "hostPath": {}}),
    ),
    "a pod of the user root": ("non_root", lambda one: pod_of(one)["securityContext"].update(runAsUser=0)),
    "a root file system to write to": (
        "read_only_root",
        lambda one: container_of(one)["securityContext"].pop("readOnlyRootFilesystem"),
    ),
    "a secret as a value": (
        "no_secret_in_a_manifest",
        lambda one: container_of(one).update(env=[{"name": "TAMDID_PAGE_SECRET", "value": "x"}]),
    ),
    "a token of the service account": (
        "no_service_account_token",
        lambda one: pod_of(one).pop("automountServiceAccountToken"),
    ),
    "all capabilities": ("no_privileges", lambda one: container_of(one)["securityContext"].pop("capabilities")),
    "all system calls": ("system_calls_filtered", lambda one: pod_of(one)["securityContext"].pop("seccompProfile")),
    "an image without a tag": ("fixed_images", lambda one: container_of(one).update(image="tamdid")),
    "more privileges": (
        "no_privileges",
        lambda one: container_of(one)["securityContext"].update(allowPrivilegeEscalation=True),
    ),
    "no limit of memory": ("limits", lambda one: container_of(one)["resources"]["limits"].pop("memory")),
    "no request of CPU": ("limits", lambda one: container_of(one)["resources"]["requests"].pop("cpu")),
    "the latest image": ("fixed_images", lambda one: container_of(one).update(image="tamdid:latest")),
    "the machine's network": ("no_privileges", lambda one: pod_of(one).update(hostNetwork=True)),
}
OTHER_BREAKS: dict[str, tuple[str, list[Manifest]]] = {
    "a secret": ("no_secret_in_a_manifest", [*MANIFESTS, {"kind": "Secret", "metadata": {"name": "x"}}]),
    "an ingress without TLS": ("encrypted_ingress", spoilt("Ingress", lambda one: one["spec"].pop("tls"))),
    "copies on one machine": ("copies", spoilt("Deployment", lambda one: pod_of(one).pop("affinity"))),
    "no disruption budget": ("copies", without("PodDisruptionBudget", "auth")),
    "no disruption budget of the broker": ("servers_kept", without("PodDisruptionBudget", "rabbitmq")),
    "no probe of life": ("probes", spoilt("Deployment", lambda one: container_of(one).pop("livenessProbe"))),
    "no probe of readiness": ("probes", spoilt("Deployment", lambda one: container_of(one).pop("readinessProbe"))),
    "one copy": ("copies", spoilt("HorizontalPodAutoscaler", lambda one: one["spec"].update(minReplicas=1))),
    "one copy, for nothing scales it": ("copies", without("ScaledObject", "payment")),
    "open to everything": ("closed_network", without("NetworkPolicy", "nothing")),
}


def test_the_manifests_have_no_finding() -> None:
    assert policy.findings(MANIFESTS) == []


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
@pytest.mark.parametrize("what", sorted(POD_BREAKS))
def test_what_a_pod_must_not_have_is_found_by_its_rule_alone(what: str, kind: str) -> None:
    rule, spoil = POD_BREAKS[what]
    assert {line.partition(":")[0] for line in policy.findings(spoilt(kind, spoil))} == {rule}


@pytest.mark.parametrize("what", sorted(OTHER_BREAKS))
def test_what_is_missing_or_too_much_is_found_by_its_rule_alone(what: str) -> None:
    rule, manifests = OTHER_BREAKS[what]
    assert {line.partition(":")[0] for line in policy.findings(manifests)} == {rule}


def test_each_rule_has_been_seen_to_find_something() -> None:
    assert {rule for rule, _ in (*POD_BREAKS.values(), *OTHER_BREAKS.values())} == {
        rule.__name__ for rule in policy.RULES
    }


@pytest.mark.parametrize("image", ["images.example.org:5000/tamdid:0.2.0", "tamdid:0.2.0", f"tamdid@sha256:{'0' * 64}"])
def test_an_image_by_version_or_digest_is_fixed(image: str) -> None:
    assert policy.findings(spoilt("Deployment", lambda one: container_of(one).update(image=image))) == []


# ---------------------------------------------------------------- schemas


def test_a_field_that_kubernetes_does_not_know_is_found() -> None:
    [job] = [one for one in MANIFESTS if one["kind"] == "Job"]
    assert list(check.of_kubernetes(job, check.VERSIONS[-1:])) == []
    wrong = copy.deepcopy(job)
    pod_of(wrong)["runAsNonRoot"] = True
    [found] = check.of_kubernetes(wrong, check.VERSIONS[-1:])
    assert "runAsNonRoot" in found


def test_a_field_that_an_operator_does_not_know_is_found() -> None:
    spec = {"type": "object", "properties": {"copies": {"type": "integer"}}}
    schemas = {("example.org/v1", "Sample"): check.closed({"type": "object", "properties": {"spec": spec}})}
    schemas["example.org/v1", "Sample"]["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {}}
    one: Manifest = {"apiVersion": "example.org/v1", "kind": "Sample", "metadata": {"name": "x"}, "spec": {"copies": 2}}
    assert list(check.of_operators(one, schemas)) == []
    [found] = check.of_operators({**one, "spec": {"copis": 2}}, schemas)
    assert "copis" in found
