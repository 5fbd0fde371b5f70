"""`tamdid webhooks list|add|secret|deliveries|replay|enable|end`: programs of others that events are sent to."""

from datetime import date
from typing import Annotated
from uuid import UUID

import typer

from clients.admin.arguments import Limit, Offset, jalali_day
from clients.admin.context import RunContext, command
from shared import translations
from shared.contract.notification import commands, queries
from shared.contract.notification.webhook_answers import Delivery
from shared.contract.notification.webhook_events import OFFERED
from shared.text import persian

app = typer.Typer(help="Events sent to programs of others, signed (webhooks).", no_args_is_help=True)
WebhookId = Annotated[UUID, typer.Argument(metavar="WEBHOOK", help="Its id, as `tamdid webhooks list` shows it.")]
Url = Annotated[str, typer.Argument(metavar="URL", help="Where events are sent to, with https.")]
Events = Annotated[
    list[str], typer.Option("--event", help="Its type, such as RenewalApproved; may be repeated. `all` is every one.")
]
Provinces = Annotated[
    list[str] | None,
    typer.Option("--province", help="Of renewals there; may be repeated. By default all provinces you serve."),
]
OfState = Annotated[
    str | None, typer.Option("--state", help="`waiting`, `delivered` or `failed` alone.", show_default=False)
]
OneDelivery = Annotated[UUID | None, typer.Option("--delivery", help="One event, as `deliveries` shows it.")]
Since = Annotated[
    date | None,
    typer.Option("--since", metavar="YYYY/MM/DD", help="All since that day that have not arrived.", parser=jalali_day),
]


@command(app, "list", is_list=True)
def list_webhooks(run: RunContext) -> None:
    """List the webhooks whose provinces you serve, ended ones too."""
    found = run.call(queries.ListWebhooks()).webhooks
    words = translations.group("webhook", run.printer.language)
    run.printer.document(found)
    run.printer.table(
        found,
        "webhook",
        "url",
        ("status", lambda one: words[one.state]),
        ("events", lambda one: ", ".join(one.events)),
        ("provinces", lambda one: ", ".join(map(run.printer.province, one.provinces))),
        "waiting",
        "failing_since",
    )


@command(app, "add")
def add(run: RunContext, url: Url, event: Events, province: Provinces = None) -> None:
    """Have events sent to a URL. The secret that verifies them is printed now, and never again."""
    events = OFFERED if "all" in event else tuple(dict.fromkeys(event))
    made = run.call(
        commands.AddWebhook(
            **run.stamp(), url=url, events=events, provinces=tuple(dict.fromkeys(province or run.provinces(None)))
        )
    )
    run.printer.done(made, "webhook_made", webhook=str(made.webhook), secret=made.secret)


@command(app, "secret")
def secret(run: RunContext, webhook: WebhookId) -> None:
    """Replace the secret; for a day the one before signs too."""
    made = run.call(commands.RotateWebhookSecret(**run.stamp(), webhook=webhook))
    run.printer.done(made, "webhook_made", webhook=str(made.webhook), secret=made.secret)


@command(app, "deliveries", is_list=True)
def deliveries(
    run: RunContext, webhook: WebhookId, state: OfState = None, limit: Limit = 50, offset: Offset = 0
) -> None:
    """List what became of each event, the last first."""
    query = queries.ListDeliveries.model_validate(
        {"webhook": webhook, "state": state, "limit": limit, "offset": offset}
    )
    found = run.call(query)
    printer, words = run.printer, translations.group("webhook", run.printer.language)

    def became(one: Delivery) -> str:
        cause = f"{words.get(one.cause, one.cause)} {one.status or ''}".strip()
        return f"{words[one.state]} ({cause})" if cause and one.cause else words[one.state]

    printer.document(found)
    printer.table(
        found.deliveries,
        "delivery",
        "event",
        ("position", lambda one: printer.event(one.source, one.position)),
        "province",
        "recorded_at",
        ("status", became),
        ("attempts", "tries"),
        "next_at",
    )
    printer.line(printer.text("page", shown=len(found.deliveries), total=found.total))


@command(app, "replay")
def replay(run: RunContext, webhook: WebhookId, delivery: OneDelivery = None, since: Since = None) -> None:
    """Send one event again, or all since a day that have not arrived."""
    if (delivery is None) == (since is None):
        raise typer.BadParameter("one of them", param_hint="--delivery, --since")
    begins = persian.midnight(since) if since else None
    done = run.call(commands.ReplayDeliveries(**run.stamp(), webhook=webhook, delivery=delivery, since=begins))
    while begins and run.call(queries.ListDeliveries(webhook=webhook, state="failed", since=begins, limit=1)).total:
        done = run.call(commands.ReplayDeliveries(**run.stamp(), webhook=webhook, since=begins))  # the next 5,000
    run.printer.done(done, "webhook_replayed", webhook=str(webhook))


@command(app, "enable")
def enable(run: RunContext, webhook: WebhookId) -> None:
    """Send to a disabled webhook again, also what has waited."""
    done = run.call(commands.EnableWebhook(**run.stamp(), webhook=webhook))
    run.printer.done(done, "webhook_enabled", webhook=str(webhook))


@command(app, "end")
def end(run: RunContext, webhook: WebhookId) -> None:
    """End a webhook for good."""
    done = run.call(commands.EndWebhook(**run.stamp(), webhook=webhook))
    run.printer.done(done, "webhook_ended", webhook=str(webhook))
