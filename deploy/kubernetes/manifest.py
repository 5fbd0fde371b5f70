"""The common form of a Kubernetes manifest: its API version, kind, name, labels and body."""

from collections.abc import Mapping
from typing import Any

Manifest = dict[str, Any]

NAMESPACE = "tamdid"
SERVERS, MIGRATION, PROGRAMS = "servers", "migration", "programs"
STEPS = (SERVERS, MIGRATION, PROGRAMS)
"""The label `app.kubernetes.io/component` says in which step a manifest is applied: each waits for the one before."""


def manifest(api: str, kind: str, name: str, step: str, body: Mapping[str, Any], **metadata: Any) -> Manifest:
    """One object of the namespace; `labels` among the metadata are added to the common ones."""
    labels = {"app.kubernetes.io/part-of": "tamdid", "app.kubernetes.io/component": step, **metadata.pop("labels", {})}
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "labels": labels, **metadata}, **body}


def object_name(*parts: str) -> str:
    """A name that Kubernetes takes: lower case, digits, `-` and `.`."""
    return "-".join(parts).replace("_", "-").lower()


def namespace() -> Manifest:
    """Pods that are not restricted are refused in it, the servers' own too."""
    enforced = {f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "warn")}
    return manifest("v1", "Namespace", NAMESPACE, SERVERS, {}, labels=enforced)
