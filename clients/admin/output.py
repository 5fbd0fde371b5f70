"""What a person reads (tables, Jalali dates, rials with separators, Persian or English) and what a program reads (JSON)."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from pydantic import BaseModel
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clients.admin.labels import label
from shared.contract.values import UNITS_PER_P
from shared.provinces import PROVINCES
from shared.text import cleaning, persian

PIPE_WIDTH = 240
"""Columns of characters where the output is no terminal, so that nothing is folded."""
LANGUAGES = ("fa", "en")


class Printer:
    """Writes in one language; answers to stdout, what is said beside them to stderr."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.as_json = False
        self.out = console(stderr=False)
        self.err = console(stderr=True)

    def pick(self, persian_text: str, english_text: str) -> str:
        return english_text if self.language == "en" else persian_text

    def label(self, code: str) -> str:
        return label(code, self.language)

    def words(self, codes: Iterable[str]) -> str:
        return self.pick("، ", ", ").join(self.label(code) for code in codes)

    def province(self, key: str) -> str:
        return self.pick(PROVINCES.get(key, key), key)

    def number(self, number: int) -> str:
        return self.pick(persian.format_number(number), f"{number:,}")

    def rials(self, amount: int) -> str:
        return self.pick(f"{persian.format_number(amount)} ریال", f"{amount:,} rials")

    def units(self, units: int) -> str:
        """Capacity in P, such as `330` or `3.75`."""
        return self.pick(persian.format_units(units), f"{Decimal(units) / UNITS_PER_P:,.2f}".rstrip("0").rstrip("."))

    def rule(self, text: str) -> str:
        """A row of the policy, such as `1405 ceilings.grade_2.extraction`, in words."""
        year, _, path = text.partition(" ")
        steps = [
            self.pick(f"درجه {step}", f"degree {step}") if step.isdecimal() else self.label(step)
            for step in path.split(".")
        ]
        return f"{self.pick('، ', ', ').join(steps)} ({year})" if path else text

    def event(self, source: str, position: int) -> str:
        """An event by its service and its place in that service's log."""
        return self.pick(f"{self.label(source)}، رویداد {self.number(position)}", f"{source}, event {position}")

    def day(self, day: date | None) -> str:
        return self._digits(persian.format_date(day)) if day else ""

    def instant(self, at: datetime | None) -> str:
        return self._digits(persian.format_instant(at)) if at else ""

    def _digits(self, text: str) -> str:
        return self.pick(persian.digits_to_persian(text), text)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Rows under the words of their columns' codes; nothing where there are none."""
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for column in columns:
            table.add_column(Text(self.label(column)), overflow="fold")
        for row in rows:
            table.add_row(*(Text(cleaning.printable(cell)) for cell in row))
        if table.row_count:
            self.out.print(table)

    def card(self, lines: Mapping[str, str]) -> None:
        """One thing, a line for each of its sides of which there is something to say."""
        table = Table(box=None, show_header=False, pad_edge=False)
        for name, value in lines.items():
            if value:
                table.add_row(Text(self.label(name), style="bold"), Text(cleaning.printable(value), overflow="fold"))
        self.out.print(table)

    def line(self, text: str) -> None:
        self.out.print(Text(cleaning.printable(text)), soft_wrap=True)

    def note(self, persian_text: str, english_text: str) -> None:
        """A sentence beside the answer."""
        self.err.print(Text(cleaning.printable(self.pick(persian_text, english_text))), soft_wrap=True)

    def json(self, value: object, indent: int | None = 2) -> None:
        """The one document that `--json` prints; answers as they came, instants in UTC."""
        print(cleaning.printable(json.dumps(value, default=plain, ensure_ascii=False, indent=indent)), flush=True)


def console(*, stderr: bool) -> Console:
    made = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = PIPE_WIDTH
    return made


def plain(value: object) -> object:
    """What JSON itself has no form for."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)


def language_of_locale() -> str:
    """The reader's language by the usual variables; English unless they say Persian."""
    said = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "fa" if said.startswith("fa") else "en"
