"""Verification of attempts: inquire at the bank and record its answer, the same for callback, notice and polling."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection

from services.payment.attempts import queries
from services.payment.banks import circuit_breaker
from services.payment.banks.port import (
    Bank,
    Mismatch,
    NotPaid,
    NotSettled,
    Paid,
    Reversed,
    SessionStatus,
    Settled,
    TwoPhaseBank,
    Unknown,
)
from services.payment.invoices import (
    INVOICE,
    REFERENCE_COUNTED,
    SLIP_COUNTS,
    WINDOW,
    FailAttempt,
    HoldAttempt,
    OweRefund,
    ReferenceTaken,
    ReverseAttempt,
    SettleAttempt,
    SlipCounts,
    undo_dependents,
)
from shared.contract.payment.answers import AttemptStatus
from shared.event_store.command_handler import Records

NOT_SETTLED = "not_settled"
BY_BANK, DUPLICATE = "by_bank", "duplicate"
GIVEN_BACK = "given_back"
Outcome = SettleAttempt | FailAttempt | HoldAttempt | ReverseAttempt | OweRefund

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Verification:
    """Asks one bank, and records in one place. Never within a transaction: each question may take seconds."""

    records: Records
    bank: Bank
    time_scale: int = 1
    """The divisor of the waiting times between inquiries."""
    bank_since: datetime | None = None
    """Since when it is this bank, with this merchant of ours; None: always."""

    @property
    def bank_name(self) -> str:
        return self.bank.capabilities.name

    def is_down(self, connection: Connection) -> bool:
        """Whether the bank is down: no payment is started, and no inquiry is sent."""
        return circuit_breaker.is_down(connection, self.bank_name)

    def verify_and_record(self, attempt: queries.Attempt, at: datetime) -> AttemptStatus | None:
        """Verify at the bank and record the answer; repeated, late or twice at once, it comes to the same.

        What a browser or a notice claims is not used: only that there may be an outcome.
        None when the bank does not answer: then nothing is recorded, and the attempt is polled on.
        """
        if attempt.is_paid:
            return attempt.status
        if not self.is_own(attempt):
            return None
        verdict = self.bank.verify(attempt.authority, attempt.amount_rials)
        match verdict:
            case Paid():
                return self.finish(attempt, verdict, at)
            case Mismatch():
                return self.record_held(attempt, verdict.cause, at)
            case NotPaid():
                return self.close_if_over(attempt, self.bank.inquire(attempt.authority), at)
            case Unknown():
                return None

    def is_own(self, attempt: queries.Attempt) -> bool:
        """Whether the attempt was opened at this bank by this merchant, not at those that were configured before."""
        is_of_before = self.bank_since is not None and attempt.started_at < self.bank_since
        return attempt.bank == self.bank_name and not is_of_before

    def finish(self, attempt: queries.Attempt, paid: Paid, at: datetime) -> AttemptStatus | None:
        """Record a verified payment, at a two-phase bank only once it is settled.

        Unsettled is not ours: a lost answer is asked for again, and what the bank will not settle goes back to the payer.
        """
        if not isinstance(self.bank, TwoPhaseBank):
            return self.record_paid(attempt, paid, at)
        match self.bank.settle(attempt.authority):
            case Settled():
                return self.record_paid(attempt, paid, at)
            case Unknown():
                return None
            case NotSettled():
                return self.give_up(attempt, at)

    def give_up(self, attempt: queries.Attempt, at: datetime) -> AttemptStatus | None:
        """A payment that can't be settled is reversed; until the bank confirms that, the outcome is unknown."""
        if not isinstance(self.bank.reverse(attempt.authority), Reversed):
            log.error("attempt %s is verified and neither settled nor given back", attempt.attempt)
            return None
        return self.record_failed(attempt, NOT_SETTLED, at)

    def inquire(self, attempt: queries.Attempt, at: datetime) -> AttemptStatus | None:
        """Inquire about an attempt, and verify it only where it is paid; None when the bank does not answer.

        Of one that was paid the bank may say that the money has gone back: that is recorded, for the bank itself is the source.
        """
        session_status = self.bank.inquire(attempt.authority) if self.is_own(attempt) else SessionStatus.UNKNOWN
        if attempt.is_paid:
            return self.take_back_if_gone(attempt, session_status, at)
        if session_status in {SessionStatus.PAID, SessionStatus.VERIFIED}:
            return self.verify_and_record(attempt, at)
        return self.close_if_over(attempt, session_status, at)

    def take_back_if_gone(
        self, attempt: queries.Attempt, session_status: SessionStatus, at: datetime
    ) -> AttemptStatus | None:
        if session_status is SessionStatus.REVERSED:
            with self.records.read() as connection:
                is_reversal_requested = queries.is_reversal_requested(connection, attempt.attempt)
            return self.record_reversed(attempt, DUPLICATE if is_reversal_requested else BY_BANK, at)
        return None if session_status is SessionStatus.UNKNOWN else attempt.status

    def close_if_over(
        self, attempt: queries.Attempt, session_status: SessionStatus, at: datetime
    ) -> AttemptStatus | None:
        """Record a failure only where the bank's answer excludes a payment, or its window has passed."""
        if session_status is SessionStatus.UNKNOWN:
            return None
        if session_status.is_over:
            return self.record_failed(attempt, session_status.value, at)
        if session_status is SessionStatus.IN_BANK and at - attempt.started_at > WINDOW:
            return self.record_failed(attempt, "expired", at)
        if attempt.status == "failed" and session_status in {SessionStatus.PAID, SessionStatus.VERIFIED}:
            return None  # paid after it was closed, between two questions: unknown until it is verified
        return attempt.status

    def record_paid(self, attempt: queries.Attempt, paid: Paid, at: datetime) -> AttemptStatus:
        command = SettleAttempt(
            id=outcome(attempt, f"paid {paid.reference}"),
            at=at,
            attempt=attempt.attempt,
            bank_reference=paid.reference,
            card_mask=paid.card_mask,
        )
        try:
            return self.record(attempt, command)
        except ReferenceTaken:
            return self.record_held(attempt, REFERENCE_COUNTED, at)
        except SlipCounts:
            return self.record_held(attempt, SLIP_COUNTS, at)

    def record_held(self, attempt: queries.Attempt, cause: str, at: datetime) -> AttemptStatus:
        log.error("attempt %s is held for an officer to check: %s", attempt.attempt, cause)
        return self.record(attempt, HoldAttempt(outcome(attempt, f"held {cause}"), at, attempt.attempt, cause))

    def record_failed(self, attempt: queries.Attempt, cause: str, at: datetime) -> AttemptStatus:
        return self.record(attempt, FailAttempt(outcome(attempt, cause), at, attempt.attempt, cause))

    def record_reversed(self, attempt: queries.Attempt, cause: str, at: datetime) -> AttemptStatus:
        log.warning("attempt %s was reversed: %s", attempt.attempt, cause)
        return self.record(attempt, ReverseAttempt(outcome(attempt, "reversed"), at, attempt.attempt, cause))

    def record_owed(self, attempt: queries.Attempt, cause: str, at: datetime) -> AttemptStatus:
        return self.record(attempt, OweRefund(outcome(attempt, "owed"), at, attempt.attempt, cause))

    def record(self, attempt: queries.Attempt, command: Outcome) -> AttemptStatus:
        """Record an outcome under an id that is the same whenever the bank answers the same again of what we have on record."""
        handled = self.records.handle(attempt.stream, command, INVOICE, undo_dependents(self.records.own_log()))
        return handled.state.attempts[attempt.attempt].status


def outcome(attempt: queries.Attempt, what: str) -> UUID:
    return uuid5(attempt.attempt, f"{what} of {attempt.status} {attempt.cause} {attempt.ended_at}")
