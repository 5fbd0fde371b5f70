"""Asking the bank how an invoice's open attempts stand, so that nobody is offered to pay what may be paid already."""

from services.payment.attempts.verification import WINDOW, Verification
from services.payment.banks import bulkhead, circuit_breaker
from services.payment.invoices import queries
from shared.contract.payment import commands


def ask_about_open_attempts(command: commands.CheckPayment, verification: Verification) -> bool:
    """Ask about each attempt without an outcome and record what the bank says; whether it has answered about all of them.

    A bank that is down is not asked, nor one for which there is no room: its questions would hold up those who can be answered.
    """
    with verification.records.read() as connection:
        unfinished = queries.unfinished(connection, command.member, command.year)
        is_down = circuit_breaker.is_down(connection, verification.bank.capabilities.name)
    if is_down:
        return not unfinished
    with bulkhead.has_room() as is_free:
        answered = [is_free and is_answered(attempt, command, verification) for attempt in unfinished]
    return all(answered)


def is_answered(attempt: queries.Attempt, command: commands.CheckPayment, verification: Verification) -> bool:
    """Whether it is known now what became of an attempt: at a bank that is used no more, once its window has passed."""
    if not verification.knows(attempt):
        return command.at - attempt.started_at > WINDOW
    return verification.look(attempt, command.at) is not None
