"""`tamdid restore reconcile|cases|settle`: what services have followed of a restored source beyond its log, and what must be looked at after that."""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, NamedTuple

import typer

from clients.admin import exit_codes
from clients.admin.arguments import whole_number
from clients.admin.commands.operations import projections
from clients.admin.commands.operations.subscriptions import Follower
from clients.admin.context import RunContext
from clients.admin.output import Printer
from clients.admin.paging import all_rows
from shared.contract import bounds
from shared.contract.bounds import POSITION_MAX
from shared.contract.operations import answers, commands, queries
from shared.contract.refusals import Reason

TAKE_BACK_SECONDS = 60
"""How long taking back may take: the source's log is read for what it still has."""

Only = Annotated[Follower | None, typer.Option("--service", help="Who has followed; by default everybody.")]
Who = Annotated[Follower, typer.Argument(metavar="SERVICE", help="In whose log it is.")]
Apply = Annotated[bool, typer.Option("--apply", help="Take it back; without it nothing is changed.")]
Position = Annotated[
    int, typer.Argument(metavar="POSITION", help="Its position in that log.", parser=whole_number(1, POSITION_MAX))
]
WhySettled = Annotated[
    str, typer.Option("--reason", prompt="What was done about it", help="At least 10 characters; it is kept.")
]


class Row(NamedTuple):
    """A service compared with one of its sources; without a comparison where the service itself does not answer."""

    service: Follower
    compared: answers.ComparedSource | None

    @property
    def state(self) -> str:
        return "service_silent" if self.compared is None else f"compared_{self.compared.state}"


def reconcile(run: RunContext, service: Only = None, apply: Apply = False) -> None:
    """Show what each service has followed of a source beyond what the source has since its restore; with --apply, take it back.

    Exit code 1 where something is to be taken back, or cannot be compared; 3 where a service or a source does not answer.
    """
    rows = [row for name in ([service] if service else Follower) for row in rows_of(run, name)]
    show_rows(run.printer, rows)
    beyond = [row for row in rows if row.state == "compared_beyond"]
    if apply:
        take_back_all(run, beyond)
    elif beyond:
        run.printer.note(run.printer.text("reconcile_dry_run", count=len(beyond)))
    states = {row.state for row in rows} - {"compared_following"} - ({"compared_beyond"} if apply else set())
    if states & {"compared_beyond", "compared_no_epoch", "compared_not_sealed"}:
        raise typer.Exit(exit_codes.REFUSED)
    if states:
        raise typer.Exit(exit_codes.NO_ANSWER)


def rows_of(run: RunContext, service: Follower) -> list[Row]:
    """A service's sources, or one row where it does not answer."""
    answer = run.call_unless({Reason.NO_ANSWER}, queries.CompareSources(), service)
    return [Row(service, None)] if answer is None else [Row(service, one) for one in answer.sources]


def show_rows(printer: Printer, rows: list[Row]) -> None:
    printer.document([{"service": row.service, "compared": row.compared} for row in rows])
    printer.table(
        rows,
        "service",
        ("source", lambda row: row.compared and row.compared.source),
        ("position", lambda row: row.compared and printer.number(row.compared.checkpoint)),
        ("common", lambda row: row.compared and printer.number(row.compared.common)),
        ("head", lambda row: row.compared and printer.number(row.compared.head)),
        ("beyond", lambda row: row.compared and printer.number(row.compared.checkpoint - row.compared.common)),
        ("noted_events", lambda row: row.compared and printer.number(row.compared.notes)),
        ("orphaned_events", lambda row: row.compared and printer.number(row.compared.orphaned)),
        ("status", lambda row: printer.label(row.state)),
    )


def take_back_all(run: RunContext, beyond: list[Row]) -> None:
    """Take back exactly what was shown, and rebuild the projections of each service that had followed it."""
    cases: Counter[Follower] = Counter()
    for service, compared in beyond:
        if compared is not None:
            of_source = {name: getattr(compared, name) for name in ("source", "checkpoint", "common")}
            taken = run.call(commands.TakeBack(**run.stamp(TAKE_BACK_SECONDS), **of_source), service)
            cases[service] += taken.orphaned
            run.printer.line(run.printer.text("reconcile_taken_back", service=service, **of_source))
    for service in cases:
        rebuild_projections(run, service)
    if cases.total():
        run.printer.note(run.printer.text("reconcile_cases", count=cases.total()))


def rebuild_projections(run: RunContext, service: Follower) -> None:
    """Rebuild what a service projects, from all logs as they are now."""
    started = run.call(commands.RebuildProjections(**run.stamp()), service)
    ended = projections.wait_for_end(run, service, started)
    run.printer.line(f"{service}: {run.printer.label(ended.status)}")


def cases(run: RunContext, service: Only = None) -> None:
    """List own events of services whose causes are lost: what they led to is held against what the source says now, and settled."""
    found = [(name, event) for name in ([service] if service else Follower) for event in cases_of(run, name)]
    printer = run.printer
    printer.document([{"service": name, **event.model_dump(mode="json")} for name, event in found])
    printer.table(
        found,
        ("service", lambda row: row[0]),
        ("position", lambda row: printer.number(row[1].position)),
        ("event", lambda row: row[1].type),
        ("stream", lambda row: row[1].stream),
        ("recorded_at", lambda row: row[1].recorded_at),
        ("source", lambda row: row[1].source),
        ("request", lambda row: str(row[1].correlation_id)),
        ("settled_by", lambda row: row[1].settled_by),
        ("reason", lambda row: row[1].reason),
    )
    if any(event.settled_at is None for _, event in found):
        raise typer.Exit(exit_codes.REFUSED)


def cases_of(run: RunContext, service: Follower) -> Iterator[answers.OrphanedEvent]:
    """All cases of a service, page by page."""
    query = queries.ListOrphanedEvents(limit=bounds.PAGE_MAX)
    return all_rows(
        lambda offset: run.call(query.model_copy(update={"offset": offset}), service), lambda page: page.events
    )


def settle(run: RunContext, service: Who, position: Position, reason: WhySettled) -> None:
    """Settle a case; what was done about it is kept, with who and when."""
    command = commands.SettleOrphanedEvent(**run.stamp(), position=position, reason=reason.strip())
    run.printer.done(run.call(command, service), "case_settled", service=service, position=position)
