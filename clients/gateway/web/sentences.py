"""Sentences about invoices and capacity: years that are not charged, what became of an invoice, and a ceiling that is exceeded."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from clients.gateway.web import filters, labels
from shared.contract.capacity.answers import Capacity, FieldCapacity, JobUnits, WhatIfResult
from shared.contract.payment import invoice_stage
from shared.contract.payment.answers import FeeEstimate, Invoice, Receipt
from shared.contract.values import CoveredYear, InvoiceLine
from shared.text import persian

JOB_CODES = {"degree_not_allowed", "field_not_in_licence", "dates_out_of_order", "outside_year", "full_time_twice"}
"""Codes of a single job; among a capacity's warnings their sentence names the job."""


def covered_year(cover: CoveredYear) -> str:
    """What covers a year."""
    return f"سال {persian.digits_to_persian(cover.year)} {covered_by(cover)}"


def covered_by(cover: CoveredYear) -> str:
    if cover.invoice_year is None:
        return "در بانک اعضا پرداخت شده است"
    return f"در صورت‌حساب سال {persian.digits_to_persian(cover.invoice_year)} {labels.COVERED_BY[cover.by]}"


def uncharged_years(fee: FeeEstimate | None) -> list[str]:
    """Which years an approval will not charge, and why."""
    if fee is None:
        return []
    found = [f"{covered_year(cover)} و دوباره گرفته نمی‌شود." for cover in fee.covered]
    if fee.charged_by_year is not None:
        later = persian.digits_to_persian(fee.charged_by_year)
        found.append(
            f"سال {persian.digits_to_persian(fee.year)} در صورت‌حساب پرداخت‌نشدهٔ سال {later} آمده است؛ "
            "صورت‌حساب این درخواست جای خود را به آن می‌دهد و جداگانه پرداخت نمی‌شود."
        )
    return found


def register_differs(invoice: Invoice, paid_through: int | None) -> str:
    """Where the register has years of an unpaid invoice as paid; empty where it agrees."""
    is_open = invoice.status == "open" and invoice.replaced_by_year is None and invoice.cancelled_at is None
    if paid_through is None or not is_open:
        return ""
    years = [persian.digits_to_persian(line.year) for line in invoice.lines if line.year <= paid_through]
    if not years:
        return ""
    return (
        f"بانک اعضا سال {'، '.join(years)} را پرداخت‌شده می‌داند و این صورت‌حساب آن را دارد. "
        "پیش از پرداخت با امور مالی سازمان تماس بگیرید تا یکی از دو اصلاح شود."
    )


def invoice_line(line: InvoiceLine) -> str:
    """The description of an invoice's line."""
    year = persian.digits_to_persian(line.year)
    return f"حق عضویت سال {year}، {labels.CLASSES[line.member_class]}"


def invoice_rows(invoice: Invoice) -> list[tuple[str, int]]:
    """The rows of an invoice that its amount is the sum of: each year's fee, the entrance fee, and what was waived.

    A year that is covered has an amount of 0, and what covers it in its text.
    """
    rows = [(covered_year(cover), 0) for cover in invoice.covered]
    rows += [(invoice_line(line), line.amount_rials) for line in invoice.lines]
    if invoice.entrance_rials:
        rows.append(("ورودیهٔ عضویت", invoice.entrance_rials))
    years = [(persian.digits_to_persian(waiver.year), waiver.amount_rials) for waiver in invoice.waivers]
    return rows + [(f"بخشودگی سال {year}", -amount) for year, amount in years]


def invoice_status(invoice: Invoice) -> str:
    """What became of an invoice."""
    stage = invoice_stage.stage(invoice)
    if stage == "replaced":
        return f"در صورت‌حساب سال {persian.digits_to_persian(invoice.replaced_by_year)} آمده است"
    return labels.INVOICE_STAGES[stage]


def receipt_worth(receipt: Receipt) -> str:
    """Why a receipt is worth less than its amount; empty where it is valid."""
    if receipt.reversed_at is not None:
        return f"بانک این پرداخت را در {filters.long_instant(receipt.reversed_at)} برگرداند؛ این رسید دیگر معتبر نیست."
    if receipt.refunded_rials:
        return f"{filters.rials(receipt.refunded_rials)} از این پرداخت به شما بازگردانده شده است."
    return ""


def over_ceiling(used: int, ceiling: int) -> Markup:
    """All uses against the year's ceiling."""
    numbers = (filters.units(units) for units in (used, ceiling, used - ceiling))
    return Markup("مجموع کسرها {} است، سقف ظرفیت سال {}: {} بیش از سقف.").format(*numbers)


def over_field_ceiling(one: FieldCapacity) -> Markup:
    """A licence field's uses against its own ceiling."""
    used, ceiling = one.used_units, one.ceiling_units
    numbers = (filters.units(units) for units in (used, ceiling, used - ceiling))
    return Markup("کسرهای رستهٔ {} {} است، سقف این رسته {}: {} بیش از سقف.").format(labels.FIELDS[one.field], *numbers)


def capacity_warnings(capacity: Capacity) -> list[str]:
    """A capacity's warnings as sentences."""
    whole = (capacity.used_units, capacity.ceiling_units)
    of_one = [f"یکی از فعالیت‌ها: {labels.capacity_code(code)}" for code in capacity.warnings if code in JOB_CODES]
    return [
        *capacity_code_sentences((code for code in capacity.warnings if code not in JOB_CODES), whole, capacity.fields),
        *of_one,
    ]


def job_problems(found: WhatIfResult) -> Mapping[str, str]:
    """The rules that a job would break: each sentence with its row of the policy."""
    rows: dict[str, str] = {}
    for code, rule in found.problems.items():
        fields = [one for one in found.fields if one.field == found.field]
        rows |= dict.fromkeys(capacity_code_sentences([code], (found.used_units, found.ceiling_units), fields), rule)
    return rows


def job_unit_warnings(units: JobUnits) -> Iterator[str]:
    """What declared jobs use beyond the year's ceiling or a field's."""
    whole = (units.employment_units + sum(units.units), units.ceiling_units)
    for field_path, code in units.problems.items():
        name = field_path.removeprefix("fields.")
        of_one = [one for one in units.fields if one.field == name]
        if field_path.startswith("jobs.") or field_path == "licence":  # shown at the job, and at the licence
            continue
        if name in labels.FIELDS and not of_one:
            yield f"{labels.FIELDS[name]}: {labels.capacity_code(code)}"
        else:
            yield from capacity_code_sentences([code], whole, of_one)


def capacity_code_sentences(
    codes: Iterable[str], whole: tuple[int, int], fields: Iterable[FieldCapacity]
) -> Iterator[str]:
    """Each code's sentence, with the numbers where too much is used."""
    for code in codes:
        over = [one for one in fields if one.used_units > one.ceiling_units]
        if code == "over_ceiling" and whole[0] > whole[1]:
            yield over_ceiling(*whole)
        elif code == "over_field_ceiling" and over:
            yield from map(over_field_ceiling, over)
        else:
            yield labels.capacity_code(code)


FILTERS: Mapping[str, Callable[..., Any]] = {
    named.__name__: named
    for named in (
        *(covered_year, register_differs, invoice_rows, invoice_status, receipt_worth),
        *(invoice_stage.due_rials, invoice_stage.is_paid_whole, capacity_warnings, job_problems, over_ceiling),
    )
}
"""The filters by their name in templates."""
