"""A member's personal data as a PDF: a heading for each kind of rows, and a line for each value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from clients.gateway import pdf_files
from clients.gateway.pdf_files import BODY, HEADING, INDENT, LINE, TITLE
from shared import provinces, translations
from shared.text import persian

if TYPE_CHECKING:
    from clients.gateway.pdf_document import Document

ROWS_MAX = 100
"""Rows of a kind on paper; the JSON file has them all."""
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
PERSIAN_LETTER = re.compile("[\u0620-\u064a\u066e-\u06d3]")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NAMED_BY = {"member", "account"}
"""Columns that hold the member's number in every row."""
CODES = {
    "province": provinces.PROVINCES,
    "member_class": translations.group("member_class"),
    "status": translations.group("employment_status"),
    "education": translations.group("education"),
    "discipline": translations.group("discipline"),
}
"""Columns whose texts are codes with a label."""

Kinds = Sequence[Mapping[str, Any]]


def render(number: str, at: datetime, kinds: Kinds) -> bytes:
    """The file: a heading for each kind of rows, and a line for each value."""
    return pdf_files.output("داده‌های شخصی من", None, lambda document: write(document, number, at, kinds))


def write(document: "Document", number: str, at: datetime, kinds: Kinds) -> None:
    document.line_of("داده‌های شخصی من", TITLE)
    document.line_of(f"شمارهٔ عضویت {persian.digits_to_persian(number)}، {shown('', at.isoformat())}")
    for kind in kinds:
        document.ln(LINE / 2)
        document.line_of(heading(kind), HEADING)
        for row in kind["rows"][:ROWS_MAX]:
            for name, value in flattened(row):
                document.line_of(f"{label(name)}: {shown(name, value)}", BODY, INDENT)
            document.ln(LINE / 2)


def heading(kind: Mapping[str, Any]) -> str:
    """A kind's name, and how many of its rows are shown where that is not all."""
    name, total = translations.group("personal_kind")[kind["kind"]], kind["total"]
    shown_rows = min(len(kind["rows"]), ROWS_MAX)
    of_all = f" ({persian.format_number(shown_rows)} از {persian.format_number(total)})" if shown_rows < total else ""
    return name + of_all


def flattened(value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each value that is there with its own column's name, also within others."""
    for name, inner in value.items():
        if name in NAMED_BY or inner in (None, "", [], {}):
            continue
        parts = inner if isinstance(inner, list) else [inner]
        for part in parts:
            if isinstance(part, dict):
                yield from flattened(part)
            else:
                yield name, part


def label(name: str) -> str:
    """A column's name for a reader; a name of a form's field by its last part."""
    own = name.rpartition(".")[2]
    return translations.group("personal_column").get(own, own.replace("_", " "))


def shown(name: str, value: object) -> str:
    """A value for a reader: codes by their labels, days Jalali, instants in Tehran, digits Persian."""
    match value:
        case bool():
            return "بله" if value else "خیر"
        case int():
            return persian.format_number(value) if name.endswith("_rials") else persian.digits_to_persian(str(value))
        case str() if INSTANT.fullmatch(value):
            day, hour = persian.format_instant(datetime.fromisoformat(value)).split()
            return persian.digits_to_persian(f"{day}، {hour}")
        case str() if DAY.fullmatch(value):
            return persian.digits_to_persian(persian.format_date(date.fromisoformat(value)))
        case _:
            text = str(value)
            return apart(CODES.get(name, {}).get(text, text))


def apart(text: str) -> str:
    """A text without Persian letters, such as a number with signs in it, kept from left to right."""
    return text if PERSIAN_LETTER.search(text) else pdf_files.isolated(text)
