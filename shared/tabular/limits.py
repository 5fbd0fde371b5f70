"""The limits of a tabular file, and the faults of a file that cannot be read."""

from collections.abc import Sequence
from dataclasses import dataclass

BYTES_MAX = 100_000_000
"""A register of half a million members is smaller."""
ROWS_MAX = 600_000
SHEET_ROWS_MAX = 1_048_576
"""The rows of a spreadsheet, empty ones included."""
COLUMNS_MAX = 200
CELLS_MAX = 12_000_000
"""Cells of a file, empty ones between others included."""
CELL_CHARACTERS_MAX = 32_767
"""The longest text of a spreadsheet's cell."""


@dataclass(frozen=True)
class Fault:
    """What is wrong in which column of which row, as a key of the group `field_error` of `shared/translations`; row 0 is the file itself."""

    row: int
    column: str
    code: str


class Unreadable(Exception):  # noqa: N818 - reads as the sentence it is
    """The file cannot be read as a table; each cause is named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} faults")


def refuse(code: str, row: int = 0, column: str = "") -> Unreadable:
    """An error with one cause."""
    return Unreadable([Fault(row, column, code)])
