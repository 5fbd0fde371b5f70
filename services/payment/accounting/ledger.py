"""Ledger of each member: one typed entry an event at most, never edited; the balance is their sum."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from services.payment.tables import ENTRIES
from shared.contract import base
from shared.contract.envelope import Recorded
from shared.contract.payment import events, finance_answers, finance_events
from shared.contract.payment.finance_answers import EntryKind
from shared.event_store.sql import by_key


class Entry(NamedTuple):
    """What an event adds to the ledger; positive in the member's favour."""

    kind: EntryKind
    amount_rials: int
    reference: str = ""
    bank: str = ""


def entry_of(event: base.Event) -> Entry | None:
    """The entry of an event, pure; None where it moves no money."""
    match event:
        case events.InvoiceIssued():
            return Entry("charge", -event.amount_rials) if event.amount_rials else None
        case events.InvoiceReplaced() | events.InvoiceCancelled():
            return Entry("adjustment", event.amount_rials) if event.amount_rials else None
        case finance_events.WriteOffGranted():
            return Entry("write_off", event.amount_rials)
        case _:
            return money_of(event)


def money_of(event: base.Event) -> Entry | None:
    """The entry of money that came or went."""
    match event:
        case events.PaymentSettled():
            return Entry("payment", event.amount_rials, event.bank_reference, event.bank)
        case events.DuplicatePaymentFound():
            return Entry("credit", event.amount_rials, event.bank_reference, event.bank)
        case events.PaymentReversed():
            return Entry("reversal", -event.amount_rials, event.bank_reference, event.bank)
        case finance_events.RefundPaid():
            return Entry("refund", -event.amount_rials, event.bank_reference)
        case finance_events.ManualPaymentGranted():
            return Entry("payment", event.amount_rials, event.slip)
        case finance_events.ManualPaymentReversed():
            return Entry("reversal", -event.amount_rials, event.slip)
        case _:
            return credit_of(event)


def credit_of(event: base.Event) -> Entry | None:
    """The entry of surplus money that counts for another year, or does so no more."""
    match event:
        case events.CreditTaken() | events.CreditWithdrawn():
            return Entry("credit", -event.amount_rials)
        case events.CreditCounted() | events.CreditReturned():
            return Entry("credit", event.amount_rials)
        case _:
            return None


def project(connection: Connection, recorded: Recorded) -> None:
    """Add what an event of ours adds to its member's ledger."""
    entry, event = entry_of(recorded.event), recorded.event
    if entry is None:
        return
    of_event = {"position": recorded.position, "by": recorded.metadata.actor, "at": recorded.recorded_at}
    member, year = getattr(event, "member"), getattr(event, "year")  # noqa: B009 - every event with an entry has them
    by_key.add(connection, ENTRIES, {**entry._asdict(), **of_event, "member": member, "year": year})


def balance(connection: Connection, member: str) -> finance_answers.Balance:
    """A member's ledger and its sum."""
    query = select(ENTRIES).where(ENTRIES.c.member == member).order_by(ENTRIES.c.position)
    entries = tuple(
        finance_answers.LedgerEntry.model_validate(dict(row)) for row in connection.execute(query).mappings()
    )
    total = sum(entry.amount_rials for entry in entries)
    return finance_answers.Balance(member=member, balance_rials=total, entries=entries)
