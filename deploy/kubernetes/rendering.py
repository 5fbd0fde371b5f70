"""All manifests as YAML files of a Kustomize base, written by `make manifests`."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

from deploy.kubernetes import broker, certificates, database, monitoring, network, programs
from deploy.kubernetes.manifest import NAMESPACE, Manifest, namespace

BASE = Path(__file__).parent / "base"
HEAD = "# Made by `make manifests` from deploy/kubernetes/*.py and docker-compose.yml; do not edit. What differs in a cluster goes into an overlay.\n"


def groups() -> Mapping[str, list[Manifest]]:
    """The manifests by their file."""
    return {
        "namespace": [namespace()],
        "certificates": list(certificates.all_certificates()),
        "broker": [broker.cluster(), broker.disruption_budget(), *broker.topology()],
        "database": [database.cluster(), *database.backups()],
        "network": list(network.all_policies()),
        "migration": [programs.settings(), programs.migration_job()],
        "programs": list(programs.all_programs()),
        "monitoring": [monitoring.scraped(), monitoring.alerts()],
    }


def files() -> Mapping[str, str]:
    """Each file's content."""
    made = {f"{name}.yaml": HEAD + text(manifests) for name, manifests in groups().items()}
    listed = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "namespace": NAMESPACE,
        "resources": list(made),
    }
    return made | {"kustomization.yaml": HEAD + text([listed])}


def text(documents: Iterable[Manifest]) -> str:
    written: str = yaml.dump_all(documents, Dumper=Plain, sort_keys=False, width=1000, allow_unicode=True)
    return written


class Plain(yaml.SafeDumper):
    """Without anchors, which nobody reads."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the library's signature
        return True


def write() -> None:
    BASE.mkdir(exist_ok=True)
    for name, content in files().items():
        (BASE / name).write_text(content, encoding="utf-8")
