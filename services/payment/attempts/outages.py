"""Outages of a bank as events; when one ends, invoices that were about to expire get the lost time back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID, uuid5

from services.payment.attempts.verification import Verification
from services.payment.banks import circuit_breaker
from services.payment.invoices import INVOICE, ExtendInvoice, due_between
from shared.contract import base
from shared.contract.payment import events
from shared.event_store.decider import Decider

NAMESPACE = UUID("6b1f7c1e-6f6b-5d7c-9a55-1d9b7a0c1405")
LAST_DAYS = timedelta(days=3)
"""An invoice that had longer than this left, when the bank came back, has lost nothing that counts."""
CAUSE = "bank_outage"


@dataclass(frozen=True)
class BeginOutage:
    """The bank does not answer."""

    id: UUID
    at: datetime
    bank: str
    began_at: datetime


@dataclass(frozen=True)
class EndOutage:
    """The bank answers again."""

    id: UUID
    at: datetime
    bank: str


Command = BeginOutage | EndOutage


def decide(command: Command, began_at: datetime | None) -> list[base.Event]:
    """An outage begins once and ends once."""
    match command:
        case BeginOutage():
            return [] if began_at else [events.BankOutageBegan(bank=command.bank, began_at=command.began_at)]
        case EndOutage():
            ended = {"bank": command.bank, "began_at": began_at, "ended_at": command.at}
            return [events.BankOutageEnded.model_validate(ended)] if began_at else []
        case _:
            assert_never(command)


def evolve(_began_at: datetime | None, event: events.BankOutageBegan | events.BankOutageEnded) -> datetime | None:
    """Since when there is an outage."""
    match event:
        case events.BankOutageBegan():
            return event.began_at
        case events.BankOutageEnded():
            return None
        case _:
            assert_never(event)


OUTAGE: Decider[Command, datetime | None] = Decider(decide, evolve, None)


def track(verification: Verification, at: datetime) -> None:
    """Record an outage; while it lasts, probe the bank at intervals, and end the outage when the bank answers."""
    bank = verification.bank_name
    with verification.records.read() as connection:
        row = circuit_breaker.row_of(connection, bank)
    if row is None:
        return
    down_since: datetime | None = row["down_since"]
    if down_since is None and row["failures"] >= circuit_breaker.FAILURES_MAX:
        began_at = row["failing_since"]
        begin = BeginOutage(uuid5(NAMESPACE, f"{bank} began {began_at}"), at, bank, began_at)
        verification.records.handle(outage_stream(bank), begin, OUTAGE)
    elif down_since is not None and row["failures"] == 0:
        end_outage(verification, bank, down_since, at)
    elif down_since is not None and verification.records.write(
        lambda one: circuit_breaker.claim_probe(one, bank, at, verification.time_scale)
    ):
        verification.bank.list_unverified()  # a harmless question; the circuit breaker counts whether it was answered


def end_outage(verification: Verification, bank: str, began_at: datetime, at: datetime) -> None:
    """First the members get their time back: a crash in between repeats it under the same ids, to no effect."""
    with verification.records.read() as connection:
        streams = due_between(connection, began_at, at + LAST_DAYS)
    for stream in streams:
        extend = ExtendInvoice(uuid5(NAMESPACE, f"{bank} {began_at} {stream}"), at, at - began_at, CAUSE)
        verification.records.handle(stream, extend, INVOICE)
    ended = EndOutage(uuid5(NAMESPACE, f"{bank} ended {began_at}"), at, bank)
    verification.records.handle(outage_stream(bank), ended, OUTAGE)


def outage_stream(bank: str) -> str:
    return f"bank/{bank}"
