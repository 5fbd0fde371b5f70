"""Decisions on the bank's statements and days: who counts a statement does not close its days, nor count their own correction."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from shared.contract import base
from shared.contract.payment import commands, finance_events
from shared.contract.refusals import Reason, Refused
from shared.event_store.decider import Decider
from shared.text import persian


@dataclass(frozen=True)
class ReopenDay:
    """A correction of the bank's statement changes what a closed day comes to."""

    id: UUID
    at: datetime
    bank: str
    on: date
    statement: str
    actor: str


@dataclass(frozen=True)
class DayFigures:
    """What a day comes to now, and who has counted the statements behind it."""

    bank_rials: int
    ledger_rials: int
    exceptions: int
    counted_by: frozenset[str] = frozenset()
    digest: str = ""


@dataclass(frozen=True)
class Day:
    """A day of a bank, open until it is closed."""

    is_closed: bool = False
    reopened_by: str = ""
    """Who counted the correction that has opened it again."""


def close(command: commands.CloseDay, day: Day, figures: DayFigures) -> list[base.Event]:
    """Put the totals on record as they were seen; by another treasurer than those who counted what they rest on."""
    if day.is_closed:
        return []
    if command.on >= persian.day_of(command.at):
        raise Refused(Reason.DAY_NOT_OVER)
    if command.actor in figures.counted_by | {day.reopened_by}:
        raise Refused(Reason.OWN_STATEMENT)
    if command.figures not in ("", figures.digest):
        raise Refused(Reason.CHANGED_SINCE)
    return [
        finance_events.DayClosed(
            bank=command.bank,
            on=command.on,
            bank_rials=figures.bank_rials,
            ledger_rials=figures.ledger_rials,
            exceptions=figures.exceptions,
            closed_by=command.actor,
            closed_at=command.at,
        )
    ]


def reopen(command: ReopenDay, day: Day) -> list[base.Event]:
    """Only a closed day is opened again."""
    fact = finance_events.DayReopened(
        bank=command.bank,
        on=command.on,
        statement=command.statement,
        reopened_by=command.actor,
        reopened_at=command.at,
    )
    return [fact] if day.is_closed else []


def evolve_day(_day: Day, event: finance_events.DayClosed | finance_events.DayReopened) -> Day:
    match event:
        case finance_events.DayClosed():
            return Day(is_closed=True)
        case finance_events.DayReopened():
            return Day(reopened_by=event.reopened_by)
        case _:
            assert_never(event)


def count(
    command: commands.CountStatement, is_counted: bool, fact: finance_events.StatementCounted, opened_at: datetime
) -> list[base.Event]:
    """A file counts once; a correction by another officer than the one who opened it, and as that officer has seen it."""
    if is_counted:
        raise Refused(Reason.STATEMENT_COUNTED)
    if fact.is_correction and fact.opened_by == command.actor:
        raise Refused(Reason.OWN_CORRECTION)
    if fact.is_correction and command.opened_at != opened_at:
        raise Refused(Reason.CONFLICT)
    return [fact]


def closing_decider(figures: DayFigures) -> Decider[commands.CloseDay, Day]:
    return Decider(lambda command, day: close(command, day, figures), evolve_day, Day())


REOPENING: Decider[ReopenDay, Day] = Decider(reopen, evolve_day, Day())
