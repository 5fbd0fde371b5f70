"""Metrics of all programs for the Prometheus Operator: what it scrapes, and the alert rules of `deploy/observability`."""

from pathlib import Path

import yaml

from deploy.kubernetes.compose_file import containers
from deploy.kubernetes.manifest import PROGRAMS, Manifest, manifest

ALERTS = Path(__file__).parents[1] / "observability" / "alerts.yaml"
JOB = "tamdid"
"""The alert rules name it."""
API = "monitoring.coreos.com/v1"


def scraped() -> Manifest:
    """Each copy on its health port, as job `tamdid`."""
    names = [one.name for one in containers()]
    spec = {
        "selector": {"matchExpressions": [{"key": "app.kubernetes.io/name", "operator": "In", "values": names}]},
        "podMetricsEndpoints": [
            {
                "port": "health",
                "path": "/metrics",
                "interval": "15s",
                "relabelings": [{"targetLabel": "job", "replacement": JOB}],
            }
        ],
    }
    return manifest(API, "PodMonitor", "tamdid", PROGRAMS, {"spec": spec})


def alerts() -> Manifest:
    rules = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))
    return manifest(API, "PrometheusRule", "tamdid", PROGRAMS, {"spec": rules})
