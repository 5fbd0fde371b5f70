"""What an approved renewal costs: its year and every unpaid earlier one, the entrance fee, and what the manager let the member off."""

from dataclasses import dataclass
from typing import NamedTuple

from services.payment.fees import Tariffs
from shared.contract import events
from shared.contract.values import InvoiceLine, MemberClass, UnpaidYear, Waiver

CANCELLED_AFTER_YEARS = 4
"""After so many unpaid years the membership was cancelled, and the member joins again (docs/domain.md 7.2)."""


@dataclass(frozen=True)
class Bill:
    """What goes on an invoice."""

    lines: tuple[InvoiceLine, ...]
    entrance_rials: int
    waivers: tuple[Waiver, ...]


def bill(approved: events.RenewalApproved, paid: frozenset[int], tariffs: Tariffs) -> Bill:
    """The bill of an approval; `paid` are the years that were paid here, which the register may not know yet.

    The year itself costs what the approved class costs; each earlier one by the class that the approval tells.
    """
    due = Due(approved.year, approved.licence.member_class, approved.unpaid_years, approved.never_paid)
    lines, entrance = charged(due, paid, tariffs)
    return Bill(lines, entrance, tuple(counted(approved.waivers, lines)))


class Due(NamedTuple):
    """A year to be renewed, and what the register says of the years before it."""

    year: int
    member_class: MemberClass
    unpaid_years: tuple[UnpaidYear, ...]
    never_paid: bool


def charged(due: Due, paid: frozenset[int], tariffs: Tariffs) -> tuple[tuple[InvoiceLine, ...], int]:
    """The lines of a year with its arrears, and the entrance fee; also what an estimate says, before any approval."""
    owed = [one for one in due.unpaid_years if one.year not in paid and one.year < due.year]
    lines = tariffs.lines([*((one.year, one.member_class) for one in owed), (due.year, due.member_class)])
    joins = due.never_paid and not paid
    return lines, tariffs.entrance(due.year) if joins or len(owed) >= CANCELLED_AFTER_YEARS else 0


def counted(waivers: tuple[Waiver, ...], lines: tuple[InvoiceLine, ...]) -> list[Waiver]:
    """The waivers as far as there is a fee to be let off, so that no line becomes a gift."""
    left = {line.year: line.amount_rials for line in lines}
    found = []
    for waiver in waivers:
        amount = min(waiver.amount_rials, left.get(waiver.year, 0))
        if amount:
            left[waiver.year] -= amount
            found.append(Waiver(year=waiver.year, amount_rials=amount))
    return found
