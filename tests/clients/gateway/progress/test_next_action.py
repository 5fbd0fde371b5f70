"""Home and pay page in every state of an invoice and its attempts: one next action, and the right one."""

import re
from datetime import timedelta
from typing import Any, NamedTuple, get_args
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from clients.gateway.progress import next_action, payment_progress
from clients.gateway.progress.payment_progress import PaymentProgress
from clients.gateway.progress.renewal_progress import RenewalProgress
from shared.contract.payment import answers, commands, queries
from shared.contract.refusals import Reason
from shared.text import persian
from tests.clients.gateway import pages, samples
from tests.clients.gateway.fake_services import FakeServices
from tests.clients.gateway.progress.test_renewal_progress import LATE, PROGRESSES

PAY = "/member/pay/1405"
FORM = f'<form method="post" action="{PAY}">'
PENDING = "در حال استعلام – دوباره پرداخت نکنید"
STARTED, HELD = samples.attempt("started"), samples.attempt("held", cause="amount_differs")
OVER = samples.NOW - timedelta(minutes=1)


class Row(NamedTuple):
    """An invoice's state, what makes it, what is said on top, and where the one button leads."""

    state: str
    invoice: answers.Invoice
    title: str
    page: str
    health: answers.BankHealth | None = None
    is_certain: bool = True


def unpaid(*attempts: answers.Attempt, **changes: Any) -> answers.Invoice:
    return samples.invoice("open", attempts=attempts, **changes)


ROWS = {
    "to be paid": Row("open", unpaid(), "حق عضویت را بپردازید", "pay.invoice"),
    "not paid the last time": Row("open", unpaid(samples.attempt("failed")), "حق عضویت را بپردازید", "pay.invoice"),
    "given back by the bank": Row(
        "open", unpaid(reversed_at=samples.NOW), "حق عضویت را دوباره بپردازید", "pay.invoice"
    ),
    "begun and nothing taken": Row("under_way", unpaid(STARTED), "پرداخت نیمه‌کاره را ادامه دهید", "pay.invoice"),
    "begun": Row("pending", unpaid(STARTED), PENDING, "pay.invoice", is_certain=False),
    "begun before an outage": Row("pending", unpaid(STARTED), PENDING, "pay.invoice", samples.DOWN, is_certain=False),
    "begun before its time ran out": Row(
        "pending", unpaid(STARTED, payable_until=OVER), PENDING, "pay.invoice", is_certain=False
    ),
    "begun before a later year's": Row(
        "pending", unpaid(STARTED, replaced_by_year=1406), PENDING, "pay.invoice", is_certain=False
    ),
    "held": Row("held", unpaid(HELD), "پرداخت در دست بررسی است – دوباره پرداخت نکنید", "pay.result"),
    "held before its time ran out": Row(
        "held", unpaid(HELD, payable_until=OVER), "پرداخت در دست بررسی است – دوباره پرداخت نکنید", "pay.result"
    ),
    "to be paid in an outage": Row(
        "bank_down", unpaid(), "درگاه بانک پاسخ نمی‌دهد؛ اکنون پرداخت ممکن نیست", "", samples.DOWN
    ),
    "too late": Row("expired", unpaid(payable_until=OVER), "مهلت پرداخت گذشته است", "pay.invoice", samples.DOWN),
    "begun and too late": Row("expired", unpaid(STARTED, payable_until=OVER), "مهلت پرداخت گذشته است", "pay.invoice"),
    "charged by a later year's": Row(
        "replaced", unpaid(replaced_by_year=1406), "این صورت‌حساب جای خود را به دیگری داد", "pay.invoice"
    ),
    "cancelled": Row("cancelled", unpaid(cancelled_at=samples.NOW), "صورت‌حساب لغو شده است", ""),
    "paid": Row("settled", samples.invoice("settled", attempts=(STARTED,)), "منتظر تأیید پرداخت بمانید", ""),
    "confirmed": Row(
        "confirmed", samples.invoice("confirmed"), "عضویت شما تمدید شد", "explanation.explained", samples.DOWN
    ),
}


def payment(row: Row) -> PaymentProgress:
    return PaymentProgress(row.invoice, samples.NOW, row.health, row.is_certain)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_state_has_one_next_action(row: Row) -> None:
    action = next_action.of_payment(payment(row))
    assert (payment(row).state, action.title, action.page) == (row.state, row.title, row.page)
    assert bool(action.button) == bool(action.page)
    assert action.text


def test_no_state_is_left_out() -> None:
    assert {row.state for row in ROWS.values()} == set(get_args(payment_progress.State))


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("nothing", "request.renewal"),
        ("withdrawn", "request.renewal"),
        ("requested", "declare.declaration"),
        ("submitted", ""),
        ("returned", "declare.declaration"),
        ("rejected", "request.renewal"),
        ("approved", ""),
        ("open", "pay.invoice"),
        ("confirmed", "explanation.explained"),
    ],
)
def test_before_there_is_money_the_renewal_says_what_to_do(name: str, page: str) -> None:
    action = next_action.of_renewal(PROGRESSES[name])
    assert (action.page, bool(action.button)) == (page, bool(page))
    assert action.title
    assert action.text


