"""Bank statement files: received in batches, checked, counted, listed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, delete, func, insert, select, update

from services.payment.accounting import statement_lines
from services.payment.accounting.statement_lines import BOOKED, Line
from services.payment.tables import ATTEMPTS, DISPUTES, STATEMENT_LINES, STATEMENTS
from shared.contract import base
from shared.contract.payment import commands, finance_events
from shared.contract.refusals import Reason, Refused

PAID = ("settled", "duplicate")
TURN_LOCK = 1407
"""PostgreSQL's advisory lock: files are opened, filled and counted, and days closed, one after another across copies."""


def lock_statements(connection: Connection) -> None:
    """Be alone with the bank's statements until the transaction ends; on SQLite whoever writes is."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(TURN_LOCK)))


def react(connection: Connection, event: base.Event) -> None:
    """The statement's lines count from now on."""
    match event:
        case finance_events.StatementCounted():
            this = STATEMENTS.c.statement == event.statement
            counted = event.model_dump(include={"counted_by", "counted_at", "is_correction"})
            connection.execute(update(STATEMENTS).where(this).values(counted))
            corrected = update(STATEMENTS).where(STATEMENTS.c.statement == event.corrects)
            connection.execute(corrected.values(corrected_by=event.statement))
        case _:
            pass


def differing(connection: Connection, bank: str, *files: str) -> list[str]:
    """The sessions of which lines and attempt differ; a line itself settles nothing, only the bank's answer does."""
    payments = statement_lines.by_session(lines_that_count(connection, bank, sessions_of(*files)))
    query = select(ATTEMPTS.c.authority, ATTEMPTS.c.status)
    ours = connection.execute(query.where(ATTEMPTS.c.bank == bank, ATTEMPTS.c.authority.in_(sessions_of(*files))))
    return [
        authority
        for authority, status in ours
        if (status in PAID) != any(one.rials for one in payments.get(authority, []))
    ]


def disputed(connection: Connection, statement: str) -> list[UUID]:
    """Our attempts that the payers dispute: finance must answer the bank; money moves only once a dispute is lost."""
    joined = DISPUTES.join(ATTEMPTS, ATTEMPTS.c.authority == DISPUTES.c.authority)
    query = select(ATTEMPTS.c.attempt).select_from(joined).where(DISPUTES.c.statement == statement)
    return list(connection.execute(query.distinct()).scalars())


# ---------------------------------------------------------------- the lines


def is_counted() -> ColumnElement[bool]:
    """Whether a statement's lines count: it was counted, and none was counted in its place."""
    return STATEMENTS.c.counted_at.is_not(None) & (STATEMENTS.c.corrected_by == "")


def sessions_of(*files: str) -> Select[Any]:
    return select(STATEMENT_LINES.c.authority).where(STATEMENT_LINES.c.statement.in_(files))


def lines_that_count(connection: Connection, bank: str, sessions: Select[Any]) -> list[Line]:
    """All lines of some sessions that count, in the order in which their files did."""
    query = select_lines().where(
        is_counted(), STATEMENT_LINES.c.bank == bank, STATEMENT_LINES.c.authority.in_(sessions)
    )
    return fetch_lines(
        connection, query.order_by(STATEMENTS.c.counted_at, STATEMENTS.c.statement, STATEMENT_LINES.c.line)
    )


def lines_of(connection: Connection, statement: str) -> list[Line]:
    """A file's own lines."""
    query = select_lines().where(STATEMENT_LINES.c.statement == statement)
    return fetch_lines(connection, query.order_by(STATEMENT_LINES.c.line))


def select_lines() -> Select[Any]:
    joined = STATEMENT_LINES.join(STATEMENTS, STATEMENTS.c.statement == STATEMENT_LINES.c.statement)
    columns = [(STATEMENTS if name == "is_correction" else STATEMENT_LINES).c[name] for name in Line._fields]
    return select(*columns).select_from(joined)


def fetch_lines(connection: Connection, query: Select[Any]) -> list[Line]:
    return [Line(*row) for row in connection.execute(query)]


# ---------------------------------------------------------------- handing over


def open_statement(connection: Connection, command: commands.OpenStatement) -> RowMapping:
    """Begin a file, or begin it again."""
    lock_statements(connection)
    row = row_of(connection, command.statement)
    if row is not None and row["counted_at"] is not None:
        raise Refused(Reason.STATEMENT_COUNTED)
    if command.corrects is not None:
        must_be_counted(connection, command.bank, command.corrects)
    delete_statement(connection, command.statement)
    values = command.model_dump(include={"statement", "bank", "lines", "total_rials"})
    opened = {"opened_by": command.actor, "opened_at": command.at, "corrects": command.corrects or ""}
    connection.execute(insert(STATEMENTS).values(values | opened))
    return must_find(connection, command.statement)


