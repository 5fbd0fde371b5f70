"""A day's payments: what the bank's statements have, what we have, where they differ, and the close of the day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, insert, select

from services.payment.statements import BOOKED, PAID
from services.payment.tables import ATTEMPTS, DAYS, STATEMENT_LINES, STATEMENTS
from shared import persian
from shared.command_handler import Records
from shared.contract import answers, commands, events
from shared.contract.answers import StatementException
from shared.decider import Decider


class Pair(NamedTuple):
    """The newest line of a session, how often it stands there as booked, and our attempt, where there is one."""

    line: RowMapping | None
    times: int
    attempt: RowMapping | None

    @property
    def bank_rials(self) -> int:
        """What the bank has of it now."""
        return self.line["amount_rials"] if self.line is not None and self.line["status"] in BOOKED else 0

    @property
    def our_rials(self) -> int:
        """What we have of it now."""
        return self.attempt["amount_rials"] if self.attempt is not None and self.attempt["status"] in PAID else 0


def day(connection: Connection, bank: str, on: date) -> answers.Day:
    """A day as it is now."""
    pairs = list(pairs_of(connection, bank, on))
    closed = connection.execute(select(DAYS).where(DAYS.c.bank == bank, DAYS.c.on == on)).mappings().one_or_none()
    return answers.Day(
        bank=bank,
        on=on,
        bank_rials=sum(pair.bank_rials for pair in pairs),
        ledger_rials=sum(pair.our_rials for pair in pairs),
        exceptions=tuple(found for pair in pairs if (found := exception_of(pair))),
        closed_by=closed["closed_by"] if closed else "",
        closed_at=closed["closed_at"] if closed else None,
    )


def pairs_of(connection: Connection, bank: str, on: date) -> Iterator[Pair]:
    """Each session of a day: by the bank's time where it has a line, by ours where it has none."""
    since = datetime.combine(on, time(), persian.TEHRAN)
    until = since + timedelta(days=1)
    joined = STATEMENT_LINES.join(STATEMENTS, STATEMENTS.c.statement == STATEMENT_LINES.c.statement)
    counted = select(STATEMENT_LINES).select_from(joined).where(STATEMENTS.c.counted_at.is_not(None))
    of_day = counted.where(STATEMENT_LINES.c.bank == bank).where(
        STATEMENT_LINES.c.paid_at >= since, STATEMENT_LINES.c.paid_at < until
    )
    lines: dict[str, list[RowMapping]] = {}
    for row in connection.execute(of_day.order_by(STATEMENTS.c.counted_at, STATEMENT_LINES.c.line)).mappings():
        lines.setdefault(row["authority"], []).append(row)
    ours = select(ATTEMPTS).where(ATTEMPTS.c.bank == bank)
    known = {
        row["authority"]: row for row in connection.execute(ours.where(ATTEMPTS.c.authority.in_(lines))).mappings()
    }
    for authority, found in lines.items():
        yield Pair(newest(found), sum(one["status"] in BOOKED for one in found), known.get(authority))
    has_line = select(STATEMENT_LINES.c.authority).select_from(joined).where(STATEMENTS.c.counted_at.is_not(None))
    alone = ours.where(ATTEMPTS.c.status.in_(PAID), ATTEMPTS.c.ended_at >= since, ATTEMPTS.c.ended_at < until)
    for row in connection.execute(alone.where(ATTEMPTS.c.authority.not_in(has_line))).mappings():
        yield Pair(None, 0, row)


def newest(lines: list[RowMapping]) -> RowMapping:
    """The line that tells where the money is: once given back, it stays so."""
    gone = [line for line in lines if line["status"] not in BOOKED]
    return gone[-1] if gone else lines[-1]


def exception_of(pair: Pair) -> StatementException | None:
    """What the two do not agree on; None where they do."""
    if pair.our_rials and not pair.bank_rials:
        return told(pair, "missing_there")
    if pair.bank_rials and not pair.our_rials:
        return told(pair, "missing_here")
    if pair.bank_rials != pair.our_rials:
        return told(pair, "amount_differs")
    is_second = pair.attempt is not None and pair.attempt["status"] == "duplicate"
    return told(pair, "duplicate") if is_second or pair.times > 1 else None


def told(pair: Pair, kind: str) -> StatementException:
    line: dict[str, Any] = {} if pair.line is None else {**pair.line}
    attempt: dict[str, Any] = {} if pair.attempt is None else {**pair.attempt}
    return StatementException.model_validate(
        {
            "kind": kind,
            "authority": line.get("authority") or attempt.get("authority"),
            "bank_rials": pair.bank_rials,
            "our_rials": pair.our_rials,
            "bank_reference": line.get("bank_reference") or attempt.get("bank_reference", ""),
            "member": attempt.get("member", ""),
            "year": attempt.get("year"),
            "at": line.get("paid_at") or attempt.get("ended_at"),
        }
    )


def close(records: Records, command: commands.CloseDay) -> answers.Day:
    """Put a day's totals on record; a day is closed once, and what is healed later shows beside its close."""
    with records.read() as connection:
        now = day(connection, command.bank, command.on)
    fact = events.DayClosed(
        bank=command.bank,
        on=command.on,
        bank_rials=now.bank_rials,
        ledger_rials=now.ledger_rials,
        exceptions=len(now.exceptions),
        closed_by=command.actor,
        closed_at=command.at,
    )
    decider: Decider[commands.CloseDay, bool] = Decider(
        lambda _command, is_closed: [] if is_closed else [fact], lambda _is_closed, _event: True, initial=False
    )
    records.handle(f"day/{command.bank}/{command.on}", command, decider)
    with records.read() as connection:
        return day(connection, command.bank, command.on)


def project(connection: Connection, event: events.Event) -> None:
    """A day is closed."""
    match event:
        case events.DayClosed():
            connection.execute(insert(DAYS).values(event.model_dump(include={"bank", "on", "closed_by", "closed_at"})))
        case _:
            pass
