"""Tabular files given on the command line: their bytes, and the faults for which they are refused."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from clients.admin import exit_codes
from clients.admin.context import RunContext
from clients.admin.output import Printer
from shared import translations
from shared.tabular import Fault, Unreadable, limits
from shared.text import cleaning

T = TypeVar("T")
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="CSV (UTF-8 or UTF-16) or XLSX, columns named above the rows.")
]
FAULTS_SHOWN = 100
"""Faults in the table; `--json` has them all."""


def read_table(run: RunContext, path: Path, read: Callable[[bytes], T], consequence: str) -> T:
    """A file's table by `read`; its faults are printed, with the text `consequence`, and end the program."""
    try:
        return read(content_of(path))
    except Unreadable as wrong:
        show_faults(run.printer, wrong.faults, consequence)
        raise typer.Exit(exit_codes.REFUSED) from wrong


def content_of(path: Path) -> bytes:
    """The bytes of a file that is not too large to be a table."""
    try:
        if path.stat().st_size > limits.BYTES_MAX:
            raise Unreadable([Fault(0, "", "file_too_large")])
        return path.read_bytes()
    except OSError as error:
        message = f"{cleaning.printable(path.name)}: {error.strerror or type(error).__name__}"
        raise typer.BadParameter(message, param_hint="FILE") from error


def show_faults(printer: Printer, faults: Sequence[Fault], consequence: str) -> None:
    """Every fault with its row and column, and what follows for the file."""
    printer.document({"outcome": "refused", "faults": [vars(fault) for fault in faults]})
    fault_table(printer, faults[:FAULTS_SHOWN])
    printer.note(printer.text(consequence, faults=len(faults)))


def fault_table(printer: Printer, faults: Sequence[Fault]) -> None:
    def sentence(fault: Fault) -> str:
        return translations.field_error(fault.code, printer.language)

    printer.table(faults, ("row", lambda fault: fault.row or None), "column", ("problem", sentence))