def must_be_counted(connection: Connection, bank: str, statement: str) -> None:
    """Only what counts can be corrected."""
    row = row_of(connection, statement)
    if row is None or row["bank"] != bank or row["counted_at"] is None:
        raise Refused(Reason.UNKNOWN_STATEMENT)
    if row["corrected_by"]:
        raise Refused(Reason.STATEMENT_CORRECTED)


def add_lines(connection: Connection, command: commands.AddStatementLines) -> RowMapping:
    """Take a batch of whoever opened the file; the same lines again take the place of those that were there.

    A colleague who counts a correction counts what was seen of it, and nothing that was put in its place: with other lines it
    is opened anew.
    """
    lock_statements(connection)
    row = must_find(connection, command.statement)
    if row["counted_at"] is not None:
        raise Refused(Reason.STATEMENT_COUNTED)
    if row["opened_by"] != command.actor:
        raise Refused(Reason.CONFLICT)
    last = command.first_line + len(command.lines) - 1
    if last > row["lines"]:
        raise Refused(Reason.STATEMENT_WRONG, {"lines": str(last)})
    lines = STATEMENT_LINES.c
    of_batch = (lines.statement == command.statement, lines.line.between(command.first_line, last))
    before = fetch_lines(connection, select_lines().where(*of_batch).order_by(lines.line))
    connection.execute(delete(STATEMENT_LINES).where(*of_batch))
    common = {"statement": command.statement, "bank": row["bank"]}
    lines_read = [common | one.model_dump(exclude={"is_disputed"}) for one in command.lines]
    numbered = [{"line": number} | one for number, one in enumerate(lines_read, start=command.first_line)]
    connection.execute(insert(STATEMENT_LINES), numbered)
    if fetch_lines(connection, select_lines().where(*of_batch).order_by(lines.line)) != before:
        this = STATEMENTS.c.statement == command.statement
        connection.execute(update(STATEMENTS).where(this).values(opened_at=command.at))
    disputes = {one.authority for one in command.lines if one.is_disputed}
    known = select(DISPUTES.c.authority).where(DISPUTES.c.statement == command.statement)
    new = disputes - set(connection.execute(known).scalars())
    if new:
        connection.execute(insert(DISPUTES), [{"statement": command.statement, "authority": one} for one in new])
    return must_find(connection, command.statement)


def fault_of(connection: Connection, row: RowMapping) -> dict[str, str] | None:
    """What keeps a file from counting."""
    found, total = received(connection, row["statement"])
    if found != row["lines"]:
        return {"lines": f"{found} of {row['lines']}"}
    if total != row["total_rials"]:
        return {"total_rials": f"{total} instead of {row['total_rials']}"}
    so_far: dict[str, list[Line]] = {}
    for line in lines_of(connection, row["statement"]):
        payments = so_far.setdefault(line.authority, [])
        if statement_lines.contradicts(line, payments):
            return {"authority": line.authority}
        payments.append(line)
    return None


def received(connection: Connection, statement: str) -> tuple[int, int]:
    """How many lines of a file are here, and what those come to that were not given back."""
    lines = STATEMENT_LINES.c
    number = select(func.count()).select_from(STATEMENT_LINES).where(lines.statement == statement)
    total = select(func.coalesce(func.sum(lines.amount_rials), 0)).where(lines.statement == statement)
    booked = total.where(lines.status.in_(BOOKED))
    return connection.execute(number).scalar_one(), int(connection.execute(booked).scalar_one())


def delete_statement(connection: Connection, statement: str) -> None:
    for table in (DISPUTES, STATEMENT_LINES, STATEMENTS):
        connection.execute(delete(table).where(table.c.statement == statement))


# ---------------------------------------------------------------- the files


def row_of(connection: Connection, statement: str) -> RowMapping | None:
    return connection.execute(select(STATEMENTS).where(STATEMENTS.c.statement == statement)).mappings().one_or_none()


def must_find(connection: Connection, statement: str) -> RowMapping:
    row = row_of(connection, statement)
    if row is None:
        raise Refused(Reason.UNKNOWN_STATEMENT)
    return row


def latest(connection: Connection, bank: str, limit: int, offset: int) -> tuple[Sequence[RowMapping], int]:
    """A page of a bank's files, the latest first, and how many there are."""
    of_bank = STATEMENTS.c.bank == bank
    total = connection.execute(select(func.count()).select_from(STATEMENTS).where(of_bank)).scalar_one()
    query = select(STATEMENTS).where(of_bank).order_by(STATEMENTS.c.opened_at.desc(), STATEMENTS.c.statement)
    return connection.execute(query.limit(limit).offset(offset)).mappings().all(), total
