import re
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from markupsafe import escape

from shared.contract.base import Command
from shared.contract.payment import answers, commands, queries
from shared.contract.refusals import Reason
from shared.contract.renewal import answers as renewal_answers
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

TASK = f"/desk/money/0012345/1405/{samples.TASK}"
ACCOUNT = "/desk/account/0012345"
REASON = "عضو دو بار پرداخت کرده است"
REFUND = {"attempt": str(samples.ATTEMPT), "amount_rials": "۹٬۰۰۰٬۰۰۰", "ends": "no", "reason": REASON}
SLIP = {"amount_rials": "4,500,000", "slip": "۰۰۹۸-77", "paid_on": "۱۴۰۵/۰۷/۱۵", "reason": REASON}


@pytest.fixture(autouse=True)
def paid_twice(services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled", attempts=(samples.attempt("duplicate"),)),)
    services.tasks = (samples.task("refund_requested"),)


@pytest.fixture
def reza(signed_in: SignedIn) -> FlaskClient:
    """Finance; Reza is who asked for what waits."""
    return signed_in("finance-session")


@pytest.fixture
def sara(signed_in: SignedIn) -> FlaskClient:
    return signed_in("colleague-session")


def test_what_waits_is_listed_with_member_amount_and_requester(reza: FlaskClient, services: FakeServices) -> None:
    services.tasks += (samples.task("refund_due"),)
    page = reza.get("/desk/money").text
    assert f'href="{TASK}?province=isfahan">بازپرداخت، در انتظار تأیید همکار</a>' in page
    assert "مهلت برگشت از سوی بانک گذشته است" in page
    assert "۹٬۰۰۰٬۰۰۰ ریال" in page
    assert services.sent(queries.ListMoneyTasks) == [queries.ListMoneyTasks(province="isfahan")]


def test_an_empty_list_says_so_and_a_number_leads_to_the_account(reza: FlaskClient, services: FakeServices) -> None:
    services.tasks = ()
    assert "کاری در انتظار نیست" in reza.get("/desk/money").text
    assert reza.get("/desk/money?member=۰۰۱۲۳۴۵").headers["Location"] == ACCOUNT
    for typed in ("12", "K-0012345", '"><b>'):
        page = reza.get("/desk/money", query_string={"member": typed}).text
        assert "شمارهٔ عضویت را با ۳ تا ۱۲ رقم بنویسید." in page
        assert f'value="{escape(typed)}"' in page
    assert "۳ تا ۱۲ رقم" not in reza.get("/desk/money?member=").text


def test_alerts_are_shown_with_their_number(reza: FlaskClient) -> None:
    page = reza.get("/desk/money").text
    assert "مرورگری با کلید پرداخت کسی دیگر آمد" in page
    assert 'data-label="بار">۳<' in page


def test_a_payment_that_no_record_asks_for_is_shown_with_the_banks_key(
    reza: FlaskClient, services: FakeServices
) -> None:
    unknown = {"member": "", "year": None, "authority": "S0" + "7" * 34}
    services.alerts = (samples.alert("payment_unknown").model_copy(update=unknown),)
    page = reza.get("/desk/money").text
    assert "بانک پرداختی دارد که ما نخواسته‌ایم" in page
    assert "S0" + "7" * 34 in page


def test_a_waiver_of_an_approval_is_shown_with_the_managers_reason(reza: FlaskClient, services: FakeServices) -> None:
    services.tasks = (samples.task("write_off_requested", cause="waiver", requested_by="officer:maryam"),)
    decision = {"outcome": "approved", "by": "officer:maryam", "at": samples.NOW, "reason": "خسارت سیل در محل کار"}
    decided = renewal_answers.Decision.model_validate(decision)
    services.renewal = samples.renewal("approved", decisions=(decided,))
    page = reza.get(TASK).text
    for text in ("بخشودگی هنگام تأیید", "خسارت سیل در محل کار", "مریم تهرانی", "نه درخواست و نه تأیید کرده باشد"):
        assert text in page


def test_a_bank_that_is_down_is_shown_on_top(reza: FlaskClient, signed_in: SignedIn, services: FakeServices) -> None:
    assert "درگاه بانک پاسخ نمی‌دهد" not in reza.get("/desk/money").text
    services.health = answers.BankHealth(bank="zarinpal", is_up=False, down_since=samples.NOW)
    treasurer = signed_in("treasurer-session")
    for officer, path in ((reza, "/desk/money"), (treasurer, "/desk/statement")):
        assert "درگاه بانک پاسخ نمی‌دهد" in officer.get(path).text


def test_a_requester_can_only_withdraw_the_request(reza: FlaskClient, services: FakeServices) -> None:
    page = reza.get(TASK).text
    assert "همکار دیگری باید آن را ببیند" in page
    assert f'action="{TASK}/grant"' not in page
    answer = pages.send(reza, f"{TASK}/decline", {"reason": REASON})
    assert answer.headers["Location"] == ACCOUNT
    [sent_command] = services.sent(commands.DeclineRequest)
    assert (sent_command.request, sent_command.reason) == (samples.TASK, REASON)


@pytest.mark.parametrize(
    ("kind", "command"),
    [
        ("refund_requested", commands.GrantRefund),
        ("write_off_requested", commands.GrantWriteOff),
        ("manual_payment_requested", commands.GrantManualPayment),
        ("slip_reversal_requested", commands.GrantManualPaymentReversal),
    ],
)
def test_a_colleague_grants_with_one_button(
    sara: FlaskClient, services: FakeServices, kind: str, command: type[Command[answers.Invoice]]
) -> None:
    services.tasks = (samples.task(kind),)
    page = sara.get(TASK).text
    assert REASON in page
    form = page[page.index(f'action="{TASK}/grant"') :].partition("</form>")[0]
    fields = pages.hidden(form)
    answer = sara.post(f"{TASK}/grant", data=fields)
    assert answer.status_code == 303
    [sent_command] = services.sent(command)
    assert (getattr(sent_command, "request"), str(sent_command.id)) == (samples.TASK, fields["command_id"])  # noqa: B009


def test_a_refusal_to_grant_is_shown_on_the_page(sara: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.GrantRefund, Reason.OWN_REQUEST)
    answer = pages.send(sara, f"{TASK}/grant", {"kind": "refund_requested"})
    assert answer.status_code == 422
    assert "همکار دیگری باید آن را ببیند" in answer.text
    assert pages.send(sara, f"{TASK}/grant", {"kind": "anything"}).status_code == 404


def test_declining_needs_a_reason_and_keeps_what_was_typed(sara: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(sara, f"{TASK}/decline", {"reason": "نه"})
    assert answer.status_code == 422
    assert '<a href="#reason">دلیل را در دست‌کم ۱۰ نویسه بنویسید.</a>' in answer.text
    assert ">نه</textarea>" in answer.text
    assert services.sent(commands.DeclineRequest) == []


def test_a_granted_refund_is_carried_out_by_its_reference(sara: FlaskClient, services: FakeServices) -> None:
    services.tasks = (samples.task("refund_granted"),)
    wrong = pages.send(sara, f"{TASK}/record", {"bank_reference": "؟؟"})
    assert "شمارهٔ پیگیری واریز را با ۳ تا ۶۰ رقم" in wrong.text
    assert 'value="؟؟"' in pages.field(wrong.text, "bank_reference")
    answer = pages.send(sara, f"{TASK}/record", {"bank_reference": "۱۴۰۵-۷۷۸۸"})
    assert answer.headers["Location"] == ACCOUNT
    assert [call.bank_reference for call in services.sent(commands.RecordRefund)] == ["1405-7788"]


def test_what_a_colleague_did_first_is_shown_as_done(sara: FlaskClient, services: FakeServices) -> None:
    services.tasks = ()
    page = sara.get(TASK).text
    assert "این کار دیگر در انتظار نیست" in page
    assert f'href="{ACCOUNT}"' in page


def test_an_account_shows_each_line_with_the_sum_after_it(sara: FlaskClient, member: FlaskClient) -> None:
    page = sara.get(ACCOUNT).text
    assert "بستانکاری" in page
    columns = re.findall('data-label="(بدهکار|بستانکار|مانده)">([^<]*)<', page)
    figures = [text for _, text in columns]
    nine = "۹٬۰۰۰٬۰۰۰"
    assert figures[:3] == [nine, "—", f"{nine} بدهکار"]
    assert figures[3:6] == ["—", nine, "۰"]
    assert figures[6:9] == ["—", nine, f"{nine} بستانکار"]
    assert f'href="{ACCOUNT}/1405/refund?attempt={samples.ATTEMPT}"' in page
    own = member.get("/member/account").text
    assert "حساب من" in own
    assert "بازپرداخت<" not in own


def test_a_payment_with_a_requested_reversal_is_not_offered_to_be_refunded(
    sara: FlaskClient, services: FakeServices
) -> None:
    in_flight = samples.attempt("duplicate", is_reversal_requested=True)
    services.invoices = (samples.invoice("settled", attempts=(in_flight,)),)
    assert f'href="{ACCOUNT}/1405/refund' not in sara.get(ACCOUNT).text
    assert str(samples.ATTEMPT) not in sara.get(f"{ACCOUNT}/1405/refund").text


def test_a_refund_is_requested_under_the_forms_own_id(reza: FlaskClient, services: FakeServices) -> None:
    shown = reza.get(f"{ACCOUNT}/1405/refund?attempt={samples.ATTEMPT}").text
    assert 'value="۹٬۰۰۰٬۰۰۰"' in pages.field(shown, "amount_rials")
    fields = REFUND | {"command_id": str(uuid4())}
    answer = pages.send(reza, f"{ACCOUNT}/1405/refund", fields)
    assert answer.headers["Location"] == ACCOUNT
    [sent_command] = services.sent(commands.RequestRefund)
    assert (sent_command.attempt, sent_command.amount_rials, sent_command.ends_membership) == (
        samples.ATTEMPT,
        9_000_000,
        False,
    )
    assert str(sent_command.id) == fields["command_id"]
    pages.send(reza, f"{ACCOUNT}/1405/refund", REFUND | {"ends": "yes"})
    assert services.sent(commands.RequestRefund)[-1].ends_membership


@pytest.mark.parametrize(
    ("outcome", "did"),
    [("granted", "تأیید کرد"), ("done", "تأیید کرد"), ("declined", "رد کرد"), ("reversed", "باطل کرد")],
)
def test_a_decision_that_came_too_late_shows_who_came_first(
    sara: FlaskClient, services: FakeServices, outcome: str, did: str
) -> None:
    services.tasks = ()
    decided = {"outcome": outcome, "by": "officer:maryam", "at": "2026-10-05T08:00:00+00:00"}
    services.refuse(commands.DeclineRequest, Reason.UNKNOWN_REQUEST, decided)
    page = pages.send(sara, f"{TASK}/decline", {"reason": REASON}).text
    said = f"مریم تهرانی این درخواست را در دوشنبه ۱۳ مهر ۱۴۰۵، ساعت ۱۱:۳۰ {did}. کار شما ثبت نشد."
    assert said in page
    assert REASON in page


def test_what_ends_no_membership_is_shown_at_its_choice(reza: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.RequestRefund, Reason.BAD_INPUT, {"ends_membership": "ends_nothing"})
    page = pages.send(reza, f"{ACCOUNT}/1405/refund", REFUND | {"ends": "yes"}).text
    assert '<a href="#ends">' in page
    assert "عضویت سال بر این پرداخت استوار نیست" in page
    assert "هم‌زمان تغییر دیگری" not in page


def test_a_slip_is_submitted_with_its_number_and_day(reza: FlaskClient, services: FakeServices) -> None:
    pages.send(reza, f"{ACCOUNT}/1405/slip", SLIP)
    [sent_command] = services.sent(commands.RequestManualPayment)
    assert (sent_command.amount_rials, sent_command.slip, str(sent_command.paid_on)) == (
        4_500_000,
        "0098-77",
        "2026-10-07",
    )


def test_a_write_off_is_requested(reza: FlaskClient, services: FakeServices) -> None:
    pages.send(reza, f"{ACCOUNT}/1405/write-off", {"amount_rials": "۵۰۰۰", "reason": REASON})
    assert [call.amount_rials for call in services.sent(commands.RequestWriteOff)] == [5000]


@pytest.mark.parametrize(
    ("kind", "changes", "name"),
    [
        ("refund", {"attempt": ""}, "attempt"),
        ("refund", {"amount_rials": "نه میلیون"}, "amount_rials"),
        ("refund", {"amount_rials": "1.5"}, "amount_rials"),
        ("refund", {"reason": "کوتاه"}, "reason"),
        ("slip", {"slip": "؟"}, "slip"),
        ("slip", {"paid_on": "2026-10-07"}, "paid_on"),
        ("write-off", {"amount_rials": "۰"}, "amount_rials"),
    ],
)
def test_a_wrong_request_is_kept_as_typed_with_an_error_at_its_field(
    reza: FlaskClient, services: FakeServices, kind: str, changes: dict[str, str], name: str
) -> None:
    typed = (REFUND if kind == "refund" else SLIP) | changes
    answer = pages.send(reza, f"{ACCOUNT}/1405/{kind}", typed)
    assert answer.status_code == 422
    assert f'<a href="#{name}">' in answer.text
    assert f'value="{typed["amount_rials"]}"' in pages.field(answer.text, "amount_rials")
    assert typed["reason"] in answer.text
    for command in (commands.RequestRefund, commands.RequestWriteOff, commands.RequestManualPayment):
        assert services.sent(command) == []


def test_more_than_is_left_is_an_error_at_the_amount(reza: FlaskClient, services: FakeServices) -> None:
    services.refuse(commands.RequestRefund, Reason.TOO_MUCH, {"left_rials": "4000000"})
    page = pages.send(reza, f"{ACCOUNT}/1405/refund", REFUND).text
    assert "مانده: ۴٬۰۰۰٬۰۰۰ ریال." in page
    assert '<a href="#amount_rials">' in page


@pytest.mark.parametrize(
    "path", [TASK, ACCOUNT, f"{ACCOUNT}/1405/slip", f"{ACCOUNT}/1405/slip-reversal", "/desk/money", "/desk/statement"]
)
def test_an_admin_has_no_money_pages(signed_in: SignedIn, path: str) -> None:
    assert signed_in("admin-session").get(path).status_code == 403


@pytest.mark.parametrize("path", ["/desk/account/x", "/desk/account/0012345/1404/slip"])
def test_what_is_not_there_is_not_found(reza: FlaskClient, path: str) -> None:
    assert reza.get(path).status_code == 404


@pytest.mark.parametrize("kind", ["held", "taken_back", "refund_due", "refund_granted"])
def test_what_nobody_requested_can_not_be_granted(sara: FlaskClient, services: FakeServices, kind: str) -> None:
    services.tasks = (samples.task(kind),)
    page = sara.get(TASK)
    assert page.status_code == 200
    assert f'action="{TASK}/grant"' not in page.text


def test_finance_is_not_advised_to_pay_the_members_invoice(reza: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("open"),)
    services.refuse(commands.RequestManualPayment, Reason.INVOICE_REPLACED)
    page = pages.send(reza, f"{ACCOUNT}/1405/slip", SLIP).text
    assert "آن را پرداخت کنید" not in page
    assert "کار را روی همان انجام دهید" in page
