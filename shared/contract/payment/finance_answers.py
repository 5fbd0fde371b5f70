"""Answers of payment for finance: balances, tasks, alerts, bank statements and days."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Answer
from shared.contract.values import (
    Rials,
)

EntryKind = Literal["charge", "payment", "reversal", "refund", "credit", "write_off", "adjustment"]
"""An invoice's amount; money for it; money that the bank took back, or a slip that counts no more; money sent back; money that no invoice needed; debt that
was given up; a charge that stands no more."""


class LedgerEntry(Answer):
    """One entry of a member's ledger; never edited. Positive in the member's favour."""

    kind: EntryKind
    amount_rials: int
    year: int
    """The invoice's year."""
    reference: str = ""
    """The bank's number of the money, where there is one."""
    by: str = ""
    at: AwareDatetime
    position: int
    """Of the event in payment's log that the entry follows from."""


class Balance(Answer):
    """A member's balance, the sum of the entries: below zero is owed by the member, above zero to the member."""

    member: str
    balance_rials: int
    entries: tuple[LedgerEntry, ...]
    """The oldest first."""


class MoneyTask(Answer):
    """A money task that waits for an officer; `task` is the request's id, or the attempt's where there is no request yet."""

    task: UUID
    kind: Literal[
        "held",
        "reversal_requested",
        "reversal_unknown",
        "refund_due",
        "refund_requested",
        "refund_granted",
        "write_off_requested",
        "manual_payment_requested",
        "slip_reversal_requested",
        "taken_back",
    ]
    """A reversal is requested at the bank by the program, and waits for its answer; `taken_back` is of a payment that counted and that
    the bank took back: somebody should speak with the member."""
    member: str
    year: int
    attempt: UUID | None = None
    amount_rials: Rials
    cause: str = ""
    reason: str = ""
    requested_by: str = ""
    granted_by: str = ""
    since: AwareDatetime


class MoneyTasks(Answer):
    """A page of a province's money tasks, the oldest first."""

    tasks: tuple[MoneyTask, ...]
    total: int


AlertKind = Literal[
    "callback_unknown",
    "callback_of_another",
    "callback_contradicts",
    "callback_again",
    "notice_not_signed",
    "notice_differs",
    "payment_unknown",
    "amount_differs",
    "session_of_another",
    "session_unknown",
    "reference_counted_before",
    "slip_counts",
    "disputed",
    "credit_gone",
    "bank_changed",
]
"""A browser came back with a key of no attempt; with another attempt's key; with an outcome that contradicts the bank; once more.
A notice was not signed, or came with another body. The bank has a payment that no record asks for; another amount, another's
session, no such session; a reference that counts already; a payment that may be the money of a slip; a payer disputes a payment;
an invoice is owed again, since money of another year that counted for it has gone back to the payer; or nobody can ask what became
of a payment, since its bank is used no more."""


class Alert(Answer):
    """Something that nobody in good order does, or that finance must answer; it changed no money. One row, counted."""

    kind: AlertKind
    attempt: UUID | None = None
    """The attempt that it is about; none where it is about an invoice, or named nothing of ours, which is counted by the day."""
    authority: str = ""
    """The bank's key of a payment that no record asks for, as after a restore."""
    member: str = ""
    year: int | None = None
    times: int
    first_at: AwareDatetime
    last_at: AwareDatetime


class Alerts(Answer):
    """A page of alerts, the latest first."""

    alerts: tuple[Alert, ...]
    total: int


class StatementChange(Answer):
    """What a file that is handed over makes of one payment in the bank's counted statements."""

    kind: Literal["added", "changed", "given_back", "gone"]
    """`changed` contradicts a counted line, `given_back` only continues it; what is `gone` is in the corrected file alone."""
    authority: str
    bank_reference: str = ""
    before_rials: Rials = 0
    after_rials: Rials = 0
    before_on: date | None = None
    """The bank's day of the payment, in Tehran."""
    after_on: date | None = None


class StatementDifference(Answer):
    """What an uploaded file changes of the bank's counted statements; a line that is there already is one line."""

    same: int
    """Payments that other files have already."""
    added: int
    changed: int
    given_back: int
    gone: int
    before_rials: Rials
    """What the payments of this file, and of the one that it corrects, come to before it counts, and after."""
    after_rials: Rials
    changes: tuple[StatementChange, ...] = ()
    """The first of them; those that are only added are listed for a correction alone."""
    reopens: tuple[date, ...] = ()
    """Closed days that are opened again when it counts."""


class Statement(Answer):
    """How far a statement is handed over, or that it counts."""

    statement: str
    status: Literal["open", "counted"]
    lines: int
    lines_here: int
    total_rials: Rials
    bank: str = ""
    opened_by: str = ""
    opened_at: AwareDatetime | None = None
    counted_by: str = ""
    counted_at: AwareDatetime | None = None
    is_correction: bool = False
    """Whether it contradicts counted lines, so that another officer than the uploader has to count it."""
    corrects: str = ""
    corrected_by: str = ""
    """The statement that counts instead of this one."""
    difference: StatementDifference | None = None
    """Of a file that is here whole and not counted yet."""


class Statements(Answer):
    """A page of a bank's statements, the latest first; without their differences."""

    statements: tuple[Statement, ...]
    total: int


class StatementException(Answer):
    """A payment on which the bank's statement and our records do not agree, now; what was healed since is not listed."""

    kind: Literal["missing_here", "missing_there", "amount_differs", "duplicate"]
    """The bank has it and we have not; we have it and the bank has not (any more); both have it, over different amounts; it
    was paid beside another one, or stands twice in the statements."""
    authority: str
    bank_rials: Rials
    our_rials: Rials
    bank_reference: str = ""
    member: str = ""
    year: int | None = None
    at: AwareDatetime


class ReconciledDay(Answer):
    """A day's payments by the statement and by the ledger; the difference is explained by the exceptions."""

    bank: str
    on: date
    bank_rials: Rials
    ledger_rials: Rials
    exceptions: tuple[StatementException, ...]
    counted_by: tuple[str, ...] = ()
    """Who counted the statements of the day, and so does not close it."""
    closed_by: str = ""
    closed_at: AwareDatetime | None = None
    reopened_by: str = ""
    """Who counted the correction by which the day was opened again; empty once it is closed anew."""
    reopened_at: AwareDatetime | None = None
    figures: str = ""
    """A digest of totals, differences and who counted them: whoever closes the day says by it what was seen."""