def test_a_due_time_is_shown_with_day_and_hour() -> None:
    due_at = samples.renewal("submitted").review_due_at
    assert due_at is not None
    hour = persian.digits_to_persian(f"{due_at.astimezone(persian.TEHRAN):%H:%M}")
    assert f"ساعت {hour}" in next_action.of_renewal(PROGRESSES["submitted"]).text


def test_a_promise_that_was_missed_is_owned_up_to() -> None:
    late = RenewalProgress(samples.YEAR, samples.renewal("submitted"), None, LATE)
    assert "پوزش می‌خواهیم" in next_action.of_renewal(late).text


@pytest.mark.parametrize(("paid_through", "is_paid"), [(None, False), (1404, False), (1405, True), (1406, True)])
def test_a_year_that_the_register_has_as_paid_asks_for_a_request_and_no_money(
    paid_through: int | None, is_paid: bool
) -> None:
    progress = RenewalProgress(samples.YEAR, None, None, samples.NOW, paid_through=paid_through)
    assert ("چیزی برای پرداخت نیست" in next_action.of_renewal(progress).text) == is_paid


# ---------------------------------------------------------------- on the pages


def top(page: str) -> str:
    """The next action at the top of home, without markup."""
    [found] = re.findall(r'<section class="next".*?</section>', page, re.DOTALL)
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", found)).strip()


