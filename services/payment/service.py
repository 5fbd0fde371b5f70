"""The payment service: what it hears, what it is asked, and its clock (nameko)."""

from datetime import UTC, datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from nameko.timer import timer
from sqlalchemy import Connection

from services.payment import checkout, domain, fees, lookups, process, reconciler, tables, views, watch
from services.payment.bank import Bank
from services.payment.verification import Verification
from services.payment.zarinpal import Zarinpal
from shared.command_handler import Records, caused_by, handle
from shared.contract import answers, commands, events, questions
from shared.contract.envelope import Recorded
from shared.contract.passport import Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role
from shared.event_log import EventLog
from shared.extensions import Caller, Configured, Follows, KeepsLog, Lane, Store, asked
from shared.settings import Settings

ROUND_SECONDS = 1
"""Between two rounds of asking the bank about what is due."""
ASK_AGAIN = timedelta(seconds=1)

LOG = EventLog("payment", views.project)
TARIFFS = fees.load()


def hear(connection: Connection, heard: Recorded) -> None:
    """An approved renewal gets its invoice."""
    for command in process.react(heard, TARIFFS):
        stream = lookups.stream_of(command.member, command.year)
        handle(connection, LOG, stream, command, domain.INVOICE, caused_by(heard))


def hear_notice(connection: Connection, heard: Recorded) -> None:
    """The bank's notice proves nothing, but is a reason to ask the bank at once."""
    if heard.type != events.BankNoticeReceived.__name__:
        return
    match heard.event:
        case events.BankNoticeReceived() as notice:
            watch.mark(connection, notice.authority, notice.received_at)
        case _:
            pass


@cache
def zarinpal(api_url: str, page_url: str, callback_url: str, merchant_id: str) -> Bank:
    """One adapter, and so one pool of connections, for each bank."""
    return Zarinpal(api_url, page_url, callback_url, merchant_id)


class PaymentService(KeepsLog, Follows):
    """Invoices of approved renewals, payments at the bank, and the manager's confirmation."""

    name = "payment"
    caller: Passport = Caller()
    records: Records = Store(LOG, tables.TABLES)
    settings: Settings = Configured()
    hears_renewal = Lane("renewal", apply=hear)
    hears_bank = Lane("bank", apply=hear_notice)

    @property
    def verification(self) -> Verification:
        """Asks the bank of the settings; in development browsers meet the sandbox at its public address."""
        settings = self.settings
        page_url = settings.bank_portal_url if settings.development else settings.bank_api_url
        callback_url = f"{settings.portal_url}/payment/return"
        bank = zarinpal(settings.bank_api_url, page_url, callback_url, settings.merchant_id)
        return Verification(self.records, bank)

    @asked
    def start_payment(self, command: commands.StartPayment) -> answers.PaymentPage:
        self.caller.must_be_member(command.member)
        return checkout.start(command, uuid4(), self.verification)

    @asked
    def verify_payment(self, command: commands.VerifyPayment) -> answers.PaymentResult:
        self.caller.must_be_program("gateway")
        with self.records.read() as connection:
            attempt = must_be_found(lookups.attempt_of(connection, authority=command.authority))
        if self.verification.settle(attempt, command.at) in {"started", None}:
            soon = command.at + ASK_AGAIN
            self.records.write(lambda connection: watch.mark(connection, command.authority, soon))
        return self.result_of(attempt.attempt)

    @asked
    def get_payment_result(self, question: questions.GetPaymentResult) -> answers.PaymentResult:
        self.caller.must_be_program("gateway")
        return self.result_of(question.attempt)

    def result_of(self, attempt: UUID) -> answers.PaymentResult:
        with self.records.read() as connection:
            return lookups.result(must_be_found(lookups.attempt_of(connection, attempt=attempt)))

    @asked
    def confirm_payment(self, command: commands.ConfirmPayment) -> answers.Invoice:
        self.caller.must_have(Role.MANAGER)
        self.caller.must_have(Role.MANAGER, self.invoice(command.member, command.year).province)
        self.records.handle(lookups.stream_of(command.member, command.year), command, domain.INVOICE)
        return self.invoice(command.member, command.year)

    def invoice(self, member: str, year: int) -> answers.Invoice:
        with self.records.read() as connection:
            invoice = lookups.invoice(connection, member, year)
        if invoice is None:
            raise Refused(Reason.NO_INVOICE)
        return invoice

    @asked
    def get_invoices(self, question: questions.GetInvoices) -> answers.MemberInvoices:
        with self.records.read() as connection:
            invoices = lookups.invoices_of(connection, question.member)
        # Where there is nothing yet, there is nothing to hide from an officer of any province.
        province = invoices[0].province if invoices else min(self.caller.provinces, default="")
        self.caller.may_see(question.member, province)
        return answers.MemberInvoices(invoices=invoices)

    @asked
    def list_payments(self, question: questions.ListPayments) -> answers.Payments:
        role = Role.FINANCE if Role.FINANCE in self.caller.roles else Role.MANAGER
        self.caller.must_have(role, question.province)
        with self.records.read() as connection:
            return lookups.payments(connection, question)

    @asked
    def estimate_fee(self, question: questions.EstimateFee) -> answers.FeeEstimate:
        self.caller.must_be_signed_in()
        try:
            amount = TARIFFS.fee(question.year, question.member_class)
        except fees.NoTariff:
            raise Refused(Reason.NO_TARIFF, {"year": str(question.year)}) from None
        return answers.FeeEstimate(year=question.year, member_class=question.member_class, amount_rials=amount)

    @timer(interval=ROUND_SECONDS)
    def reconcile(self) -> None:
        reconciler.look_around(self.verification, datetime.now(UTC))


def must_be_found(attempt: lookups.Attempt | None) -> lookups.Attempt:
    if attempt is None:
        raise Refused(Reason.UNKNOWN_PAYMENT)
    return attempt
