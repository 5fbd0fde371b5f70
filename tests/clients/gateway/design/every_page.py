"""Every page of the gateway in its main states, served with sample answers at a fixed time: for axe, for pictures, for 400 % zoom."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from unittest import mock

from playwright.sync_api import Browser, Page
from pydantic import SecretStr
from werkzeug.serving import make_server

from clients.gateway.app import make_app
from clients.gateway.web import rpc
from clients.gateway.web.session import COOKIE
from shared.app_context import AppContext
from shared.contract.auth import answers as auth_answers
from shared.contract.base import Message
from shared.contract.capacity import answers as capacity_answers
from shared.contract.operations import answers as operations_answers
from shared.contract.payment import finance_answers
from shared.contract.refusals import Reason
from shared.contract.renewal import answers, queries
from shared.contract.renewal.correction import DeclarationField, FieldFault
from shared.contract.values import Role
from shared.settings import Settings
from tests.clients.gateway import metric_samples, program_samples, samples, webhook_samples
from tests.clients.gateway.fake_services import FakeServices

SERVER_ERROR = 500
HAS_OUR_FONT = '[...document.fonts].some((one) => one.family === "Vazirmatn" && one.status === "loaded")'
"""A page is looked at when its font has come: before that it is drawn with another."""
MEMBER, REVIEW = "member-session", f"/desk/{samples.MEMBER}/{samples.YEAR}"
MANAGER, FINANCE, TREASURER = "manager-session", "colleague-session", "treasurer-session"
WHAT_IF = "kind=mine_technical_manager&degree=4&quantity=1&starts_on=1405/07/01"
FLAGS = answers.DeskNotes(
    change="changed", changed_parts=("jobs",), debt_years=2, flags=("over_ceiling", "contested_mine"), times_returned=1,
    minutes_left=95,
)  # fmt: skip
FOUND = answers.DeskNotes(change="same", minutes_left=240)


class Current:
    """The services behind the pages, which each page has anew."""

    def __init__(self) -> None:
        self.services = FakeServices()

    def __call__(self, message: Message[Any], passport: str | None = None, service: str | None = None) -> Any:
        if isinstance(message, queries.PreviewDecisions):
            return answers.DecisionPreviews(previews=tuple(map(would_be_decided, message.renewals)))
        return self.services(message, passport, service)


def would_be_decided(key: queries.RenewalKey) -> answers.DecisionPreview:
    """All but the one of whom somebody has decided."""
    refusal = Reason.ALREADY_DECIDED if key.member != samples.MEMBER else ""
    return answers.DecisionPreview(
        member=key.member, year=key.year, refusal=refusal, status="submitted", declaration_version=1
    )


@dataclass(frozen=True)
class Seen:
    """A page as somebody sees it, after what was prepared behind it and done on it."""

    name: str
    path: str
    session: str = ""
    prepare: Callable[[FakeServices], None] = lambda services: None  # noqa: ARG005
    act: Callable[[Page], None] = lambda page: None  # noqa: ARG005


@dataclass(frozen=True)
class Portal:
    """Where the pages are served, and what is behind them."""

    address: str
    current: Current

    def open(self, page: Page, seen: Seen) -> None:
        """Go to what is to be seen, in a browser that knows nobody; fails where it is not drawn with our font."""
        self.current.services = FakeServices()
        in_the_middle(self.current.services)
        seen.prepare(self.current.services)
        if seen.session:
            page.context.add_cookies([{"name": COOKIE, "value": seen.session, "url": self.address}])
        answer = page.goto(self.address + seen.path)
        assert answer is not None
        assert answer.status < SERVER_ERROR, f"{seen.path} failed"
        seen.act(page)
        page.wait_for_load_state()
        page.wait_for_function(HAS_OUR_FONT)


def in_the_middle(services: FakeServices) -> None:
    """A renewal that waits for its decision, beside another on the desk."""
    services.last_declaration, services.capacity = samples.DECLARATION, samples.capacity()
    services.renewal = samples.renewal("submitted")
    services.invoices = (samples.invoice("open"),)
    flagged = samples.renewal(
        "submitted", member="0077001", desk=FLAGS, review_due_at=samples.NOW - timedelta(minutes=4)
    )
    services.desk = (flagged, samples.renewal("submitted", desk=FOUND))
    services.sessions = (samples.session("firefox-android", is_this=True), samples.session("tamdid"))


def requested(services: FakeServices) -> None:
    services.renewal = samples.renewal("requested")


def none_yet(services: FakeServices) -> None:
    services.renewal, services.invoices, services.capacity = None, (), None
    services.contacts = samples.contacts()


def returned(services: FakeServices) -> None:
    note = answers.FieldNote(field=DeclarationField.CITY, fault=FieldFault.WRONG, note="نام شهر را بنویسید")
    decision = samples.decision("returned", "نشانی کامل نیست").model_copy(update={"fields": (note,)})
    services.renewal = samples.renewal("returned", decisions=(decision,), open_fields=("city",))


def rejected(services: FakeServices) -> None:
    services.renewal = samples.renewal("rejected", decisions=(samples.decision("rejected", "اشتغال در استان دیگر"),))


def to_pay(services: FakeServices) -> None:
    services.renewal = samples.renewal("approved", decisions=(samples.decision("approved"),))


def paid(services: FakeServices) -> None:
    to_pay(services)
    services.invoices = (samples.invoice("confirmed", receipts=(samples.receipt(),)),)


def to_confirm(services: FakeServices) -> None:
    """One by the bank and one by a slip."""
    by_slip = samples.invoice("settled", year=1404, amount_rials=4_000_000, bank_reference="", card_mask="")
    services.invoices = (samples.invoice("settled"), by_slip)


def late(services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled", settled_at=samples.LATE_BEFORE - timedelta(hours=1)),)


def with_warnings(services: FakeServices) -> None:
    services.units = capacity_answers.JobUnits(
        units=(62000,), employment_units=24000, ceiling_units=72000,
        problems={"jobs": "over_ceiling", "jobs.0.degree": "degree_not_allowed"},
    )  # fmt: skip
    before = answers.DeclarationOnFile(
        version=1,
        submitted_at=samples.NOW - timedelta(days=2),
        form=samples.DECLARATION.model_copy(update={"city": "یزد"}),
    )
    now = answers.DeclarationOnFile(version=2, submitted_at=samples.NOW, form=samples.DECLARATION)
    mine = (samples.contested_mine(),)
    services.renewal = samples.renewal("submitted", declarations=(before, now), contested_mines=mine)
    services.unpaid_years = ()


def factor_on(services: FakeServices) -> None:
    passkey = samples.PASSKEY.model_copy(update={"added_at": samples.NOW - timedelta(days=3), "used_at": samples.NOW})
    services.factor = auth_answers.SecondFactor(is_on=True, recovery_codes_left=9, passkeys=(passkey,))


def officers(services: FakeServices) -> None:
    one = auth_answers.OfficerCard(
        officer="maryam", full_name="مریم تهرانی", roles=(Role.MANAGER,), provinces=("isfahan",)
    )
    services.officers = auth_answers.Officers(officers=(one,))


def programs(services: FakeServices) -> None:
    services.program_accounts = program_samples.ACCOUNTS


def take_secret(page: Page) -> None:
    page.get_by_role("button", name="برداشتن کلید تازه").click()


def holiday(services: FakeServices) -> None:
    services.days = (answers.CalendarDay(on=date(2026, 3, 21), opens=None, closes=None, label="نوروز"),)


def over_use(services: FakeServices) -> None:
    services.over_use = (samples.capacity(used_units=96000, remaining_units=0),)


def disabled_webhook(services: FakeServices) -> None:
    """A receiver that has taken nothing for days."""
    services.webhooks = (
        webhook_samples.webhook(
            "disabled", waiting=12, failing_since=samples.NOW - timedelta(days=3), disabled_at=samples.NOW
        ),
    )
    services.deliveries = (
        webhook_samples.delivery("waiting", status=503, cause="status", tries=4),
        webhook_samples.delivery("failed", status=0, cause="timeout", tries=10),
        webhook_samples.delivery(),
    )


def amended(services: FakeServices) -> None:
    """A policy that two officers have amended."""
    act = answers.PolicyAct(
        year=samples.YEAR, position=7, by="officer:maryam", granted_by="officer:sara", at=samples.NOW - timedelta(days=2),
        reason="خطای تایپی در جدول", version=services.policy.version, request=samples.TASK,
        changes=("ceilings.grade_2.extraction: 72000 → 73000",),
    )  # fmt: skip
    services.acts = (act,)
    tariff = {"version": "1405-0123456789ab", "source": ("Not official figures.",)}
    services.tariff = services.tariff.model_copy(update=tariff)


def parked(services: FakeServices) -> None:
    """A subscription that flows, and one that lags with an event that could not be applied."""
    flows = operations_answers.SubscriptionState(
        source="auth", checkpoint=812, head=812, lag_events=0, lag_seconds=0, parked=0
    )
    lags = {"source": "renewal", "head": 1000, "lag_events": 188, "lag_seconds": 61.0, "parked": 1}
    services.subscriptions = operations_answers.Subscriptions(subscriptions=(flows, flows.model_copy(update=lags)))
    event = operations_answers.ParkedEvent(
        source="renewal", position=700, partition_key="renewal/0123456", type="RenewalApproved",
        error="NoTariff: no fee table covers the year 1406", attempts=7, recorded_at=samples.NOW,
    )  # fmt: skip
    services.parked = operations_answers.ParkedEvents(parked=(event,), total=1)
    services.metrics = metric_samples.in_trouble


def correction(services: FakeServices) -> None:
    """A corrected statement of the bank, which a colleague has brought."""
    day = date(2026, 10, 7)
    change = finance_answers.StatementChange(
        kind="changed", authority="A01", bank_reference="201", before_rials=900_000, after_rials=9_000_000,
        before_on=day, after_on=day,
    )  # fmt: skip
    difference = finance_answers.StatementDifference(
        same=2, added=0, changed=1, given_back=0, gone=0, before_rials=900_000, after_rials=9_000_000,
        changes=(change,), reopens=(day,),
    )  # fmt: skip
    services.statement = finance_answers.Statement(
        statement=STATEMENT, status="open", lines=3, lines_here=3, total_rials=9_000_000, is_correction=True,
        opened_by="officer:reza", opened_at=samples.NOW, difference=difference,
    )  # fmt: skip


def one_task(services: FakeServices) -> None:
    services.tasks = (samples.task("refund_requested"),)


def paid_by_slip(services: FakeServices) -> None:
    slip = samples.slip(amount_rials=9_000_000)
    services.invoices = (samples.invoice("confirmed", received_rials=9_000_000, slips=(slip,)),)


def slip_to_take_back(services: FakeServices) -> None:
    """Requested by a colleague."""
    paid_by_slip(services)
    about = {"attempt": None, "cause": "0098-77", "reason": "چک این فیش برگشت خورده است"}
    services.tasks = (samples.task("slip_reversal_requested", **about),)


def three_messages(services: FakeServices) -> None:
    """Two unread and one read."""
    money_back = {
        "title": "پول شما برمی‌گردد",
        "text": "۹٬۰۰۰٬۰۰۰ ریال به کارت شما بازمی‌گردد.",
        "link": "/member/account",
    }
    received = {"title": "درخواست شما رسید", "text": "کد پیگیری 7K3MX09QTB", "link": "/member/renewal"}
    services.notices = (
        samples.notice(),
        samples.notice("money_back", **money_back, notice=samples.TASK, notified_at=samples.NOW - timedelta(days=1)),
        samples.notice(
            "request_received",
            **received,
            notice=samples.ATTEMPT,
            notified_at=samples.NOW - timedelta(days=3),
            read_at=samples.NOW,
        ),
    )


def awaits_code(services: FakeServices) -> None:
    """A number that awaits its code, and an e-mail address at which messages have failed."""
    awaited = samples.address("sms", is_proved=False, code_sent_at=samples.NOW - timedelta(minutes=2))
    services.contacts = samples.contacts(awaited, samples.address("email", is_stopped=True))


def no_address(services: FakeServices) -> None:
    services.contacts = samples.contacts()


def not_delivered(services: FakeServices) -> None:
    """One message that failed by both ways, and one that arrived."""
    by_mail = {"way": "email", "address": "m•••@example.ir", "cause": "undelivered"}
    arrived = samples.sent_notice(
        {"state": "delivered"}, notice=samples.TASK, title="درخواست شما رسید", read_at=samples.NOW
    )
    services.sent_notices = (samples.sent_notice({"cause": "blocked"}, by_mail, passed="no_way"), arrived)


def decided_and_sent(services: FakeServices) -> None:
    to_pay(services)
    not_delivered(services)


def outcome(name: str) -> Callable[[FakeServices], None]:
    def prepare(services: FakeServices) -> None:
        services.result = samples.payment_result(name)

    return prepare


def press(name: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("button", name=name).first.click()


def open_messages(page: Page) -> None:
    page.locator("#notices summary").click()


def answer_all(page: Page) -> None:
    """Leave each topic as it was last year, as far as the check."""
    for slug in ("contact", "residence", "education", "employment", "jobs", "statements"):
        page.goto(page.url.partition("/member")[0] + f"/member/declaration/{slug}")
        page.get_by_role("button", name="بدون تغییر").first.click()
    page.goto(page.url.partition("/member")[0] + "/member/declaration/check")


def pick_and(name: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for box in page.locator("[name=pick]").all():
            box.check()
        page.get_by_role("button", name=name).click()

    return act


def save_on_two_pages(page: Page) -> None:
    """The same topic on a page of before and on one of after."""
    other = page.context.new_page()
    other.goto(page.url)
    for each, city in ((other, "نجف‌آباد"), (page, "شاهین‌شهر")):
        each.get_by_label("شهر").fill(city)
        each.get_by_role("button", name="ذخیره و ادامه", exact=True).last.click()
        each.wait_for_load_state()
    other.close()


def decide_picked(page: Page) -> None:
    pick_and("تأیید گزیده‌ها")(page)
    page.locator(".decision-bar").get_by_role("button").click()


def confirm_picked(page: Page) -> None:
    pick_and("تأیید گزیده‌ها")(page)
    page.get_by_role("button", name="پرداخت").click()


STATEMENT = "b" * 64
TASK_PAGE = f"/desk/money/{samples.MEMBER}/{samples.YEAR}/{samples.TASK}"
ACCOUNT = f"/desk/account/{samples.MEMBER}"
WEBHOOK_PAGE = f"/desk/webhooks/{webhook_samples.WEBHOOK}"
SEEN = (
    Seen("start", "/"),
    Seen("help", "/help"),
    Seen("privacy", "/privacy"),
    Seen("accessibility", "/accessibility"),
    Seen("check-card", "/check"),
    Seen("check-card-wrong", "/check?address=x"),
    Seen("follow", "/follow"),
    Seen("followed", "/follow?code=7K3MX09QTB"),
    Seen("sign-in", "/sign-in"),
    Seen("sign-in-wrong", "/sign-in", act=press("ورود")),
    Seen("card-of-link", "/card/gVb0c-Zk3S_QmN1yT7xLwA"),
    Seen("receipt-check", f"/receipt/{samples.TASK}"),
    Seen("payment-return", "/payment/return"),
    Seen("not-found", "/nowhere"),
    Seen("offline", "/offline"),
    Seen("gallery", "/design", MEMBER),
    Seen("home", "/member", MEMBER),
    Seen("home-begin", "/member", MEMBER, none_yet),
    Seen("home-to-pay", "/member", MEMBER, to_pay),
    Seen("home-paid", "/member", MEMBER, paid),
    Seen("messages", "/messages", MEMBER, three_messages),
    Seen("ways", "/messages/ways", MANAGER, awaits_code),
    Seen("way-address-wrong", "/messages/ways/sms", MEMBER, no_address, press("فرستادن کد")),
    Seen("way-code", "/messages/ways/sms/code", MEMBER, awaits_code),
    Seen("way-remove", "/messages/ways/sms/remove", MEMBER),
    Seen("renewal-begin", "/member/renewal", MEMBER, none_yet),
    Seen("renewal", "/member/renewal", MEMBER),
    Seen("renewal-returned", "/member/renewal", MEMBER, returned),
    Seen("renewal-rejected", "/member/renewal", MEMBER, rejected),
    Seen("withdraw", "/member/renewal/withdraw", MEMBER),
    Seen("topic-contact", "/member/declaration/contact", MEMBER, requested),
    Seen("topic-residence", "/member/declaration/residence?change=yes", MEMBER, requested),
    Seen("topic-education", "/member/declaration/education?change=yes", MEMBER, requested),
    Seen("topic-employment", "/member/declaration/employment?change=yes", MEMBER, requested),
    Seen("topic-employment-last-year", "/member/declaration/employment", MEMBER, requested),
    Seen("topic-jobs", "/member/declaration/jobs?change=yes", MEMBER, requested),
    Seen("topic-statements", "/member/declaration/statements?change=yes", MEMBER, requested),
    Seen("topic-statements-last-year", "/member/declaration/statements", MEMBER, requested),
    Seen("topic-two-pages", "/member/declaration/residence?change=yes", MEMBER, requested, save_on_two_pages),
    Seen("topic-returned", "/member/declaration/residence", MEMBER, returned),
    Seen("check", "/member/declaration/check", MEMBER, requested, answer_all),
    Seen("sent", "/member/declaration/sent", MEMBER, no_address),
    Seen("recall", "/member/declaration/recall", MEMBER),
    Seen("pay", "/member/pay/1405", MEMBER, to_pay),
    Seen("pay-paid", "/member/pay/1405", MEMBER, paid),
    Seen("result-paid", f"/payment/result/{samples.ATTEMPT}", MEMBER, outcome("paid")),
    Seen("result-unknown", f"/payment/result/{samples.ATTEMPT}", MEMBER, outcome("unknown")),
    Seen("result-failed", f"/payment/result/{samples.ATTEMPT}", MEMBER, outcome("not_paid")),
    Seen("receipt", "/member/receipt/1405", MEMBER, paid),
    Seen("capacity", "/member/capacity/1405", MEMBER),
    Seen("what-if", f"/member/capacity/what-if?{WHAT_IF}", MEMBER),
    Seen("what-if-empty", "/member/capacity/what-if", MEMBER),
    Seen("card", "/member/card", MEMBER),
    Seen("card-revoke", "/member/card/revoke", MEMBER),
    Seen("account", "/member/account", MEMBER),
    Seen("reads", "/member/reads", MEMBER),
    Seen("personal-data", "/member/data", MEMBER),
    Seen("password", "/password", MEMBER),
    Seen("sessions", "/sessions", MEMBER),
    Seen("sessions-officer", "/sessions", MANAGER),
    Seen("end-sessions", "/sessions/end-others", MEMBER),
    Seen("second-factor", "/second-factor", MEMBER),
    Seen("second-factor-on", "/second-factor", MEMBER, factor_on),
    Seen("second-factor-enrol", "/second-factor/enrol", MEMBER),
    Seen("second-factor-confirm", "/second-factor/confirm", MEMBER),
    Seen("code", "/sign-in/code", MEMBER, factor_on),
    Seen("passkey-new", "/passkeys/new", MEMBER),
    Seen("passkey-add", "/passkeys/add", MEMBER, factor_on),
    Seen("passkey", f"/passkeys/{samples.PASSKEY.passkey_id}", MEMBER, factor_on),
    Seen("desk", "/desk", MANAGER),
    Seen("desk-none", "/desk?flag=any&status=approved", MANAGER),
    Seen("search", "/desk?q=7K3MX09QTB", MANAGER),
    Seen("review", REVIEW, MANAGER),
    Seen("review-warnings", f"{REVIEW}?row=0", MANAGER, with_warnings),
    Seen("review-decided", REVIEW, MANAGER, decided_and_sent, open_messages),
    Seen("return", f"{REVIEW}/return?tick=jobs", MANAGER),
    Seen("reject", f"{REVIEW}/reject", MANAGER),
    Seen("reject-wrong", f"{REVIEW}/reject", MANAGER, act=press("رد درخواست")),
    Seen("hand-over", f"{REVIEW}/hand-over", MANAGER),
    Seen("deputy", "/desk/deputy", MANAGER),
    Seen("bulk-check", "/desk", MANAGER, act=pick_and("تأیید گزیده‌ها")),
    Seen("bulk-return", "/desk", MANAGER, act=pick_and("بازگرداندن گزیده‌ها")),
    Seen("bulk-results", "/desk", MANAGER, act=decide_picked),
    Seen("keys", "/desk/keys", MANAGER),
    Seen("approval-rule", "/desk/approval-rule", MANAGER),
    Seen("figures", "/desk/overview", MANAGER),
    Seen("payments", "/desk/payments", MANAGER),
    Seen("payments-to-confirm", "/desk/payments", MANAGER, to_confirm),
    Seen("payments-late", "/desk/payments?status=confirmed", MANAGER, late),
    Seen("payments-only-late", "/desk/payments?late=1", MANAGER, late),
    Seen("confirmations-check", "/desk/payments", MANAGER, to_confirm, pick_and("تأیید گزیده‌ها")),
    Seen("confirmations-results", "/desk/payments", MANAGER, to_confirm, confirm_picked),
    Seen("payment", f"/desk/payments/{samples.MEMBER}/1405", MANAGER, paid),
    Seen("money", "/desk/money", MANAGER, one_task),
    Seen("money-task", TASK_PAGE, FINANCE, one_task),
    Seen("calendar", "/desk/calendar", MANAGER, holiday),
    Seen("capacity-overview", "/desk/capacity", MANAGER, over_use),
    Seen("member-account", ACCOUNT, MANAGER),
    Seen("undelivered", "/desk/undelivered", MANAGER, not_delivered),
    Seen("resend", f"{ACCOUNT}/notices/{samples.NOTICE}/resend", MANAGER, not_delivered),
    Seen("reset", f"{ACCOUNT}/reset", MANAGER),
    Seen("activation", f"{ACCOUNT}/activation", MANAGER),
    Seen("refund", f"{ACCOUNT}/1405/refund?attempt={samples.ATTEMPT}", FINANCE),
    Seen("write-off", f"{ACCOUNT}/1405/write-off", FINANCE),
    Seen("slip", f"{ACCOUNT}/1405/slip", FINANCE),
    Seen("slip-reversal", f"{ACCOUNT}/1405/slip-reversal?slip={samples.SLIP}", FINANCE, paid_by_slip),
    Seen("slip-reversal-task", TASK_PAGE, MANAGER, slip_to_take_back),
    Seen("capacity-of-member", f"{REVIEW}/capacity", MANAGER),
    Seen("what-if-of-member", f"/desk/{samples.MEMBER}/capacity/what-if?{WHAT_IF}", MANAGER),
    Seen("statement", "/desk/statement", TREASURER),
    Seen("statement-correction", f"/desk/statement/file/{STATEMENT}", TREASURER, correction),
    Seen("officers", "/desk/officers", "admin-session", officers),
    Seen("programs", "/desk/programs", "admin-session", programs),
    Seen(
        "program-close",
        f"/desk/programs/{program_samples.ACCOUNTS.accounts[0].program}/revoke",
        "admin-session",
        programs,
    ),
    Seen("program-secret", "/desk/programs", "admin-session", programs, take_secret),
    Seen("register", "/desk/register", "admin-session"),
    Seen("register-undo", "/desk/register/undo?import=7f2a9a52-3c51-4a3e-9f35-0d6a2a4f1b11", "admin-session"),
    Seen("administration", "/desk/administration", "admin-session"),
    Seen("webhooks", "/desk/webhooks", "admin-session"),
    Seen("webhook", WEBHOOK_PAGE, "admin-session"),
    Seen("webhook-disabled", WEBHOOK_PAGE, "admin-session", disabled_webhook),
    Seen("webhook-end", f"{WEBHOOK_PAGE}/end", "admin-session"),
    Seen("policies", "/desk/policies", "admin-session", amended),
    Seen("health", "/desk/health", "admin-session", parked),
    Seen("health-well", "/desk/health", "admin-session"),
    Seen("reads-of-others", "/desk/reads", "auditor-session"),
    Seen("case-timeline", f"/desk/reads/{samples.MEMBER}/1405", "auditor-session"),
)
"""Each page in its main states; what a person does first is done in the browser."""
NO_PAGES = {
    "api_description.asyncapi": "JSON",
    "api_description.index": "JSON",
    "api_description.openapi": "JSON",
    "card.as_pdf": "a PDF",
    "desk.next_request": "leads on to the review",
    "declare.declaration": "leads on to a topic",
    "installable.manifest": "JSON for the browser",
    "installable.service_worker": "a script",
    "personal_data.as_json": "JSON",
    "personal_data.as_pdf": "a PDF",
    "receipts.as_pdf": "a PDF",
    "second_step.options": "JSON for a script",
    "security_txt.page": "a text",
    "sent_pdf.as_pdf": "a PDF",
    "sign_in.passkey_options": "JSON for a script",
    "sign_in.sound": "a sound",
    "static": "a file",
}
"""Endpoints that answer GET with no page of ours, and what they answer with."""
SEEN_ELSEWHERE = {
    "api_reference.index": "tests/clients/gateway/api: changes with each message of the contract",
    "api_reference.operation": "tests/clients/gateway/api: changes with each message of the contract",
}


@contextmanager
def served() -> Iterator[Portal]:
    """The gateway in this process at a fixed time."""
    current = Current()
    with (
        mock.patch.object(rpc, "now", return_value=samples.NOW),
        tempfile.TemporaryDirectory() as var,
    ):
        settings = Settings(var=Path(var), page_secret=SecretStr("a secret of these pages"), development=True)
        server = make_server("127.0.0.1", 0, make_app(AppContext(current, settings)), threaded=True)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield Portal(f"http://127.0.0.1:{server.server_port}", current)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    """A page of a reader in Iran, for one sight after another: a new process of the browser for each costs more than to look at it."""
    context = browser.new_context(
        locale="fa-IR", timezone_id="Asia/Tehran", reduced_motion="reduce", service_workers="block"
    )
    yield context.new_page()
    context.close()


def forget(page: Page) -> None:
    """Leave nothing in the browser of who was there and what was done."""
    page.evaluate("localStorage.clear(); sessionStorage.clear()")
    page.context.clear_cookies()
