"""The members' roll as a CSV file, read as text, and what becomes of its rows."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared import persian
from shared.contract import answers

BYTES_MAX = 100_000_000
"""A roll of half a million members is smaller."""
DELIMITERS = ",;\t"
"""What spreadsheets put between cells, by the country they think they are in."""
MEMBER_COLUMN = "membership_no"


class NotARollError(Exception):
    """The file as a whole cannot be read as a roll."""


@dataclass(frozen=True)
class Row:
    """A row below the header; `number` counts from 1."""

    number: int
    cells: dict[str, str]
    wrong: tuple[str, str] | None = None
    """Column and error code of what can be seen here; such a row is not sent."""


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

    def count(self, batch: Sequence[Row], report: answers.RollReport) -> None:
        """Add what auth said of a batch, whose rows it counts one by one from the number of the first."""
        for result in report.rows:
            row = batch[result.row - batch[0].number]
            if result.outcome == "wrong":
                self.wrong_rows += 1
                self.wrong.extend(WrongCell(row.number, column, code) for column, code in result.errors.items())
            else:
                self.outcomes[result.outcome] += 1
        self.done += len(batch)

    def leave_out(self, row: Row, column: str, code: str) -> None:
        """Count a row that is wrong before anybody is asked."""
        self.done += 1
        self.wrong_rows += 1
        self.wrong.append(WrongCell(row.number, column, code))


def read(path: Path) -> list[Row]:
    """The rows of a UTF-8 file, with or without a byte order mark; raises `NotARollError`."""
    try:
        if path.stat().st_size > BYTES_MAX:
            raise NotARollError(f"it is larger than {BYTES_MAX:,} bytes")
        return list(rows_of(path.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise NotARollError(error.strerror or type(error).__name__) from error
    except UnicodeDecodeError as error:
        raise NotARollError("it is not UTF-8; save it as CSV UTF-8") from error
    except csv.Error as error:
        raise NotARollError(f"it is not CSV: {error}") from error


def rows_of(text: str) -> Iterator[Row]:
    """The rows below the header; those without a word are left out, but counted."""
    delimiter = max(DELIMITERS, key=text.partition("\n")[0].count)
    records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns = without_tail([cell.strip() for cell in next(records, [])])
    if not columns or not all(columns):
        raise NotARollError("its first line does not name every column")
    if len(set(columns)) != len(columns):
        raise NotARollError("a column stands twice in its first line")
    members: set[str] = set()
    for number, record in enumerate(records, start=1):
        cells = without_tail([cell.strip() for cell in record])
        if cells:
            padded = [*cells, *[""] * (len(columns) - len(cells))]
            named = dict(zip(columns, padded, strict=False))
            wrong = ("", "too_many_cells") if len(cells) > len(columns) else twice(named, members)
            yield Row(number, named, wrong)


def twice(cells: dict[str, str], members: set[str]) -> tuple[str, str] | None:
    """Whether the file has named the member before: auth sees one batch at a time, and would take the later row as news."""
    member = persian.membership_no(cells.get(MEMBER_COLUMN, ""))
    if member is None:
        return None
    if member in members:
        return MEMBER_COLUMN, "member_twice"
    members.add(member)
    return None


def without_tail(cells: Sequence[str]) -> list[str]:
    """The cells up to the last one with a word in it: spreadsheets put empty ones behind."""
    last = max((place for place, cell in enumerate(cells, start=1) if cell), default=0)
    return list(cells[:last])
