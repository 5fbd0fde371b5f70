"""Callback of the bank through the browser: a reason to verify; what it claims is only compared with the bank's answer."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.payment.attempts import alerts, polling, queries
from services.payment.attempts.verification import GIVEN_BACK, NOT_SETTLED, Verification
from services.payment.banks import bulkhead
from shared.contract.passport import PrincipalKind
from shared.contract.payment import answers, commands
from shared.contract.payment.answers import AttemptStatus
from shared.contract.refusals import Reason, Refused

POLL_AFTER = timedelta(seconds=1)
CONTRADICTIONS = {"paid": {"started", "failed"}, "not_paid": {"settled", "duplicate"}}
"""Statuses of the bank's answer that contradict each claim of a browser; without an answer nothing does."""


def handle_callback(command: commands.VerifyPayment, verification: Verification) -> answers.PaymentResult:
    """Ask the bank about the attempt of a key, unless a browser has caused that a moment ago, and return what is known of it.

    Where the browser has the payer's own session, only the payer's visits count.
    """
    records = verification.records
    with records.read() as connection:
        attempt = queries.attempt_of(connection, authority=command.authority)
        is_down = verification.is_down(connection)
        visitor = visitor_of(attempt, command)
        is_too_soon = polling.is_too_soon(connection, visitor, command.at)
    attempt = must_be_meant(attempt, command, verification)
    if not is_too_soon and polling.may_inquire(records, visitor, command.at, verification.time_scale):
        return inquire(attempt, command, verification, is_down=is_down)
    with records.read() as connection:
        return queries.result(connection, attempt.attempt)


def visitor_of(attempt: queries.Attempt | None, command: commands.VerifyPayment) -> str:
    """The key of an attempt's visits: the payer's are counted apart."""
    if attempt is None:
        return ""
    is_payer = command.actor == f"{PrincipalKind.MEMBER}:{attempt.member}"
    return polling.payer_of(attempt.attempt) if is_payer else str(attempt.attempt)


def inquire(
    attempt: queries.Attempt, command: commands.VerifyPayment, verification: Verification, *, is_down: bool
) -> answers.PaymentResult:
    """Ask the bank, compare its answer with what the browser claims, and return what is known then."""
    status = None if is_down and not attempt.is_paid else verify_now(attempt, command, verification)
    poll_soon(attempt, status, command, verification)
    if contradicts(command, status) and not was_given_back(attempt.attempt, verification):
        record_alert("callback_contradicts", command, verification, attempt.attempt)

    def work(connection: Connection) -> answers.PaymentResult:
        alerts.record_return(connection, attempt.attempt, command.at, is_known=attempt.status != "started")
        return queries.result(connection, attempt.attempt)

    return verification.records.write(work)


def poll_soon(
    attempt: queries.Attempt,
    status: AttemptStatus | None,
    command: commands.VerifyPayment,
    verification: Verification,
) -> None:
    """Poll an attempt that is not decided, the first time with short pauses; each time where the bank did not answer.

    A browser that comes back to a paid attempt is a reason to ask whether the money is still there.
    """
    soon = command.at + POLL_AFTER

    def work(connection: Connection) -> None:
        if status != "started" or not polling.is_marked(connection, attempt.attempt):
            polling.poll_now(connection, command.authority, soon)

    if attempt.is_paid or status in {"started", None}:
        verification.records.write(work)


def verify_now(
    attempt: queries.Attempt, command: commands.VerifyPayment, verification: Verification
) -> AttemptStatus | None:
    """The bank's answer about an attempt; None as well while the bulkhead is full: then polling goes on."""
    if attempt.is_paid:
        return attempt.status
    with bulkhead.has_room() as is_free:
        return verification.verify_and_record(attempt, command.at) if is_free else None


def must_be_meant(
    attempt: queries.Attempt | None, command: commands.VerifyPayment, verification: Verification
) -> queries.Attempt:
    """The attempt of the bank's key, which must be the one that the browser was sent away with."""
    if attempt is None:
        record_alert("callback_unknown", command, verification, None)
        raise Refused(Reason.UNKNOWN_PAYMENT)
    if command.attempt not in {None, attempt.attempt}:
        with verification.records.read() as connection:
            meant = queries.attempt_of(connection, attempt=command.attempt) or attempt
        record_alert("callback_of_another", command, verification, meant.attempt)
        raise Refused(Reason.UNKNOWN_PAYMENT)
    return attempt


def contradicts(command: commands.VerifyPayment, status: AttemptStatus | None) -> bool:
    return status in CONTRADICTIONS.get(command.claims, set())


def was_given_back(key: UUID, verification: Verification) -> bool:
    """Whether it was paid indeed, and went back because it could not be kept."""
    with verification.records.read() as connection:
        attempt = queries.attempt_of(connection, attempt=key)
    return attempt is not None and attempt.cause in {NOT_SETTLED, GIVEN_BACK}


def record_alert(kind: str, command: commands.VerifyPayment, verification: Verification, attempt: UUID | None) -> None:
    verification.records.write(lambda connection: alerts.record(connection, kind, command.at, attempt))
