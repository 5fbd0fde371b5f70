"""Invoices: one aggregate for each member and year, with its attempts, requests and credit.

Decisions: `domain`, which routes to `lifecycle`, `four_eyes`, `slip_reversals` and `credit`, on the `state` that its events give.
Across years: `coverage`, `cross_year`. Rows: `projection`, `queries`. What other folders use of the aggregate is named here.
"""

from services.payment.invoices.cross_year import due_between, load, undo_dependents
from services.payment.invoices.domain import (
    INVOICE,
    RESUMABLE,
    ReferenceTaken,
    SlipCounts,
    must_be_payable,
    must_not_be_held,
    open_attempt,
)
from services.payment.invoices.internal_commands import (
    ExtendInvoice,
    FailAttempt,
    HoldAttempt,
    OweRefund,
    ReverseAttempt,
    SettleAttempt,
    StartAttempt,
)
from services.payment.invoices.lifecycle import REFERENCE_COUNTED, SLIP_COUNTS, WINDOW, must_be_issued, must_be_valid
from services.payment.invoices.state import stream_of

__all__ = [
    "INVOICE",
    "REFERENCE_COUNTED",
    "RESUMABLE",
    "SLIP_COUNTS",
    "WINDOW",
    "ExtendInvoice",
    "FailAttempt",
    "HoldAttempt",
    "OweRefund",
    "ReferenceTaken",
    "ReverseAttempt",
    "SettleAttempt",
    "SlipCounts",
    "StartAttempt",
    "due_between",
    "load",
    "must_be_issued",
    "must_be_payable",
    "must_be_valid",
    "must_not_be_held",
    "open_attempt",
    "stream_of",
    "undo_dependents",
]
