"""Decisions on the bank's days and statements, as given, when, then: one counts, another closes."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from services.payment.accounting.domain import REOPENING, DayFigures, ReopenDay, closing_decider, count
from shared.contract.payment import commands, finance_events
from shared.contract.refusals import Reason, Refused
from tests.services.payment.samples import AT
from tests.support.given import given

FARID, SARA, MODIR = "officer:farid", "officer:sara", "officer:modir"
DAY, NEXT = date(2026, 4, 15), AT + timedelta(days=1)
FIGURES = DayFigures(9_000_000, 8_000_000, 1, counted_by=frozenset({FARID}))
CLOSING = closing_decider(FIGURES)
CLOSED = finance_events.DayClosed(
    bank="zarinpal", on=DAY, bank_rials=9_000_000, ledger_rials=8_000_000, exceptions=1, closed_by=SARA, closed_at=NEXT
)
FILE = "0" * 64
REOPENED = finance_events.DayReopened(bank="zarinpal", on=DAY, statement=FILE, reopened_by=MODIR, reopened_at=NEXT)


def close(actor: str) -> commands.CloseDay:
    return commands.CloseDay(id=uuid4(), deadline=NEXT, at=NEXT, actor=actor, on=DAY)


def test_one_counts_and_another_closes() -> None:
    given(CLOSING).refuses(close(FARID), Reason.OWN_STATEMENT)
    assert given(CLOSING).when(close(SARA)) == [CLOSED]


def test_a_day_is_closed_only_as_it_was_seen() -> None:
    seen = close(SARA).model_copy(update={"figures": "0" * 16})
    given(CLOSING).refuses(seen, Reason.CHANGED_SINCE)
    assert len(given(closing_decider(DayFigures(0, 0, 0, digest="0" * 16))).when(seen)) == 1


def test_a_day_is_closed_once_and_not_before_it_is_over() -> None:
    assert given(CLOSING, CLOSED).when(close(MODIR)) == []
    given(CLOSING).refuses(close(SARA).model_copy(update={"at": AT}), Reason.DAY_NOT_OVER)


def test_a_day_that_a_correction_opened_again_is_closed_by_another_than_who_counted_that() -> None:
    nothing_left = closing_decider(DayFigures(0, 0, 0))
    given(nothing_left, CLOSED, REOPENED).refuses(close(MODIR), Reason.OWN_STATEMENT)
    assert len(given(nothing_left, CLOSED, REOPENED).when(close(FARID))) == 1
    assert len(given(nothing_left, CLOSED, REOPENED, CLOSED, REOPENED).when(close(SARA))) == 1


def test_only_a_closed_day_is_opened_again() -> None:
    command = ReopenDay(UUID(int=1), NEXT, "zarinpal", DAY, FILE, MODIR)
    assert given(REOPENING).when(command) == []
    assert given(REOPENING, CLOSED).when(command) == [REOPENED]
    assert given(REOPENING, CLOSED, REOPENED).when(command) == []


def test_a_statement_counts_once_and_a_correction_by_another_than_who_opened_it() -> None:
    command = commands.CountStatement(id=uuid4(), deadline=AT, at=AT, actor=FARID, statement=FILE, opened_at=AT)
    fact = finance_events.StatementCounted(
        statement=FILE, bank="zarinpal", lines=1, total_rials=1, counted_by=FARID, counted_at=AT, opened_by=FARID
    )
    correction = fact.model_copy(update={"is_correction": True, "opened_by": SARA})
    assert count(command, False, fact, NEXT) == [fact]
    assert count(command, False, correction, AT) == [correction]
    for is_counted, said, opened_at, reason in (
        (True, fact, AT, Reason.STATEMENT_COUNTED),
        (False, correction.model_copy(update={"opened_by": FARID}), AT, Reason.OWN_CORRECTION),
        (False, correction, NEXT, Reason.CONFLICT),
    ):
        with pytest.raises(Refused) as refused:
            count(command, is_counted, said, opened_at)
        assert refused.value.reason is reason
