from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.contract.payment import answers as payment_answers
from shared.contract.payment import commands, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers as renewal_answers
from tests.clients.admin.examples import CONFIRMED, MEMBER, NAMES, OTHER, SETTLED
from tests.clients.admin.fake_server import Tamdid

AT = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def invoices(query: queries.GetInvoices) -> payment_answers.MemberInvoices:
    invoices = {MEMBER: (SETTLED,), OTHER: (SETTLED.model_copy(update={"member": OTHER, "year": 1404}),)}
    return payment_answers.MemberInvoices(invoices=invoices[query.member])


@pytest.fixture
def finance(maryam: Tamdid) -> Tamdid:
    maryam.server.replies = {
        "payment.list_payments": payment_answers.Payments(invoices=(SETTLED,), total=1),
        "payment.get_invoices": invoices,
        "payment.confirm_payment": CONFIRMED,
        "auth.get_member_names": NAMES,
        "renewal.list_desk": renewal_answers.Desk(renewals=(), total=0, overdue=0),
    }
    return maryam


def test_payments_show_rials_with_separators_and_the_time_in_tehran(finance: Tamdid) -> None:
    result = finance("payments", "list")
    for text in ("9,000,000 rials", "1405/07/15 23:59", "621986****8080", "1 of 1"):
        assert text in result.stdout
    assert "۹٬۰۰۰٬۰۰۰ ریال" in finance("--language", "fa", "payments", "list").stdout


def test_a_confirmation_names_the_amount_on_record(finance: Tamdid) -> None:
    result = finance("payments", "confirm", "۰۱۲۳۴۵۶")
    assert result.exit_code == 0, result.output
    assert "9,000,000 rials" in result.stdout
    (command,) = finance.server.sent(commands.ConfirmPayment)
    assert (command.member, command.year, command.amount_rials) == (MEMBER, 1405, 9_000_000)


def test_without_an_invoice_of_the_year_nothing_is_confirmed(finance: Tamdid) -> None:
    document = finance.json("payments", "confirm", OTHER, MEMBER, "--apply", exit_code=1)
    assert [row["outcome"] for row in document["results"]] == ["refused", "confirmed"]
    assert document["results"][0]["refused"] == "no_invoice"


def test_several_payments_are_confirmed_only_with_apply(finance: Tamdid) -> None:
    result = finance("payments", "confirm", MEMBER, OTHER, "--year", "1405")
    assert "would be confirmed" in result.stdout
    assert finance.server.sent(commands.ConfirmPayment) == []


def test_what_the_service_refuses_is_reported_for_its_row(finance: Tamdid) -> None:
    def refuse(_: Any) -> payment_answers.Invoice:
        raise Refused(Reason.PAYMENT_NOT_SETTLED)

    finance.server.replies["payment.confirm_payment"] = refuse
    result = finance("payments", "confirm", MEMBER)
    assert result.exit_code == 1
    assert "The payment is not settled yet." in result.stdout


@pytest.mark.parametrize(
    ("status", "outcome"), [("settled", "would_be_confirmed"), ("open", "left_out"), ("confirmed", "left_out")]
)
def test_a_dry_run_confirms_only_what_is_settled(finance: Tamdid, status: str, outcome: str) -> None:
    invoice = SETTLED.model_copy(update={"status": status})
    finance.server.replies["payment.get_invoices"] = payment_answers.MemberInvoices(invoices=(invoice,))
    document = finance.json("payments", "confirm", MEMBER, "--dry-run", exit_code=0 if status == "settled" else 1)
    assert [row["outcome"] for row in document["results"]] == [outcome]


def test_all_that_wait_are_confirmed_with_the_amounts_of_the_list(finance: Tamdid) -> None:
    document = finance.json("payments", "confirm", "--all")
    assert document["dry_run"] is True
    assert [row["outcome"] for row in document["results"]] == ["would_be_confirmed"]
    assert finance("payments", "confirm", "--all", "--province", "isfahan", "--apply").exit_code == 0
    (command,) = finance.server.sent(commands.ConfirmPayment)
    assert (command.member, command.year, command.amount_rials) == (MEMBER, 1405, 9_000_000)
    assert finance.server.sent(queries.GetInvoices) == []
    listed = queries.ListPayments(province="isfahan", status="settled", limit=200)
    assert finance.server.sent(queries.ListPayments) == [listed, listed]


def test_the_list_calls_unpaid_only_what_is(finance: Tamdid) -> None:
    started = payment_answers.Attempt(attempt=UUID(int=5), status="started", amount_rials=9_000_000, started_at=AT)
    invoice = SETTLED.model_copy(update={"status": "open", "attempts": (started,)})
    finance.server.replies["payment.list_payments"] = payment_answers.Payments(invoices=(invoice,), total=1)
    assert "در حال استعلام" in finance("--language", "fa", "payments", "list", "--status", "open").stdout
