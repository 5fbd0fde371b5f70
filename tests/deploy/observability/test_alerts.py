"""Every alert has cases in which it fires and is silent, and a runbook; every query of a dashboard is one that Prometheus parses."""

import json
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.observability.definitions import COUNTERS, GAUGES, HISTOGRAMS, INFO
from tests.conftest import missing
from tests.deploy.observability.alert_rules import CASES, ROOT, RULES

RULE_GROUPS: list[dict[str, Any]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
ALERTS = {rule["alert"]: rule for group in RULE_GROUPS for rule in group["rules"] if "alert" in rule}
RECORDED = {rule["record"] for group in RULE_GROUPS for rule in group["rules"] if "record" in rule}
DASHBOARDS = sorted((ROOT / "deploy" / "observability" / "dashboards").glob("*.json"))
OF_PROMETHEUS = {
    "up": {"job", "instance", "host"},
    "process_resident_memory_bytes": {"instance"},
    "process_cpu_seconds_total": {"instance"},
}
LABELS = {
    **OF_PROMETHEUS,
    **{name: {*one.labels, "instance"} for name, one in {**GAUGES, **COUNTERS}.items()},
    **{f"{name}_count": {*one.labels, "instance"} for name, one in HISTOGRAMS.items()},
    **{f"{name}_bucket": {*one.labels, "instance", "le"} for name, one in HISTOGRAMS.items()},
    INFO: {"version", "instance"},
    **{name: set[str]() for name in sorted(RECORDED)},
}
SELECTOR = re.compile(r"\b(tamdid[a-z_:0-9]*|process_[a-z_]+|up)\b(?:\{([^}]*)\})?")


def queries() -> list[str]:
    """Every query of the rules and the dashboards."""
    found = [rule["expr"] for group in RULE_GROUPS for rule in group["rules"]]
    return found + dashboard_queries()


def dashboard_queries() -> list[str]:
    panels = [panel for file in DASHBOARDS for panel in json.loads(file.read_text(encoding="utf-8"))["panels"]]
    return [target["expr"] for panel in panels for target in panel.get("targets", ())]


def selectors(query: str) -> list[tuple[str, set[str]]]:
    """The metrics of a query, each with the labels that it is selected by."""
    return [(name, set(re.findall(r"(\w+)(?:=|!=|=~|!~)\"", labels))) for name, labels in SELECTOR.findall(query)]


def test_every_query_names_metrics_and_labels_that_are_there() -> None:
    assert len(dashboard_queries()) > 25
    for query in queries():
        found = selectors(query)
        assert found, query
        for name, labels in found:
            assert name in LABELS, query
            assert labels <= LABELS[name], query
        grouped = {label.strip() for by in re.findall(r"\bby \(([^)]*)\)", query) for label in by.split(",")}
        assert grouped <= set.union(*(LABELS[name] for name, _ in found)), query


def test_every_query_of_a_dashboard_parses(tmp_path: Path) -> None:
    if shutil.which("promtool") is None:
        missing("no promtool: Debian's package prometheus has it")
    rules = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(dashboard_queries())]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboards", "rules": rules}]}), encoding="utf-8")
    checked = subprocess.run(["promtool", "check", "rules", file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    assert f"{len(rules)} rules found" in checked.stdout


def test_each_alert_has_cases_in_which_it_fires_and_is_silent() -> None:
    assert len(ALERTS) >= 12
    fires: Counter[str] = Counter()
    is_silent: Counter[str] = Counter()
    for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))["tests"]:
        for one in case["alert_rule_test"]:
            (fires if one["exp_alerts"] else is_silent)[one["alertname"]] += 1
    assert set(fires) == set(is_silent) == set(ALERTS)


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_an_alert_leads_to_its_runbook(name: str) -> None:
    alert = ALERTS[name]
    assert alert["labels"]["severity"] in {"page", "ticket"}
    heading, _, text = (ROOT / alert["annotations"]["runbook"]).read_text(encoding="utf-8").partition("\n")
    assert name in heading
    for part in ("**Means.**", "**What people see.**", "**Look.**", "**Do.**", "**It is over**"):
        assert part in text


def test_each_runbook_is_that_of_an_alert() -> None:
    named = {alert["annotations"]["runbook"] for alert in ALERTS.values()}
    assert {str(file.relative_to(ROOT)) for file in (ROOT / "docs" / "runbooks").glob("*.md")} == named
