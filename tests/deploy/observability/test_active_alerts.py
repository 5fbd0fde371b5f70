"""Alerts without Prometheus: the rules that need no history stand beyond their limit and not at it, by the labels of their group."""

from datetime import UTC, datetime

import pytest

from deploy.observability import active_alerts
from deploy.observability.definitions import GAUGES
from shared import translations
from shared.contract.operations.metric_answers import Metric
from tests.deploy.observability.test_alerts import ALERTS

NEED_HISTORY = {
    "CommandsFail",
    "NoticesFail",
    "PagesMissTheirPromiseFast",
    "PagesMissTheirPromiseSlowly",
    "ProgramAway",  # which has nobody to say it
    "RelayStuck",
}
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
CASES = {
    "BankDown": (0, 1),
    "BrokerAway": (0, 1),
    "BrokerWithoutMajority": (1, 0),
    "CertificateEnds": (NOW.timestamp() + 30 * 86400 - 1, NOW.timestamp() + 30 * 86400),
    "DatabaseAway": (0, 1),
    "DeskOverdue": (1, 0),
    "DiskNearlyFull": (0.099, 0.1),
    "EventsParked": (1, 0),
    "LogHole": (1, 0),
    "PaymentsUnknown": (901, 900),
    "ProgramNotReady": (0, 1),
    "SealBroken": (1, 0),
    "ServersMissing": (1, 0),
    "SourceRestored": (1, 0),
    "SubscriptionBehind": (60.1, 60),
    "SubscriptionStopped": (1, 0),
}
"""A value at which the alert stands, and one at which it does not."""
RULES = {rule.alert: rule for rule in active_alerts.simple_rules()}


def metric_for(alert: str, value: float) -> Metric:
    """The alert's metric with all its labels, the selected one as its rule wants it."""
    query = RULES[alert].query
    labels = {name: f"of {name}" for name in GAUGES[query["metric"]].labels}
    return Metric(
        name=query["metric"], labels=labels | ({query["label"]: query["value"]} if query["label"] else {}), value=value
    )


def test_every_alert_that_needs_no_history_is_evaluated_and_has_its_words() -> None:
    assert set(RULES) == set(ALERTS) - NEED_HISTORY == set(CASES)
    for language in ("en", "fa"):
        assert set(translations.group("active_alert", language)) == set(RULES)


@pytest.mark.parametrize("alert", sorted(CASES))
def test_an_alert_stands_beyond_its_limit_alone(alert: str) -> None:
    beyond, at = CASES[alert]
    (found,) = active_alerts.active([metric_for(alert, beyond)], NOW)
    rule = ALERTS[alert]
    assert (found.alert, found.severity, found.runbook) == (
        alert,
        rule["labels"]["severity"],
        rule["annotations"]["runbook"],
    )
    assert active_alerts.active([metric_for(alert, at)], NOW) == []


def test_each_group_stands_by_itself_and_has_no_other_labels() -> None:
    metrics = [
        Metric(name="tamdid_broker_connected", labels={"program": program, "link": link}, value=value)
        for program, link, value in (("auth", "relay", 1), ("renewal", "relay", 1), ("renewal", "auth", 0))
    ]
    found = active_alerts.active(metrics, NOW)
    assert [(one.alert, one.labels) for one in found] == [("BrokerAway", {"program": "renewal"})]


def test_an_alarm_of_another_cause_is_another_alert() -> None:
    labels = {"subscriber": "payment", "source": "renewal", "cause": "seal"}
    found = active_alerts.active([Metric(name="tamdid_follower_alarm", labels=labels, value=1)], NOW)
    assert [one.alert for one in found] == ["SealBroken"]
