"""The register of members as a CSV or XLSX file: its rows by column, the errors that are visible here, and what becomes of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from shared import tabular
from shared.contract.auth import answers
from shared.tabular import Table
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


@dataclass(frozen=True)
class WrongCell:
    """What is wrong in which column of which row, as an error code."""

    row: int
    column: str
    code: str


@dataclass
class Tally:
    """What has become of the rows so far."""

    rows: int
    done: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("enrolled", "changed", "unchanged"), 0))
    wrong: list[WrongCell] = field(default_factory=list)
    wrong_rows: int = 0
    results: list[tuple[Row, answers.RegisterRowResult]] = field(default_factory=list)

    def count(self, row: Row, result: answers.RegisterRowResult) -> None:
        """Add what auth said of a row."""
        self.done += 1
        self.results.append((row, result))
        if result.outcome == "wrong":
            self.wrong_rows += 1
            self.wrong.extend(WrongCell(row.number, column, code) for column, code in result.errors.items())
        else:
            self.outcomes[result.outcome] += 1

    def leave_out(self, row: Row, column: str, code: str) -> None:
        """Count a row that is wrong before anybody is asked."""
        self.count(row, answers.RegisterRowResult(row=row.number, outcome="wrong", errors={column: code}))


def read(content: bytes) -> list[Row]:
    """The rows of a file; raises `tabular.Unreadable`."""
    return list(rows_of(tabular.read(content, HEADINGS, HEADINGS)))


def rows_of(table: Table) -> Iterator[Row]:
    """The rows below the headings. Auth sees a batch at a time: what stands twice in the file is seen here."""
    seen: tuple[set[str], set[str]] = (set(), set())
    for row in table.rows:
        cells = {column: table.cell(row, column).strip() for column in HEADINGS}
        wrong = ("", "too_many_cells") if len(row.cells) > len(table.headings.cells) else twice(cells, *seen)
        yield Row(row.number, cells, wrong)


def twice(cells: Mapping[str, str], members: set[str], codes: set[str]) -> tuple[str, str] | None:
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
    """Rows that are given another's national code, each group with all whose codes it touches: those are judged together."""
    by_member = {row.member: row for row in rows}
    by_number = {row.number: row for row in rows}
    groups: list[list[Row]] = []
    seen: set[int] = set()
    waits_for: dict[int, list[int]] = {}
    for number, member in held.items():
        if member in by_member:
            holder = by_member[member].number
            waits_for.setdefault(number, []).append(holder)
            waits_for.setdefault(holder, []).append(number)
    for number in waits_for:
        group: list[Row] = []
        waiting = [number]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                group.append(by_number[one])
                waiting += waits_for[one]
        if group:
            groups.append(sorted(group, key=lambda row: row.number))
    return groups
