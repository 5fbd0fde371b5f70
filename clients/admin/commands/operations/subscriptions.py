"""`tamdid subscriptions`: how far each service has followed the others' logs, and which subscriptions have stopped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import typer

from clients.admin import exit_codes
from clients.admin.arguments import whole_number
from clients.admin.context import RunContext
from clients.admin.output import Printer
from shared.contract.operations import answers, queries
from shared.contract.refusals import Reason
from shared.services import FOLLOWERS

LAG_SECONDS_MAX = 60
MAX_SECONDS = 10**6


@dataclass(frozen=True)
class Row:
    """One subscription; without a state where the service itself does not answer."""

    service: str
    subscription: answers.SubscriptionState | None
    is_source_silent: bool = False

    def troubles(self, max_lag: int) -> list[str]:
        """What an operator should mend, as codes with a label."""
        subscription = self.subscription
        if subscription is None:
            return ["service_silent"]
        is_true = {
            "full": subscription.full,
            "is_stopped": subscription.is_stopped,
            "parked": subscription.parked > 0,
            "lagging": subscription.lag_seconds > max_lag,
            "not_of_source": bool(subscription.alarm),
            "disconnected": not subscription.connected,
            "source_silent": self.is_source_silent,
        }
        return [code for code, is_so in is_true.items() if is_so]


MaxLag = Annotated[
    int, typer.Option(help="Seconds that a subscription may lag behind.", parser=whole_number(0, MAX_SECONDS))
]


def subscriptions(run: RunContext, max_lag: MaxLag = LAG_SECONDS_MAX) -> None:
    """Show every subscription: lag in events and seconds, and what is parked. Exit code 1 where one lags or has something parked."""
    troubles = {row: row.troubles(max_lag) for service in FOLLOWERS for row in subscriptions_of(run, service)}
    show_subscriptions(run.printer, troubles)
    codes = set().union(*troubles.values())
    if codes - {"service_silent", "source_silent"}:
        raise typer.Exit(exit_codes.REFUSED)
    if codes:
        raise typer.Exit(exit_codes.NO_ANSWER)


def subscriptions_of(run: RunContext, service: str) -> list[Row]:
    """The subscriptions of a service; one that does not answer has a single row without a state."""
    answer = run.call_unless({Reason.NO_ANSWER}, queries.GetSubscriptions(), service)
    if answer is None:
        return [Row(service, None)]
    return [Row(service, state, state.source in answer.unreachable) for state in answer.subscriptions]


def show_subscriptions(printer: Printer, troubles: Mapping[Row, Sequence[str]]) -> None:
    printer.document(
        [
            {"service": row.service, "subscription": row.subscription, "troubles": codes}
            for row, codes in troubles.items()
        ]
    )

    def state(field: str) -> Callable[[Row], object]:
        return lambda row: row.subscription and getattr(row.subscription, field)

    def status(row: Row) -> str:
        error = row.subscription.error if row.subscription else ""
        return f"{printer.labels(troubles[row] or ['flowing'])} {error}".strip()

    printer.table(
        troubles,
        "service",
        ("source", state("source")),
        ("position", lambda row: row.subscription and printer.number(row.subscription.checkpoint)),
        ("head", state("head")),
        ("lag_events", state("lag_events")),
        ("lag_seconds", lambda row: row.subscription and round(row.subscription.lag_seconds)),
        ("parked_events", state("parked")),
        ("unknown_events", state("unknown")),
        ("status", status),
    )
