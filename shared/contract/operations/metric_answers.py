"""Answers about a program's metrics and the alerts that stand."""

from typing import Literal

from shared.contract.base import Answer


class Metric(Answer):
    """The value of a metric with these labels, named as in `/metrics`."""

    name: str
    labels: dict[str, str]
    value: float


class ActiveAlert(Answer):
    """An alert whose limit a metric is beyond at this moment, however short."""

    alert: str
    severity: Literal["page", "ticket"]
    """`page`: somebody is to look at once; `ticket`: in the morning."""
    labels: dict[str, str]
    value: float
    runbook: str
    """The path of its page in this repository."""


class Metrics(Answer):
    """A program's metrics but the durations, and the alerts that need no history of them."""

    metrics: tuple[Metric, ...]
    alerts: tuple[ActiveAlert, ...] = ()
