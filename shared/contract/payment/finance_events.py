"""Events of payment that finance causes: refunds, write-offs, deposit slips, bank statements and closed days."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from shared.contract.base import Event
from shared.contract.payment.events import InvoiceInProvince
from shared.contract.values import Rials


class RequestKey(InvoiceInProvince):
    """The request under four eyes that an event is about; its id is that of the command that made it."""

    request: UUID


class OpenedRequest(RequestKey):
    """A request that waits for a colleague; the reason's text is the row `note`."""

    amount_rials: Rials
    note: UUID
    requested_by: str
    requested_at: AwareDatetime


class GrantedRequest(RequestKey):
    """A request that a second officer has granted."""

    amount_rials: Rials
    granted_by: str
    granted_at: AwareDatetime


class RefundDue(Event, InvoiceInProvince, source="payment"):
    """The bank did not give a surplus payment back: somebody of finance has to."""

    attempt: UUID
    amount_rials: Rials
    cause: str
    due_at: AwareDatetime


class RefundRequested(Event, OpenedRequest, source="payment"):
    """An officer has requested a refund; a colleague has to grant it. The reason's text is the row `note`."""

    attempt: UUID
    ends_membership: bool
    """Whether the invoice is cancelled with it, and with it what was confirmed."""


class RefundGranted(Event, GrantedRequest, source="payment"):
    """A second officer has granted a refund; the money still has to be sent."""

    attempt: UUID


class RefundPaid(Event, RequestKey, source="payment"):
    """A granted refund was sent to the payer, under the bank's reference of the transfer."""

    attempt: UUID
    amount_rials: Rials
    bank_reference: str
    paid_by: str
    paid_at: AwareDatetime


class WriteOffRequested(Event, OpenedRequest, source="payment"):
    """An officer has requested to write off a part of an invoice's debt; a colleague has to grant it."""

    is_waiver: bool = False
    """Whether it is what the manager waives with an approval; then `note` is a row of renewal."""


class WriteOffGranted(Event, GrantedRequest, source="payment"):
    """A part of an invoice's debt is written off."""


class ManualPaymentRequested(Event, OpenedRequest, source="payment"):
    """An officer has requested that a deposit slip counts for an invoice; a colleague has to grant it."""

    slip: str
    """The slip's number at the bank, which counts once, unless it is taken back."""
    paid_on: date


class ManualPaymentGranted(Event, GrantedRequest, source="payment"):
    """A deposit slip counts for an invoice; it is settled once nothing is owed any more."""

    slip: str
    paid_on: date


class ManualPaymentReversalRequested(Event, OpenedRequest, source="payment"):
    """An officer has requested that a deposit slip counts no more; a colleague has to grant it."""

    manual_payment: UUID
    """The slip's own request, by whose grant it counts."""
    slip: str


class ManualPaymentReversed(Event, GrantedRequest, source="payment"):
    """A deposit slip that counted for an invoice counts no more, by two officers' word; its number may count anew."""

    manual_payment: UUID
    slip: str


class RequestDeclined(Event, RequestKey, source="payment"):
    """An officer has declined a colleague's request; the reason's text is the row `note`."""

    note: UUID
    declined_by: str
    declined_at: AwareDatetime


class StatementCounted(Event, source="payment"):
    """A bank's statement is complete and its total right: its lines count, once for ever."""

    statement: str
    """SHA-256 of the file, hexadecimal."""
    bank: str
    lines: int
    total_rials: Rials
    counted_by: str
    counted_at: AwareDatetime
    is_correction: bool = False
    """Whether its lines replace counted ones that contradict them."""
    corrects: str = ""
    """The statement that counts no more from now on, if it takes the place of one."""
    opened_by: str = ""


class DayClosed(Event, source="payment"):
    """Finance has held a day's payments against the bank's statement; the difference is explained by so many exceptions."""

    bank: str
    on: date
    """The bank's day of the payments, in Tehran."""
    bank_rials: Rials
    ledger_rials: Rials
    exceptions: int
    closed_by: str
    closed_at: AwareDatetime


class DayReopened(Event, source="payment"):
    """A corrected statement contradicts a closed day, which has to be reconciled and closed again."""

    bank: str
    on: date
    statement: str
    """The correction."""
    reopened_by: str
    reopened_at: AwareDatetime
