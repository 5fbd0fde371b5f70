"""RPC methods of what officers request and grant under four eyes, and how a command about an invoice is handled."""

from functools import partial

from services.payment.accounting.rpc import StatementRpc
from services.payment.attempts.verification import Verification
from services.payment.banks import bulkhead, registry
from services.payment.invoices import cross_year, domain, four_eyes, slip_reversals, state
from services.payment.invoices import queries as invoice_queries
from services.payment.refunds import finance_tasks, worker
from shared.contract.payment import answers, commands
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_store.command_handler import SideWrites
from shared.event_store.log import utc_now
from shared.nameko_extensions import rpc


class FourEyesRpc(StatementRpc):
    """RPC methods of the payment service about refunds, write-offs and deposit slips, in sessions that are confirmed as for statements."""

    @property
    def verification(self) -> Verification:
        """Asks the bank of the settings."""
        bank = registry.bank_of(self.settings, self.records.database, utc_now)
        return Verification(self.records, bank, self.settings.bank_time_scale, self.settings.bank_since)

    @rpc
    def request_refund(self, command: commands.RequestRefund) -> answers.Invoice:
        return self.move_money(command, command.reason)

    @rpc
    def grant_refund(self, command: commands.GrantRefund) -> answers.Invoice:
        return self.send_back(command)

    @rpc
    def record_refund(self, command: commands.RecordRefund) -> answers.Invoice:
        return self.send_back(command)

    def send_back(self, command: commands.GrantRefund | commands.RecordRefund) -> answers.Invoice:
        """Money that the bank has reversed is not refunded by finance as well."""
        self.must_handle_money_of(command)
        with bulkhead.room():
            worker.must_not_have_gone_back(command, self.verification)
        return self.move_money(command)

    @rpc
    def request_write_off(self, command: commands.RequestWriteOff) -> answers.Invoice:
        return self.move_money(command, command.reason)

    @rpc
    def grant_write_off(self, command: commands.GrantWriteOff) -> answers.Invoice:
        return self.move_money(command)

    @rpc
    def request_manual_payment(self, command: commands.RequestManualPayment) -> answers.Invoice:
        return self.move_money(command, command.reason)

    @rpc
    def grant_manual_payment(self, command: commands.GrantManualPayment) -> answers.Invoice:
        return self.move_money(command)

    @rpc
    def request_manual_payment_reversal(self, command: commands.RequestManualPaymentReversal) -> answers.Invoice:
        return self.move_money(command, command.reason)

    @rpc
    def grant_manual_payment_reversal(self, command: commands.GrantManualPaymentReversal) -> answers.Invoice:
        return self.move_money(command)

    @rpc
    def decline_request(self, command: commands.DeclineRequest) -> answers.Invoice:
        return self.move_money(command, command.reason)

    def move_money(
        self, command: four_eyes.Command | slip_reversals.Command, reason: str | None = None
    ) -> answers.Invoice:
        """Requests of finance and managers of the province, and their grants; the granter is not the requester."""
        self.must_handle_money_of(command)
        side_writes = cross_year.undo_dependents(self.records.own_log())
        if reason is not None:
            side_writes = finance_tasks.store_note(command.id, command.member, reason, command.at)
        try:
            return self.act(command, side_writes)
        except domain.ReferenceTaken:
            raise Refused(Reason.REFERENCE_COUNTED) from None

    def act(self, command: domain.OfInvoice, side_writes: SideWrites | None = None) -> answers.Invoice:
        """Handle a command about an invoice, and answer with it; where another replaced it, the refusal names that one."""
        stream = state.stream_of(command.member, command.year)
        find = partial(invoice_queries.must_find, member=command.member, year=command.year)
        try:
            return self.records.answer(stream, command, domain.INVOICE, find, side_writes)
        except Refused as refused:
            if refused.reason is not Reason.INVOICE_REPLACED:
                raise
            raise Refused(Reason.INVOICE_REPLACED, {"year": str(self.invoice(command).replaced_by_year)}) from None

    def must_handle_money_of(self, command: four_eyes.Command | slip_reversals.Command) -> None:
        self.must_handle_money()
        self.must_handle_money(self.province_of(command))
        self.must_be_confirmed(command.at)

    def must_handle_money(self, province: str | None = None) -> None:
        self.caller.must_have(Role.FINANCE if Role.FINANCE in self.caller.roles else Role.MANAGER, province)

    def invoice(self, command: domain.OfInvoice | commands.CheckPayment) -> answers.Invoice:
        with self.records.read() as connection:
            return invoice_queries.must_find(connection, command.member, command.year)

    def province_of(self, command: domain.OfInvoice) -> str:
        with self.records.read() as connection:
            return invoice_queries.province_of(connection, command.member, command.year)
