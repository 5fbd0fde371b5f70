"""The parser of a bank statement in CSV or XLSX: its columns by heading, its lines as contract values, and every fault by row."""

import hashlib
from collections.abc import Mapping
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
"""The headings of each field where the caller names no column; every bank's file has its own."""
REQUIRED = ("authority", "amount_rials", "paid_at")
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
"""Statuses of money that is still ours, and that the payer has reclaimed."""
YEAR_MIN, YEAR_MAX = 1990, 2200
"""Gregorian years in which an online payment may be dated."""
BOOKED = ("paid", "verified")
TOTAL_LABELS = ("total", "sum", "جمع", "جمع کل")
"""The first cell of a row that has the file's own total."""
TEXTS = ("authority", "bank_reference", "settlement")


@dataclass(frozen=True)
class StatementFile:
    """A statement file whose lines can be sent."""

    digest: str
    """SHA-256 of its bytes: the file's id, so that it counts once."""
    lines: tuple[StatementLine, ...]
    total_rials: int
    """Of all lines that are not reversed."""


@dataclass
class Reading:
    """The state of reading a file."""

    table: Table
    faults: list[Fault] = field(default_factory=list)
    lines: list[StatementLine] = field(default_factory=list)
    references: dict[str, list[str]] = field(default_factory=dict)
    """Of the booked lines, by the bank's key of a payment."""
    stated: int | None = None
    """The total that the file itself states."""

    def cell(self, row: Row, name: str) -> str:
        return persian.normalise(self.table.cell(row, name))

    def add_fault(self, row: Row, name: str, code: str) -> None:
        self.faults.append(Fault(row.number, name, code))


def read(content: bytes, columns: Mapping[str, str], total_rials: int | None = None) -> StatementFile:
    """The file's lines; `columns` names the heading of a field where it is none of `HEADINGS`.

    `total_rials` is the total that the uploader states; the total that the file itself states must be right as well.
    Raises `Unreadable` with every row that is wrong: a file counts whole or not at all.
    """
    headings = {**HEADINGS, **{name: (heading,) for name, heading in columns.items()}}
    reading = Reading(tabular.read(content, headings, {*REQUIRED, *columns}))
    for row in reading.table.rows:
        if is_total(row):
            reading.stated = parse_amount(reading, row, "amount_rials")
        elif (line := parse_line(reading, row)) is not None:
            reading.lines.append(line)
    if reading.faults:
        raise Unreadable(reading.faults)
    total = sum(line.amount_rials for line in reading.lines if line.status in BOOKED)
    if (fault := file_fault(reading, total, total_rials)) is not None:
        raise Unreadable([fault])
    return StatementFile(hashlib.sha256(content).hexdigest(), tuple(reading.lines), total)


def file_fault(reading: Reading, total: int, stated_rials: int | None) -> Fault | None:
    """What is wrong with the file where each of its rows is right."""
    if not reading.lines:
        return Fault(0, "", "no_lines")
    if len(reading.lines) > STATEMENT_LINES_MAX:
        return Fault(0, "", "file_too_large")
    return None if {reading.stated, stated_rials} <= {None, total} else Fault(0, "total", "total_differs")


def is_total(row: Row) -> bool:
    """Whether a row states the file's total."""
    first = next((cell for cell in row.cells if cell.strip()), "")
    return persian.search_key(first).rstrip(": ") in {persian.search_key(label) for label in TOTAL_LABELS}


def parse_line(reading: Reading, row: Row) -> StatementLine | None:
    """A row as a line, or None with its faults noted."""
    faults_before = len(reading.faults)
    status = persian.search_key(reading.cell(row, "status"))
    if status not in STATUSES:
        reading.add_fault(row, "status", "status_unknown")
    texts = {name: reading.cell(row, name) for name in TEXTS}
    for name, text in texts.items():
        if tabular.has_lost_digits(text):
            reading.add_fault(row, name, "digits_lost")
    content = {
        **texts,
        "amount_rials": parse_amount(reading, row, "amount_rials"),
        "fee_rials": parse_amount(reading, row, "fee_rials") if reading.cell(row, "fee_rials") else 0,
        "status": STATUSES.get(status),
        "is_disputed": status in DISPUTED,
        "paid_at": parse_paid_at(reading, row),
    }
    if len(reading.faults) > faults_before:
        return None
    try:
        line = StatementLine.model_validate(content, context=IN_MESSAGE)
    except ValidationError as error:
        for name, code in field_errors(error).items():
            reading.add_fault(row, name, code)
        return None
    if line.status in BOOKED and is_duplicate(reading.references.setdefault(line.authority, []), line.bank_reference):
        reading.add_fault(row, "authority", "line_twice")
    return line


def is_duplicate(references: list[str], reference: str) -> bool:
    """Whether the file has a payment's money twice; two references under one key are two payments."""
    is_known = any(reference == earlier or not (reference and earlier) for earlier in references)
    references.append(reference)
    return is_known


def parse_amount(reading: Reading, row: Row, name: str) -> int:
    """Whole rials; 0 with a fault noted where it is something else."""
    try:
        return numbers.rials(reading.table.cell(row, name))  # as typed: one grammar for forms and files
    except numbers.NumberWrong as wrong:
        reading.add_fault(row, name, wrong.code)
        return 0


def parse_paid_at(reading: Reading, row: Row) -> datetime:
    """When it was paid: ISO, or a Jalali day and hour; without a zone it is Tehran's."""
    try:
        return parse_instant(reading.cell(row, "paid_at"))
    except ValueError:
        reading.add_fault(row, "paid_at", "instant_wrong")
        return datetime.min.replace(tzinfo=UTC)


def parse_instant(text: str) -> datetime:
    """An aware instant; ValueError for what is none."""
    day, _, hour = text.replace("T", " ").partition(" ")
    try:
        jalali = persian.parse_date(day)
    except ValueError:
        instant = datetime.fromisoformat(text)
    else:
        instant = datetime.fromisoformat(f"{jalali}T{hour.strip() or '00:00'}")
    if not YEAR_MIN <= instant.year <= YEAR_MAX:
        raise ValueError("not a time of a payment")
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=persian.TEHRAN)
