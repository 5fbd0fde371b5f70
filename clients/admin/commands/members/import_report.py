"""What has become of an import's rows: on the terminal, as JSON, and as a CSV file to keep."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from clients.admin.commands.members.import_batches import Import
from shared import translations

WRONG_SHOWN = 100
"""Wrong or changed cells in a table; `--json` and the recap have them all."""
COLUMNS = ("row", "member", "outcome", "column", "before", "after", "problem")


def show(sent: Import) -> None:
    """The report, for a person or for a program."""
    printer, tally = sent.run.printer, sent.tally
    cells = sorted(tally.wrong, key=lambda cell: cell.row)
    if printer.as_json:
        wrong = [{"row": cell.row, "column": cell.column, "code": cell.code} for cell in cells]
        changed = [
            {"row": row.number, "member": row.member, **change.model_dump()}
            for row, result in tally.results
            for change in result.changes
        ]
        about = {"dry_run": sent.dry_run, "import_id": None if sent.dry_run else str(sent.import_id)}
        counts = {"rows": tally.rows, "done": tally.done, **tally.outcomes, "wrong_rows": tally.wrong_rows}
        printer.json({**about, **counts, "wrong": wrong, "changes": changed})
        return
    show_changes(sent)
    shown = cells[:WRONG_SHOWN]
    rows = (
        (printer.number(cell.row), cell.column, translations.field_error(cell.code, printer.language)) for cell in shown
    )
    printer.table(("row", "column", "problem"), rows)
    counts = {**tally.outcomes, "wrong": tally.wrong_rows}
    done, total = printer.number(tally.done), printer.number(tally.rows)
    told = printer.pick("، ", ", ").join(f"{printer.label(code)}: {printer.number(n)}" for code, n in counts.items())
    printer.line(printer.pick(f"{done} ردیف از {total}: {told}", f"{done} of {total} rows: {told}"))
    more(sent, len(cells))
    if sent.dry_run:
        printer.note(
            "آزمایشی بود و چیزی ثبت نشد؛ برای ثبت: --apply", "A dry run: nothing was written. Repeat with --apply."
        )
    elif tally.outcomes["enrolled"] or tally.outcomes["changed"]:
        undo = f"tamdid members undo-import {sent.import_id}"
        printer.note(f"برای برگرداندن این واردکردن: {undo}", f"To undo this import: {undo}")


def show_changes(sent: Import) -> None:
    """The register before and after, field by field."""
    printer = sent.run.printer
    changed = [(row, change) for row, result in sent.tally.results for change in result.changes]
    printer.table(
        ("row", "member", "column", "before", "after"),
        (
            (printer.number(row.number), row.member, change.column, change.before, change.after)
            for row, change in changed[:WRONG_SHOWN]
        ),
    )
    more(sent, len(changed))


def more(sent: Import, cells: int) -> None:
    if cells > WRONG_SHOWN:
        printer = sent.run.printer
        hidden = printer.number(cells - WRONG_SHOWN)
        printer.note(f"{hidden} مورد دیگر با --json", f"{hidden} more with --json")


def write(sent: Import, path: Path) -> None:
    """Keep the report as a file that a spreadsheet opens; it holds names, so nobody else may read it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows(lines(sent))
    path.touch(mode=0o600)
    path.write_bytes(file.getvalue().encode("utf-8-sig"))


def lines(sent: Import) -> Iterator[tuple[object, ...]]:
    """A line for each changed or wrong cell, and one for each row without any."""
    language = sent.run.printer.language
    for row, result in sorted(sent.tally.results, key=lambda one: one[0].number):
        about = (row.number, row.member if row.member.isdecimal() else "", result.outcome)
        yield from ((*about, change.column, change.before, change.after, "") for change in result.changes)
        yield from (
            (*about, name, "", "", translations.field_error(code, language)) for name, code in result.errors.items()
        )
        if not result.changes and not result.errors:
            yield (*about, "", "", "", "")
