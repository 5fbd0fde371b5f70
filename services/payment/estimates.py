"""What a renewal would cost, before any approval: by the same rules as its invoice will have."""

from sqlalchemy import Connection

from services.payment import arrears, lookups, spending
from services.payment.fees import NoTariff, Tariffs
from shared.contract import answers, questions
from shared.contract.refusals import Reason, Refused
from shared.event_log import EventLog


def answer(
    connection: Connection, question: questions.EstimateFee, log: EventLog, tariffs: Tariffs
) -> answers.FeeEstimate:
    """The year's lines with its arrears; for a known member without the years paid here, and with the credit there is."""
    member = question.member
    paid = lookups.paid_years(connection, member) if member else frozenset()
    credit = spending.credit_of(connection, log, member, question.year) if member else 0
    due = arrears.Due(question.year, question.member_class, question.unpaid_years, question.never_paid)
    try:
        lines, entrance = arrears.charged(due, paid, tariffs)
    except NoTariff:
        raise Refused(Reason.NO_TARIFF, {"year": str(question.year)}) from None
    amount = sum(line.amount_rials for line in lines) + entrance
    return answers.FeeEstimate(
        year=question.year,
        member_class=question.member_class,
        amount_rials=amount,
        lines=lines,
        entrance_rials=entrance,
        credit_rials=min(credit, amount),
    )
