"""What an approved renewal costs: its year and every unpaid earlier one, the entrance fee, and what the manager let the member off."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from services.payment.coverage import Coverage
from services.payment.fees import Tariffs
from shared.contract import events
from shared.contract.values import CoveredYear, InvoiceLine, MemberClass, UnpaidYear, Waiver

CANCELLED_AFTER_YEARS = 4
"""After so many unpaid years the membership was cancelled, and the member joins again (docs/domain.md 7.2)."""


@dataclass(frozen=True)
class Bill:
    """What goes on an invoice."""

    lines: tuple[InvoiceLine, ...] = ()
    entrance_rials: int = 0
    waivers: tuple[Waiver, ...] = ()
    covered: tuple[CoveredYear, ...] = ()
    charged_by_year: int | None = None
    """The year of the unpaid invoice that charges the renewed year already: this one gives way to it."""


class Due(NamedTuple):
    """A year to be renewed, and what the register says of the years before it."""

    year: int
    member_class: MemberClass
    unpaid_years: tuple[UnpaidYear, ...]
    never_paid: bool


def bill(approved: events.RenewalApproved, coverage: Coverage, tariffs: Tariffs) -> Bill:
    """The bill of an approval.

    The year itself costs what the approved class costs; each earlier one by the class that the approval tells.
    """
    due = Due(approved.year, approved.licence.member_class, approved.unpaid_years, approved.never_paid)
    found = charged(due, coverage, tariffs)
    return replace(found, waivers=tuple(counted(approved.waivers, found.lines)))


def charged(due: Due, coverage: Coverage, tariffs: Tariffs) -> Bill:
    """The lines of a year with its arrears, and the entrance fee; also what an estimate says, before any approval.

    A year is charged once: not when it is covered, nor when another invoice charges it, unless that one gives way.
    """
    others = coverage.without(coverage.giving_way_to(due.year))
    wanted = {one.year: one.member_class for one in due.unpaid_years if one.year < due.year}
    wanted[due.year] = due.member_class
    covers = {year: others.cover_of(year) for year in wanted}
    charging = others.charged_by(due.year)
    if charging is not None and covers[due.year] is None:
        return Bill(charged_by_year=charging)
    left = [year for year in wanted if covers[year] is None and others.charged_by(year) is None]
    return Bill(
        lines=tariffs.lines((year, wanted[year]) for year in left),
        entrance_rials=tariffs.entrance(due.year) if joins(due, left, others) else 0,
        covered=tuple(cover for cover in covers.values() if cover is not None),
    )


def joins(due: Due, left: list[int], others: Coverage) -> bool:
    """Whether the entrance fee is due: at the first year, and again after too many unpaid ones, but never twice."""
    is_new = due.never_paid and not others.has_paid
    is_again = sum(year < due.year for year in left) >= CANCELLED_AFTER_YEARS
    return due.year in left and not others.is_joining and (is_new or is_again)


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
