"""The parser of a bank statement in CSV or XLSX: its columns by heading, its lines as contract values, and every fault by row."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pydantic import ValidationError

from shared import tabular
from shared.contract.base import field_errors
from shared.contract.bounds import IN_MESSAGE
from shared.contract.payment.commands import STATEMENT_LINES_MAX
from shared.contract.values import StatementLine
from shared.tabular import Fault, Row, Table, Unreadable
from shared.text import numbers, persian

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "authority": ("authority", "شناسه پرداخت"),
    "amount_rials": ("amount_rial", "amount_rials", "amount", "مبلغ", "مبلغ (ریال)", "مبلغ به ریال"),
    "paid_at": ("paid_at_iso", "paid_at", "paid_at_jalali", "زمان پرداخت", "تاریخ"),
    "status": ("status", "وضعیت"),
    "fee_rials": ("fee_rial", "fee_rials", "fee", "کارمزد", "کارمزد (ریال)"),
    "bank_reference": ("ref_id", "bank_reference", "rrn", "شماره پیگیری"),
    "settlement": ("settlement_id", "settlement", "شناسه تسویه"),
}
"""Headings that a field is known by where nobody says which column it is; no bank's file is like another's."""
NEEDED = ("authority", "amount_rials", "paid_at")
STATUSES: Mapping[str, str] = {
    "": "verified",
    "paid": "paid",
    "verified": "verified",
    "موفق": "verified",
    "reversed": "reversed",
    "refunded": "reversed",
    "برگشتی": "reversed",
    "برگشت خورده": "reversed",
    "برگشتخورده": "reversed",
    "disputed": "verified",
    "chargeback": "verified",
}
DISPUTED = ("disputed", "chargeback")
"""Statuses of money that is still with us, and that the payer wants back."""
YEAR_MIN, YEAR_MAX = 1990, 2200
"""Gregorian years in which a payment by the net may lie."""
BOOKED = ("paid", "verified")
TOTALS = ("total", "sum", "جمع", "جمع کل")
"""How the first cell of a last row begins that has nothing but the file's own total."""


class StatementWrong(Exception):  # noqa: N818 - reads as the sentence it is
    """The file is refused whole; every fault is named."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} faults")


@dataclass(frozen=True)
class StatementFile:
    """A file that can be handed over."""

    digest: str
    """SHA-256 of its bytes: what it is known by, so that it counts once."""
    lines: tuple[StatementLine, ...]
    total_rials: int
    """Of all lines that are not reversed."""


@dataclass
class Reading:
    """A file while it is read."""

    table: Table
    faults: list[Fault] = field(default_factory=list)
    lines: list[StatementLine] = field(default_factory=list)
    references: dict[str, list[str]] = field(default_factory=dict)
    """Of the booked lines, by the bank's key of a payment."""
    stated: int | None = None
    """The total that the file itself states."""

    def cell(self, row: Row, name: str) -> str:
        return persian.normalise(self.table.cell(row, name))


def read(content: bytes, columns: Mapping[str, str], total_rials: int | None = None) -> StatementFile:
    """The file's lines; `columns` names the heading of a field where it is another than the known ones.

    `total_rials` is the total that the uploader states; the total that the file itself states must be right as well.
    Raises `StatementWrong` with every row that is wrong: a file counts whole or not at all.
    """
    known = {**HEADINGS, **{name: (heading,) for name, heading in columns.items()}}
    try:
        reading = Reading(tabular.read(content, known, {*NEEDED, *columns}))
        for row in reading.table.rows:
            parse_row(reading, row)
    except Unreadable as unreadable:
        raise StatementWrong(unreadable.faults) from None
    if reading.faults:
        raise StatementWrong(reading.faults)
    total = sum(line.amount_rials for line in reading.lines if line.status in BOOKED)
    if (fault := fault_of_all(reading, total, total_rials)) is not None:
        raise StatementWrong([fault])
    return StatementFile(hashlib.sha256(content).hexdigest(), tuple(reading.lines), total)


