"""Output of the command line: tables, cards and sentences in Persian or English for a person, JSON for a program."""

import json
import os
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import TypeVar

from pydantic import BaseModel
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from clients.admin.table_files import TableFile
from shared import translations
from shared.contract.values import UNITS_PER_P
from shared.provinces import PROVINCES
from shared.tabular.export import Cell
from shared.text import cleaning, persian

T = TypeVar("T")
Column = str | tuple[str, str | Callable[[T], object]]
"""A field, headed by the label of its name; or a heading's code with the (dotted) field, or the function of a row, under it."""
LABEL_GROUPS = (
    "command_line",
    "member_class",
    "licence_field",
    "job_kind",
    "employment_status",
    "role",
    "timeline",
    "personal_kind",
    "kept_reason",
    "erasure_reason",
    "change",
    "declaration_part",
    "desk_flag",
)
"""Groups of `shared/translations` where a code is looked up, in this order."""
CODE_FIELDS = {"kind", "status", "outcome", "field", "member_class", "code", "what", "phase"}
"""Fields whose texts are codes with a label."""
ORDINAL_FIELDS = {"year", "position", "degree", "version", "paid_through"}
"""Fields whose integers name something, and are written without separators."""
PIPE_WIDTH = 240
"""Columns of characters where the output is no terminal, so that nothing is folded."""


