"""`tamdid members`: the roll, as a whole from a file, and one member of it."""

from pathlib import Path
from typing import Annotated

import typer

from clients.admin import exits, importing, roll
from clients.admin.arguments import AsJson, Member
from clients.admin.terminal import terminal_of
from shared.contract import questions

app = typer.Typer(help="The members' roll.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(metavar="FILE.csv", help="UTF-8, columns named in the first line.")]
Apply = Annotated[bool, typer.Option("--apply/--dry-run", help="Write the rows, or only check them.")]


@app.command("import")
def import_members(context: typer.Context, file: File, apply: Apply = False, as_json: AsJson = False) -> None:
    """Put the rows of a CSV file on the roll; wrong rows are listed and do not stop the others.

    Importing the same file again is safe: what is on the roll already is `unchanged`.
    Ctrl-C ends it after the batch under way.
    """
    terminal = terminal_of(context, as_json)
    try:
        rows = roll.read(file)
    except roll.NotARollError as error:
        raise typer.BadParameter(f"{file.name}: {error}", param_hint="FILE.csv") from error
    tally = roll.Tally(len(rows))
    came_to_the_end = False
    try:
        came_to_the_end = importing.send(terminal, rows, tally, dry_run=not apply)
    finally:
        if came_to_the_end or tally.done:
            importing.show(terminal, tally, dry_run=not apply)
    if not came_to_the_end:
        printer = terminal.printer
        done = printer.number(tally.done)
        printer.note(
            f"پس از {done} ردیف متوقف شد؛ اجرای دوباره از سر بی‌خطر است.",
            f"Stopped after {done} rows; importing the file again is safe.",
        )
        raise typer.Exit(exits.INTERRUPTED)
    if tally.wrong_rows:
        raise typer.Exit(exits.REFUSED)


@app.command()
def show(context: typer.Context, member: Member, as_json: AsJson = False) -> None:
    """Show what the roll says of a member."""
    terminal = terminal_of(context, as_json)
    card = terminal.ask(questions.GetMember(member=member))
    printer = terminal.printer
    if as_json:
        printer.json(card)
        return
    printer.card(
        {
            "member": card.member,
            "name": f"{card.first_name} {card.last_name}",
            "national_code": card.national_code_masked,
            "province": printer.province(card.province),
            "member_class": printer.word(card.licence.member_class),
            "fields": printer.words(card.licence.fields),
            "licence_expires": printer.day(card.licence.expires_on),
            "paid_through": str(card.paid_through or ""),
        }
    )
