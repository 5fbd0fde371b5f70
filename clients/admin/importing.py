"""Sending the roll batch by batch: a progress bar, a Ctrl-C that waits for the batch under way, and the report."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from uuid import uuid4

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from clients.admin.roll import Row, Tally
from clients.admin.terminal import Terminal
from shared.contract import commands
from shared.contract.refusals import field_sentence

WRONG_SHOWN = 100
"""Wrong cells in the table; `--json` has them all."""


def send(terminal: Terminal, rows: Sequence[Row], tally: Tally, *, dry_run: bool) -> bool:
    """Send all rows; returns whether it came to the end. A refusal of a whole batch is raised: `tally` says how far it came."""
    for row in rows:
        if row.wrong is not None:
            tally.leave_out(row, *row.wrong)
    fitting = [row for row in rows if row.wrong is None]
    is_shown = terminal.printer.err.is_terminal and not terminal.printer.as_json
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with (
        Progress(*columns, console=terminal.printer.err, disable=not is_shown, transient=True) as progress,
        stoppable() as is_stopped,
    ):
        task = progress.add_task("", total=tally.rows, completed=tally.done)
        for start in range(0, len(fitting), commands.ROLL_BATCH_MAX):
            if is_stopped():
                return False
            send_batch(terminal, fitting[start : start + commands.ROLL_BATCH_MAX], tally, dry_run=dry_run)
            progress.update(task, completed=tally.done)
    return True


def send_batch(terminal: Terminal, batch: Sequence[Row], tally: Tally, *, dry_run: bool) -> None:
    command = commands.ImportMembers(
        id=uuid4(),
        deadline=terminal.deadline(),
        rows=tuple(row.cells for row in batch),
        first_row=batch[0].number,
        dry_run=dry_run,
    )
    tally.count(batch, terminal.ask(command))


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """Ctrl-C is noted, and obeyed by whoever asks; a second one ends the program at once."""
    noted = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal noted
        if noted:
            raise KeyboardInterrupt
        noted = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: noted
    finally:
        signal.signal(signal.SIGINT, before)


def show(terminal: Terminal, tally: Tally, *, dry_run: bool) -> None:
    """The report, for a person or for a program."""
    printer = terminal.printer
    cells = sorted(tally.wrong, key=lambda cell: cell.row)
    if printer.as_json:
        wrong = [{"row": cell.row, "column": cell.column, "code": cell.code} for cell in cells]
        counts = {"dry_run": dry_run, "rows": tally.rows, "done": tally.done, **tally.outcomes}
        printer.json({**counts, "wrong_rows": tally.wrong_rows, "wrong": wrong})
        return
    shown = cells[:WRONG_SHOWN]
    rows = ((printer.number(cell.row), cell.column, field_sentence(cell.code, printer.language)) for cell in shown)
    printer.table(("row", "column", "problem"), rows)
    counts = {**tally.outcomes, "wrong": tally.wrong_rows}
    done, total = printer.number(tally.done), printer.number(tally.rows)
    told = printer.pick("، ", ", ").join(f"{printer.word(code)}: {printer.number(n)}" for code, n in counts.items())
    printer.line(printer.pick(f"{done} ردیف از {total}: {told}", f"{done} of {total} rows: {told}"))
    if len(cells) > WRONG_SHOWN:
        hidden = printer.number(len(cells) - WRONG_SHOWN)
        printer.note(f"{hidden} مورد دیگر با --json", f"{hidden} more with --json")
    if dry_run:
        printer.note(
            "آزمایشی بود و چیزی ثبت نشد؛ برای ثبت: --apply", "A dry run: nothing was written. Repeat with --apply."
        )