class Printer:
    """Writes in one language; answers to stdout, notes beside them to stderr."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.as_json = False
        self.file: TableFile | None = None
        """Where the rows go instead."""
        self.out = console(stderr=False)
        self.err = console(stderr=True)

    def pick(self, persian_text: str, english_text: str) -> str:
        return english_text if self.language == "en" else persian_text

    def label(self, code: str) -> str:
        """A code for a reader; one without a label is shown as it is, in English its underscores as blanks."""
        for group in LABEL_GROUPS:
            if text := translations.group(group, self.language).get(code):
                return text
        return self.pick(code, code.replace("_", " "))

    def labels(self, codes: Iterable[str]) -> str:
        return self.pick("، ", ", ").join(map(self.label, codes))

    def text(self, code: str, **values: object) -> str:
        """A sentence of the catalogue with its values, each written by its type and the name of its field."""
        sentence = translations.group("command_line_text", self.language)[code]
        return sentence.format(**{name: self.cell(name, value) for name, value in values.items()})

    def refusal(self, reason: str) -> str:
        """Why something would be refused; nothing where it would not."""
        return translations.group("refusal", self.language)[reason] if reason else ""

    def cell(self, field: str, value: object) -> str:
        """A value of a field as text: days Jalali, instants in Tehran, amounts in rials, capacity in P, codes by their labels."""
        match value:
            case None:
                return ""
            case datetime():
                return self.instant(value)
            case date():
                return self.day(value)
            case int():
                return self._integer(field, value)
            case str() if field in CODE_FIELDS:
                return self.label(value)
            case str() if field == "province":
                return self.province(value)
        return str(value)

    def _integer(self, field: str, value: int) -> str:
        if field in ORDINAL_FIELDS:
            return str(value)
        _, _, unit = field.rpartition("_")
        return {"rials": self.rials, "units": self.units}.get(unit, self.number)(value)

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
        """A row of the policy, such as `1405 ceilings.grade_2.extraction`, by its labels."""
        year, _, path = text.partition(" ")
        steps = (self.text("degree", degree=step) if step.isdecimal() else self.label(step) for step in path.split("."))
        return f"{self.pick('، ', ', ').join(steps)} ({year})" if path else text

    def event(self, source: str, position: int) -> str:
        """An event by its service and its position in that service's log."""
        return self.pick(f"{self.label(source)}، رویداد {self.number(position)}", f"{source}, event {position}")

    def day(self, day: date | None) -> str:
        return self._digits(persian.format_date(day)) if day else ""

    def instant(self, at: datetime | None) -> str:
        return self._digits(persian.format_instant(at)) if at else ""

    def _digits(self, text: str) -> str:
        return self.pick(persian.digits_to_persian(text), text)

    def table(self, rows: Iterable[T], *columns: Column[T]) -> None:
        """A line for each row, under the labels of the columns; nothing where there is no row."""
        if self.file is not None:
            headings = [self.label(heading_of(column)) for column in columns]
            self.file.add(headings, [[self.file_cell(row, column) for column in columns] for row in rows])
            return
        if self.as_json:
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for column in columns:
            table.add_column(Text(self.label(heading_of(column))), overflow="fold")
        for row in rows:
            table.add_row(*(Text(cleaning.printable(self.value(row, column))) for column in columns))
        if table.row_count:
            self.out.print(table)

    def card(self, row: T, *columns: Column[T]) -> None:
        """A line for each column that has a value."""
        if self.as_json:
            return
        table = Table(box=None, show_header=False, pad_edge=False)
        for column in columns:
            if value := self.value(row, column):
                heading = Text(self.label(heading_of(column)), style="bold")
                table.add_row(heading, Text(cleaning.printable(value), overflow="fold"))
        self.out.print(table)

    def value(self, row: T, column: Column[T]) -> str:
        """A row's value in a column; a text that a function returns is not looked up as a code."""
        field = column if isinstance(column, str) else column[1]
        if isinstance(field, str):
            return self.cell(field.rpartition(".")[2], attrgetter(field)(row))
        value = field(row)
        return value if isinstance(value, str) else self.cell(heading_of(column), value)

    def file_cell(self, row: T, column: Column[T]) -> Cell:
        """A row's value in a column of a file: numbers as numbers, capacity in P, days and instants in ASCII digits."""
        field = column if isinstance(column, str) else column[1]
        value = attrgetter(field)(row) if isinstance(field, str) else field(row)
        name = field.rpartition(".")[2] if isinstance(field, str) else heading_of(column)
        match value:
            case datetime():
                return persian.format_instant(value)
            case date():
                return persian.format_date(value)
            case bool() | str() | None:
                return self.value(row, column)
            case int() | Decimal():
                return Decimal(value) / UNITS_PER_P if name.endswith("_units") else value
            case _:
                return str(value)

    def line(self, text: str) -> None:
        if not self.as_json:
            self.out.print(Text(cleaning.printable(text)), soft_wrap=True)

    def note(self, text: str) -> None:
        """A line on stderr beside the answer, for a person only."""
        if not self.as_json:
            self.warn(text)

    def warn(self, text: str) -> None:
        """A line on stderr, also beside JSON."""
        self.err.print(Text(cleaning.printable(text)), soft_wrap=True)

    def document(self, value: object) -> None:
        """The answer as the one JSON document of `--json`; tables, cards, lines and notes are printed without `--json` alone."""
        if self.as_json:
            self.json(value)

    def json(self, value: object, indent: int | None = 2) -> None:
        """A value as JSON: answers as they came, instants in UTC."""
        print(cleaning.printable(json.dumps(value, default=jsonable, ensure_ascii=False, indent=indent)), flush=True)

    def done(self, document: object, code: str, **values: object) -> None:
        """The answer to a command: a document of JSON, or one sentence for a person."""
        self.document(document)
        self.line(self.text(code, **values))


def heading_of(column: Column[T]) -> str:
    return column if isinstance(column, str) else column[0]


def console(*, stderr: bool) -> Console:
    made = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not made.is_terminal and "COLUMNS" not in os.environ:
        made.width = PIPE_WIDTH
    return made


def jsonable(value: object) -> object:
    """The form in JSON of what JSON itself has no form for."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(type(value).__name__)


def language_of_locale() -> str:
    """The reader's language by the usual variables; English unless they name Persian."""
    locale = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return "fa" if locale.startswith("fa") else "en"
