"""Reverses surplus payments at the bank as long as it allows that; after that finance owes the refund."""

from datetime import datetime
from uuid import UUID

from services.payment.attempts import queries
from services.payment.attempts.reconciler import BANK_CHANGED, work_through
from services.payment.attempts.verification import BY_BANK, DUPLICATE, GIVEN_BACK, Verification
from services.payment.banks.port import NotReversed, Reversed, SessionStatus, Unknown
from services.payment.refunds import finance_tasks, queue
from shared.contract.payment import commands
from shared.contract.refusals import Reason, Refused

TOO_LATE = "too_late"
NOT_OFFERED = "not_offered"
Answer = Reversed | NotReversed | Unknown


def reverse_due_payments(verification: Verification, at: datetime) -> int:
    """Try what is due, and return how many; when the bank does not answer, the rest wait for the next round."""
    database, again_at = verification.records.database, at + queue.PAUSE / verification.time_scale
    timers = queue.claim_each(database, at, again_at)
    return work_through(timers, lambda timer: reverse_one(UUID(timer.key), verification, at))


def reverse_one(key: UUID, verification: Verification, at: datetime) -> bool:
    """Have one payment given back; False when the bank does not answer.

    The bank is asked how it stands before and after: an answer may have been lost, to this try or to an earlier one, and what
    has gone back is not asked for again. The bank's window is counted from the payment, which was before we found it, so that
    a try too many is declined by the bank itself and never by our clock alone.
    """
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, attempt=key)
    if attempt is None or attempt.status not in {"duplicate", "held"}:
        verification.records.write(lambda connection: queue.dequeue(connection, key))
        return True
    if cause := why_not_requested(attempt, verification):
        owe_refund(attempt, cause, verification, at)
        return True
    answer, session_status = request_reversal(attempt, verification)
    if session_status.is_over:
        record_given_back(attempt, verification, at)
    elif session_status is SessionStatus.UNKNOWN:
        mark_unknown(attempt, verification)
    elif cause := final_cause(attempt, answer, verification, at):
        owe_refund(attempt, cause, verification, at)
    return session_status is not SessionStatus.UNKNOWN


def why_not_requested(attempt: queries.Attempt, verification: Verification) -> str:
    """Why the bank is not asked to give a payment back; empty where it is."""
    if not verification.is_own(attempt):
        return BANK_CHANGED
    return "" if verification.bank.capabilities.can_reverse else NOT_OFFERED


def request_reversal(attempt: queries.Attempt, verification: Verification) -> tuple[Answer, SessionStatus]:
    """Request the reversal of a payment at the bank; its answer, and the session's status now."""
    bank, authority = verification.bank, attempt.authority
    session_status = bank.inquire(authority)
    if session_status is SessionStatus.UNKNOWN or session_status.is_over:
        return Unknown("not_asked"), session_status
    answer = bank.reverse(authority)
    return answer, SessionStatus.REVERSED if isinstance(answer, Reversed) else bank.inquire(authority)


def final_cause(attempt: queries.Attempt, answer: Answer, verification: Verification, at: datetime) -> str:
    """Why the bank will not give it back any more; empty while it still may.

    What we have not verified may go back by itself while its window is open, whatever the bank says of asking for it.
    """
    window = verification.bank.capabilities.reverse_window
    is_late = attempt.ended_at is not None and at - attempt.ended_at > window
    if isinstance(answer, NotReversed) and (is_late or attempt.status == "duplicate"):
        return answer.cause
    return TOO_LATE if is_late else ""


def record_given_back(attempt: queries.Attempt, verification: Verification, at: datetime) -> None:
    """A held payment never counted, so it has failed; a surplus one did, and is taken out of the ledger again."""
    if attempt.status == "held":
        verification.record_failed(attempt, GIVEN_BACK, at)
    else:
        verification.record_reversed(attempt, DUPLICATE, at)


def mark_unknown(attempt: queries.Attempt, verification: Verification) -> None:
    """A held payment stays on finance's list as it is."""
    if attempt.status == "duplicate":
        verification.records.write(lambda connection: queue.mark_unknown(connection, attempt.attempt))


def owe_refund(attempt: queries.Attempt, cause: str, verification: Verification, at: datetime) -> None:
    """A surplus payment is owed back from now on; a held one is on finance's list already."""
    if attempt.status == "held":
        verification.records.write(lambda connection: queue.dequeue(connection, attempt.attempt))
    else:
        verification.record_owed(attempt, cause, at)


def must_not_have_gone_back(command: commands.GrantRefund | commands.RecordRefund, verification: Verification) -> None:
    """Refuse to send money a second time, also where nobody knows whether it was sent once.

    A bank that is used no more can't be asked; then two officers decide.
    """
    with verification.records.read() as connection:
        key = finance_tasks.attempt_of(connection, command.request)
        attempt = None if key is None else queries.attempt_of(connection, attempt=key)
    if attempt is None or not verification.is_own(attempt):
        return
    session_status = (
        SessionStatus.REVERSED if attempt.status == "reversed" else verification.bank.inquire(attempt.authority)
    )
    if session_status is SessionStatus.UNKNOWN:
        raise Refused(Reason.REFUND_UNKNOWN)
    if session_status is SessionStatus.REVERSED:
        verification.record_reversed(attempt, BY_BANK, command.at)
        raise Refused(Reason.GIVEN_BACK_BY_BANK)
