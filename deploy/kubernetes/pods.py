"""Pods under the restricted Pod Security Standard: non-root, read-only root file system, limits, no token of a service account."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from deploy.containers.secrets import IMAGE_USER
from deploy.kubernetes.compose_file import Container

IMAGE = "tamdid"
HEALTH_PORT = 8080
SETTINGS = "settings"
AUTHORITY = "rabbitmq-tls"
"""The secret of a certificate has the authority's beside it, and only that is mounted; both servers' certificates are of one authority."""
HEALTH_SECONDS_MAX = 5
START_SECONDS_MAX = 120
ENDPOINT_REMOVAL_SECONDS = 5
"""A pod that ends serves on for so long, until nobody sends it anything new."""


def image() -> str:
    """By the version of this source; an overlay sets registry and digest."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    return f"{IMAGE}:{project['project']['version']}"


def secret_settings_of(program: str) -> str:
    """The name of the secret with a program's own settings."""
    return f"{program}-settings"


def keys_of(program: str) -> str:
    return f"{program}-keys"


def pod(container: dict[str, Any], volumes: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": IMAGE_USER,
            "runAsGroup": IMAGE_USER,
            "fsGroup": IMAGE_USER,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [container],
        "volumes": volumes,
        **more,
    }


def container_of(one: Container, secret: str, mounts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What every container of the image has, also the one that migrates."""
    limits = {"cpu": f"{round(one.cpus * 1000)}m", "memory": f"{one.memory_mb}Mi"}
    requests = {"cpu": f"{round(one.cpus * 250)}m", "memory": f"{one.memory_mb // 2}Mi"}
    return {
        "name": one.name,
        "image": image(),
        "imagePullPolicy": "IfNotPresent",
        "command": one.command,
        "envFrom": [{"configMapRef": {"name": SETTINGS}}, {"secretRef": {"name": secret}}],
        "resources": {"requests": requests, "limits": limits},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}, *mounts],  # noqa: S108 - a volume of the pod's own
    }


def probes() -> dict[str, Any]:
    """A process that answers lives; it gets work when it is ready. While projections of a new version are filled it lives and is not ready."""
    live = {"path": "/live", "port": "health"}
    return {
        "startupProbe": {"httpGet": live, "periodSeconds": 1, "failureThreshold": START_SECONDS_MAX},
        "livenessProbe": {
            "httpGet": live,
            "periodSeconds": 10,
            "timeoutSeconds": HEALTH_SECONDS_MAX,
            "failureThreshold": 6,
        },
        "readinessProbe": {
            "httpGet": {"path": "/ready", "port": "health"},
            "periodSeconds": 5,
            "timeoutSeconds": HEALTH_SECONDS_MAX,
            "failureThreshold": 2,
        },
    }


def temporary(one: Container) -> dict[str, Any]:
    return {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": f"{one.temporary_mb}Mi"}}


def authority() -> dict[str, Any]:
    """The certificate by which programs verify broker and database, without the key beside it."""
    return {"name": "authority", "secret": {"secretName": AUTHORITY, "items": [{"key": "ca.crt", "path": "ca.crt"}]}}


def authority_mount() -> dict[str, Any]:
    return {"name": "authority", "mountPath": "/run/tamdid/ca.crt", "subPath": "ca.crt", "readOnly": True}
