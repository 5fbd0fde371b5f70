"""Before people send a payment back: the bank is asked whether it has done so itself, and nothing goes on until it has answered."""

from services.payment.attempts.verification import BY_BANK, Verification
from services.payment.banks.port import Standing
from services.payment.invoices import queries
from services.payment.refunds import finance_tasks
from shared.contract.payment import commands
from shared.contract.refusals import Reason, Refused


def must_not_have_gone_back(command: commands.GrantRefund | commands.RecordRefund, verification: Verification) -> None:
    """Refuse to send money a second time, also where nobody knows whether it was sent once.

    A bank that is used no more can't be asked; then the word of two officers has to do.
    """
    with verification.records.read() as connection:
        key = finance_tasks.attempt_of(connection, command.request)
        attempt = None if key is None else queries.attempt_of(connection, attempt=key)
    if attempt is None or not verification.knows(attempt):
        return
    standing = Standing.REVERSED if attempt.status == "reversed" else verification.bank.inquire(attempt.authority)
    if standing is Standing.UNKNOWN:
        raise Refused(Reason.REFUND_UNKNOWN)
    if standing is Standing.REVERSED:
        verification.record_reversed(attempt, BY_BANK, command.at)
        raise Refused(Reason.GIVEN_BACK_BY_BANK)
