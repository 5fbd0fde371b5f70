"""The metrics by name: what each means, and its labels. No label names a member, and each has few values."""

from collections.abc import Mapping
from typing import NamedTuple

BUCKETS_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Definition(NamedTuple):
    """What a metric means, and its labels."""

    meaning: str
    labels: tuple[str, ...] = ()


class Sample(NamedTuple):
    """A value of a metric that is read when somebody asks for the metrics."""

    metric: str
    labels: tuple[str, ...]
    value: float


GAUGES: Mapping[str, Definition] = {
    "tamdid_program_ready": Definition("1 where /ready has no reason against the program.", ("program",)),
    "tamdid_database_up": Definition("1 where the program's database answers.", ("program",)),
    "tamdid_log_position": Definition("The position of the last event of a service's log.", ("service",)),
    "tamdid_log_missing_positions": Definition(
        "Positions without an event that were found in a service's log, of which a part is looked at each time.",
        ("service",),
    ),
    "tamdid_relay_unpublished_events": Definition(
        "Events of a service's log that the broker has not confirmed.", ("service",)
    ),
    "tamdid_relay_unconfirmed": Definition(
        "1 where the broker takes a service's events and does not confirm them, as quorum queues without a majority.",
        ("service",),
    ),
    "tamdid_broker_connected": Definition(
        "1 where a relay, or the subscription from a source, is connected to the broker.", ("program", "link")
    ),
    "tamdid_follower_checkpoint": Definition(
        "The position of the last event that a subscriber has applied or parked.", ("subscriber", "source")
    ),
    "tamdid_follower_lag_seconds": Definition(
        "Time since the oldest event that a subscriber has not applied; none where the source does not answer.",
        ("subscriber", "source"),
    ),
    "tamdid_follower_alarm": Definition(
        "1 where a subscription is stopped or warned: the source's epoch is another one, a seal does not hold, or an event can be neither applied nor parked.",
        ("subscriber", "source", "cause"),
    ),
    "tamdid_parked_events": Definition(
        "Events that could not be applied, and those of the same member behind them.", ("subscriber", "source")
    ),
    "tamdid_bank_up": Definition("1 where members are sent to the bank.", ("bank",)),
    "tamdid_payment_oldest_unknown_seconds": Definition(
        "Since when the oldest payment is open of which the bank has not said whether it was made; 0 without one.",
        ("bank",),
    ),
    "tamdid_desk_overdue": Definition("Declarations that wait for longer than was promised.", ("province",)),
    "tamdid_disk_free_bytes": Definition("Free bytes of the disk with the databases of a standalone instance."),
    "tamdid_disk_free_ratio": Definition("Which part of that disk is free."),
    "tamdid_servers_missing": Definition(
        "Of several servers that a program's settings name, the brokers that do not answer, or the databases that neither take writes nor follow.",
        ("program", "server"),
    ),
    "tamdid_certificate_end_timestamp_seconds": Definition("When the certificate of a server ends.", ("server",)),
}
COUNTERS: Mapping[str, Definition] = {
    "tamdid_payment_attempts_total": Definition(
        "Payments at the bank by what became of them, since the start.", ("bank", "outcome")
    ),
    "tamdid_notices_total": Definition(
        "Messages of notices by what became of them, since the start.", ("channel", "outcome")
    ),
}
"""Every copy of a program counts the events of the whole log: `max`, not `sum`, over copies."""
HISTOGRAMS: Mapping[str, Definition] = {
    "tamdid_append_duration_seconds": Definition("Time of a commit with events.", ("service",)),
    "tamdid_command_duration_seconds": Definition(
        "Time from a command's or query's arrival to its answer.", ("service", "command", "outcome")
    ),
    "tamdid_http_request_duration_seconds": Definition(
        "Time from a request to its answer, by the route's pattern.", ("program", "method", "route", "status")
    ),
}
INFO = "tamdid_build_info"
