"""Tabular files given on the command line: their bytes, and the faults for which they are refused."""

from collections.abc import Sequence
from pathlib import Path

import typer

from clients.admin.context import RunContext
from shared import translations
from shared.tabular import Fault, Unreadable, limits
from shared.text import cleaning

FAULTS_SHOWN = 100
"""Faults in the table; `--json` has them all."""


def content_of(path: Path) -> bytes:
    """The bytes of a file that is not too large to be a table."""
    try:
        if path.stat().st_size > limits.BYTES_MAX:
            raise Unreadable([Fault(0, "", "file_too_large")])
        return path.read_bytes()
    except OSError as error:
        message = f"{cleaning.printable(path.name)}: {error.strerror or type(error).__name__}"
        raise typer.BadParameter(message, param_hint="FILE") from error


def show_faults(run: RunContext, faults: Sequence[Fault], consequence: str) -> None:
    """Every fault with its row and column; `consequence` is the code of a text on what that means for the file."""
    printer = run.printer
    if printer.as_json:
        printer.json({"outcome": "refused", "faults": [vars(fault) for fault in faults]})
        return
    printer.table(
        faults[:FAULTS_SHOWN],
        ("row", lambda fault: fault.row or None),
        "column",
        ("problem", lambda fault: translations.field_error(fault.code, printer.language)),
    )
    printer.note(printer.text(consequence, faults=len(faults)))
