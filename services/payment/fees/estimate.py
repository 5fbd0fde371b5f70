"""Estimate of a renewal's fee before any approval, by the rules of the bill."""

from services.payment.fees.bill import Due, charged
from services.payment.fees.tariffs import NoTariff, Tariffs
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.credit import credit_for
from shared.contract.payment import answers, queries
from shared.contract.refusals import Reason, Refused


def estimate(query: queries.EstimateFee, coverage: Coverage, tariffs: Tariffs) -> answers.FeeEstimate:
    """The year's lines with its arrears, less the years that are covered, and the credit there is."""
    due = Due(query.year, query.member_class, query.unpaid_years, query.never_paid, query.enrolled_years)
    try:
        bill = charged(due, coverage, tariffs)
    except NoTariff:
        raise Refused(Reason.NO_TARIFF, {"year": str(query.year)}) from None
    amount = sum(line.amount_rials for line in bill.lines) + bill.entrance_rials
    return answers.FeeEstimate(
        year=query.year,
        member_class=query.member_class,
        amount_rials=amount,
        lines=bill.lines,
        covered=bill.covered,
        charged_by_year=bill.charged_by_year,
        entrance_rials=bill.entrance_rials,
        credit_rials=min(credit_for(coverage, query.year), amount),
    )
