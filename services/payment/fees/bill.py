"""Bill of an approved renewal: its year and every unpaid earlier one, the entrance fee, and the waivers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from services.payment.fees.tariffs import Tariffs
from services.payment.invoices.coverage import Coverage
from shared.contract.renewal import events
from shared.contract.values import CoveredYear, InvoiceLine, MemberClass, UnpaidYear, Waiver

CANCELLED_AFTER_YEARS = 4
"""After so many consecutive unpaid years the membership was cancelled, and the member joins again (docs/domain.md 7.2)."""


@dataclass(frozen=True)
class Bill:
    """What goes on an invoice."""

    lines: tuple[InvoiceLine, ...] = ()
    entrance_rials: int = 0
    waivers: tuple[Waiver, ...] = ()
    waived_by: str = ""
    waiver_persons: tuple[str, ...] = ()
    """All who requested or granted the waivers."""
    requested_waiver_rials: int = 0
    """What the approval wants to let the member off beyond that, once a second officer grants it."""
    covered: tuple[CoveredYear, ...] = ()
    charged_by_year: int | None = None
    """The year of the unpaid invoice that charges the renewed year already, and replaces this one."""


class Due(NamedTuple):
    """A year to be renewed, and the unpaid years before it by the register, or those since the enrolment of whom it has as never paid."""

    year: int
    member_class: MemberClass
    unpaid_years: tuple[UnpaidYear, ...]
    never_paid: bool
    enrolled_years: tuple[UnpaidYear, ...]


def bill_of(approved: events.RenewalApproved, coverage: Coverage, tariffs: Tariffs) -> Bill:
    """The bill of an approval.

    The year itself costs what the approved class costs; each earlier one by the class that it is owed in. Waivers and
    write-offs of a replaced invoice carry over; what the approval waives beyond them is only requested.
    """
    unpaid = (approved.unpaid_years, approved.never_paid, approved.enrolled_years)
    due = Due(approved.year, approved.licence.member_class, *unpaid)
    found = charged(due, coverage, tariffs)
    remissions = coverage.remissions(coverage.given_way(due.year))
    waivers = capped_waivers({year: one.rials for year, one in remissions.items()}, found.lines)
    wanted = totals(approved.waivers)
    for one in waivers:
        wanted[one.year] = max(wanted[one.year], one.amount_rials)
    carried = [remissions[one.year] for one in waivers]
    return replace(
        found,
        waivers=waivers,
        waived_by=carried[-1].by if carried else "",
        waiver_persons=tuple(sorted({person for one in carried for person in one.persons})),
        requested_waiver_rials=rials_of(capped_waivers(wanted, found.lines)) - rials_of(waivers),
    )


def rials_of(waivers: tuple[Waiver, ...]) -> int:
    return sum(one.amount_rials for one in waivers)


def totals(waivers: tuple[Waiver, ...]) -> Counter[int]:
    """What waivers let the member off, by year."""
    found: Counter[int] = Counter()
    for one in waivers:
        found[one.year] += one.amount_rials
    return found


def charged(due: Due, coverage: Coverage, tariffs: Tariffs) -> Bill:
    """The lines of a year with its arrears, and the entrance fee; also of an estimate, before any approval.

    A year is charged once: not when it is covered, nor when another invoice charges it, unless that one gives way.
    """
    others = coverage.without(coverage.replaceable_by(due.year))
    wanted = owed(due, coverage)
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


def owed(due: Due, coverage: Coverage) -> dict[int, MemberClass]:
    """The years that are owed by what the register and payment know together, each with its class.

    That is the year itself, what the register does not have as paid, what stands on invoices that give way, and each year
    since the last covered one; for whom none is covered, since the first of an invoice that gives way. A year's class is
    that on its 1 Farvardin by the register, or else that of its line, or else the renewed one.
    """
    given_way = coverage.classes_given_way(due.year)
    last = coverage.last_covered_before(due.year)
    first = min(given_way, default=due.year) if last is None else last + 1
    named = {one.year: one.member_class for one in due.unpaid_years if one.year < due.year}
    years = {*range(first, due.year), *given_way, *named}
    classes = given_way | {one.year: one.member_class for one in due.enrolled_years} | named
    return {year: classes.get(year, due.member_class) for year in years} | {due.year: due.member_class}


def joins(due: Due, left: list[int], others: Coverage) -> bool:
    """Whether the entrance fee is due: at the first year, and again after too many consecutive unpaid ones, but never twice."""
    is_new = due.never_paid and not others.has_paid
    is_again = set(range(due.year - CANCELLED_AFTER_YEARS, due.year)).issubset(left)
    return due.year in left and not others.is_joining and (is_new or is_again)


def capped_waivers(remitted: Mapping[int, int], lines: tuple[InvoiceLine, ...]) -> tuple[Waiver, ...]:
    """The waivers as far as there is a fee to be let off, so that no line becomes a gift."""
    return tuple(
        Waiver(year=line.year, amount_rials=min(remitted[line.year], line.amount_rials))
        for line in lines
        if remitted.get(line.year)
    )
