"""A browser is back from the bank: a reason to ask the bank, and no more; what it says is only held against the answer."""

from datetime import timedelta
from uuid import UUID

from services.payment.attempts import alerts, polling, queries
from services.payment.attempts.verification import GIVEN_BACK, NOT_SETTLED, Verification
from services.payment.banks import bulkhead
from shared.contract.payment import commands
from shared.contract.payment.answers import AttemptStatus
from shared.contract.refusals import Reason, Refused

ASK_AGAIN = timedelta(seconds=1)
CONTRADICTIONS = {"paid": {"started", "failed"}, "not_paid": {"settled", "duplicate"}}
"""What the bank's answer is, where the browser says otherwise; without an answer there is nothing to hold it against."""


def come_back(command: commands.VerifyPayment, verification: Verification) -> UUID:
    """Ask the bank about the attempt of a key, and return our own key of it."""
    attempt = named(command, verification)
    status = ask(attempt, command, verification)
    if attempt.is_paid or status in {"started", None}:
        # A browser that comes back to a paid attempt is a reason to ask whether the money is still there.
        soon = command.at + ASK_AGAIN
        verification.records.write(lambda connection: polling.mark(connection, command.authority, soon))
    if contradicts(command, status) and not was_given_back(attempt.attempt, verification):
        tell("callback_contradicts", command, verification, attempt.attempt)
    key, is_known = attempt.attempt, attempt.status != "started"
    verification.records.write(lambda connection: alerts.note_return(connection, key, command.at, is_known=is_known))
    return key


def ask(attempt: queries.Attempt, command: commands.VerifyPayment, verification: Verification) -> AttemptStatus | None:
    """The bank's word on an attempt; None as well while it is down or has no room for another question: then we ask again."""
    if attempt.is_paid:
        return attempt.status
    with verification.records.read() as connection:
        is_down = verification.is_down(connection)
    with bulkhead.has_room() as is_free:
        return verification.settle(attempt, command.at) if is_free and not is_down else None


def named(command: commands.VerifyPayment, verification: Verification) -> queries.Attempt:
    """The attempt of the bank's key, which must be the one that the browser was sent away with."""
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, authority=command.authority)
    if attempt is None:
        tell("callback_unknown", command, verification, None)
        raise Refused(Reason.UNKNOWN_PAYMENT)
    if command.attempt not in {None, attempt.attempt}:
        with verification.records.read() as connection:
            meant = queries.attempt_of(connection, attempt=command.attempt) or attempt
        tell("callback_of_another", command, verification, meant.attempt)
        raise Refused(Reason.UNKNOWN_PAYMENT)
    return attempt


def contradicts(command: commands.VerifyPayment, status: AttemptStatus | None) -> bool:
    return status in CONTRADICTIONS.get(command.claims, set())


def was_given_back(key: UUID, verification: Verification) -> bool:
    """Whether it was paid indeed, and went back because it could not be kept."""
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, attempt=key)
    return attempt is not None and attempt.cause in {NOT_SETTLED, GIVEN_BACK}


def tell(kind: str, command: commands.VerifyPayment, verification: Verification, attempt: UUID | None) -> None:
    verification.records.write(lambda connection: alerts.note(connection, kind, command.at, attempt))
