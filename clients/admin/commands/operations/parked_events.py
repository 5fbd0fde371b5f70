"""`tamdid parked`: events whose handler kept failing, and those that wait behind them; to look at, to retry, to give up."""

import json
from collections.abc import Iterator
from typing import Annotated
from uuid import uuid4

import typer

from clients.admin import exit_codes
from clients.admin.arguments import AsJson, whole_number
from clients.admin.commands.operations.events import Service
from clients.admin.commands.operations.subscriptions import Follower
from clients.admin.context import RunContext, run_context
from shared.contract import bounds
from shared.contract.bounds import POSITION_MAX
from shared.contract.envelope import CloudEvent
from shared.contract.operations import answers, commands, queries
from shared.contract.refusals import Reason, Refused

app = typer.Typer(help="Events that could not be applied.", no_args_is_help=True)
RETRY_SECONDS = 120
"""How long applying a whole partition key may take."""
Who = Annotated[Follower, typer.Argument(metavar="SERVICE", help="Who parked it.")]
Source = Annotated[Service, typer.Argument(metavar="SOURCE", help="Whose log it is in.")]
PartitionKey = Annotated[
    str, typer.Argument(metavar="PARTITION_KEY", help="Whom it is about, such as `renewal/0123456`.")
]
Position = Annotated[
    int, typer.Argument(metavar="POSITION", help="Its place in that log.", parser=whole_number(1, POSITION_MAX))
]


@app.command("list")
def list_parked(
    context: typer.Context,
    service: Annotated[Follower | None, typer.Option(help="Who parked; by default everybody.")] = None,
    source: Annotated[Service | None, typer.Option(help="Whose log.")] = None,
    partition_key: Annotated[str | None, typer.Option(help="Whom the events are about.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what is parked, in its order; what has no error only waits behind another event of the same partition key."""
    run = run_context(context, as_json)
    chosen = (service,) if service else tuple(Follower)
    found = [(who, one) for who in chosen for one in parked_of(run, who, source, partition_key)]
    printer = run.printer
    if as_json:
        printer.json([{"service": who, **one.model_dump(mode="json")} for who, one in found])
        return
    rows = (
        (who, one.source, str(one.position), one.partition_key, one.type, printer.number(one.attempts), one.error)
        for who, one in found
    )
    printer.table(("service", "source", "position", "partition_key", "event", "attempts", "problem"), rows)


def parked_of(
    run: RunContext, service: Follower, source: str | None = None, partition_key: str | None = None
) -> Iterator[answers.ParkedEvent]:
    """All that a service has parked, page by page."""
    offset, total = 0, 1
    while offset < total:
        asked = queries.ListParked(source=source, partition_key=partition_key, limit=bounds.PAGE_MAX, offset=offset)
        page = run.call(asked, service=service)
        yield from page.parked
        offset, total = offset + bounds.PAGE_MAX, page.total


@app.command("show")
def show_parked(
    context: typer.Context, service: Who, source: Source, position: Position, as_json: AsJson = False
) -> None:
    """Show one parked event, as it lies in its log: never more of a person than events say."""
    run = run_context(context, as_json)
    parked = next((one for one in parked_of(run, service, source) if one.position == position), None)
    if parked is None:
        raise Refused(Reason.NOT_PARKED)
    (recorded,) = run.call(queries.ReadEvents(after=position - 1, limit=1), service=source).events
    printer = run.printer
    if as_json:
        printer.json({"parked": parked, "event": json.loads(recorded.cloud_event)})
        return
    event = CloudEvent.model_validate_json(recorded.cloud_event)
    card = {
        "service": service,
        "source": source,
        "position": str(position),
        "partition_key": parked.partition_key,
        "problem": parked.error or printer.label("waits_behind"),
        "attempts": printer.number(parked.attempts),
        "event": event.type,
        "stream": f"{event.subject} {event.streamversion}",
        "recorded_at": printer.instant(event.time),
        "by": event.actor,
        "event_id": str(event.id),
        "caused_by": str(event.causationid),
        "request": str(event.correlationid),
    }
    printer.card(card)
    printer.line(json.dumps(event.data, ensure_ascii=False, indent=2))


@app.command()
def retry(
    context: typer.Context, service: Who, source: Source, partition_key: PartitionKey, as_json: AsJson = False
) -> None:
    """Apply a partition key's events again, in their order, until one fails; exit code 1 where some still wait."""
    run = run_context(context, as_json)
    deadline = run.deadline(RETRY_SECONDS)
    command = commands.RetryParked(id=uuid4(), deadline=deadline, source=source, partition_key=partition_key)
    found = run.call(command, service=service)
    printer = run.printer
    if as_json:
        printer.json(found)
    else:
        applied, waiting = printer.number(found.applied), printer.number(found.waiting)
        printer.line(
            printer.pick(f"{applied} انجام شد، {waiting} مانده است", f"{applied} applied, {waiting} still wait")
        )
    if found.waiting:
        raise typer.Exit(exit_codes.REFUSED)


@app.command()
def drop(
    context: typer.Context,
    service: Who,
    source: Source,
    position: Position,
    reason: Annotated[str, typer.Option(prompt="Why is it given up", help="At least 10 characters; it is kept.")],
    as_json: AsJson = False,
) -> None:
    """Give one event up for ever. Who and why is recorded; what waits behind it can then be retried."""
    run = run_context(context, as_json)
    command = commands.DropParked(**run.stamp(), source=source, position=position, reason=reason.strip())
    done = run.call(command, service=service)
    printer = run.printer
    if as_json:
        printer.json(done)
        return
    printer.line(printer.pick(f"کنار گذاشته شد: {source} {position}", f"Dropped: {source} {position}"))
