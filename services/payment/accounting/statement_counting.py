"""Counts a bank statement file: checks, append and the reopening of closed days in one transaction."""

from uuid import uuid5

from sqlalchemy import Connection, RowMapping

from services.payment.accounting import bank_statements, daily_reconciliation, statement_corrections
from services.payment.accounting.domain import REOPENING, ReopenDay, count
from shared.contract.envelope import Metadata
from shared.contract.payment import commands, finance_answers, finance_events
from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import Records, handle
from shared.event_store.decider import Decider


def count_statement(records: Records, command: commands.CountStatement) -> finance_answers.Statement:
    """Count a file that is whole and adds up; one that does not is forgotten whole."""

    def work(connection: Connection, metadata: Metadata) -> finance_answers.Statement | Refused:
        bank_statements.lock_statements(connection)
        row = bank_statements.must_find(connection, command.statement)
        fault = bank_statements.fault_of(connection, row) if row["counted_at"] is None else None
        if fault is not None:
            bank_statements.delete_statement(connection, command.statement)
            return Refused(Reason.STATEMENT_WRONG, fault)  # not raised: the forgetting has to be committed
        append(connection, records, command, row, metadata)
        return statement_corrections.statement_answer(
            connection, bank_statements.must_find(connection, command.statement)
        )

    found = records.transact(command, work)
    if isinstance(found, Refused):
        raise found
    return found


def append(
    connection: Connection, records: Records, command: commands.CountStatement, row: RowMapping, metadata: Metadata
) -> None:
    """Record that a file counts, and which closed days are open again by it."""
    if row["counted_at"] is None and row["corrects"]:
        bank_statements.must_be_counted(connection, row["bank"], row["corrects"])
    comparison = statement_corrections.compare(connection, row)
    fact = finance_events.StatementCounted(
        statement=command.statement,
        bank=row["bank"],
        lines=row["lines"],
        total_rials=row["total_rials"],
        counted_by=command.actor,
        counted_at=command.at,
        is_correction=comparison.is_correction,
        corrects=row["corrects"],
        opened_by=row["opened_by"],
    )
    decider: Decider[commands.CountStatement, bool] = Decider(
        lambda requested, counted: count(requested, counted, fact, row["opened_at"]),
        lambda _counted, _event: True,
        initial=False,
    )
    log = records.own_log()
    touched = statement_corrections.reopened(connection, row["bank"], comparison)
    handled = handle(connection, log, f"statement/{command.statement}", command, decider, metadata)
    for on in touched if handled.is_new else ():
        stream = daily_reconciliation.stream_of(row["bank"], on)
        reopen = ReopenDay(uuid5(command.id, stream), command.at, row["bank"], on, command.statement, command.actor)
        handle(connection, log, stream, reopen, REOPENING, metadata)
