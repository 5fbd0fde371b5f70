"""Alerts that stand at this moment, without Prometheus: the rules of `alerts.yaml` that hold one metric against a limit."""

import math
import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import yaml

from shared.contract.operations.metric_answers import ActiveAlert, Metric

RULES = Path(__file__).with_name("alerts.yaml")
OF_COPIES = re.compile(r"\(max by \([\w, ]+\) \((\w+)\)\)")
LATELY = re.compile(r"\(max_over_time\((\w+)\[\w+\]\)\)")
"""The largest of all copies, or lately: the value itself where one copy is asked now."""
SIMPLE = re.compile(
    r'(?P<of_group>max|min) by \((?P<by>[\w, ]+)\) \((?P<metric>\w+)(?:\{(?P<label>\w+)="(?P<value>\w+)"\})?\)'
    r"(?P<left> - time\(\))? (?P<how>>|<|==) (?P<limit>[\d.]+(?: \* [\d.]+)*)"
)
OF_GROUP: Mapping[str, Callable[[Iterable[float]], float]] = {"max": max, "min": min}
HOW: Mapping[str, Callable[[float, float], bool]] = {">": operator.gt, "<": operator.lt, "==": operator.eq}


class Rule(NamedTuple):
    """An alert rule that needs no history."""

    alert: str
    severity: Literal["page", "ticket"]
    runbook: str
    query: Mapping[str, str]

    def active(self, metrics: Iterable[Metric], now: datetime) -> Iterator[ActiveAlert]:
        """Each group that is beyond the limit."""
        groups: dict[tuple[tuple[str, str], ...], list[float]] = defaultdict(list)
        for one in metrics:
            if one.name == self.query["metric"] and self.selects(one.labels):
                by = [name for name in self.query["by"].split(", ") if name in one.labels]
                groups[tuple((name, one.labels[name]) for name in by)].append(one.value)
        limit = math.prod(map(float, self.query["limit"].split(" * ")))
        for group, values in groups.items():
            value = OF_GROUP[self.query["of_group"]](values) - (now.timestamp() if self.query["left"] else 0)
            if HOW[self.query["how"]](value, limit):
                yield ActiveAlert(
                    alert=self.alert, severity=self.severity, labels=dict(group), value=value, runbook=self.runbook
                )

    def selects(self, labels: Mapping[str, str]) -> bool:
        return not self.query["label"] or labels.get(self.query["label"]) == self.query["value"]


@cache
def simple_rules() -> list[Rule]:
    """Those of the rules that need no history; Prometheus alone evaluates the others."""
    groups: list[dict[str, Any]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    alerts = [rule for group in groups for rule in group["rules"] if "alert" in rule]
    found = [(one, SIMPLE.fullmatch(LATELY.sub(r"(\1)", OF_COPIES.sub(r"(\1)", one["expr"])))) for one in alerts]
    return [
        Rule(one["alert"], one["labels"]["severity"], one["annotations"]["runbook"], query.groupdict(default=""))
        for one, query in found
        if query
    ]


def active(metrics: Iterable[Metric], now: datetime) -> list[ActiveAlert]:
    """The alerts that stand by these metrics."""
    known = list(metrics)
    return [one for rule in simple_rules() for one in rule.active(known, now)]
