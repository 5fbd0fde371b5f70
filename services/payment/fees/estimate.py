"""What a renewal would cost, before any approval: by the same rules as its invoice will have."""

from sqlalchemy import Connection

from services.payment.fees import bill as arrears
from services.payment.fees.tariffs import NoTariff, Tariffs
from services.payment.invoices import credit_spending, streams
from services.payment.invoices.coverage import Coverage
from shared.contract.payment import answers, queries
from shared.contract.refusals import Reason, Refused
from shared.event_store.log import EventLog


def answer(
    connection: Connection, question: queries.EstimateFee, log: EventLog, tariffs: Tariffs
) -> answers.FeeEstimate:
    """The year's lines with its arrears; for a known member without the years paid here, and with the credit there is."""
    member, paid_through = question.member, question.paid_through
    known = streams.coverage(connection, log, member, paid_through) if member else Coverage({}, paid_through)
    due = arrears.Due(question.year, question.member_class, question.unpaid_years, question.never_paid)
    try:
        bill = arrears.charged(due, known, tariffs)
    except NoTariff:
        raise Refused(Reason.NO_TARIFF, {"year": str(question.year)}) from None
    amount = sum(line.amount_rials for line in bill.lines) + bill.entrance_rials
    return answers.FeeEstimate(
        year=question.year,
        member_class=question.member_class,
        amount_rials=amount,
        lines=bill.lines,
        covered=bill.covered,
        charged_by_year=bill.charged_by_year,
        entrance_rials=bill.entrance_rials,
        credit_rials=min(credit_spending.credit_for(known, question.year), amount),
    )
