"""RPC methods of bank statements and of the daily reconciliation, for the treasury, and of receipts."""

from datetime import datetime

from services.payment.accounting import (
    bank_statements,
    daily_reconciliation,
    receipts,
    statement_corrections,
    statement_counting,
)
from shared.contract.passport import Passport
from shared.contract.payment import answers, commands, finance_answers, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.nameko_extensions import rpc
from shared.settings import Settings


class StatementRpc:
    """RPC methods of the payment service about bank statements and the bank's health."""

    caller: Passport
    records: Records
    settings: Settings

    def must_be_confirmed(self, at: datetime) -> None:
        """Acts about money need a session that a code has confirmed lately, of officers who have a second factor or must have one."""
        self.caller.must_be_confirmed(at, is_required=self.settings.second_factor == "required")

    @rpc
    def open_statement(self, command: commands.OpenStatement) -> finance_answers.Statement:
        self.caller.must_have(Role.TREASURY)
        return self.records.write(
            lambda one: statement_corrections.statement_answer(one, bank_statements.open_statement(one, command))
        )

    @rpc
    def add_statement_lines(self, command: commands.AddStatementLines) -> finance_answers.Statement:
        self.caller.must_have(Role.TREASURY)
        return self.records.write(
            lambda one: statement_corrections.statement_answer(one, bank_statements.add_lines(one, command))
        )

    @rpc
    def count_statement(self, command: commands.CountStatement) -> finance_answers.Statement:
        self.caller.must_have(Role.TREASURY)
        self.must_be_confirmed(command.at)
        return statement_counting.count_statement(self.records, command)

    @rpc
    def get_statement(self, query: queries.GetStatement) -> finance_answers.Statement:
        self.caller.must_have(Role.TREASURY)
        with self.records.read() as connection:
            return statement_corrections.statement_answer(
                connection, bank_statements.must_find(connection, query.statement)
            )

    @rpc
    def list_statements(self, query: queries.ListStatements) -> finance_answers.Statements:
        self.caller.must_have(Role.TREASURY)
        with self.records.read() as connection:
            return statement_corrections.statements_page(connection, query.bank, query.limit, query.offset)

    @rpc
    def close_day(self, command: commands.CloseDay) -> finance_answers.ReconciledDay:
        self.caller.must_have(Role.TREASURY)
        self.must_be_confirmed(command.at)
        return daily_reconciliation.close(self.records, command)

    @rpc
    def get_day(self, query: queries.GetDay) -> finance_answers.ReconciledDay:
        self.caller.must_have(Role.TREASURY)
        with self.records.read() as connection:
            return daily_reconciliation.day(connection, query.bank, query.on)

    @rpc
    def get_receipt(self, query: queries.GetReceipt) -> answers.Receipt:
        self.caller.must_be_program("gateway")
        with self.records.read() as connection:
            found = receipts.by_token(connection, query.token)
        if found is None:
            raise Refused(Reason.UNKNOWN_RECEIPT)
        return found
