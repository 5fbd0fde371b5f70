"""The import of members in batches: progress, interruption between two batches, and national codes that change hands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from clients.admin.commands.members.import_file import Row, Tally, entangled
from clients.admin.context import RunContext, interruptible, progress_bar
from shared.contract.auth import answers, commands

Results = list[tuple[Row, answers.RegisterRowResult]]


@dataclass
class Import:
    """One file on its way; a dry run goes the same way and has the same answers."""

    run: RunContext
    rows: Sequence[Row]
    dry_run: bool
    import_id: UUID = field(default_factory=uuid4)

    def __post_init__(self) -> None:
        self.tally = Tally(len(self.rows))
        self.fitting = [row for row in self.rows if row.wrong is None]
        self.waiting: dict[int, tuple[Row, answers.RegisterRowResult]] = {}

    def send(self) -> bool:
        """Send all rows; returns whether it came to the end. A refusal of a whole batch is raised: the tally says how far it came."""
        for row in self.rows:
            if row.wrong is not None:
                self.tally.leave_out(row, *row.wrong)
        members = {row.member for row in self.fitting}
        with progress_bar(self.run, self.tally.rows) as bar, interruptible() as is_interrupted:
            for take in (self.take_first, self.take_together):
                for batch in batches(self.groups(first=take == self.take_first)):
                    if is_interrupted():
                        return False
                    take(self.call(batch), members)
                    bar.show("", self.tally.done, self.tally.rows)
        for row, result in self.waiting.values():
            self.tally.count(row, result)
        return True

    def groups(self, *, first: bool) -> list[list[Row]]:
        """Rows that go in one command: each by itself, and then those whose national codes change hands together."""
        if first:
            return [[row] for row in self.fitting]
        return entangled(self.fitting, {number: result.held_by for number, (_, result) in self.waiting.items()})

    def take_first(self, found: Results, members: set[str]) -> None:
        """Count what is final; who was given the code of another in this file waits until the two are judged together."""
        for row, result in found:
            if result.held_by in members:
                self.waiting[row.number] = row, result
            else:
                self.tally.count(row, result)

    def take_together(self, found: Results, _members: set[str]) -> None:
        for row, result in found:
            if self.waiting.pop(row.number, None) is not None:
                self.tally.count(row, result)

    def call(self, batch: Sequence[Row]) -> Results:
        """What becomes of each row of a batch."""
        command = commands.ImportMembers(
            **self.run.stamp(),
            rows=tuple(row.cells for row in batch),
            first_row=batch[0].number,
            dry_run=self.dry_run,
            import_id=None if self.dry_run else self.import_id,
        )
        return list(zip(batch, self.run.call(command).rows, strict=True))


def batches(groups: Sequence[Sequence[Row]]) -> Iterator[list[Row]]:
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
