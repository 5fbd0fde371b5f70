"""Which earlier years a member owes by the roll, and in which class: told with the approval, so that payment need not ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Connection, select

from services.renewal.renewals.projection import ROLL
from shared.contract.values import MemberClass, UnpaidYear
from shared.text import persian


@dataclass(frozen=True)
class Entry:
    """What the roll said of a member at an instant."""

    told_at: datetime
    member_class: MemberClass
    paid_through: int | None


@dataclass(frozen=True)
class Arrears:
    """What the roll says of a member's payments, for a year to be renewed."""

    unpaid_years: tuple[UnpaidYear, ...] = ()
    """The earlier years that it does not have as paid."""
    never_paid: bool = False
    paid_through: int | None = None


def of(connection: Connection, member: str, year: int) -> Arrears:
    """By the roll's last word."""
    query = select(ROLL).where(ROLL.c.member == member).order_by(ROLL.c.position)
    history = [Entry(row.told_at, MemberClass(row.member_class), row.paid_through) for row in connection.execute(query)]
    if not history:
        return Arrears()
    paid_through = history[-1].paid_through
    return Arrears(unpaid_years(history, year), paid_through is None, paid_through)


def unpaid_years(history: list[Entry], year: int) -> tuple[UnpaidYear, ...]:
    """The years after the last paid one, the oldest first; who never paid joins only now and owes none."""
    paid_through = history[-1].paid_through if history else None
    if paid_through is None:
        return ()
    return tuple(
        UnpaidYear(year=owed, member_class=class_on(history, new_year(owed))) for owed in range(paid_through + 1, year)
    )


def class_on(history: Iterable[Entry], at: datetime) -> MemberClass:
    """The class by the roll's last word before an instant; without one, unlicensed (docs/domain.md 7.2)."""
    known = [entry.member_class for entry in history if entry.told_at <= at]
    return known[-1] if known else MemberClass.UNLICENSED


def new_year(year: int) -> datetime:
    """The first instant of a year's 1 Farvardin in Tehran."""
    first_day, _ = persian.year_bounds(year)
    return datetime.combine(first_day, time(), persian.TEHRAN)
