"""Metrics of the services as the page of health shows them: all is well, or much is not."""

from shared.contract.operations.metric_answers import ActiveAlert, Metric, Metrics
from shared.services import SOURCES

CERTIFICATE_END = 1_830_000_000
ALERTS = {
    "renewal": (("DeskOverdue", "ticket", {"province": "isfahan"}, 3), ("LogHole", "page", {"service": "renewal"}, 2)),
    "capacity": (("EventsParked", "ticket", {"subscriber": "capacity", "source": "renewal"}, 1),),
    "payment": (("BankDown", "page", {"bank": "zarinpal"}, 0),),
}
RUNBOOKS = {
    "BankDown": "bank-down",
    "DeskOverdue": "desk-overdue",
    "EventsParked": "events-parked",
    "LogHole": "log-hole",
}


def of(service: str) -> Metrics:
    """A service that is well."""
    metrics = [
        metric("tamdid_program_ready", 1, program=service),
        metric("tamdid_database_up", 1, program=service),
        metric("tamdid_disk_free_bytes", 71_200_000_000),
        metric("tamdid_disk_free_ratio", 0.42),
        metric("tamdid_certificate_end_timestamp_seconds", CERTIFICATE_END, server="broker"),
    ]
    if service in SOURCES:
        metrics += [
            metric("tamdid_log_position", 1812, service=service),
            metric("tamdid_log_missing_positions", 0, service=service),
            metric("tamdid_relay_unpublished_events", 0, service=service),
            metric("tamdid_broker_connected", 1, program=service, link="relay"),
        ]
    return Metrics(metrics=(*metrics, *of_work(service)))


def of_work(service: str) -> list[Metric]:
    """What this service alone counts."""
    if service == "payment":
        return [
            metric("tamdid_bank_up", 1, bank="zarinpal"),
            metric("tamdid_payment_oldest_unknown_seconds", 0, bank="zarinpal"),
            metric("tamdid_payment_attempts_total", 48, bank="zarinpal", outcome="started"),
            metric("tamdid_payment_attempts_total", 45, bank="zarinpal", outcome="settled"),
        ]
    if service == "renewal":
        return [metric("tamdid_desk_overdue", 0, province="isfahan")]
    if service == "notification":
        return [
            metric("tamdid_notices_total", 31, channel="sms", outcome="sent"),
            metric("tamdid_notices_total", 2, channel="email", outcome="failed"),
        ]
    return []


def in_trouble(service: str) -> Metrics:
    """A service about which alerts stand, where it has any."""
    alerts = tuple(
        ActiveAlert.model_validate(
            {
                "alert": alert,
                "severity": severity,
                "labels": labels,
                "value": value,
                "runbook": f"docs/runbooks/{RUNBOOKS[alert]}.md",
            }
        )
        for alert, severity, labels, value in ALERTS.get(service, ())
    )
    changed = {"tamdid_bank_up": 0, "tamdid_payment_oldest_unknown_seconds": 1260, "tamdid_desk_overdue": 3}
    if service == "renewal":
        changed |= {"tamdid_log_missing_positions": 2, "tamdid_relay_unpublished_events": 17, "tamdid_program_ready": 0}
        changed |= {"tamdid_broker_connected": 0}
    metrics = [one.model_copy(update={"value": changed.get(one.name, one.value)}) for one in of(service).metrics]
    return Metrics(metrics=tuple(metrics), alerts=alerts)


def metric(name: str, value: float, **labels: str) -> Metric:
    return Metric(name=name, labels=labels, value=value)
