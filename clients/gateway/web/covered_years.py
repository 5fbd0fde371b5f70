"""Sentences about years that are not charged: what covers them, and where the register differs from an unpaid invoice; pure."""

from clients.gateway.web import labels
from shared.contract.payment.answers import FeeEstimate, Invoice
from shared.contract.values import CoveredYear
from shared.text import persian


def sentence(cover: CoveredYear) -> str:
    """What covers a year."""
    return f"سال {persian.digits_to_persian(cover.year)} {by(cover)}"


def by(cover: CoveredYear) -> str:
    if cover.invoice_year is None:
        return "در بانک اعضا پرداخت شده است"
    return f"در صورت‌حساب سال {persian.digits_to_persian(cover.invoice_year)} {labels.COVERED_BY[cover.by]}"


def of_estimate(fee: FeeEstimate | None) -> list[str]:
    """What is to be known before an approval: which years will not be charged, and why."""
    if fee is None:
        return []
    said = [f"{sentence(cover)} و دوباره گرفته نمی‌شود." for cover in fee.covered]
    if fee.charged_by_year is not None:
        later = persian.digits_to_persian(fee.charged_by_year)
        said.append(
            f"سال {persian.digits_to_persian(fee.year)} در صورت‌حساب پرداخت‌نشدهٔ سال {later} آمده است؛ "
            "صورت‌حساب این درخواست جای خود را به آن می‌دهد و جداگانه پرداخت نمی‌شود."
        )
    return said


def register_differs(invoice: Invoice, paid_through: int | None) -> str:
    """What the register has learnt of an unpaid invoice's years since it was issued; empty where it agrees."""
    stands = invoice.status == "open" and invoice.replaced_by_year is None and invoice.cancelled_at is None
    if paid_through is None or not stands:
        return ""
    years = [persian.digits_to_persian(line.year) for line in invoice.lines if line.year <= paid_through]
    if not years:
        return ""
    return (
        f"بانک اعضا سال {'، '.join(years)} را پرداخت‌شده می‌داند و این صورت‌حساب آن را دارد. "
        "پیش از پرداخت با امور مالی سازمان تماس بگیرید تا یکی از دو اصلاح شود."
    )
