"""`tamdid parked`: events whose handler kept failing, and those that wait behind them: list, show, retry, drop."""

import json
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import typer

from clients.admin import exit_codes
from clients.admin.arguments import one_of, whole_number
from clients.admin.context import RunContext, command
from clients.admin.paging import all_rows
from shared.contract import bounds
from shared.contract.bounds import POSITION_MAX
from shared.contract.envelope import CloudEvent
from shared.contract.operations import answers, commands, queries
from shared.contract.refusals import Reason, Refused
from shared.services import FOLLOWERS, SOURCES

app = typer.Typer(help="Events that could not be applied.", no_args_is_help=True)
RETRY_SECONDS = 120
"""How long applying a whole partition key may take."""
Who = Annotated[str, typer.Argument(metavar="SERVICE", parser=one_of(FOLLOWERS), help="Who parked it.")]
Source = Annotated[str, typer.Argument(metavar="SOURCE", parser=one_of(SOURCES), help="Whose log it is in.")]
PartitionKey = Annotated[
    str, typer.Argument(metavar="PARTITION_KEY", help="Whom it is about, such as `renewal/0123456`.")
]
Position = Annotated[
    int, typer.Argument(metavar="POSITION", help="Its position in that log.", parser=whole_number(1, POSITION_MAX))
]


DropReason = Annotated[str, typer.Option(prompt="Why is it given up", help="At least 10 characters; it is kept.")]


class Parked(NamedTuple):
    """A parked event, and who parked it."""

    service: str
    event: answers.ParkedEvent


@command(app, "list", is_list=True)
def list_parked(
    run: RunContext,
    service: Annotated[
        str | None, typer.Option(parser=one_of(FOLLOWERS), help="Who parked; by default everybody.")
    ] = None,
    source: Annotated[str | None, typer.Option(parser=one_of(SOURCES), help="Whose log.")] = None,
    partition_key: Annotated[str | None, typer.Option(help="Whom the events are about.")] = None,
) -> None:
    """List what is parked, in its order; what has no error only waits behind another event of the same partition key."""
    followers = (service,) if service else FOLLOWERS
    parked = [Parked(name, event) for name in followers for event in parked_of(run, name, source, partition_key)]
    printer = run.printer
    printer.document([{"service": name, **event.model_dump(mode="json")} for name, event in parked])
    printer.table(
        parked,
        "service",
        ("source", "event.source"),
        ("position", "event.position"),
        ("partition_key", "event.partition_key"),
        ("event", "event.type"),
        ("attempts", "event.attempts"),
        ("problem", "event.error"),
    )


def parked_of(
    run: RunContext, service: str, source: str | None = None, partition_key: str | None = None
) -> Iterator[answers.ParkedEvent]:
    """All that a service has parked, page by page."""
    query = queries.ListParked(source=source, partition_key=partition_key, limit=bounds.PAGE_MAX)
    return all_rows(
        lambda offset: run.call(query.model_copy(update={"offset": offset}), service), lambda page: page.parked
    )


@command(app, "show")
def show_parked(run: RunContext, service: Who, source: Source, position: Position) -> None:
    """Show one parked event, as it is in its log: never more of a person than events have."""
    parked = next((event for event in parked_of(run, service, source) if event.position == position), None)
    if parked is None:
        raise Refused(Reason.NOT_PARKED)
    events = run.call(queries.ReadEvents(after=position - 1, limit=1), service=source).events
    if not events:
        raise Refused(Reason.SOURCE_REPLACED)
    recorded, *_ = events
    event = CloudEvent.model_validate_json(recorded.cloud_event)
    printer = run.printer
    printer.document({"parked": parked, "event": json.loads(recorded.cloud_event)})
    printer.card(
        event,
        ("service", lambda _: service),
        ("source", lambda _: source),
        ("position", lambda _: position),
        ("partition_key", lambda _: parked.partition_key),
        ("problem", lambda _: parked.error or printer.label("waits_behind")),
        ("attempts", lambda _: parked.attempts),
        ("event", "type"),
        ("stream", lambda _: f"{event.subject} {event.streamversion}"),
        ("recorded_at", "time"),
        ("by", "actor"),
        ("event_id", "id"),
        ("caused_by", "causationid"),
        ("request", "correlationid"),
    )
    printer.line(json.dumps(event.data, ensure_ascii=False, indent=2))


@command(app, "retry")
def retry(run: RunContext, service: Who, source: Source, partition_key: PartitionKey) -> None:
    """Apply a partition key's events again, in their order, until one fails; exit code 1 where some still wait."""
    command = commands.RetryParked(**run.stamp(RETRY_SECONDS), source=source, partition_key=partition_key)
    retried = run.call(command, service)
    if not retried.applied and not retried.waiting:
        run.printer.document(retried)
        run.printer.note(run.printer.text("nothing_parked", key=partition_key))
        raise typer.Exit(exit_codes.REFUSED)
    run.printer.done(retried, "parked_retried", applied=retried.applied, waiting=retried.waiting)
    if retried.waiting:
        raise typer.Exit(exit_codes.REFUSED)


@command(app, "drop")
def drop(run: RunContext, service: Who, source: Source, position: Position, reason: DropReason) -> None:
    """Give one event up for ever. Who and why is recorded; what waits behind it can then be retried."""
    command = commands.DropParked(**run.stamp(), source=source, position=position, reason=reason.strip())
    run.printer.done(run.call(command, service), "parked_dropped", source=source, position=position)
