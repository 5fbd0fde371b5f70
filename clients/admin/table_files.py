"""Tables of the command line as a CSV or XLSX file: `--csv FILE` and `--xlsx FILE` of the commands that list."""

from dataclasses import dataclass, field
from pathlib import Path

import typer

from shared.tabular.export import WRITERS, Cell

ALL_ROWS = 10**9
"""Instead of the limit that nobody named: a file has the whole list."""


@dataclass
class TableFile:
    """The rows of a command's table, for a file; a further table joins it where it has the same columns."""

    kind: str
    path: Path
    title: str
    is_rtl: bool
    headings: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)

    def add(self, headings: list[str], rows: list[list[Cell]]) -> None:
        if not self.headings:
            self.headings = headings
        if headings == self.headings:
            self.rows += rows

    def write(self) -> int:
        """Write the file and return how many rows it has; whole, or nothing that could be taken for it.

        It has names, so only its owner may read it.
        """
        if not self.path.name:
            raise typer.BadParameter("name a file", param_hint=f"--{self.kind}")
        beside = self.path.with_name(f"{self.path.name}.part")
        try:
            beside.unlink(missing_ok=True)
            beside.touch(mode=0o600)
            with beside.open("wb") as out:
                writer = WRITERS[self.kind](out, self.title, self.headings, is_rtl=self.is_rtl)
                writer.add(self.rows)
                writer.close()
            beside.replace(self.path)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise typer.BadParameter(str(error), param_hint=f"--{self.kind}") from None
        return len(self.rows)
