"""Which earlier years a member owes by the register, and in which class: recorded with the approval, for payment to charge."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Connection

from services.renewal.renewals.state import PaymentHistory
from services.renewal.tables import REGISTER_HISTORY
from shared.contract.values import MemberClass, UnpaidYear
from shared.event_store.sql import by_key
from shared.text import persian


@dataclass(frozen=True)
class Entry:
    """A member's register entry since an instant."""

    changed_at: datetime
    member_class: MemberClass
    paid_through: int | None


def payment_history(connection: Connection, member: str, year: int) -> PaymentHistory:
    """By the latest register entry."""
    rows = by_key.find_all(connection, REGISTER_HISTORY, {"member": member}, "position")
    history = [Entry(row.changed_at, MemberClass(row.member_class), row.paid_through) for row in rows]
    if not history:
        return PaymentHistory()
    paid_through = history[-1].paid_through
    enrolled = enrolled_years(history, year) if paid_through is None else ()
    return PaymentHistory(unpaid_years(history, year), paid_through is None, paid_through, enrolled)


def unpaid_years(history: list[Entry], year: int) -> tuple[UnpaidYear, ...]:
    """The years after the last paid one, the oldest first; whom the register has as never paid owes none by it."""
    paid_through = history[-1].paid_through if history else None
    if paid_through is None:
        return ()
    return tuple(
        UnpaidYear(year=owed, member_class=class_on(history, new_year(owed))) for owed in range(paid_through + 1, year)
    )


def enrolled_years(history: list[Entry], year: int) -> tuple[UnpaidYear, ...]:
    """The years on whose 1 Farvardin the member was on the register, the oldest first; payment knows who joined here, and owes some."""
    first = persian.jalali_year(history[0].changed_at)
    since = range(first if new_year(first) >= history[0].changed_at else first + 1, year)
    return tuple(UnpaidYear(year=one, member_class=class_on(history, new_year(one))) for one in since)


def class_on(history: Iterable[Entry], at: datetime) -> MemberClass:
    """The class by the last entry before an instant; without one, unlicensed (docs/domain.md 7.2)."""
    known = [entry.member_class for entry in history if entry.changed_at <= at]
    return known[-1] if known else MemberClass.UNLICENSED


def new_year(year: int) -> datetime:
    """The first instant of a year's 1 Farvardin in Tehran."""
    first_day, _ = persian.year_bounds(year)
    return datetime.combine(first_day, time(), persian.TEHRAN)
