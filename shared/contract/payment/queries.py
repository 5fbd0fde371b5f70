"""Queries that payment answers."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contract import overview_answers
from shared.contract.base import Query
from shared.contract.bounds import Limit, Offset
from shared.contract.payment import answers, finance_answers
from shared.contract.text_types import AS_CODE
from shared.contract.values import (
    Day,
    Instant,
    JalaliYear,
    MemberClass,
    MembershipNo,
    Province,
    StatementDigest,
    UnpaidYear,
)

UNPAID_YEARS_MAX = 100


class GetInvoices(Query[answers.MemberInvoices], service="payment"):
    """A member's invoices."""

    member: MembershipNo


class ListPayments(Query[answers.Payments], service="payment"):
    """Settled payments of a province, waiting for confirmation or confirmed; `reversed`: open again, for the money went back."""

    province: Province
    status: Literal["settled", "confirmed", "open", "reversed"] = "settled"
    reference: Annotated[str, StringConstraints(max_length=100), AS_CODE] = ""
    """The bank's reference of a payment: with it the invoice is found that was paid by it, in any status."""
    late_before: Instant | None = None
    """What was settled before this and waits for confirmation is counted as late; `OfficeHours` of renewal has the instant."""
    only_late: bool = False
    """Of those that wait for confirmation, the late ones alone."""
    limit: Limit = 50
    offset: Offset = 0


class GetBalance(Query[finance_answers.Balance], service="payment"):
    """A member's ledger and balance; for the member and the officers of the province."""

    member: MembershipNo


class ListMoneyTasks(Query[finance_answers.MoneyTasks], service="payment"):
    """What waits for an officer about a province's money: refunds, write-offs, slips, payments held; for finance and managers."""

    province: Province
    member: MembershipNo | None = None
    """Only what is about this member."""
    limit: Limit = 50
    offset: Offset = 0


class ListAlerts(Query[finance_answers.Alerts], service="payment"):
    """Forged, replayed or contradicting callbacks and notices, of a province and of no province; for finance and managers."""

    province: Province
    member: MembershipNo | None = None
    limit: Limit = 50
    offset: Offset = 0


class GetMoneyOverview(Query[overview_answers.MoneyOverview], service="payment"):
    """A province's money by week, and how long invoices wait; for its finance, treasurers, managers and auditors."""

    province: Province


class GetDay(Query[finance_answers.ReconciledDay], service="payment"):
    """A day's payments by the statement and by the ledger, with what they do not agree on; for finance."""

    bank: Annotated[str, StringConstraints(pattern="^[a-z]{3,20}$")] = "zarinpal"
    on: Day


class GetStatement(Query[finance_answers.Statement], service="payment"):
    """A bank's statement, and what it would change as long as it does not count; for finance."""

    statement: StatementDigest


class ListStatements(Query[finance_answers.Statements], service="payment"):
    """A bank's statements, the latest first; for finance."""

    bank: Annotated[str, StringConstraints(pattern="^[a-z]{3,20}$")] = "zarinpal"
    limit: Limit = 50
    offset: Offset = 0


class GetBankHealth(Query[answers.BankHealth], service="payment"):
    """Does the bank answer? For anybody signed in, and for our own programs."""


class GetTariff(Query[answers.Tariff], service="payment"):
    """The fees of a year by class, before any request; for anyone."""

    year: JalaliYear


class GetPaymentResult(Query[answers.PaymentResult], service="payment"):
    """What became of an attempt, by its unguessable id; for the page after the bank, also without a session."""

    attempt: UUID


class GetReceipt(Query[answers.Receipt], service="payment"):
    """A receipt by its unguessable token; for the page where anybody checks one, without a session."""

    token: UUID


class EstimateFee(Query[answers.FeeEstimate], service="payment"):
    """What a year would cost by the fee tables: its own fee, that of each earlier year that is owed, less the member's credit."""

    year: JalaliYear
    member_class: MemberClass
    unpaid_years: Annotated[tuple[UnpaidYear, ...], Field(max_length=UNPAID_YEARS_MAX)] = ()
    """The unpaid years of the register, as in `GetRenewal`."""
    never_paid: bool = False
    paid_through: JalaliYear | None = None
    """The last year that the register has as paid."""
    enrolled_years: Annotated[tuple[UnpaidYear, ...], Field(max_length=UNPAID_YEARS_MAX)] = ()
    """The years since the enrolment, as in `GetRenewal`."""
    member: MembershipNo | None = None
    """Whose it would be, for the member and officers of the province: years paid here, and credit, are counted too."""
