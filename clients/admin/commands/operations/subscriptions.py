"""`tamdid subscriptions`: how far each service has followed the others' logs, and what stands still."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import typer

from clients.admin import exit_codes
from clients.admin.arguments import AsJson, whole_number
from clients.admin.context import RunContext, run_context
from clients.admin.output import Printer
from shared.contract.operations import answers, queries
from shared.contract.refusals import Reason, Refused


class Follower(StrEnum):
    """Whoever follows the log of another."""

    RENEWAL = "renewal"
    PAYMENT = "payment"
    CAPACITY = "capacity"


LAG_SECONDS_MAX = 60
MAX_SECONDS = 10**6


@dataclass(frozen=True)
class Row:
    """One subscription; without a state where the service itself does not answer."""

    service: Follower
    subscription: answers.SubscriptionState | None
    is_source_silent: bool = False

    def troubles(self, max_lag: int) -> list[str]:
        """What an operator should look at, as codes of `words`."""
        subscription = self.subscription
        if subscription is None:
            return ["service_silent"]
        told = {
            "full": subscription.full,
            "stands": subscription.stands,
            "parked": subscription.parked > 0,
            "lagging": subscription.lag_seconds > max_lag,
            "disconnected": not subscription.connected,
            "source_silent": self.is_source_silent,
        }
        return [code for code, is_so in told.items() if is_so]


def subscriptions(
    context: typer.Context,
    max_lag: Annotated[
        int, typer.Option(help="Seconds that a subscription may lag behind.", parser=whole_number(0, MAX_SECONDS))
    ] = LAG_SECONDS_MAX,
    as_json: AsJson = False,
) -> None:
    """Show every subscription: lag in events and seconds, and what is parked. Exit code 1 where one lags or has something parked."""
    run = run_context(context, as_json)
    rows = [row for service in Follower for row in subscriptions_of(run, service)]
    troubles = {row: row.troubles(max_lag) for row in rows}
    show(run.printer, rows, troubles.values())
    found = {code for codes in troubles.values() for code in codes}
    if found - {"service_silent", "source_silent"}:
        raise typer.Exit(exit_codes.REFUSED)
    if found:
        raise typer.Exit(exit_codes.NO_ANSWER)


def subscriptions_of(run: RunContext, service: Follower) -> list[Row]:
    """The subscriptions of a service; one that does not answer is shown as silent."""
    try:
        found = run.call(queries.GetSubscriptions(), service=service)
    except Refused as refusal:
        if refusal.reason is not Reason.NO_ANSWER:
            raise
        return [Row(service, None)]
    return [
        Row(service, subscription, subscription.source in found.unreachable) for subscription in found.subscriptions
    ]


def show(printer: Printer, rows: Sequence[Row], troubles: Iterable[Sequence[str]]) -> None:
    if printer.as_json:
        printer.json(
            [
                {"service": row.service, "subscription": row.subscription, "troubles": codes}
                for row, codes in zip(rows, troubles, strict=True)
            ]
        )
        return
    columns = ("service", "source", "position", "head", "lag_events", "lag_seconds", "parked_events", "status")
    printer.table(columns, (cells(printer, row, codes) for row, codes in zip(rows, troubles, strict=True)))


def cells(printer: Printer, row: Row, codes: Sequence[str]) -> tuple[str, ...]:
    subscription = row.subscription
    if subscription is None:
        return (row.service, "", "", "", "", "", "", printer.words(codes))
    status = printer.words(codes) if codes else printer.label("flowing")
    numbers = (
        subscription.checkpoint,
        subscription.head,
        subscription.lag_events,
        round(subscription.lag_seconds),
        subscription.parked,
    )
    return (row.service, subscription.source, *map(printer.number, numbers), f"{status} {subscription.error}".strip())
