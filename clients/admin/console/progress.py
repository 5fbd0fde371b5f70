"""A progress bar beside the answer, for whoever looks at a terminal; nothing anywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from clients.admin.console.context import Terminal


class Bar:
    """How far something is."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def advance(self, by: int) -> None:
        self._progress.advance(self._task, by)

    def show(self, text: str, done: int, total: int) -> None:
        """Something else is going on now, or the same with other figures."""
        self._progress.update(self._task, description=text, completed=done, total=total or None)


@contextmanager
def bar(terminal: Terminal, total: int | None = None) -> Iterator[Bar]:
    """A bar until the block ends, then it is gone."""
    is_shown = terminal.printer.err.is_terminal and not terminal.printer.as_json
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal.printer.err, disable=not is_shown, transient=True) as progress:
        yield Bar(progress, progress.add_task("", total=total))
