"""Daily reconciliation: a day's payments by the bank's statements and by our records, their differences, and the close."""

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, select, update

from services.payment.accounting import bank_statements, statement_lines
from services.payment.accounting.bank_statements import PAID
from services.payment.accounting.domain import DayFigures, closing_decider
from services.payment.accounting.statement_lines import Line
from services.payment.tables import ATTEMPTS, DAYS, STATEMENT_LINES, STATEMENTS
from shared.contract import base
from shared.contract.envelope import Metadata
from shared.contract.payment import commands, finance_answers, finance_events
from shared.contract.payment.finance_answers import StatementException
from shared.event_store.command_handler import Records, handle
from shared.event_store.sql import upsert
from shared.text import persian

FIGURES_CHARACTERS = 16
"""Of a digest: 64 bits, since it is compared and never searched for."""


class Pair(NamedTuple):
    """A session's payments of a day by the bank's statements, and our attempt where there is one."""

    payments: list[Line]
    attempt: RowMapping | None
    is_further: bool = False
    """Whether the session was paid for on an earlier day already, where our attempt is counted."""

    @property
    def bank_rials(self) -> int:
        """What the bank has of it now."""
        return sum(one.rials for one in self.payments)

    @property
    def our_rials(self) -> int:
        """What we have of it now."""
        is_ours = self.attempt is not None and self.attempt["status"] in PAID and not self.is_further
        return self.attempt["amount_rials"] if self.attempt is not None and is_ours else 0


def day(connection: Connection, bank: str, on: date) -> finance_answers.ReconciledDay:
    """A day as it is now."""
    pairs = list(pairs_of(connection, bank, on))
    row = connection.execute(select(DAYS).where(DAYS.c.bank == bank, DAYS.c.on == on)).mappings().one_or_none()
    closed = row if row is not None and row["reopened_at"] is None else None
    found = finance_answers.ReconciledDay(
        bank=bank,
        on=on,
        bank_rials=sum(pair.bank_rials for pair in pairs),
        ledger_rials=sum(pair.our_rials for pair in pairs),
        exceptions=tuple(found for pair in pairs if (found := exception_of(pair))),
        counted_by=counted_by(connection, pairs),
        closed_by=closed["closed_by"] if closed else "",
        closed_at=closed["closed_at"] if closed else None,
        reopened_by=row["reopened_by"] if row and not closed else "",
        reopened_at=row["reopened_at"] if row and not closed else None,
    )
    return found.model_copy(update={"figures": digest_of(found)})


def digest_of(found: finance_answers.ReconciledDay) -> str:
    """A digest of what a day comes to, in whatever order its differences were found."""
    exceptions = sorted(one.model_dump_json() for one in found.exceptions)
    content = json.dumps([found.bank_rials, found.ledger_rials, exceptions, sorted(found.counted_by)])
    return sha256(content.encode()).hexdigest()[:FIGURES_CHARACTERS]


def closed_days(connection: Connection, bank: str) -> set[date]:
    """The days of a bank that are closed and not open again."""
    closed = select(DAYS.c.on).where(DAYS.c.bank == bank, DAYS.c.reopened_at.is_(None))
    return set(connection.execute(closed).scalars())


def pairs_of(connection: Connection, bank: str, on: date) -> Iterator[Pair]:
    """Each session of a day: by the bank's time where it has a line, by ours where it has none."""
    since = datetime.combine(on, time(), persian.TEHRAN)
    until = since + timedelta(days=1)
    lines = STATEMENT_LINES.c
    sessions = select(lines.authority).where(lines.bank == bank, lines.paid_at >= since, lines.paid_at < until)
    found = statement_lines.by_session(bank_statements.lines_that_count(connection, bank, sessions))
    ours = select(ATTEMPTS).where(ATTEMPTS.c.bank == bank)
    known = {
        row["authority"]: row for row in connection.execute(ours.where(ATTEMPTS.c.authority.in_(sessions))).mappings()
    }
    for authority, payments in found.items():
        of_day = [one for one in payments if one.on == on]
        if of_day:
            yield Pair(of_day, known.get(authority), any(one.on < on for one in payments))
    joined = STATEMENT_LINES.join(STATEMENTS, STATEMENTS.c.statement == lines.statement)
    has_line = select(lines.authority).select_from(joined).where(bank_statements.is_counted(), lines.bank == bank)
    alone = ours.where(ATTEMPTS.c.status.in_(PAID), ATTEMPTS.c.ended_at >= since, ATTEMPTS.c.ended_at < until)
    for row in connection.execute(alone.where(ATTEMPTS.c.authority.not_in(has_line))).mappings():
        yield Pair([], row)


