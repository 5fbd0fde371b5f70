"""The Kubernetes manifests are those that their sources make, refer to nothing that is missing, and give each program what compose gives it."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.containers import broker_users, program_settings
from deploy.kubernetes import broker, compose_file, pods, programs, rendering, secrets
from deploy.kubernetes.manifest import STEPS, Manifest
from deploy.programs import PROGRAMS
from shared.settings import Settings
from tests.conftest import missing
from tests.deploy.kubernetes import check, policy

MANIFESTS = [one for group in rendering.groups().values() for one in group]
GIVEN = {"backup-store", "pages-tls"}
"""Secrets that others make: whoever runs the object store, whoever issues the public certificate."""


def of_kind(*kinds: str) -> dict[str, Manifest]:
    return {one["metadata"]["name"]: one for one in MANIFESTS if one["kind"] in kinds}


def values_of(key: str, where: Any) -> Iterator[Any]:
    """Every value of a key, however deep."""
    if isinstance(where, dict):
        yield from (value for name, value in where.items() if name == key)
        where = list(where.values())
    if isinstance(where, list):
        for one in where:
            yield from values_of(key, one)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Manifest]:
    return {one["metadata"]["name"]: one for one in secrets.all_secrets(tmp_path_factory.mktemp("secrets"))}


def test_the_files_are_what_their_sources_make() -> None:
    """`make manifests` writes them."""
    assert {path.name: path.read_text(encoding="utf-8") for path in check.BASE.iterdir()} == dict(rendering.files())


def test_names_are_unique_and_each_manifest_has_its_step() -> None:
    keys = [(one["apiVersion"], one["kind"], one["metadata"]["name"]) for one in MANIFESTS]
    assert len(keys) == len(set(keys))
    assert {one["metadata"]["labels"]["app.kubernetes.io/component"] for one in MANIFESTS} == set(STEPS)
    assert all(re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?", name) for *_, name in keys)


def test_an_organizations_overlay_has_no_finding_and_its_own_values() -> None:
    if not shutil.which("kubectl"):
        missing("kubectl")
    manifests = check.rendered(check.SITE)
    assert policy.findings(manifests) == []
    settings = next(one for one in manifests if one["kind"] == "ConfigMap")["data"]
    assert settings["TAMDID_PUBLIC_URL"] == "https://members.example.org"
    images = {container["image"] for _, _, container in policy.containers(manifests)}
    assert images == {f"images.example.org/tamdid@sha256:{'0' * 64}"}
    assert "tamdid.example.org" not in yaml.safe_dump(next(one for one in manifests if one["kind"] == "Ingress"))
    servers = {one["kind"]: one["spec"] for one in manifests if one["kind"] in ("Cluster", "RabbitmqCluster")}
    for image in (servers["Cluster"]["imageName"], servers["RabbitmqCluster"]["image"]):
        assert image.endswith(f"@sha256:{'0' * 64}")


# ---------------------------------------------------------------- programs


def test_every_program_of_production_is_deployed_with_the_command_of_compose() -> None:
    assert set(of_kind("Deployment")) == set(PROGRAMS)
    for name, command in ((one.name, one.command) for one in compose_file.containers()):
        [container] = of_kind("Deployment")[name]["spec"]["template"]["spec"]["containers"]
        assert container["command"] == command
    [job] = of_kind("Job").values()
    assert job["spec"]["template"]["spec"]["containers"][0]["command"][-2:] == ["database", "upgrade"]


def test_every_setting_is_known_and_what_must_be_said_is_said() -> None:
    data = of_kind("ConfigMap")[pods.SETTINGS]["data"]
    known = {program_settings.variable(name) for name in Settings.model_fields}
    secret = {program_settings.variable(name) for name in program_settings.SECRETS}
    assert set(data) <= known - secret
    assert set(programs.OPERATOR) <= {program_settings.variable(name) for name in program_settings.BY_OPERATOR}


def test_a_folder_that_a_setting_names_is_mounted() -> None:
    data = of_kind("ConfigMap")[pods.SETTINGS]["data"]
    for one in compose_file.containers():
        [container] = of_kind("Deployment")[one.name]["spec"]["template"]["spec"]["containers"]
        mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
        needed = set(compose_file.places().values()) - ({data["TAMDID_EVIDENCE"]} if not one.has_evidence else set())
        assert needed <= mounted


def test_a_program_reaches_what_its_networks_in_compose_hold() -> None:
    compose = yaml.safe_load(compose_file.FILE.read_text(encoding="utf-8"))["services"]
    for name, one in of_kind("Deployment").items():
        labels = one["spec"]["template"]["metadata"]["labels"]
        assert {label for label in labels if label.startswith("tamdid/")} == {
            f"tamdid/{net}" for net in compose[name]["networks"]
        }
    outside = {name.removesuffix("-outside") for name in of_kind("NetworkPolicy") if name.endswith("-outside")}
    assert outside == {
        name for name in PROGRAMS if "outside" in compose[name]["networks"] and "ports" not in compose[name]
    }


def test_only_calls_scale_a_service_and_its_trigger_names_their_queue() -> None:
    queues = {one["spec"]["name"] for one in of_kind("Queue").values()}
    for name, one in of_kind("ScaledObject").items():
        [trigger] = one["spec"]["triggers"]
        assert trigger["metadata"]["queueName"] == f"rpc-{name}"
        assert trigger["metadata"]["queueName"] in queues


def test_the_metrics_are_of_the_job_that_the_alert_rules_name() -> None:
    [monitor] = of_kind("PodMonitor").values()
    [jobs] = values_of("replacement", monitor)
    expressions = list(values_of("expr", of_kind("PrometheusRule")["tamdid"]))
    assert expressions
    assert {job for text in expressions for job in re.findall(r'job="(\w+)"', text)} == {jobs}


# ---------------------------------------------------------------- secrets


def test_every_secret_that_a_manifest_refers_to_is_made_with_what_is_taken_of_it(made: dict[str, Manifest]) -> None:
    certificates = {one["spec"]["secretName"] for one in of_kind("Certificate").values()}
    referred = {
        name for key in ("secretName", "passwordSecret", "importCredentialsSecret", "secretRef") for name in names(key)
    }
    referred |= {one["name"] for one in values_of("secretTargetRef", MANIFESTS) for one in one}
    assert referred - certificates - GIVEN == set(made)
    for references in values_of("secretTargetRef", MANIFESTS):
        assert all(one["key"] in made[one["name"]]["stringData"] for one in references if one["name"] in made)


def names(key: str) -> Iterator[str]:
    yield from (one if isinstance(one, str) else one["name"] for one in values_of(key, MANIFESTS))


def test_a_program_gets_its_own_secrets_and_no_other(made: dict[str, Manifest]) -> None:
    for program in PROGRAMS:
        settings, keys = made[pods.secret_settings_of(program)], made[pods.keys_of(program)]
        wanted = {
            program_settings.variable(name) for name, (of, _) in program_settings.SECRETS.items() if program in of
        }
        assert set(settings["stringData"]) == wanted
        private = {name for name in keys["stringData"] if name.endswith(".pem")}
        assert private == {f"{program}.pem"} | ({"auth-secrets.pem"} if program == "auth" else set())


def test_secrets_made_again_are_the_same(tmp_path: Path) -> None:
    assert secrets.all_secrets(tmp_path) == secrets.all_secrets(tmp_path)


def test_urls_name_the_hosts_that_the_servers_and_their_certificates_have(made: dict[str, Manifest]) -> None:
    hosts = {host for one in of_kind("Certificate").values() for host in one["spec"].get("dnsNames", ())}
    urls = [
        url
        for one in made.values()
        for name, url in one["stringData"].items()
        if name.endswith(("_URL", "host")) and url
    ]
    named = {re.split(r"[:/]", url.rpartition("@")[2])[0] for url in urls}
    assert named == {"postgres", "rabbitmq", "rabbitmq.tamdid.svc"}
    assert named <= hosts


def test_the_scaler_asks_the_broker_by_a_name_that_its_own_namespace_knows(made: dict[str, Manifest]) -> None:
    assert made[broker.READER]["stringData"]["host"].endswith("@rabbitmq.tamdid.svc:15671/tamdid")
    for one in of_kind("ScaledObject").values():
        [trigger] = one["spec"]["triggers"]
        assert trigger["metadata"]["excludeUnacknowledged"] == "true"


def test_pages_are_scaled_by_their_use_of_a_core() -> None:
    """Not by a part of what is requested, which is a quarter of a core."""
    for one in of_kind("HorizontalPodAutoscaler").values():
        assert list(values_of("averageValue", one)) == ["600m"]


# ---------------------------------------------------------------- servers


def test_the_broker_has_the_topology_and_the_users_of_the_containers() -> None:
    found: Any = broker_users.definitions(dict.fromkeys(broker.USERS, ""), is_cluster=True)
    kinds = {
        "Vhost": "vhosts",
        "User": "users",
        "Permission": "permissions",
        "TopicPermission": "topic_permissions",
        "Exchange": "exchanges",
        "Queue": "queues",
        "Binding": "bindings",
        "Policy": "policies",
    }
    assert {kind: len(of_kind(kind)) for kind in kinds} == {kind: len(found[key]) for kind, key in kinds.items()}
    assert {one["spec"].get("vhost", "tamdid") for one in of_kind(*kinds).values()} == {broker_users.VHOST}
    for one in found["permissions"]:
        spec = of_kind("Permission")[one["user"]]["spec"]
        assert spec["permissions"] == {key: one[key] for key in ("configure", "write", "read")}
        assert spec["userReference"]["name"] == one["user"]
    queues = {one["spec"]["name"]: one["spec"] for one in of_kind("Queue").values()}
    for one in found["queues"]:
        given = queues[one["name"]]
        kind = {"x-queue-type": given["type"]} if "type" in given else {}
        assert kind | given.get("arguments", {}) == one["arguments"]


def test_the_broker_is_set_up_as_the_cluster_of_the_containers() -> None:
    """What keeps messages when a node is lost; the operator finds the nodes."""
    containers = (check.ROOT / "deploy" / "cluster" / "rabbitmq.conf").read_text(encoding="utf-8")
    wanted = {
        line for line in containers.splitlines() if line and not line.startswith(("#", "cluster_name", "cluster_form"))
    }
    assert wanted <= set(broker.CONFIG.splitlines())
    assert any("membership_reconciliation" in line for line in wanted)


def test_no_database_server_writes_a_refused_row_into_its_log() -> None:
    root = check.ROOT
    patroni = yaml.safe_load((root / "deploy" / "cluster" / "patroni.yml").read_text(encoding="utf-8"))
    compose = yaml.safe_load((root / "docker-compose.yml").read_text(encoding="utf-8"))
    assert list(values_of("log_error_verbosity", patroni)) == ["terse"]
    assert list(values_of("log_error_verbosity", of_kind("Cluster")["postgres"])) == ["terse"]
    assert "--log_error_verbosity=terse" in compose["services"]["postgres"]["command"]


def test_the_kinds_without_a_schema_are_those_that_the_guide_lists() -> None:
    _, unchecked = check.by_schema(MANIFESTS, {})
    guide = (check.ROOT / "docs" / "kubernetes.md").read_text(encoding="utf-8")
    listed = re.findall(r"`(\w+)`", next(line for line in guide.splitlines() if line.startswith("| Custom resources")))
    assert sorted(listed) == sorted(unchecked)
