"""The bank's statement: handed over in batches, counted whole or not at all, and a reason to ask the bank where we disagree."""

from uuid import UUID

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from services.payment import alerts, watch
from services.payment.tables import ATTEMPTS, DISPUTES, STATEMENT_LINES, STATEMENTS
from shared.command_handler import Records
from shared.contract import answers, commands, events
from shared.contract.refusals import Reason, Refused
from shared.decider import Decider

PAID = ("settled", "duplicate")
BOOKED = ("paid", "verified")
"""What the bank's lines are called as long as the money is not given back."""


def decide(command: commands.CountStatement, counted: bool, row: RowMapping) -> list[events.Event]:
    """A file counts once."""
    if counted:
        raise Refused(Reason.STATEMENT_COUNTED)
    return [
        events.StatementCounted(
            statement=command.statement,
            bank=row["bank"],
            lines=row["lines"],
            total_rials=row["total_rials"],
            counted_by=command.actor,
            counted_at=command.at,
        )
    ]


def project(connection: Connection, event: events.Event) -> None:
    """The statement's lines count from now on; where they and our records differ, the bank is asked."""
    match event:
        case events.StatementCounted():
            this = STATEMENTS.c.statement == event.statement
            connection.execute(update(STATEMENTS).where(this).values(counted_at=event.counted_at))
            for authority in differing(connection, event.statement):
                watch.mark(connection, authority, event.counted_at)
            for attempt in disputed(connection, event.statement):
                alerts.note(connection, "disputed", event.counted_at, attempt)
        case _:
            pass


def differing(connection: Connection, statement: str) -> list[str]:
    """The sessions whose line and attempt do not tell the same; a line itself settles nothing, only the bank's answer does."""
    joined = STATEMENT_LINES.join(ATTEMPTS, ATTEMPTS.c.authority == STATEMENT_LINES.c.authority)
    is_paid, is_booked = ATTEMPTS.c.status.in_(PAID), STATEMENT_LINES.c.status.in_(BOOKED)
    query = select(STATEMENT_LINES.c.authority).select_from(joined).where(STATEMENT_LINES.c.statement == statement)
    return list(connection.execute(query.where(is_paid != is_booked).distinct()).scalars())


def disputed(connection: Connection, statement: str) -> list[UUID]:
    """Our attempts that the payers dispute: finance must answer the bank; money moves only once a dispute is lost."""
    joined = DISPUTES.join(ATTEMPTS, ATTEMPTS.c.authority == DISPUTES.c.authority)
    query = select(ATTEMPTS.c.attempt).select_from(joined).where(DISPUTES.c.statement == statement)
    return list(connection.execute(query.distinct()).scalars())


def begin(connection: Connection, command: commands.OpenStatement) -> answers.Statement:
    """Begin a file, or begin it again."""
    row = row_of(connection, command.statement)
    if row is not None and row["counted_at"] is not None:
        raise Refused(Reason.STATEMENT_COUNTED)
    forget(connection, command.statement)
    values = command.model_dump(include={"statement", "bank", "lines", "total_rials"})
    connection.execute(insert(STATEMENTS).values(values))
    return answer(connection, command.statement)


def add(connection: Connection, command: commands.AddStatementLines) -> answers.Statement:
    """Take a batch; the same lines again take the place of those that were there."""
    row = must_be_open(connection, command.statement)
    last = command.first_line + len(command.lines) - 1
    if last > row["lines"]:
        raise Refused(Reason.STATEMENT_WRONG, {"lines": str(last)})
    lines = STATEMENT_LINES.c
    of_batch = (lines.statement == command.statement, lines.line.between(command.first_line, last))
    connection.execute(delete(STATEMENT_LINES).where(*of_batch))
    common = {"statement": command.statement, "bank": row["bank"]}
    told = [common | one.model_dump(exclude={"is_disputed"}) for one in command.lines]
    numbered = [{"line": number} | one for number, one in enumerate(told, start=command.first_line)]
    connection.execute(insert(STATEMENT_LINES), numbered)
    disputes = DISPUTES.c
    for authority in {one.authority for one in command.lines if one.is_disputed}:
        this = (disputes.statement == command.statement, disputes.authority == authority)
        connection.execute(delete(DISPUTES).where(*this))
        connection.execute(insert(DISPUTES).values(statement=command.statement, authority=authority))
    return answer(connection, command.statement)


def count(records: Records, command: commands.CountStatement) -> answers.Statement:
    """Count a file that is whole and adds up; one that does not is forgotten whole."""
    with records.read() as connection:
        row = row_of(connection, command.statement)
        fault = fault_of(connection, row) if row is not None and row["counted_at"] is None else None
    if row is None:
        raise Refused(Reason.UNKNOWN_STATEMENT)
    if fault is not None:
        records.write(lambda connection: forget(connection, command.statement))
        raise Refused(Reason.STATEMENT_WRONG, fault)
    decider: Decider[commands.CountStatement, bool] = Decider(
        lambda asked, counted: decide(asked, counted, row), lambda _counted, _event: True, initial=False
    )
    records.handle(f"statement/{command.statement}", command, decider)
    with records.read() as connection:
        return answer(connection, command.statement)


def fault_of(connection: Connection, row: RowMapping) -> dict[str, str] | None:
    """What keeps a file from counting."""
    found, total = here(connection, row["statement"])
    if found != row["lines"]:
        return {"lines": f"{found} of {row['lines']}"}
    return {"total_rials": f"{total} instead of {row['total_rials']}"} if total != row["total_rials"] else None


def here(connection: Connection, statement: str) -> tuple[int, int]:
    """How many lines of a file are here, and what those come to that were not given back."""
    lines = STATEMENT_LINES.c
    number = select(func.count()).select_from(STATEMENT_LINES).where(lines.statement == statement)
    total = select(func.coalesce(func.sum(lines.amount_rials), 0)).where(lines.statement == statement)
    booked = total.where(lines.status.in_(BOOKED))
    return connection.execute(number).scalar_one(), int(connection.execute(booked).scalar_one())


def row_of(connection: Connection, statement: str) -> RowMapping | None:
    return connection.execute(select(STATEMENTS).where(STATEMENTS.c.statement == statement)).mappings().one_or_none()


def must_be_open(connection: Connection, statement: str) -> RowMapping:
    row = row_of(connection, statement)
    if row is None:
        raise Refused(Reason.UNKNOWN_STATEMENT)
    if row["counted_at"] is not None:
        raise Refused(Reason.STATEMENT_COUNTED)
    return row


def forget(connection: Connection, statement: str) -> None:
    for table in (DISPUTES, STATEMENT_LINES, STATEMENTS):
        connection.execute(delete(table).where(table.c.statement == statement))


def answer(connection: Connection, statement: str) -> answers.Statement:
    row = row_of(connection, statement)
    if row is None:
        raise Refused(Reason.UNKNOWN_STATEMENT)
    return answers.Statement(
        statement=statement,
        status="open" if row["counted_at"] is None else "counted",
        lines=row["lines"],
        lines_here=here(connection, statement)[0],
        total_rials=row["total_rials"],
    )
