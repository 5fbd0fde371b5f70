"""`tamdid restore reconcile|cases|settle`: what services have followed of a restored source beyond its log, and what must be looked at after that."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, NamedTuple

import typer

from clients.admin import exit_codes
from clients.admin.arguments import one_of, whole_number
from clients.admin.commands.operations import projections
from clients.admin.context import RunContext
from clients.admin.output import Printer
from clients.admin.paging import all_rows
from shared.contract import bounds
from shared.contract.bounds import POSITION_MAX
from shared.contract.operations import answers, commands, queries
from shared.contract.refusals import Reason
from shared.services import FOLLOWERS

TAKE_BACK_SECONDS = 60
"""How long taking back may take: the source's log is read for what it still has."""

TO_DO = {"compared_beyond", "compared_awaits_rebuild"}

Only = Annotated[
    str | None,
    typer.Option("--service", parser=one_of(FOLLOWERS), help="Who has followed; by default everybody."),
]
Who = Annotated[str, typer.Argument(metavar="SERVICE", parser=one_of(FOLLOWERS), help="In whose log it is.")]
Apply = Annotated[bool, typer.Option("--apply", help="Take it back; without it nothing is changed.")]
Position = Annotated[
    int, typer.Argument(metavar="POSITION", help="Its position in that log.", parser=whole_number(1, POSITION_MAX))
]
WhySettled = Annotated[
    str, typer.Option("--reason", prompt="What was done about it", help="At least 10 characters; it is kept.")
]


class Row(NamedTuple):
    """A service compared with one of its sources; without a comparison where the service itself does not answer."""

    service: str
    compared: answers.ComparedSource | None
    awaits_rebuild: bool = False
    """What was taken back before is still in the rows: the rebuild after it was broken off."""

    @property
    def state(self) -> str:
        if self.compared is None:
            return "service_silent"
        awaits = self.awaits_rebuild and self.compared.state == "following"
        return "compared_awaits_rebuild" if awaits else f"compared_{self.compared.state}"


def reconcile(run: RunContext, service: Only = None, apply: Apply = False) -> None:
    """Show what each service has followed of a source beyond what the source has since its restore; with --apply, take it back.

    Exit code 1 where something is to be taken back or rebuilt, or cannot be compared; 3 where a service or a source does not answer.
    """
    rows = [row for name in ([service] if service else FOLLOWERS) for row in rows_of(run, name)]
    show_rows(run.printer, rows)
    to_do = [row for row in rows if row.state in TO_DO]
    are_rebuilt = take_back_all(run, to_do) if apply else True
    if to_do and not apply:
        run.printer.note(run.printer.text("reconcile_dry_run", count=len(to_do)))
    states = {row.state for row in rows} - {"compared_following"} - (TO_DO if apply else set())
    if states & (TO_DO | {"compared_no_epoch", "compared_not_sealed"}) or not are_rebuilt:
        raise typer.Exit(exit_codes.REFUSED)
    if states:
        raise typer.Exit(exit_codes.NO_ANSWER)


def rows_of(run: RunContext, service: str) -> list[Row]:
    """A service's sources, or one row where it does not answer."""
    answer = run.call_unless({Reason.NO_ANSWER}, queries.CompareSources(), service)
    if answer is None:
        return [Row(service, None)]
    taken_back_at = max((one.taken_back_at for one in answer.sources if one.taken_back_at), default=None)
    rebuild = run.call(queries.GetRebuild(), service) if taken_back_at else None
    rebuilt_at = rebuild.started_at if rebuild and rebuild.status == "switched" else None
    return [Row(service, one, is_before(rebuilt_at, one.taken_back_at)) for one in answer.sources]


def is_before(rebuilt_at: datetime | None, taken_back_at: datetime | None) -> bool:
    """Whether no rebuild has ended that began after something was taken back."""
    return taken_back_at is not None and (rebuilt_at is None or rebuilt_at < taken_back_at)


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


def take_back_all(run: RunContext, to_do: list[Row]) -> bool:
    """Take back exactly what was shown, and rebuild the projections of each service that had followed it; whether all are rebuilt."""
    cases: Counter[str] = Counter()
    for service, compared, _ in to_do:
        if compared is not None and compared.state == "beyond":
            of_source = {name: getattr(compared, name) for name in ("source", "checkpoint", "common")}
            taken = run.call(commands.TakeBack(**run.stamp(TAKE_BACK_SECONDS), **of_source), service)
            cases[service] += taken.orphaned
            run.printer.line(run.printer.text("reconcile_taken_back", service=service, **of_source))
    are_rebuilt = [rebuild_projections(run, service) for service in dict.fromkeys(row.service for row in to_do)]
    if cases.total():
        run.printer.note(run.printer.text("reconcile_cases", count=cases.total()))
    return all(are_rebuilt)


def rebuild_projections(run: RunContext, service: str) -> bool:
    """Rebuild what a service projects, from all logs as they are now; False where it was broken off, and is to be done again."""
    started = run.call(commands.RebuildProjections(**run.stamp()), service)
    ended = projections.wait_for_end(run, service, started)
    run.printer.line(f"{service}: {run.printer.label(ended.status)}")
    return ended.status == "switched"


def cases(run: RunContext, service: Only = None) -> None:
    """List own events of services whose causes are lost: what they led to is held against what the source says now, and settled."""
    found = [(name, event) for name in ([service] if service else FOLLOWERS) for event in cases_of(run, name)]
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


def cases_of(run: RunContext, service: str) -> Iterator[answers.OrphanedEvent]:
    """All cases of a service, page by page."""
    query = queries.ListOrphanedEvents(limit=bounds.PAGE_MAX)
    return all_rows(
        lambda offset: run.call(query.model_copy(update={"offset": offset}), service), lambda page: page.events
    )


def settle(run: RunContext, service: Who, position: Position, reason: WhySettled) -> None:
    """Settle a case; what was done about it is kept, with who and when."""
    command = commands.SettleOrphanedEvent(**run.stamp(), position=position, reason=reason.strip())
    run.printer.done(run.call(command, service), "case_settled", service=service, position=position)
