"""`tamdid desk claim|release|hand-over|note|timeline`: who works on which request, and what has happened to it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer
from pydantic import BaseModel

from clients.admin import bulk, full_names
from clients.admin.arguments import Apply, Member, SomeMembers, Year
from clients.admin.bulk import Key, Result, Selection
from clients.admin.commands.desk import decision_previews, decisions, renewals
from clients.admin.commands.desk.decision_previews import Chosen
from clients.admin.commands.desk.desk_filters import Selected, with_selection
from clients.admin.context import RunContext
from shared import translations
from shared.contract import base, bounds
from shared.contract.operations.answers import Read
from shared.contract.operations.queries import ListReads
from shared.contract.payment import invoice_moments
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, casework_answers, commands, queries
from shared.services import SERVICES

Officer = Annotated[str, typer.Option("--to", metavar="OFFICER", help="The colleague, by officer name.")]


class Line(BaseModel, frozen=True):
    """One thing that happened to a case."""

    at: datetime
    kind: str
    by: str = ""
    note: str = ""


@with_selection
def claim(run: RunContext, selected: Selected, apply: Apply = None) -> None:
    """Claim requests: they are yours for two working hours, and colleagues see it."""
    for_each(run, decisions.select(run, selected), apply, ("claimed", commands.ClaimRenewal, {}))


@with_selection
def hand_over(run: RunContext, selected: Selected, to: Officer, apply: Apply = None) -> None:
    """Hand requests over to a colleague: those that nobody holds, and those that you hold."""
    for_each(run, decisions.select(run, selected), apply, ("assigned", commands.HandOverRenewal, {"officer": to}))


def release(run: RunContext, members: SomeMembers = None, year: Year = None, apply: Apply = None) -> None:
    """Release requests that you hold, or that an absent colleague holds whose deputy you are."""
    selected = bulk.select(run, members, year, everything=False, rows=())
    for_each(run, selected, apply, ("released", commands.ReleaseRenewal, {}))


def for_each(
    run: RunContext,
    selected: Selection,
    apply: bool | None,
    act: tuple[str, type[base.Command[answers.Renewal]], dict[str, str]],
) -> None:
    """Claim, release or hand over each request; the dry run leaves out what a colleague holds."""
    outcome, kind, more = act

    def preview(keys: Sequence[Key]) -> Sequence[Result]:
        found = decision_previews.previewed(run, {"outcome": "assigned"}, Chosen(Selection(tuple(keys))))
        return [one if one.refusal else replace(one, outcome=f"would_be_{outcome}") for one in found]

    def act_on(key: Key) -> Result:
        command = base.parse(kind, {**run.stamp(), **key._asdict(), **more})
        try:
            answer = run.call(command)
        except Refused as refused:
            raise renewals.named(run, refused) from None
        return Result(*key, outcome, renewals.held_by(run, answer.assignment), answer=answer)

    bulk.for_each(run, selected, apply, preview=preview, act=act_on)


def note(
    run: RunContext,
    member: Member,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What colleagues shall know.")],
    year: Year = None,
) -> None:
    """Write an internal note about a request, for the managers of its province."""
    content = {**run.stamp(), "member": member, "year": year or run.current_year(), "text": text}
    answer = run.call(base.parse(commands.WriteCaseNote, content))
    run.printer.document(answer)
    run.printer.line(run.printer.label("noted"))


def timeline(run: RunContext, member: Member, year: Year = None) -> None:
    """Show what has happened to a request, the oldest first: events, money and internal notes; to auditors, who has read of the member."""
    chosen = year or run.current_year()
    found = run.call(queries.GetTimeline(member=member, year=chosen)).entries
    reads = list(reads_of(run, member, chosen))
    what = translations.group("read", run.printer.language)
    actors = [actor for one in found for actor in (one.by, one.officer)]
    name_of = full_names.of_actors(run, [*actors, *(one.actor for one in reads)])
    lines = [*(line(run, one, name_of) for one in found), *of_money(run, member, chosen)]
    lines += [
        Line(at=one.at, kind="read", by=name_of(one.actor), note=what.get(one.message, one.message)) for one in reads
    ]
    lines.sort(key=lambda one: one.at)
    run.printer.document({"entries": lines})
    run.printer.table(lines, "at", "kind", "by", ("", "note"))


def line(run: RunContext, entry: casework_answers.TimelineEntry, name_of: Callable[[str], str]) -> Line:
    """An event or a note, with the names of officers."""
    is_handed_over = entry.officer not in ("", entry.by)
    version = f"{run.printer.label('declaration')} {entry.version}" if entry.version else ""
    notes = (version, name_of(entry.officer) if is_handed_over else "", run.printer.labels(entry.fields), entry.text)
    kind = "handed_over" if is_handed_over else entry.kind
    note = ", ".join(filter(None, notes))
    return Line(at=entry.at, kind=kind, by=name_of(entry.by), note=note)


def reads_of(run: RunContext, member: str, year: int) -> Iterator[Read]:
    """The newest reads of the member's rows of a year, or of none, for whoever may see them; nothing for others."""
    for service in SERVICES:
        query = ListReads(member=member, limit=bounds.PAGE_MAX)
        answer = run.call_unless({Reason.NOT_ALLOWED, Reason.NO_ANSWER}, query, service)
        if answer is None:
            return
        yield from (one for one in answer.reads if one.year in {None, year})


def of_money(run: RunContext, member: str, year: int) -> Iterator[Line]:
    """What happened to the invoice of a year; nothing while payment does not answer."""
    answer = run.call_unless({Reason.NO_ANSWER, Reason.NOT_ALLOWED}, payment_queries.GetInvoices(member=member))
    for invoice in answer.invoices if answer else ():
        if invoice.year == year:
            for moment in invoice_moments.moments(invoice):
                amount = run.printer.rials(moment.amount_rials) if moment.amount_rials else ""
                yield Line(at=moment.at, kind=moment.code, note=amount)
