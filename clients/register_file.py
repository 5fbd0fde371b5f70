"""The register of members as a CSV or XLSX file: its rows by column, the errors that are visible before they are sent, the tally of their results, and batches as one command takes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from shared import tabular
from shared.contract.auth import answers, commands
from shared.tabular import Fault, Table
from shared.text import persian

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "membership_no": ("membership_no", "شماره عضویت", "کد عضویت"),
    "national_code": ("national_code", "کد ملی", "شماره ملی"),
    "first_name": ("first_name", "نام"),
    "last_name": ("last_name", "نام خانوادگی"),
    "province": ("province", "استان"),
    "member_class": ("member_class", "پایه", "رده عضویت"),
    "licence_fields": ("licence_fields", "رسته‌ها", "رسته"),
    "licence_expires_on": ("licence_expires_on", "اعتبار پروانه", "تاریخ اعتبار پروانه"),
    "paid_through": ("paid_through", "پرداخت تا سال", "آخرین سال پرداخت"),
}
"""Headings that a column is known by; columns of other names are not sent."""


@dataclass(frozen=True)
class Row:
    """A row of the file, by the number that a spreadsheet shows."""

    number: int
    cells: dict[str, str]
    wrong: tuple[str, str] | None = None
    """Column and error code of what can be seen here; such a row is not sent."""

    @property
    def member(self) -> str:
        typed = self.cells.get("membership_no", "")
        return persian.membership_no(typed) or typed


@dataclass
class Tally:
    """The results so far, and how many rows the file has."""

    rows: int
    results: list[tuple[Row, answers.RegisterRowResult]] = field(default_factory=list)
    outcomes: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("enrolled", "changed", "unchanged", "wrong"), 0)
    )

    @property
    def done(self) -> int:
        return len(self.results)

    def count(self, row: Row, result: answers.RegisterRowResult) -> None:
        """Add auth's result for a row."""
        self.results.append((row, result))
        self.outcomes[result.outcome] += 1

    def leave_out(self, row: Row, column: str, code: str) -> None:
        """Add a row that is wrong already here, and not sent."""
        self.count(row, answers.RegisterRowResult(row=row.number, outcome="wrong", errors={column: code}))

    def faults(self) -> list[Fault]:
        """The wrong cells, in the order of the file."""
        faults = (Fault(row.number, *error) for row, result in self.results for error in result.errors.items())
        return sorted(faults, key=attrgetter("row"))


def read(content: bytes) -> list[Row]:
    """The rows of a file; raises `tabular.Unreadable`."""
    return list(rows_of(tabular.read(content, HEADINGS, HEADINGS)))


def rows_of(table: Table) -> Iterator[Row]:
    """The rows below the headings. Auth has a batch at a time: duplicates within the file are found here."""
    seen: tuple[set[str], set[str]] = (set(), set())
    for row in table.rows:
        cells = {column: table.cell(row, column).strip() for column in HEADINGS}
        wrong = ("", "too_many_cells") if len(row.cells) > len(table.headings.cells) else duplicate(cells, *seen)
        yield Row(row.number, cells, wrong)


def duplicate(cells: Mapping[str, str], members: set[str], codes: set[str]) -> tuple[str, str] | None:
    """Whether the file has named the member or the national code before."""
    member, code = persian.membership_no(cells["membership_no"]), persian.national_code(cells["national_code"])
    if member in members:
        return "membership_no", "member_twice"
    if code in codes:
        return "national_code", "national_code_twice"
    members |= {member} if member else set()
    codes |= {code} if code else set()
    return None


def entangled(rows: Sequence[Row], held: Mapping[int, str]) -> list[list[Row]]:
    """Rows that are given another's national code, each group with all whose codes it touches: those are judged together.

    `held` has, by row number, the member who has the code that the row is given.
    """
    by_member = {row.member: row for row in rows}
    by_number = {row.number: row for row in rows}
    groups: dict[int, set[int]] = {}
    for number, member in held.items():
        if member in by_member:
            pair = (groups.setdefault(each, {each}) for each in (number, by_member[member].number))
            small, large = sorted(pair, key=len)
            if small is not large:
                large |= small
                groups |= dict.fromkeys(small, large)
    unique = {id(group): group for group in groups.values()}
    return [[by_number[number] for number in sorted(group)] for group in unique.values()]


Result = tuple[Row, answers.RegisterRowResult]
SendBatch = Callable[[Sequence[Row]], Iterable[answers.RegisterRowResult]]
"""Has auth import a batch, or only check it: the result of each of its rows."""


class Stopped(Exception):  # noqa: N818 - no error: somebody has stopped the import between two batches
    """Rows are left that were not sent."""


def send(tally: Tally, rows: Sequence[Row], send_batch: SendBatch, check_stop: Callable[[], None]) -> None:
    """Send all rows; what `check_stop` or `send_batch` raises between or in batches leaves in the tally what was done before.

    A row that is given the national code of another in this file waits until the two are judged together.
    """
    for row in rows:
        if row.wrong is not None:
            tally.leave_out(row, *row.wrong)
    valid = [row for row in rows if row.wrong is None]
    members = {row.member for row in valid}
    waiting: dict[int, Result] = {}
    for row, result in results(([row] for row in valid), send_batch, check_stop):
        if result.held_by in members:
            waiting[row.number] = row, result
        else:
            tally.count(row, result)
    held = {number: result.held_by for number, (_, result) in waiting.items()}
    for row, result in results(entangled(valid, held), send_batch, check_stop):
        if waiting.pop(row.number, None):
            tally.count(row, result)
    for row, result in waiting.values():
        tally.count(row, result)


def results(groups: Iterable[Sequence[Row]], send_batch: SendBatch, check_stop: Callable[[], None]) -> Iterator[Result]:
    """The results of groups of rows, batch by batch."""
    for batch in batches(groups):
        check_stop()
        yield from zip(batch, send_batch(batch), strict=True)


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
