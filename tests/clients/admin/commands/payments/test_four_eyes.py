"""Refunds, write-offs, slips and days at the command line."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from shared.contract.payment import answers as payment_answers
from shared.contract.payment import commands, finance_answers, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers as renewal_answers
from tests.clients.admin.examples import CARD, MEMBER, NAMES, SETTLED
from tests.clients.admin.fake_server import Tamdid, flat

ATTEMPT, SECOND = UUID(int=5), UUID(int=6)
TASK = UUID("3d5c9f0e-8f6d-4b1b-9c0f-5a3a4f6f2c77")
AT = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)
REASON = "عضو دو بار پرداخت کرده است"
PAID = payment_answers.Attempt(attempt=ATTEMPT, status="settled", amount_rials=9_000_000, started_at=AT)
INVOICE = SETTLED.model_copy(update={"attempts": (PAID,), "received_rials": 9_000_000})
DAY = finance_answers.ReconciledDay(
    bank="zarinpal",
    on=date(2026, 10, 7),
    bank_rials=13_000_000,
    ledger_rials=9_000_000,
    exceptions=(
        finance_answers.StatementException(
            kind="missing_here", authority="S01", bank_rials=4_000_000, our_rials=0, bank_reference="202", at=AT
        ),
    ),
    counted_by=("officer:reza",),
    closed_by="officer:maryam",
    closed_at=AT,
    figures="5ee0" * 4,
)


def task(kind: str, key: UUID = TASK, **changes: Any) -> finance_answers.MoneyTask:
    about = {"task": key, "kind": kind, "member": MEMBER, "year": 1405, "amount_rials": 9_000_000, "since": AT}
    return finance_answers.MoneyTask.model_validate(
        {**about, "reason": REASON, "requested_by": "officer:reza", **changes}
    )


def waiting(*tasks: finance_answers.MoneyTask) -> finance_answers.MoneyTasks:
    return finance_answers.MoneyTasks(tasks=tasks, total=len(tasks))


@pytest.fixture
def money(maryam: Tamdid) -> Tamdid:
    entry: dict[str, Any] = {"kind": "payment", "amount_rials": 9_000_000, "year": 1405, "at": AT, "position": 3}
    maryam.server.replies = {
        "payment.list_money_tasks": waiting(task("refund_requested")),
        "payment.get_invoices": payment_answers.MemberInvoices(invoices=(INVOICE,)),
        "payment.get_balance": finance_answers.Balance(
            member=MEMBER, balance_rials=-1_000_000, entries=(finance_answers.LedgerEntry(**entry),)
        ),
        "payment.get_bank_health": payment_answers.BankHealth(bank="zarinpal", is_up=True),
        "payment.get_day": DAY,
        "payment.close_day": DAY,
        "auth.get_member_names": NAMES,
        "auth.get_member": CARD,
        "renewal.get_renewal": renewal_answers.MemberRenewal(current_year=1405),
        **dict.fromkeys((f"payment.{word}_refund" for word in ("request", "grant", "record")), INVOICE),
        **dict.fromkeys((f"payment.{word}_write_off" for word in ("request", "grant")), INVOICE),
        **dict.fromkeys((f"payment.{word}_manual_payment" for word in ("request", "grant")), INVOICE),
        **dict.fromkeys((f"payment.{word}_manual_payment_reversal" for word in ("request", "grant")), INVOICE),
        "payment.decline_request": INVOICE,
    }
    return maryam


def test_tasks_are_listed_with_their_kind_amount_and_reason(money: Tamdid) -> None:
    output = money("payments", "tasks").stdout
    for text in ("3d5c9f0e", "refund requested", MEMBER, "9,000,000 rials", REASON, "رضا کاشانی", "1 of 1"):
        assert text in output
    assert money.json("payments", "tasks")["tasks"][0]["task"] == str(TASK)


def test_an_account_ends_with_its_balance(money: Tamdid) -> None:
    output = money("payments", "account", "۰۱۲۳۴۵۶").stdout
    assert "Balance: -1,000,000 rials" in output


@pytest.fixture
def without_invoice(money: Tamdid) -> Tamdid:
    """A member who owes 1404 and 1405, and whom nobody has charged yet."""
    line = SETTLED.lines[0]
    money.server.replies |= {
        "payment.get_invoices": payment_answers.MemberInvoices(invoices=()),
        "payment.get_balance": finance_answers.Balance(member=MEMBER, balance_rials=0, entries=()),
        "auth.get_member": CARD.model_copy(update={"paid_through": 1403}),
        "payment.estimate_fee": payment_answers.FeeEstimate(
            year=1405,
            member_class=line.member_class,
            amount_rials=18_000_000,
            lines=(line.model_copy(update={"year": 1404}), line),
        ),
    }
    return money


def test_an_account_without_an_invoice_tells_what_is_owed(without_invoice: Tamdid) -> None:
    output = without_invoice("payments", "account", MEMBER).stdout
    assert "No invoice for 1405 yet; paid through: 1403" in output
    assert "Estimate: 18,000,000 rials (1404, 1405)" in output
    assert "Balance" not in output
    as_json = without_invoice.json("payments", "account", MEMBER)
    assert (as_json["balance_rials"], as_json["paid_through"]) == (0, 1403)
    assert as_json["estimate"]["amount_rials"] == 18_000_000


@pytest.mark.parametrize(
    ("kind", "cause", "text"),
    [
        ("refund_due", "too_late", "too late for the bank"),
        ("refund_due", "code -61", "the bank's answer: -61"),
        ("held", "reference_counted_before", "reference counted before"),
        ("manual_payment_requested", "too_late", "too_late"),
        ("slip_reversal_requested", "0098-77", "0098-77"),
    ],
)
def test_why_a_task_waits_is_shown_as_a_sentence(money: Tamdid, kind: str, cause: str, text: str) -> None:
    money.server.replies["payment.list_money_tasks"] = waiting(task(kind, reason="", cause=cause))
    assert text in flat(money("payments", "tasks").stdout)


def test_an_account_tells_of_a_payment_that_nobody_can_say_of_yet(money: Tamdid) -> None:
    assert "Payment of" not in money("payments", "account", MEMBER).stdout
    attempts = (PAID.model_copy(update={"status": "held"}),)
    held = INVOICE.model_copy(update={"status": "open", "received_rials": 0, "attempts": attempts})
    money.server.replies["payment.get_invoices"] = payment_answers.MemberInvoices(invoices=(held,))
    text = flat(money("payments", "account", MEMBER).stdout)
    assert "Payment of 9,000,000 rials at 1405/07/13 11:30: looked at by finance" in text


def test_the_estimate_knows_what_the_register_has_as_paid(without_invoice: Tamdid) -> None:
    known = renewal_answers.MemberRenewal(current_year=1405, paid_through=1404)
    without_invoice.server.replies["renewal.get_renewal"] = known
    without_invoice("payments", "account", MEMBER)
    [sent] = without_invoice.server.sent(queries.EstimateFee)
    assert sent.paid_through == 1404


def test_the_account_of_nobody_is_refused(without_invoice: Tamdid) -> None:
    without_invoice.server.replies["auth.get_member"] = Refused(Reason.UNKNOWN_MEMBER)
    result = without_invoice("payments", "account", "9999999")
    assert result.exit_code == 1
    assert "No member has this number." in result.stderr
    assert result.stdout == ""


def test_the_account_of_a_member_of_elsewhere_is_refused_without_invoices_here(without_invoice: Tamdid) -> None:
    without_invoice.server.replies["auth.get_member"] = Refused(Reason.NOT_ALLOWED)
    assert without_invoice("payments", "account", MEMBER).exit_code == 1
    without_invoice.server.replies["payment.get_invoices"] = payment_answers.MemberInvoices(invoices=(INVOICE,))
    assert without_invoice("payments", "account", MEMBER).exit_code == 0


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("refund_requested", commands.GrantRefund),
        ("write_off_requested", commands.GrantWriteOff),
        ("manual_payment_requested", commands.GrantManualPayment),
        ("slip_reversal_requested", commands.GrantManualPaymentReversal),
    ],
)
def test_a_request_is_granted_by_the_beginning_of_its_id(money: Tamdid, kind: str, command: type[Any]) -> None:
    money.server.replies["payment.list_money_tasks"] = waiting(task(kind), task("held", SECOND))
    result = money("payments", "grant", "۳d5c")
    assert result.exit_code == 0, result.output
    [sent] = money.server.sent(command)
    assert (sent.request, sent.member, sent.year) == (TASK, MEMBER, 1405)


def test_what_waits_for_no_grant_is_refused_here(money: Tamdid) -> None:
    money.server.replies["payment.list_money_tasks"] = waiting(task("refund_due"))
    assert money("payments", "grant", "3d5c9f0e").exit_code == 1
    assert money.server.sent(commands.GrantRefund) == []


def test_an_id_of_none_or_of_several_is_said(money: Tamdid) -> None:
    assert money("payments", "grant", "ffff").exit_code == 1
    money.server.replies["payment.list_money_tasks"] = waiting(
        task("refund_requested"), task("held", UUID(int=TASK.int + 1))
    )
    result = money("payments", "grant", "3d5c9f0e")
    assert result.exit_code == 2
    assert "2 tasks begin with" in flat(result.output)
    assert money("payments", "grant", "the first").exit_code == 2


def test_whoever_is_too_late_is_refused_with_the_earlier_decision(money: Tamdid) -> None:
    decided = {"outcome": "declined", "by": "officer:sara", "at": AT.isoformat()}
    money.server.replies["payment.grant_refund"] = Refused(Reason.UNKNOWN_REQUEST, decided)
    text = flat(money("payments", "grant", "3d5c9f0e").stderr)
    assert "outcome: declined" in text
    assert "by: sara" in text
    assert "at: 1405/07/13 11:30" in text


def test_ones_own_request_is_refused_in_words(money: Tamdid) -> None:
    money.server.replies["payment.grant_refund"] = Refused(Reason.OWN_REQUEST)
    result = money("payments", "grant", "3d5c9f0e")
    assert result.exit_code == 1
    assert "A colleague has to grant what you asked for." in result.stderr


def test_declining_needs_a_reason_and_recording_a_reference(money: Tamdid) -> None:
    assert money("payments", "decline", "3d5c9f0e", "--reason", "no").exit_code == 2
    assert money("payments", "decline", "3d5c9f0e", "--reason", REASON).exit_code == 0
    assert money("payments", "record", "3d5c9f0e", "--reference", "؟").exit_code == 2
    assert money("payments", "record", "3d5c9f0e", "--reference", "۱۴۰۵-۷۷").exit_code == 0
    assert [call.reason for call in money.server.sent(commands.DeclineRequest)] == [REASON]
    assert [call.bank_reference for call in money.server.sent(commands.RecordRefund)] == ["1405-77"]


def test_a_refund_is_asked_of_the_only_payment(money: Tamdid) -> None:
    result = money(
        "payments", "request", "refund", MEMBER, "--amount", "۱۰۰۰۰۰۰", "--reason", REASON, "--ends-membership"
    )
    assert result.exit_code == 0, result.output
    [sent] = money.server.sent(commands.RequestRefund)
    assert (sent.attempt, sent.amount_rials, sent.ends_membership) == (ATTEMPT, 1_000_000, True)
    assert str(sent.id)[:8] in result.stdout


def test_of_two_payments_one_is_named(money: Tamdid) -> None:
    both = (PAID, PAID.model_copy(update={"attempt": SECOND, "status": "duplicate"}))
    money.server.replies["payment.get_invoices"] = payment_answers.MemberInvoices(
        invoices=(INVOICE.model_copy(update={"attempts": both}),)
    )
    words = ("payments", "request", "refund", MEMBER, "--amount", "5", "--reason", REASON)
    result = money(*words)
    assert result.exit_code == 2
    assert str(SECOND) in flat(result.output).replace(" ", "")
    assert money(*words, "--attempt", str(SECOND)).exit_code == 0
    assert [call.attempt for call in money.server.sent(commands.RequestRefund)] == [SECOND]


def test_a_slip_and_a_write_off_are_asked_for(money: Tamdid) -> None:
    words = (
        "payments",
        "request",
        "slip",
        MEMBER,
        "--amount",
        "4500000",
        "--slip",
        "۰۰۹۸-77",
        "--paid-on",
        "۱۴۰۵/۷/۱۵",
    )
    assert money(*words, "--reason", REASON).exit_code == 0
    assert money("payments", "request", "write-off", MEMBER, "--amount", "5000", "--reason", REASON).exit_code == 0
    [slip] = money.server.sent(commands.RequestManualPayment)
    assert (slip.slip, slip.paid_on, slip.amount_rials) == ("0098-77", date(2026, 10, 7), 4_500_000)
    assert [call.amount_rials for call in money.server.sent(commands.RequestWriteOff)] == [5000]


def test_a_slip_is_asked_to_be_taken_back_by_its_number(money: Tamdid) -> None:
    slip = payment_answers.Slip(
        request=SECOND, slip="0098-77", amount_rials=4_500_000, paid_on=date(2026, 10, 7), granted_at=AT
    )
    gone = slip.model_copy(update={"request": TASK, "slip": "0098-78", "reversed_at": AT})
    invoices = (INVOICE.model_copy(update={"slips": (gone, slip)}),)
    money.server.replies["payment.get_invoices"] = payment_answers.MemberInvoices(invoices=invoices)
    words = ("payments", "request", "slip-reversal", MEMBER, "--reason", REASON, "--slip")
    wrong = money(*words, "0098-78")
    assert wrong.exit_code == 2
    assert "0098-77" in flat(wrong.output)
    assert money(*words, "۰۰۹۸-77").exit_code == 0
    assert [one.manual_payment for one in money.server.sent(commands.RequestManualPaymentReversal)] == [SECOND]


@pytest.mark.parametrize("word", ["day", "close"])
def test_a_day_shows_totals_and_differences(money: Tamdid, word: str) -> None:
    seen = ["--figures", "0" * 16] if word == "close" else []
    output = money("payments", word, "۱۴۰۵/۰۷/۱۵", *seen).stdout
    for text in (
        "1405/07/15",
        "13,000,000 rials",
        "4,000,000 rials",
        "missing here",
        "S01",
        "مریم تهرانی",
        "رضا کاشانی",
    ):
        assert text in output
    kind = queries.GetDay if word == "day" else commands.CloseDay
    assert [(call.on, call.bank) for call in money.server.sent(kind)] == [(date(2026, 10, 7), "zarinpal")]


def test_a_day_is_closed_as_it_was_seen(money: Tamdid) -> None:
    assert money("payments", "close", "1405/07/15").exit_code == 2
    shown = money.json("payments", "day", "1405/07/15")["figures"]
    assert shown in money("payments", "day", "1405/07/15").stdout
    money("payments", "close", "1405/07/15", "--figures", shown)
    assert [call.figures for call in money.server.sent(commands.CloseDay)] == [DAY.figures]
