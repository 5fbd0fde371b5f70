"""Bank statement lines merged into payments: the same line in several files is one, contradictions are found; pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from shared.text import persian

BOOKED = ("paid", "verified")
"""What the bank's lines are called as long as the money is not given back."""


class Line(NamedTuple):
    """A line of a statement, or a payment as the lines of all of them have it."""

    authority: str
    bank_reference: str
    amount_rials: int
    status: str
    paid_at: datetime
    statement: str
    is_correction: bool

    @property
    def rials(self) -> int:
        """What the bank has of it now."""
        return self.amount_rials if self.status in BOOKED else 0

    @property
    def on(self) -> date:
        """The bank's day of it, in Tehran."""
        return persian.day_of(self.paid_at)


def by_session(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The payments of each session that the lines have, which come in the order in which their files were counted."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        payments = found.setdefault(line.authority, [])
        place = place_of(line, payments)
        if place is None:
            payments.append(line)
        else:
            payments[place] = merged(payments[place], line)
    return found


def place_of(line: Line, payments: list[Line]) -> int | None:
    """Where a session's payment stands that a line is about: it is found by the bank's reference.

    A session is the bank's key of one payment at one terminal. One file may have it before the bank has given a reference, and
    another after that; two references in one session are two payments.
    """
    own = folded(line.bank_reference)
    for place, one in enumerate(payments):
        other = folded(one.bank_reference)
        if own == other or not (own and other):
            return place
    return None


def folded(reference: str) -> str:
    """A bank's reference without what a spreadsheet or another export of it changes."""
    return "".join(reference.split()).casefold()


def merged(was: Line, line: Line) -> Line:
    """A payment after one more line about it: money that was refunded stays refunded, unless a correction contradicts it."""
    reference = line.bank_reference or was.bank_reference
    overrules = line.is_correction and line.statement != was.statement
    newest = line if overrules or was.status in BOOKED or line.status not in BOOKED else was
    return newest if newest.bank_reference == reference else newest._replace(bank_reference=reference)


def contradicts(line: Line, payments: list[Line]) -> bool:
    """Whether a line contradicts a payment's amount or day; a reversal is no contradiction."""
    place = place_of(line, payments)
    if place is None:
        return False
    was = payments[place]
    return line.amount_rials != was.amount_rials or (
        line.status in BOOKED and was.status in BOOKED and line.paid_at != was.paid_at and line.on != was.on
    )
