"""The import of members from the command line: progress, and interruption between two batches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from clients import register_file
from clients.admin.context import RunContext, interruptible, progress_bar
from clients.register_file import Row, Stopped, Tally
from shared.contract.auth import answers, commands


@dataclass
class Import:
    """One file on its way; a dry run goes the same way and has the same answers."""

    run: RunContext
    rows: Sequence[Row]
    dry_run: bool
    import_id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.tally = Tally(len(self.rows))
        self.is_interrupted = False

    def send(self) -> None:
        """Send all rows, or as many as before Ctrl-C. A refusal of a whole batch is raised: the tally has what was done before it."""
        with progress_bar(self.run, self.tally.rows) as self._update_bar, interruptible() as is_ctrl_c_pressed:

            def check_stop() -> None:
                if is_ctrl_c_pressed():
                    raise Stopped

            try:
                register_file.send(self.tally, self.rows, self.send_batch, check_stop)
            except Stopped:
                self.is_interrupted = True

    def send_batch(self, batch: Sequence[Row]) -> Iterable[answers.RegisterRowResult]:
        """The result of each row of a batch."""
        command = commands.ImportMembers(
            **self.run.stamp(),
            rows=tuple(row.cells for row in batch),
            first_row=batch[0].number,
            dry_run=self.dry_run,
            import_id=None if self.dry_run else self.import_id,
        )
        found = self.run.call(command).rows
        self._update_bar(completed=self.tally.done + len(found))
        return found
