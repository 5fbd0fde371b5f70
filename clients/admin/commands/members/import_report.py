"""The report of an import: on the terminal, as JSON, and as a CSV file."""

import csv
import io
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

from clients.admin import input_files
from clients.admin.commands.members.import_batches import Import
from shared import translations

WRONG_SHOWN = 100
"""Wrong or changed cells in a table; `--json` and the recap have them all."""
COLUMNS = ("row", "member", "outcome", "column", "before", "after", "problem")


def show(sent: Import) -> None:
    """The report, for a person or for a program."""
    printer, tally = sent.run.printer, sent.tally
    faults = tally.faults()
    changes = [
        {"row": row.number, "member": row.member, **change.model_dump()}
        for row, result in tally.results
        for change in result.changes
    ]
    printer.document(
        {
            "dry_run": sent.dry_run,
            "import_id": None if sent.dry_run else str(sent.import_id),
            "rows": tally.rows,
            "done": tally.done,
            **tally.outcomes,
            "wrong_rows": tally.outcomes["wrong"],
            "wrong": [vars(fault) for fault in faults],
            "changes": changes,
        }
    )
    printer.table(
        changes[:WRONG_SHOWN], *((name, itemgetter(name)) for name in ("row", "member", "column", "before", "after"))
    )
    note_hidden(sent, len(changes))
    input_files.fault_table(printer, faults[:WRONG_SHOWN])
    outcomes = printer.pick("، ", ", ").join(
        f"{printer.label(code)}: {printer.number(n)}" for code, n in tally.outcomes.items()
    )
    printer.line(printer.text("import_progress", done=tally.done, rows=tally.rows, outcomes=outcomes))
    note_hidden(sent, len(faults))
    if sent.dry_run:
        printer.note(printer.text("dry_run_of_import"))
    elif tally.outcomes["enrolled"] or tally.outcomes["changed"]:
        printer.note(printer.text("undo_import", import_id=sent.import_id))


def note_hidden(sent: Import, cells: int) -> None:
    """How many cells the table leaves out."""
    if cells > WRONG_SHOWN:
        printer = sent.run.printer
        printer.note(printer.text("more_in_json", hidden=cells - WRONG_SHOWN))


def write(sent: Import, path: Path) -> None:
    """Write the report as a file that a spreadsheet opens; it has names, so only its owner may read it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(lines(sent))
    path.touch(mode=0o600)
    path.write_bytes(file.getvalue().encode("utf-8-sig"))


def lines(sent: Import) -> Iterator[tuple[object, ...]]:
    """A line for each changed or wrong cell, and one for each row without any."""
    language = sent.run.printer.language
    for row, result in sorted(sent.tally.results, key=lambda pair: pair[0].number):
        start = (row.number, row.member if row.member.isdecimal() else "", result.outcome)
        yield from ((*start, change.column, change.before, change.after, "") for change in result.changes)
        yield from (
            (*start, name, "", "", translations.field_error(code, language)) for name, code in result.errors.items()
        )
        if not result.changes and not result.errors:
            yield (*start, "", "", "", "")
