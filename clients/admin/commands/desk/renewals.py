"""`tamdid desk show`: one renewal on the manager's desk (کارتابل), and what was declared."""

import typer

from clients.admin import full_names
from clients.admin.arguments import Member, Year
from clients.admin.context import RunContext, command
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers, queries
from shared.contract.renewal.casework_answers import Assignment

app = typer.Typer(help="The manager's desk.", no_args_is_help=True)


def due(run: RunContext, renewal: answers.Renewal) -> str:
    """Until when a manager is to review it, and whether that has passed."""
    until = renewal.review_due_at
    if renewal.status != "submitted":
        return ""
    if until is None:
        return run.printer.label("not_known_yet")
    text = run.printer.instant(until)
    return f"{text} ({run.printer.label('overdue')})" if until < run.environment.now() else text


@command(app, "show")
def show(run: RunContext, member: Member, year: Year = None) -> None:
    """Show a renewal: where it stands, what was declared, and what was decided."""
    renewal = renewal_of(run, member, year)
    printer = run.printer
    printer.document(renewal)
    newest = renewal.declarations[-1] if renewal.declarations else None
    printer.card(
        renewal,
        "member",
        ("name", full_names.of_members(run, [renewal])),
        "year",
        "province",
        ("member_class", "licence.member_class"),
        ("fields", lambda _: printer.labels(renewal.licence.fields)),
        ("licence_expires", "licence.expires_on"),
        "status",
        "tracking_code",
        "requested_at",
        "submitted_at",
        ("due", lambda _: due(run, renewal)),
        ("holder", lambda _: held_by(run, renewal.assignment)),
        ("declaration", lambda _: str(newest.version) if newest else ""),
        ("employment", lambda _: printer.label(newest.form.employment.status) if newest else ""),
    )
    printer.table(
        newest.form.jobs if newest else (),
        "title",
        "kind",
        "degree",
        "field",
        "quantity",
        "client",
        ("starts", "starts_on"),
        ("ends", "ends_on"),
    )
    name_of = full_names.of_actors(run, (decision.by for decision in renewal.decisions))
    printer.table(renewal.decisions, "outcome", ("by", lambda decision: name_of(decision.by)), "at", "reason")


def held_by(run: RunContext, assignment: Assignment | None) -> str:
    """Who holds a request, and until when; nothing where nobody does."""
    if assignment is None:
        return ""
    name = full_names.of_actors(run, (assignment.officer,))(assignment.officer)
    return run.printer.text("held_by", name=name, until=assignment.until)


def named(run: RunContext, refused: Refused) -> Refused:
    """The refusal of what a colleague holds, with the colleague's full name."""
    if refused.reason is not Reason.HELD_BY_COLLEAGUE:
        return refused
    officer = refused.details.get("officer", "")
    return Refused(refused.reason, {**refused.details, "officer": full_names.of_actors(run, (officer,))(officer)})


def renewal_of(run: RunContext, member: str, year: int | None) -> answers.Renewal:
    """A member's renewal of a year, the current one by default; refused where there is none."""
    renewal = run.call(queries.GetRenewal(member=member, year=year or run.current_year())).renewal
    if renewal is None:
        raise Refused(Reason.NOT_REQUESTED)
    return renewal