@pytest.fixture(autouse=True)
def approved(services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    services.invoices = (unpaid(),)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_the_pay_page_has_a_button_only_where_paying_is_right(
    member: FlaskClient, services: FakeServices, row: Row
) -> None:
    services.invoices, services.bank_says = (row.invoice,), (None, row.is_certain)
    services.health = row.health or services.health
    assert (FORM in member.get(PAY).text) == (row.state in {"open", "under_way"})


def test_an_open_attempt_is_no_reason_to_pay_again(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (unpaid(STARTED),)
    home = member.get("/member").text
    assert top(home).startswith(PENDING)
    assert "پرداخت الکترونیک" not in home
    assert services.sent(commands.CheckPayment) == []


def test_the_pay_page_asks_the_bank_about_an_open_attempt(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (unpaid(STARTED),)
    page = member.get(PAY).text
    [is_sent] = services.sent(commands.CheckPayment)
    assert (is_sent.member, is_sent.year) == (samples.MEMBER, samples.YEAR)
    assert "ادامهٔ پرداخت<span" in page
    assert "data-refresh-seconds" not in page


@pytest.mark.parametrize("reason", [None, Reason.NO_ANSWER, Reason.DEADLINE_PASSED])
def test_while_the_bank_is_silent_the_pay_page_asks_again(
    member: FlaskClient, services: FakeServices, reason: Reason | None
) -> None:
    services.invoices, services.bank_says = (unpaid(STARTED),), (None, False)
    if reason is not None:
        services.refuse(commands.CheckPayment, reason)
    page = member.get(PAY).text
    assert PENDING in page
    assert 'data-refresh-seconds="10"' in page
    assert FORM not in page


def test_what_was_paid_in_silence_is_shown_as_paid(member: FlaskClient, services: FakeServices) -> None:
    services.invoices, services.bank_says = (unpaid(STARTED),), (samples.invoice("settled"), True)
    page = member.get(PAY).text
    assert "دوباره پرداخت نکنید" in page
    assert FORM not in page


def test_money_that_may_be_on_its_way_for_an_earlier_year_comes_first(
    member: FlaskClient, services: FakeServices
) -> None:
    services.renewal = None
    services.invoices = (unpaid(STARTED, year=1404),)
    home = member.get("/member").text
    assert top(home).startswith(PENDING)
    assert 'href="/member/pay/1404"' in home


def test_a_held_payment_says_what_happened_and_that_a_person_looks(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (unpaid(HELD),)
    for text in (top(member.get("/member").text), member.get(PAY).text):
        assert "مبلغ بانک با صورت‌حساب یکی نیست" in text
        assert "امور مالی سازمان آن را بررسی می‌کند" in text
    assert f"/payment/result/{samples.ATTEMPT}" in member.get(PAY).text


def test_an_outage_says_since_when_that_no_money_was_taken_and_what_to_do(
    member: FlaskClient, services: FakeServices
) -> None:
    services.health = samples.DOWN
    for text in (top(member.get("/member").text), member.get(PAY).text):
        for said in ("درگاه بانک از ", "پولی از شما کم نشده است", "کمی بعد این صفحه را تازه کنید"):
            assert said in text
        assert "پرداخت الکترونیک" not in text
    services.refuse(queries.GetBankHealth, Reason.NO_ANSWER)
    assert FORM in member.get(PAY).text


def test_while_payment_is_silent_no_money_is_shown(member: FlaskClient, services: FakeServices) -> None:
    services.refuse(queries.GetInvoices, Reason.NO_ANSWER)
    home = member.get("/member").text
    assert top(home).startswith("وضع پرداخت اکنون در دسترس نیست")
    assert "در حال صدور" not in home
    assert "هنوز صورت‌حسابی ندارید" not in home
    assert "وضع پرداخت اکنون در دسترس نیست" in member.get("/member/renewal").text
    for path in (PAY, "/member/account", "/member/receipt/1405"):
        page = member.get(path)
        assert page.status_code == 503
        assert "صادر نشده است" not in page.text


def test_a_confirmed_year_whose_capacity_is_not_there_yet_asks_for_no_payment(
    member: FlaskClient, services: FakeServices
) -> None:
    services.invoices = (samples.invoice("confirmed"),)
    home = member.get("/member").text
    assert "پس از تأیید پرداخت صادر می‌شود" not in home
    assert "در حال صدور است" in home


@pytest.mark.parametrize("written_off", [9_000_000, 1])
def test_what_was_given_up_is_not_shown_as_paid(member: FlaskClient, services: FakeServices, written_off: int) -> None:
    services.invoices = (samples.invoice("settled", written_off_rials=written_off),)
    home = member.get("/member").text
    assert "چیزی برای پرداخت نمانده است" in top(home)
    for text in (home, member.get(PAY).text):
        assert "پرداخت شد" not in text
        assert "پرداخت شما به سازمان رسیده است" not in text


@pytest.mark.parametrize(("attempt", "said"), [(STARTED, "در حال استعلام از بانک"), (HELD, "در دست بررسی امور مالی")])
def test_an_account_does_not_call_unpaid_what_may_be_paid(
    member: FlaskClient, services: FakeServices, attempt: answers.Attempt, said: str
) -> None:
    services.balance = services.balance.model_copy(
        update={"entries": services.balance.entries[:1], "balance_rials": -9_000_000}
    )
    assert "هنوز پرداخت نشده است" in member.get("/member/account").text
    services.invoices = (unpaid(attempt),)
    page = member.get("/member/account").text
    assert said in page
    assert "دوباره پرداخت نکنید" in page
    assert "هنوز پرداخت نشده است" not in page


def test_a_paid_invoice_needs_no_query_of_the_banks_health(member: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("confirmed"),)
    member.get("/member")
    assert services.sent(queries.GetBankHealth) == []


def test_back_after_a_payment_and_pressing_again_says_that_it_is_paid(
    member: FlaskClient, services: FakeServices
) -> None:
    """The browser's old page still has the button; what comes of it has none."""
    services.invoices = (samples.invoice("settled"),)
    services.refuse(commands.StartPayment, Reason.ALREADY_PAID)
    page = pages.send(member, PAY, {}).text
    assert "این صورت‌حساب پرداخت شده است؛ دوباره پرداخت نکنید." in page
    assert FORM not in page


def test_pressed_twice_the_button_is_one_command(member: FlaskClient, services: FakeServices) -> None:
    fields = {"command_id": str(UUID(int=9))}
    first, second = pages.send(member, PAY, fields), pages.send(member, PAY, fields)
    assert first.headers["Location"] == second.headers["Location"]
    assert {call.id for call in services.sent(commands.StartPayment)} == {UUID(int=9)}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_the_requests_own_page_says_the_same(member: FlaskClient, services: FakeServices, row: Row) -> None:
    services.invoices, services.health = (row.invoice,), row.health or services.health
    progress = RenewalProgress(samples.YEAR, services.renewal, row.invoice, samples.NOW, row.health)
    assert f"<h2>{next_action.of_renewal(progress).title}</h2>" in member.get("/member/renewal").text


def test_an_expired_invoice_is_renewed_from_home_by_one_press(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    services.invoices = (unpaid(payable_until=samples.NOW - timedelta(days=1)),)
    home = member.get("/member").text
    assert '<form method="post" action="/member/pay/1405/renew">' in home
    assert "صدور دوبارهٔ صورت‌حساب" in top(home)
    answer = pages.send(member, "/member/pay/1405/renew", {}, page="/member")
    assert (answer.status_code, answer.headers["Location"]) == (303, PAY)
    assert len(services.sent(commands.RenewInvoice)) == 1


def test_an_invoice_of_another_year_is_not_renewed_from_home(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    long_ago = samples.NOW - timedelta(days=800)
    services.invoices = (unpaid(issued_at=long_ago, payable_until=long_ago + timedelta(days=30)),)
    home = member.get("/member").text
    assert '/renew"' not in home
    assert "راه ادامه در صفحهٔ صورت‌حساب است" in top(home)


def test_whoever_has_never_paid_is_told_so() -> None:
    first = RenewalProgress(samples.YEAR, None, None, samples.NOW, is_first=True)
    assert "تاکنون حق عضویتی از شما ثبت نشده است" in next_action.of_renewal(first).text


def test_when_all_is_done_the_next_year_is_named() -> None:
    assert "تمدید سال ۱۴۰۶" in next_action.of_renewal(PROGRESSES["confirmed"]).text