def fault_of_all(reading: Reading, total: int, stated_rials: int | None) -> Fault | None:
    """What is wrong with the file where each of its rows is right."""
    if not reading.lines:
        return Fault(0, "", "no_lines")
    if len(reading.lines) > STATEMENT_LINES_MAX:
        return Fault(0, "", "file_too_large")
    is_right = {reading.stated, stated_rials} <= {None, total}
    return None if is_right else Fault(0, "total", "total_differs")


def parse_row(reading: Reading, row: Row) -> None:
    """Read a row as the file's total or as a line."""
    if is_total(row):
        reading.stated = amount(reading, row, "amount_rials")
    elif (line := line_of(reading, row)) is not None:
        reading.lines.append(line)


def is_total(row: Row) -> bool:
    """Whether a row states the file's total."""
    first = next((cell for cell in row.cells if cell.strip()), "")
    return persian.search_key(first).rstrip(": ") in {persian.search_key(one) for one in TOTALS}


def line_of(reading: Reading, row: Row) -> StatementLine | None:
    """A row as a line, or None with its faults noted."""
    before = len(reading.faults)
    status = STATUSES.get(persian.search_key(reading.cell(row, "status")))
    if status is None:
        reading.faults.append(Fault(row.number, "status", "status_unknown"))
    for name in ("authority", "bank_reference", "settlement"):
        if tabular.has_lost_digits(reading.cell(row, name)):
            reading.faults.append(Fault(row.number, name, "digits_lost"))
    content = {
        "authority": reading.cell(row, "authority"),
        "amount_rials": amount(reading, row, "amount_rials"),
        "fee_rials": amount(reading, row, "fee_rials") if reading.cell(row, "fee_rials") else 0,
        "bank_reference": reading.cell(row, "bank_reference"),
        "status": status,
        "is_disputed": persian.search_key(reading.cell(row, "status")) in DISPUTED,
        "paid_at": instant(reading, row),
        "settlement": reading.cell(row, "settlement"),
    }
    if len(reading.faults) > before:
        return None
    try:
        line = StatementLine.model_validate(content, context=IN_MESSAGE)
    except ValidationError as error:
        reading.faults.extend(Fault(row.number, name, code) for name, code in field_errors(error).items())
        return None
    if line.status in BOOKED and is_duplicate(reading.references.setdefault(line.authority, []), line.bank_reference):
        reading.faults.append(Fault(row.number, "authority", "line_twice"))
    return line


def is_duplicate(references: list[str], reference: str) -> bool:
    """Whether the file has a payment's money twice; two references under one key are two payments."""
    found = any(reference == one or not (reference and one) for one in references)
    references.append(reference)
    return found


def amount(reading: Reading, row: Row, name: str) -> int:
    """Whole rials; 0 with a fault noted where it is something else."""
    try:
        return numbers.rials(reading.table.cell(row, name))  # as typed: the grammar is that of the other doors
    except numbers.NumberWrong as wrong:
        reading.faults.append(Fault(row.number, name, wrong.code))
        return 0


def instant(reading: Reading, row: Row) -> datetime:
    """When it was paid: ISO, or a Jalali day and hour; without a zone it is Tehran's."""
    text = reading.cell(row, "paid_at")
    try:
        return parse_instant(text)
    except ValueError:
        reading.faults.append(Fault(row.number, "paid_at", "instant_wrong"))
        return datetime.min.replace(tzinfo=UTC)


def parse_instant(text: str) -> datetime:
    """An aware instant; ValueError for what is none."""
    day, _, hour = text.replace("T", " ").partition(" ")
    try:
        jalali = persian.parse_date(day)
    except ValueError:
        found = datetime.fromisoformat(text)
    else:
        found = datetime.fromisoformat(f"{jalali}T{hour.strip() or '00:00'}")
    if not YEAR_MIN <= found.year <= YEAR_MAX:
        raise ValueError("not a time of a payment")
    return found if found.tzinfo is not None else found.replace(tzinfo=persian.TEHRAN)
