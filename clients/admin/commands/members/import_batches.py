"""The import of members in batches: progress, interruption between two batches, and national codes that change hands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from clients.admin.commands.members.import_file import Row, Tally, entangled
from clients.admin.context import RunContext, interruptible, progress_bar
from shared.contract.auth import answers, commands

Result = tuple[Row, answers.RegisterRowResult]


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
        """Send all rows, or as many as before Ctrl-C. A refusal of a whole batch is raised: the tally has what was done before it.

        A row that is given the national code of another in this file waits until the two are judged together.
        """
        with progress_bar(self.run, self.tally.rows) as self._update_bar, interruptible() as self._is_ctrl_c_pressed:
            self._send_rows()

    def _send_rows(self) -> None:
        for row in self.rows:
            if row.wrong is not None:
                self.tally.leave_out(row, *row.wrong)
        valid = [row for row in self.rows if row.wrong is None]
        members = {row.member for row in valid}
        waiting: dict[int, Result] = {}
        for row, result in self.send_groups([row] for row in valid):
            if result.held_by in members:
                waiting[row.number] = row, result
            else:
                self.tally.count(row, result)
        held = {number: result.held_by for number, (_, result) in waiting.items()}
        for row, result in self.send_groups(entangled(valid, held)):
            if waiting.pop(row.number, None):
                self.tally.count(row, result)
        for row, result in () if self.is_interrupted else waiting.values():
            self.tally.count(row, result)

    def send_groups(self, groups: Iterable[Sequence[Row]]) -> Iterator[Result]:
        """The results of groups of rows, batch by batch until Ctrl-C."""
        for batch in batches(groups):
            if self._is_ctrl_c_pressed():
                self.is_interrupted = True
                return
            yield from self.send_batch(batch)
            self._update_bar(completed=self.tally.done)

    def send_batch(self, batch: Sequence[Row]) -> Iterable[Result]:
        """The result of each row of a batch."""
        command = commands.ImportMembers(
            **self.run.stamp(),
            rows=tuple(row.cells for row in batch),
            first_row=batch[0].number,
            dry_run=self.dry_run,
            import_id=None if self.dry_run else self.import_id,
        )
        return zip(batch, self.run.call(command).rows, strict=True)


def batches(groups: Iterable[Sequence[Row]]) -> Iterator[list[Row]]:
    """Rows by as many as one command takes; a group stays together, and one that is too large is left out."""
    batch: list[Row] = []
    for group in groups:
        if len(batch) + len(group) > commands.IMPORT_BATCH_MAX and batch:
            yield batch
            batch = []
        if len(group) <= commands.IMPORT_BATCH_MAX:
            batch.extend(group)
    if batch:
        yield batch
