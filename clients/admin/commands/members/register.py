"""`tamdid members`: import members from a file, undo an import, show one member."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from clients.admin import exit_codes, input_files
from clients.admin.arguments import AsJson, Member
from clients.admin.commands.members import import_batches, import_file, import_report
from clients.admin.context import run_context
from shared.contract.auth import commands, queries
from shared.tabular import Unreadable
from shared.text import cleaning

app = typer.Typer(help="The register of members.", no_args_is_help=True)
UNDO_SECONDS = 120
"""Undoing looks at each member that the import has touched."""
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="CSV (UTF-8 or UTF-16) or XLSX, columns named above the rows.")
]
Apply = Annotated[bool, typer.Option("--apply/--dry-run", help="Write the rows, or only check them.")]
Recap = Annotated[
    Path | None,
    typer.Option(
        "--recap",
        help="Where to keep the report as CSV; an import that is applied keeps it beside the file by default.",
        show_default=False,
    ),
]


@app.command("import")
def import_members(
    context: typer.Context, file: File, apply: Apply = False, recap_to: Recap = None, as_json: AsJson = False
) -> None:
    """Import the rows of a file into the register; wrong rows are listed and do not stop the others.

    Importing the same file again is safe: what is in the register already is `unchanged`.
    Ctrl-C ends it after the batch under way. `undo-import` takes an import back.
    """
    run = run_context(context, as_json)
    try:
        rows = import_file.read(input_files.content_of(file))
    except Unreadable as unreadable:
        input_files.show_faults(run, unreadable.faults, "فایل خوانده نشد.", "the file is not read.")
        raise typer.Exit(exit_codes.REFUSED) from unreadable
    sent = import_batches.Import(run, rows, dry_run=not apply)
    came_to_the_end = False
    try:
        came_to_the_end = sent.send()
    finally:
        if came_to_the_end or sent.tally.done:
            keep_recap(sent, recap_to or (beside(file, sent) if apply else None))
            import_report.show(sent)
    if not came_to_the_end:
        printer = run.printer
        done = printer.number(sent.tally.done)
        printer.note(
            f"پس از {done} ردیف متوقف شد؛ اجرای دوباره از سر بی‌خطر است.",
            f"Stopped after {done} rows; importing the file again is safe.",
        )
        raise typer.Exit(exit_codes.INTERRUPTED)
    if sent.tally.wrong_rows:
        raise typer.Exit(exit_codes.REFUSED)


def beside(file: Path, sent: import_batches.Import) -> Path:
    return file.with_name(f"{file.stem}.{sent.import_id}.csv")


def keep_recap(sent: import_batches.Import, path: Path | None) -> None:
    """Keep the report; what was imported stays imported where the file cannot be written."""
    if path is None:
        return
    printer, name = sent.run.printer, cleaning.printable(str(path))
    try:
        import_report.write(sent, path)
    except OSError as error:
        told = error.strerror or type(error).__name__
        printer.note(f"گزارش در {name} نوشته نشد: {told}", f"The report could not be written to {name}: {told}")
        return
    printer.note(f"گزارش: {name}", f"Report: {name}")


@app.command("undo-import")
def undo_import(
    context: typer.Context,
    import_id: Annotated[UUID, typer.Argument(metavar="ID", help="The import's id, as its report names it.")],
    as_json: AsJson = False,
) -> None:
    """Undo a whole import, back to the register before it; refused where something has followed from it."""
    run = run_context(context, as_json)
    undone = run.call(commands.UndoImport(**run.stamp(UNDO_SECONDS), import_id=import_id))
    printer = run.printer
    if as_json:
        printer.json(undone)
        return
    changed, removed = printer.number(undone.changed), printer.number(undone.removed)
    printer.line(
        printer.pick(
            f"برگردانده شد: {changed} عضو به حال پیشین، {removed} عضو تازه از فهرست برداشته شد.",
            f"Undone: {changed} members as they were before, {removed} new ones removed from the register.",
        )
    )


@app.command()
def show(context: typer.Context, member: Member, as_json: AsJson = False) -> None:
    """Show a member's entry in the register."""
    run = run_context(context, as_json)
    card = run.call(queries.GetMember(member=member))
    printer = run.printer
    if as_json:
        printer.json(card)
        return
    printer.card(
        {
            "member": card.member,
            "name": f"{card.first_name} {card.last_name}",
            "national_code": card.national_code_masked,
            "province": printer.province(card.province),
            "member_class": printer.label(card.licence.member_class),
            "fields": printer.words(card.licence.fields),
            "licence_expires": printer.day(card.licence.expires_on),
            "paid_through": str(card.paid_through or ""),
        }
    )
