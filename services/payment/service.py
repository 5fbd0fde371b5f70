"""The payment service under nameko: its subscriptions, its RPC methods and its timer."""

from datetime import datetime
from uuid import uuid4

from nameko.timer import timer
from sqlalchemy import Connection

from services.payment import overview, process, projection, scheduler, subscriptions, tables
from services.payment.accounting import ledger
from services.payment.attempts import alerts, callback, checkout, polling
from services.payment.attempts import queries as attempt_queries
from services.payment.banks import bulkhead, circuit_breaker
from services.payment.fees import tariffs
from services.payment.fees.estimate import estimate
from services.payment.fees.rpc import TariffRpc
from services.payment.four_eyes_rpc import FourEyesRpc
from services.payment.invoices import cross_year
from services.payment.invoices import queries as invoice_queries
from services.payment.personal_data import PERSONAL_DATA
from services.payment.refunds import finance_tasks
from shared.contract.envelope import Recorded
from shared.contract.passport import Passport, PrincipalKind
from shared.contract.payment import answers, commands, finance_answers, queries
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.log import EventLog, utc_now
from shared.nameko_extensions import (
    Caller,
    Configured,
    EventLogRpc,
    EventStore,
    PersonalDataRpc,
    ProjectionsRpc,
    Subscription,
    SubscriptionRpc,
    rpc,
)
from shared.settings import Settings
from shared.subscriptions.replay.projections import Projections

ROUND_SECONDS = 1
"""Between two rounds of asking the bank about what is due."""

LOG = EventLog("payment", projection.project, process.react)


def start(records: Records, _settings: Settings, at: datetime) -> None:
    """Read the fee tables: a fault in them stops the program before anybody is served. After a restore the bank is asked again."""
    tariffs.load()
    polling.inquire_again(records, at)


def on_renewal_event(connection: Connection, event: Recorded) -> None:
    subscriptions.on_renewal_event(connection, event, LOG, tariffs.load(), utc_now())


class PaymentService(
    EventLogRpc, SubscriptionRpc, PersonalDataRpc, ProjectionsRpc, FourEyesRpc, TariffRpc, overview.OverviewRpc
):
    """Invoices of approved renewals, payments at the bank, and the manager's confirmation."""

    name = "payment"
    caller: Passport = Caller()
    records: Records = EventStore(LOG, *tables.TABLES, on_start=start, migrations="services/payment/migrations")
    personal_data = PERSONAL_DATA
    settings: Settings = Configured()
    members = tables.INVOICES
    projections = Projections(tables.PROJECTIONS, LOG)
    follows_auth = Subscription("auth", apply=subscriptions.on_auth_event)
    follows_renewal = Subscription("renewal", apply=on_renewal_event, reactions=subscriptions.REACTIONS)
    follows_bank = Subscription("bank", apply=subscriptions.on_bank_event)

    @rpc
    def start_payment(self, command: commands.StartPayment) -> answers.PaymentPage:
        self.caller.must_be_member(command.member)
        with bulkhead.room():
            return checkout.start(command, uuid4(), self.verification)

    @rpc
    def check_payment(self, command: commands.CheckPayment) -> answers.CheckedPayment:
        self.caller.must_be_member(command.member)
        is_certain = checkout.inquire_open_attempts(command, self.verification)
        return answers.CheckedPayment(invoice=self.invoice(command), is_certain=is_certain)

    @rpc
    def verify_payment(self, command: commands.VerifyPayment) -> answers.PaymentResult:
        """For browsers that come back, by the gateway: as itself, or as the member who is signed in there."""
        if self.caller.principal_kind is not PrincipalKind.MEMBER:
            self.caller.must_be_program("gateway")
        return callback.handle_callback(command, self.verification)

    @rpc
    def get_payment_result(self, query: queries.GetPaymentResult) -> answers.PaymentResult:
        self.caller.must_be_program("gateway")
        with self.records.read() as connection:
            return attempt_queries.result(connection, query.attempt)

    @rpc
    def renew_invoice(self, command: commands.RenewInvoice) -> answers.Invoice:
        self.caller.must_be_member(command.member)
        return self.act(command)

    @rpc
    def confirm_payment(self, command: commands.ConfirmPayment) -> answers.Invoice:
        self.caller.must_have(Role.MANAGER)
        self.caller.must_have(Role.MANAGER, self.province_of(command))
        self.must_be_confirmed(command.at)
        return self.act(command)

    def must_see(self, member: str, invoices: tuple[answers.Invoice, ...]) -> None:
        province = invoices[0].province if invoices else min(self.caller.provinces, default="")  # nothing to hide yet
        self.caller.may_see(member, province)

    @rpc
    def get_invoices(self, query: queries.GetInvoices) -> answers.MemberInvoices:
        with self.records.read() as connection:
            invoices = invoice_queries.invoices_of(connection, query.member)
        self.must_see(query.member, invoices)
        return answers.MemberInvoices(invoices=invoices)

    @rpc
    def list_payments(self, query: queries.ListPayments) -> answers.Payments:
        self.must_handle_money(query.province)
        with self.records.read() as connection:
            return invoice_queries.payments(connection, query)

    @rpc
    def list_money_tasks(self, query: queries.ListMoneyTasks) -> finance_answers.MoneyTasks:
        self.must_handle_money(query.province)
        with self.records.read() as connection:
            return finance_tasks.page(connection, query)

    @rpc
    def list_alerts(self, query: queries.ListAlerts) -> finance_answers.Alerts:
        self.must_handle_money(query.province)
        with self.records.read() as connection:
            return alerts.page(connection, query)

    @rpc
    def get_balance(self, query: queries.GetBalance) -> finance_answers.Balance:
        with self.records.read() as connection:
            self.must_see(query.member, invoice_queries.invoices_of(connection, query.member))
            return ledger.balance(connection, query.member)

    @rpc
    def estimate_fee(self, query: queries.EstimateFee) -> answers.FeeEstimate:
        self.caller.must_be_signed_in()
        with self.records.read() as connection:
            if query.member is not None:
                self.must_see(query.member, invoice_queries.invoices_of(connection, query.member))
            coverage = cross_year.coverage(connection, LOG, query.member, query.paid_through)
        return estimate(query, coverage, tariffs.load())

    @rpc
    def get_bank_health(self, query: queries.GetBankHealth) -> answers.BankHealth:  # noqa: ARG002
        self.caller.must_be_signed_in()
        with self.records.read() as connection:
            return circuit_breaker.health_of(connection, self.verification.bank.capabilities.name)

    @timer(interval=ROUND_SECONDS, eager=True)  # first when the program starts
    def reconcile(self) -> None:
        scheduler.run_round(self.verification, utc_now)
