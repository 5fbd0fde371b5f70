"""`tamdid members`: import members from a file, undo an import, find members, show one, take back a forgotten password, print a code for the first sign-in."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from clients import register_file
from clients.admin import exit_codes, input_files
from clients.admin.arguments import Limit, Member, Province
from clients.admin.commands.members import import_batches, import_report
from clients.admin.context import RunContext, command
from shared.contract.auth import commands, queries

app = typer.Typer(help="The register of members.", no_args_is_help=True)
UNDO_SECONDS = 120
"""Undoing checks each member that the import has touched."""
Apply = Annotated[bool, typer.Option("--apply/--dry-run", help="Write the rows, or only check them.")]
Recap = Annotated[
    Path | None,
    typer.Option(
        "--recap",
        help="Where to keep the report as CSV; an import that is applied keeps it beside the file by default.",
        show_default=False,
    ),
]
Text = Annotated[
    str, typer.Argument(metavar="TEXT", help="A name or the beginnings of its words, a number, or a national code.")
]
ImportId = Annotated[UUID, typer.Argument(metavar="ID", help="The import's id, as its report names it.")]


@command(app, "import")
def import_members(run: RunContext, file: input_files.File, apply: Apply = False, recap_to: Recap = None) -> None:
    """Import the rows of a file into the register; wrong rows are listed and do not stop the others.

    Importing the same file again is safe: what is in the register already is `unchanged`.
    Ctrl-C ends it after the batch under way. `undo-import` takes an import back.
    """
    rows = input_files.read_table(run, file, register_file.read, "file_not_read")
    sent = import_batches.Import(run, rows, dry_run=not apply)
    is_complete = False
    try:
        sent.send()
        is_complete = not sent.is_interrupted
    finally:
        if is_complete or sent.tally.done:
            default = file.with_name(f"{file.stem}.{sent.import_id}.csv") if apply else None
            write_recap(sent, recap_to or default)
            import_report.show(sent)
    if not is_complete:
        run.printer.warn(run.printer.text("import_stopped", done=sent.tally.done))
        raise typer.Exit(exit_codes.INTERRUPTED)
    if sent.tally.outcomes["wrong"]:
        raise typer.Exit(exit_codes.REFUSED)


def write_recap(sent: import_batches.Import, path: Path | None) -> None:
    """Write the report to a file; what was imported stays imported where the file cannot be written."""
    if path is None:
        return
    printer = sent.run.printer
    try:
        import_report.write(sent, path)
    except OSError as error:
        printer.warn(printer.text("report_not_written", path=path, error=error.strerror or type(error).__name__))
    else:
        printer.warn(printer.text("report_written", path=path))


@command(app, "undo-import")
def undo_import(run: RunContext, import_id: ImportId) -> None:
    """Undo a whole import, back to the register before it; refused where something has followed from it."""
    undone = run.call(commands.UndoImport(**run.stamp(UNDO_SECONDS), import_id=import_id))
    run.printer.done(undone, "import_undone", changed=undone.changed, removed=undone.removed)


@command(app, "reset")
def reset(run: RunContext, member: Member) -> None:
    """Take back a member's forgotten password: the national code opens the account again, and all sessions end."""
    run.printer.done(run.call(commands.ResetMember(**run.stamp(), member=member)), "member_reset", member=member)


@command(app, "activation-code")
def activation_code(run: RunContext, member: Member) -> None:
    """Print a one-time code for the first sign-in of a member without a password, where TAMDID_FIRST_SIGN_IN wants one."""
    issued = run.call(commands.IssueActivationCode(**run.stamp(), member=member))
    run.printer.done(issued, "activation_code", member=member, secret=issued.code, until=issued.expires_at)


@command(app, "search", is_list=True)
def search(run: RunContext, text: Text, province: Province = None, limit: Limit = 20) -> None:
    """Find members by name in any spelling, by number or by national code."""
    found = [
        (one, name, answer.is_all)
        for name in run.provinces(province)
        for answer in [run.call(queries.SearchMembers(province=name, text=text, limit=limit))]
        for one in answer.members
    ]
    printer = run.printer
    is_all = all(whole for *_, whole in found)
    printer.document({"members": [{**vars(one), "province": name} for one, name, _ in found], "is_all": is_all})
    printer.table(
        found,
        ("member", lambda row: row[0].member),
        ("name", lambda row: row[0].full_name),
        ("province", lambda row: printer.province(row[1])),
    )
    printer.note(printer.text("found_all" if is_all else "found_more", count=len(found)))


@command(app, "show")
def show(run: RunContext, member: Member) -> None:
    """Show a member's entry in the register."""
    card = run.call(queries.GetMember(member=member))
    printer = run.printer
    printer.document(card)
    printer.card(
        card,
        "member",
        ("name", lambda _: f"{card.first_name} {card.last_name}"),
        ("national_code", "national_code_masked"),
        "province",
        ("member_class", "licence.member_class"),
        ("fields", lambda _: printer.labels(card.licence.fields)),
        ("licence_expires", "licence.expires_on"),
        "paid_through",
    )
