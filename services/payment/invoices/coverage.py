"""Coverage: which years of a member are paid for, and by what, and which ones an unpaid invoice charges."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from services.payment.invoices.state import Invoice, Request
from shared.contract.payment import finance_events
from shared.contract.values import CoveredYear, MemberClass


class Remission(NamedTuple):
    """The waived part of a year's fee, who requested it last, and all who requested or granted it."""

    rials: int
    by: str
    persons: frozenset[str]


@dataclass(frozen=True)
class Coverage:
    """A member's issued invoices by their years, and the last year that the register has as paid."""

    invoices: Mapping[int, Invoice]
    paid_through: int | None = None

    def cover_of(self, year: int) -> CoveredYear | None:
        """What covers a year: a paid invoice that charges it or was issued for it, or else the register."""
        for key, invoice in sorted(self.invoices.items()):
            if invoice.is_paid and year in {key, *charged_years(invoice)}:
                return CoveredYear(year=year, by=means(invoice), invoice_year=key)
        if self.paid_through is not None and year <= self.paid_through:
            return CoveredYear(year=year, by="register")
        return None

    def charged_by(self, year: int) -> int | None:
        """The year of the unpaid invoice that charges a year."""
        charging = (key for key, one in self.unpaid() if year in charged_years(one))
        return next(charging, None)

    def unpaid(self) -> Iterator[tuple[int, Invoice]]:
        """The valid invoices that wait to be paid."""
        return ((key, one) for key, one in sorted(self.invoices.items()) if one.is_valid and not one.is_paid)

    def replaceable_by(self, year: int) -> list[int]:
        """The years of the unpaid invoices that a later year's one replaces."""
        return [key for key, _ in self.unpaid() if key < year]

    def given_way(self, year: int) -> list[int]:
        """The years of the earlier invoices that were replaced, or that a year's one replaces; not what ended in a cancelled one."""
        replaced = [key for key, one in self.invoices.items() if key < year and self.was_replaced(one)]
        return sorted({*replaced, *self.replaceable_by(year)})

    def was_replaced(self, invoice: Invoice) -> bool:
        """Whether its lines went on to another invoice, and that one or the last of those after it was not cancelled."""
        by_year = invoice.replaced_by_year
        return by_year is not None and not self.invoices[self.last_in_place_of(by_year)].is_cancelled

    def last_in_place_of(self, year: int) -> int:
        """The year of the invoice that has taken the place of a year's one, or of the last after it; the year's own if none has."""
        last = year
        while (by_year := self.invoices[last].replaced_by_year) is not None:  # by a later year's each time
            last = by_year
        return last

    def classes_given_way(self, year: int) -> dict[int, MemberClass]:
        """The years on the lines of those invoices, each with the class of its newest line."""
        issued = (self.invoices[key].issued for key in self.given_way(year))
        return {line.year: line.member_class for one in issued if one for line in one.lines if line.year < year}

    def last_covered_before(self, year: int) -> int | None:
        """The last year before another that a paid invoice or the register covers."""
        paid = {
            one for key, invoice in self.invoices.items() if invoice.is_paid for one in {key, *charged_years(invoice)}
        }
        by_register = set() if self.paid_through is None else {min(self.paid_through, year - 1)}
        return max((one for one in paid | by_register if one < year), default=None)

    def without(self, years: list[int]) -> "Coverage":
        """The same without these years' invoices."""
        return Coverage({key: one for key, one in self.invoices.items() if key not in years}, self.paid_through)

    def remissions(self, years: list[int]) -> dict[int, Remission]:
        """What was waived or written off of these years' invoices, by each year that they charge."""
        return {year: given for key in years for year, given in remissions_of(self.invoices[key]).items()}

    @property
    def has_paid(self) -> bool:
        """Whether the member was ever paid for here."""
        return any(one.is_paid for one in self.invoices.values())

    @property
    def is_joining(self) -> bool:
        """Whether an unpaid invoice charges the entrance fee."""
        return any(one.issued is not None and one.issued.entrance_rials for _, one in self.unpaid())

    def uncovered(self) -> Iterator[tuple[int, int]]:
        """Pairs (year, covering year): the invoice's own year was covered by another invoice, which is no longer paid."""
        for key, invoice in sorted(self.invoices.items()):
            covering = cover_from(key, invoice)
            if invoice.is_valid and covering is not None and not self.invoices[covering].is_paid:
                yield key, covering


def cover_from(year: int, invoice: Invoice) -> int | None:
    """The year of the other invoice that covers an invoice's own year."""
    covered = invoice.issued.covered if invoice.issued else ()
    return next((one.invoice_year for one in covered if one.year == year), None)


def charged_years(invoice: Invoice) -> set[int]:
    """The years that an invoice charges itself."""
    return {line.year for line in invoice.issued.lines} if invoice.issued else set()


def remissions_of(invoice: Invoice) -> dict[int, Remission]:
    """An invoice's waivers, and what was written off later, of the newest year's fee first."""
    if invoice.issued is None:
        return {}
    waived = {one.year: one.amount_rials for one in invoice.issued.waivers}
    writers = [one.event.requested_by for one in write_offs(invoice)]
    persons = waiver_persons(invoice)
    left, found = invoice.written_off_rials, {}
    for line in reversed(invoice.issued.lines):
        before = waived.get(line.year, 0)
        written_off = min(left, line.amount_rials - before)
        left -= written_off
        if before + written_off:
            by = writers[-1] if written_off else invoice.issued.waived_by
            found[line.year] = Remission(before + written_off, by, persons)
    return found


def write_offs(invoice: Invoice) -> list[Request]:
    """The granted write-offs, waivers of the approval among them."""
    done = (one for one in invoice.requests.values() if one.status == "done")
    return [one for one in done if isinstance(one.event, finance_events.WriteOffRequested)]


def waiver_persons(invoice: Invoice) -> frozenset[str]:
    """All who requested or granted that a part of the fee is given up, also on an invoice that this one has replaced."""
    carried = set(invoice.issued.waiver_persons) if invoice.issued else set()
    own = {person for one in write_offs(invoice) for person in (one.event.requested_by, one.decided_by)}
    return frozenset((carried | own) - {""})


def means(invoice: Invoice) -> Literal["payment", "slip", "credit", "waiver"]:
    """What a paid invoice was paid by, bank payments first."""
    if any(one.status == "settled" for one in invoice.attempts.values()):
        return "payment"
    done = (one.event for one in invoice.requests.values() if one.status == "done")
    if any(isinstance(one, finance_events.ManualPaymentRequested) for one in done):
        return "slip"
    return "credit" if invoice.received_rials > 0 else "waiver"