def exception_of(pair: Pair) -> StatementException | None:
    """What the two do not agree on; None where they do."""
    if pair.our_rials and not pair.bank_rials:
        return exception_answer(pair, "missing_there")
    is_known = pair.our_rials > 0 or pair.is_further
    if pair.bank_rials and not is_known:
        return exception_answer(pair, "missing_here")
    times = sum(one.rials > 0 for one in pair.payments) + pair.is_further
    if times > 1:
        return exception_answer(pair, "duplicate")
    if pair.bank_rials != pair.our_rials:
        return exception_answer(pair, "amount_differs")
    is_second = pair.attempt is not None and pair.attempt["status"] == "duplicate"
    return exception_answer(pair, "duplicate") if is_second else None


def exception_answer(pair: Pair, kind: str) -> StatementException:
    attempt: dict[str, Any] = {} if pair.attempt is None else {**pair.attempt}
    line = pair.payments[-1] if pair.payments else None
    return StatementException.model_validate(
        {
            "kind": kind,
            "authority": line.authority if line else attempt["authority"],
            "bank_rials": pair.bank_rials,
            "our_rials": pair.our_rials,
            "bank_reference": (line and line.bank_reference) or attempt.get("bank_reference", ""),
            "member": attempt.get("member", ""),
            "year": attempt.get("year"),
            "at": line.paid_at if line else attempt["ended_at"],
        }
    )


def stream_of(bank: str, on: date) -> str:
    return f"day/{bank}/{on}"


def close(records: Records, command: commands.CloseDay) -> finance_answers.ReconciledDay:
    """Put a day's totals on record as they are in that transaction; what is healed later shows beside its close."""

    def work(connection: Connection, metadata: Metadata) -> finance_answers.ReconciledDay:
        bank_statements.lock_statements(connection)
        now = day(connection, command.bank, command.on)
        counted = frozenset(now.counted_by)
        figures = DayFigures(now.bank_rials, now.ledger_rials, len(now.exceptions), counted, now.figures)
        stream = stream_of(command.bank, command.on)
        handle(connection, records.own_log(), stream, command, closing_decider(figures), metadata)
        return day(connection, command.bank, command.on)

    return records.transact(command, work)


def counted_by(connection: Connection, pairs: list[Pair]) -> tuple[str, ...]:
    """Who has counted the statements whose lines hold."""
    files = {line.statement for pair in pairs for line in pair.payments}
    query = select(STATEMENTS.c.counted_by).where(STATEMENTS.c.statement.in_(files))
    return tuple(connection.execute(query.distinct().order_by(STATEMENTS.c.counted_by)).scalars())


def project(connection: Connection, event: base.Event) -> None:
    """A day is closed, or open again."""
    match event:
        case finance_events.DayClosed():
            closed = {"closed_by": event.closed_by, "closed_at": event.closed_at}
            anew = {"reopened_by": "", "reopened_at": None}
            upsert.put(connection, DAYS, {"bank": event.bank, "on": event.on}, closed | anew)
        case finance_events.DayReopened():
            reopened = event.model_dump(include={"reopened_by", "reopened_at"})
            this = (DAYS.c.bank == event.bank, DAYS.c.on == event.on)
            connection.execute(update(DAYS).where(*this).values(reopened))
        case _:
            pass
