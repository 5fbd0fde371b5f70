from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from shared.contract.auth import queries as auth_queries
from shared.contract.capacity import queries as capacity_queries
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason
from shared.contract.renewal import answers
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import queries as renewal_queries
from tests.clients.gateway import pages, samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

REVIEW = "/desk/0012345/1405"
PAYMENT = "/desk/payments/0012345/1405"
REASON = "کد کاداستر ردیف ۱ خوانا نیست"


@pytest.fixture(autouse=True)
def on_the_desk(services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted")
    services.desk = (services.renewal,)


def test_the_desk_names_members_and_counts_each_status(manager: FlaskClient, services: FakeServices) -> None:
    services.desk += (samples.renewal("approved"), samples.renewal("approved", member="0099"))
    page = manager.get("/desk").text
    assert f'<a data-row href="{REVIEW}?province=isfahan&amp;status=submitted&amp;row=0">زهرا صفوی‌نیا</a>' in page
    assert 'تأییدشده <span class="count">۲</span>' in page
    assert "گذشته از مهلت</span>" not in page


def test_a_missed_due_time_is_marked_by_text(manager: FlaskClient, services: FakeServices) -> None:
    services.desk = (samples.renewal("submitted", review_due_at=samples.NOW - timedelta(minutes=1)),)
    assert '<span class="tag tag-stopped">گذشته از مهلت</span>' in manager.get("/desk").text


def test_a_desk_is_queried_by_province_and_status_page_by_page(manager: FlaskClient, services: FakeServices) -> None:
    services.desk = tuple(samples.renewal("returned", member=str(1000 + n)) for n in range(120))
    page = manager.get("/desk?province=yazd&status=returned&start=50").text
    assert services.sent(renewal_queries.ListDesk) == [
        renewal_queries.ListDesk(province="yazd", status="returned", limit=50, offset=50)
    ]
    assert '<span class="count">۱۲۰</span>' in page
    assert "ردیف ۵۱ تا ۱۰۰ از ۱۲۰" in page
    assert "start=100" in page


@pytest.mark.parametrize("query", ["province=tehran", "status=all", "start=-5", "start=x"])
def test_what_is_not_offered_falls_back_to_the_first(manager: FlaskClient, services: FakeServices, query: str) -> None:
    assert manager.get(f"/desk?{query}").status_code == 200
    assert services.sent(renewal_queries.ListDesk)[0] == renewal_queries.ListDesk(province="isfahan", limit=50)


@pytest.mark.parametrize("year", ["0", "1369", "1501", "14040", "9" * 5000, "-1405", "abc", "1405.0"])
@pytest.mark.parametrize("path", ["/desk/0012345/{}", "/desk/0012345/{}/capacity", "/desk/payments/0012345/{}"])
def test_a_year_that_no_membership_has_is_no_page(manager: FlaskClient, path: str, year: str) -> None:
    assert manager.get(path.format(year)).status_code == 404


@pytest.mark.parametrize("number", ["abc", "12", "1234567890123", "%EF%BF%BF", "%00", "K0012345", "' OR 1=1"])
@pytest.mark.parametrize("path", ["/desk/{}/1405", "/desk/{}/1405/capacity", "/desk/{}/capacity/what-if"])
def test_what_is_no_membership_number_is_no_page(
    manager: FlaskClient, services: FakeServices, path: str, number: str
) -> None:
    assert manager.get(path.format(number)).status_code == 404
    assert services.sent(renewal_queries.GetRenewal) == []


@pytest.mark.parametrize("path", ["/desk/0099999/1405", "/desk/0099999/capacity/what-if"])
def test_a_number_that_nobody_has_is_refused(manager: FlaskClient, services: FakeServices, path: str) -> None:
    services.refuse(auth_queries.GetMember, Reason.UNKNOWN_MEMBER)
    services.refuse(renewal_queries.GetRenewal, Reason.NOT_ALLOWED)
    page = manager.get(path)
    assert page.status_code == 404
    assert "عضوی با شمارهٔ ۰۰۹۹۹۹۹ در بانک اعضا نیست." in page.text


def test_a_list_of_decided_requests_promises_no_order_by_deadline(manager: FlaskClient, services: FakeServices) -> None:
    services.desk = (samples.renewal("submitted"), samples.renewal("approved"))
    assert "نزدیک‌ترین مهلت نخست" in manager.get("/desk").text
    assert "نزدیک‌ترین مهلت نخست" not in manager.get("/desk?status=approved").text


def test_unpaid_invoices_are_listed_with_what_is_known_of_them(manager: FlaskClient, services: FakeServices) -> None:
    held, gave_way = samples.attempt("held"), {"year": 1404, "replaced_by_year": 1405}
    services.invoices = (samples.invoice("open", attempts=(held,)), samples.invoice("open", **gave_way))
    page = manager.get("/desk/payments?status=open").text
    assert "در دست بررسی" in page
    assert "در صورت‌حساب سال ۱۴۰۵ آمده است" in page


def test_an_empty_desk_says_so(manager: FlaskClient, services: FakeServices) -> None:
    services.desk = ()
    assert "چیزی در انتظار بررسی نیست." in manager.get("/desk").text


def test_finance_comes_to_the_payments_and_an_admin_to_the_officers(signed_in: SignedIn) -> None:
    assert signed_in("finance-session").get("/desk").headers["Location"] == "/desk/payments"
    assert signed_in("admin-session").get("/desk").headers["Location"] == "/desk/officers"


def test_the_review_shows_what_changed_what_it_uses_and_what_to_look_at(
    manager: FlaskClient, services: FakeServices
) -> None:
    second = samples.DECLARATION.model_copy(update={"city": "یزد", "province": "yazd"})
    versions = (
        answers.DeclarationOnFile(version=1, submitted_at=samples.NOW, form=samples.DECLARATION),
        answers.DeclarationOnFile(version=2, submitted_at=samples.NOW, form=second),
    )
    services.renewal = samples.renewal("submitted", declarations=versions)
    page = manager.get(REVIEW).text
    assert page.count("تغییر کرده</span>") == 2
    assert "پیش‌تر: اصفهان" in page
    assert "استان سکونت (یزد) با استان عضویت (اصفهان) یکی نیست." in page
    assert '<bdi dir="ltr">۳۳۰</bdi> P' in page
    assert pages.hidden(page)["declaration_version"] == "2"


def test_an_approval_is_of_the_version_that_was_seen(manager: FlaskClient, services: FakeServices) -> None:
    command_id = str(uuid4())
    answer = pages.send(manager, f"{REVIEW}/approve", {"declaration_version": "1", "command_id": command_id})
    assert answer.headers["Location"] == "/desk"
    [sent] = services.sent(renewal_commands.ApproveRenewal)
    assert (sent.member, sent.year, sent.declaration_version, str(sent.id)) == ("0012345", 1405, 1, command_id)
    assert "تأیید شد. صورت‌حساب صادر" in manager.get("/desk").text


@pytest.mark.parametrize(
    ("decision", "kind"), [("return", renewal_commands.ReturnRenewal), ("reject", renewal_commands.RejectRenewal)]
)
def test_a_reason_goes_to_the_member(
    manager: FlaskClient,
    services: FakeServices,
    decision: str,
    kind: type[renewal_commands.ReturnRenewal | renewal_commands.RejectRenewal],
) -> None:
    pages.send(manager, f"{REVIEW}/{decision}", {"reason": f"  {REASON} "})
    assert [call.reason for call in services.sent(kind)] == [REASON]


@pytest.mark.parametrize("decision", ["return", "reject"])
def test_without_a_reason_nothing_is_decided_and_what_was_typed_stays(
    manager: FlaskClient, services: FakeServices, decision: str
) -> None:
    answer = pages.send(manager, f"{REVIEW}/{decision}", {"reason": "کوتاه"})
    assert answer.status_code == 422
    assert f'<a href="#{decision}-reason">دلیل را در دست‌کم ۱۰ نویسه بنویسید.</a>' in answer.text
    assert answer.text.count(">کوتاه</textarea>") == 1
    assert services.sent(renewal_commands.ReturnRenewal) == []
    assert services.sent(renewal_commands.RejectRenewal) == []


WAIVED = {
    "declaration_version": "1",
    "waiver-1404": "۲٬۰۰۰٬۰۰۰",
    "waiver-1405": "",
    "reason": "خسارت سیل در محل کار عضو",
}


@pytest.fixture
def owes_two_years(services: FakeServices) -> None:
    lines = [
        {"year": year, "member_class": "grade_1", "amount_rials": rials, "tariff": "x"} for year, rials in FEES.items()
    ]
    services.estimate = {"lines": lines}


FEES = {1404: 7_000_000, 1405: 9_000_000}


@pytest.mark.usefixtures("owes_two_years")
def test_an_approval_waives_what_was_typed_of_each_year(manager: FlaskClient, services: FakeServices) -> None:
    page = manager.get(REVIEW).text
    assert page.index("بخشودگی سال ۱۴۰۵ به ریال") < page.index("بخشودگی سال ۱۴۰۴ به ریال")
    assert "حق عضویت این سال ۷٬۰۰۰٬۰۰۰ ریال" in page
    assert pages.send(manager, f"{REVIEW}/approve", WAIVED).status_code == 303
    [sent] = services.sent(renewal_commands.ApproveRenewal)
    assert [(one.year, one.amount_rials) for one in sent.waivers] == [(1404, 2_000_000)]
    assert sent.reason == WAIVED["reason"]
    assert "بخشودگی در کارهای مالی در انتظار همکار دومی است" in manager.get("/desk").text


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"waiver-1404": "دو میلیون"}, "waiver-1404", ""),
        ({"waiver-1404": "0"}, "waiver-1404", ""),
        ({"waiver-1405": "1.5"}, "waiver-1405", ""),
        ({"reason": "کوتاه"}, "approve-reason", "دلیل را در دست‌کم ۱۰ نویسه بنویسید."),
        ({"waiver-1404": ""}, "approve-reason", "مبلغی را که باید بخشوده شود بنویسید"),
    ],
)
@pytest.mark.usefixtures("owes_two_years")
def test_a_wrong_waiver_approves_nothing_and_what_was_typed_stays(
    manager: FlaskClient, services: FakeServices, wrong: dict[str, str], field: str, sentence: str
) -> None:
    typed = WAIVED | wrong
    answer = pages.send(manager, f"{REVIEW}/approve", typed)
    assert answer.status_code == 422
    assert f'<a href="#{field}">{sentence}' in answer.text
    assert "<details open>" in answer.text
    assert 'aria-invalid="true"' in pages.field(answer.text, field, "id")
    for name in ("waiver-1404", "waiver-1405"):
        assert f'value="{typed[name]}"' in pages.field(answer.text, name)
    assert answer.text.count(f">{typed['reason']}</textarea>") == 1
    assert services.sent(renewal_commands.ApproveRenewal) == []


@pytest.mark.usefixtures("owes_two_years")
def test_a_waiver_that_came_too_late_is_shown_as_not_recorded(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("returned", decisions=(samples.decision("returned", REASON),))
    services.refuse(renewal_commands.ApproveRenewal, Reason.NOT_SUBMITTED)
    page = pages.send(manager, f"{REVIEW}/approve", WAIVED | {"waiver-1405": "۵۰۰"}).text
    assert f"{WAIVED['reason']}</textarea>" in page
    assert "۵۰۰</textarea>" in page
    assert "۲٬۰۰۰٬۰۰۰</textarea>" in page


def test_without_an_estimate_the_renewals_own_year_can_be_waived(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(payment_queries.EstimateFee, Reason.NO_ANSWER)
    assert "waiver-1405" in manager.get(REVIEW).text


def test_a_later_version_in_between_is_shown(manager: FlaskClient, services: FakeServices) -> None:
    services.refuse(renewal_commands.ApproveRenewal, Reason.CONFLICT)
    answer = pages.send(manager, f"{REVIEW}/approve", {"declaration_version": "1"})
    assert "هم‌زمان تغییر دیگری ثبت شد" in answer.text


@pytest.mark.parametrize("status", ["approved", "rejected", "returned", "requested"])
def test_what_is_decided_can_not_be_decided_again(manager: FlaskClient, services: FakeServices, status: str) -> None:
    decided = "approved" if status == "requested" else status
    services.renewal = samples.renewal(status, decisions=(samples.decision(decided, REASON),))
    page = manager.get(REVIEW).text
    assert 'id="decide-title"' not in page
    assert "مریم تهرانی" in page
    assert "officer:" not in page


def test_only_a_manager_decides(signed_in: SignedIn, services: FakeServices) -> None:
    finance = signed_in("finance-session")
    assert 'id="decide-title"' not in finance.get(REVIEW).text
    assert pages.send(finance, f"{REVIEW}/approve", {"declaration_version": "1"}).status_code == 403
    assert services.sent(renewal_commands.ApproveRenewal) == []


def test_whoever_gets_no_declaration_reads_why(signed_in: SignedIn, services: FakeServices) -> None:
    services.renewal = samples.renewal("submitted").model_copy(update={"declarations": ()})
    page = signed_in("finance-session").get(REVIEW).text
    assert "تنها مدیر پورتال آن را می‌بیند" in page
    assert "هنوز خوداظهاری نفرستاده است" not in page


def test_a_member_without_a_request_is_not_found(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = None
    assert manager.get(REVIEW).status_code == 404


def test_payments_wait_for_their_confirmation(manager: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled"),)
    page = manager.get("/desk/payments").text
    assert f'<a href="{PAYMENT}?province=isfahan&amp;status=settled">زهرا صفوی‌نیا</a>' in page
    assert "۱۰۰۲۰۰۳۰۰" in page
    assert "موردی نیست." in manager.get("/desk/payments?status=confirmed").text


def test_the_capacity_is_shown_before_and_after_the_confirmation(manager: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    services.invoices = (samples.invoice("settled"),)
    page = manager.get(PAYMENT).text
    assert "هنوز صادر نشده است" in page
    assert '<bdi dir="ltr">۳۳۰</bdi> P' in page


def test_whoever_confirms_sees_what_of_the_amount_was_given_up(manager: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled", received_rials=1_000_000, written_off_rials=8_000_000),)
    page = manager.get(PAYMENT).text
    assert "تسویه‌شده، در انتظار تأیید" in page
    assert "<dt>چشم‌پوشی سازمان</dt><dd>۸٬۰۰۰٬۰۰۰ ریال</dd>" in page
    assert "<dt>دریافت‌شده</dt><dd>۱٬۰۰۰٬۰۰۰ ریال</dd>" in page
    services.invoices = (samples.invoice("settled", received_rials=9_000_000),)
    assert "چشم‌پوشی" not in manager.get(PAYMENT).text


def test_a_licence_that_is_over_is_shown_once_and_not_at_a_job(manager: FlaskClient, services: FakeServices) -> None:
    over = samples.LICENCE.model_copy(update={"expires_on": date(2024, 9, 21)})
    services.renewal, services.card = samples.renewal("submitted", licence=over), samples.card(licence=over)
    services.units = services.units.model_copy(update={"problems": {"licence": "licence_expired"}})
    page = manager.get(REVIEW).text
    assert page.count("اعتبار پروانهٔ اشتغال پایان یافته است.") == 1
    assert "پیش از شروع این کار" not in page


def test_a_confirmation_is_of_the_amount_that_was_seen(manager: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled"),)
    fields = pages.hidden(manager.get(PAYMENT).text)
    answer = manager.post(PAYMENT, data=fields)
    assert answer.headers["Location"] == "/desk/payments"
    [sent] = services.sent(payment_commands.ConfirmPayment)
    assert (sent.amount_rials, str(sent.id)) == (9_000_000, fields["command_id"])


@pytest.mark.parametrize("status", ["open", "confirmed"])
def test_only_a_settled_payment_can_be_confirmed(manager: FlaskClient, services: FakeServices, status: str) -> None:
    services.invoices = (samples.invoice(status),)
    assert "تأیید پرداخت</button>" not in manager.get(PAYMENT).text


def test_finance_sees_payments_and_leaves_the_confirmation(signed_in: SignedIn, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled"),)
    finance = signed_in("finance-session")
    assert "تأیید پرداخت</button>" not in finance.get(PAYMENT).text
    assert pages.send(finance, PAYMENT, {"amount_rials": "9000000"}).status_code == 403


def test_a_reversed_payment_is_shown_to_the_manager(manager: FlaskClient, services: FakeServices) -> None:
    assert "برگشت خورده است" not in manager.get("/desk/payments").text
    services.invoices = (samples.invoice("open", reversed_at=samples.NOW),)
    for path in ("/desk", "/desk/payments"):
        assert "۱ پرداخت برگشت خورده است" in manager.get(path).text
    listed = manager.get("/desk/payments?status=reversed").text
    assert f'<a href="{PAYMENT}?province=isfahan&amp;status=reversed">' in listed
    assert "برگشت در" in listed
    assert "پس گرفته شد و صورت‌حساب دوباره باز است" in manager.get(PAYMENT).text


def test_a_refused_confirmation_says_why(manager: FlaskClient, services: FakeServices) -> None:
    services.invoices = (samples.invoice("settled"),)
    services.refuse(payment_commands.ConfirmPayment, Reason.CONFLICT)
    answer = pages.send(manager, PAYMENT, {"amount_rials": "1"})
    assert answer.status_code == 422
    assert "هم‌زمان تغییر دیگری ثبت شد" in answer.text


CLOSED = {"province": "yazd", "on": "۱۴۰۵/۰۹/۲۰", "label": "تعطیلی آلودگی هوا", "state": "closed"}


def test_a_day_is_closed(manager: FlaskClient, services: FakeServices) -> None:
    answer = pages.send(manager, "/desk/calendar", {**CLOSED, "opens": "۰۸:۰۰"})
    assert answer.headers["Location"] == "/desk/calendar?province=yazd"
    [sent] = services.sent(renewal_commands.SetCalendarDay)
    assert (sent.province, sent.on, sent.opens, sent.closes) == ("yazd", date(2026, 12, 11), None, None)


@pytest.mark.parametrize(("opens", "closes"), [("۰۸:۰۰", "۱۴:۰۰"), ("8", "14"), ("٨.٠٠", "14:00")])
def test_a_day_has_its_own_hours(manager: FlaskClient, services: FakeServices, opens: str, closes: str) -> None:
    pages.send(manager, "/desk/calendar", {**CLOSED, "state": "open", "opens": opens, "closes": closes})
    assert [(call.opens, call.closes) for call in services.sent(renewal_commands.SetCalendarDay)] == [
        (time(8), time(14))
    ]


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"on": "2026-12-11"}, "on"),
        ({"on": ""}, "on"),
        ({"label": "x"}, "label"),
        ({"state": "open", "opens": "25:00", "closes": "14:00"}, "opens"),
        ({"state": "open", "opens": "08:00", "closes": ""}, "closes"),
    ],
)
def test_a_wrong_day_is_kept_as_typed_with_an_error_at_its_field(
    manager: FlaskClient, services: FakeServices, changes: dict[str, str], name: str
) -> None:
    answer = pages.send(manager, "/desk/calendar", CLOSED | changes)
    assert answer.status_code == 422
    assert f'<a href="#{name}">' in answer.text
    assert f'value="{changes.get("label", CLOSED["label"])}"' in pages.field(answer.text, "label")
    assert services.sent(renewal_commands.SetCalendarDay) == []


def test_special_days_are_listed(manager: FlaskClient, services: FakeServices) -> None:
    services.days = (answers.CalendarDay(on=date(2026, 3, 21), opens=None, closes=None, label="نوروز"),)
    page = manager.get("/desk/calendar").text
    assert "شنبه ۱ فروردین ۱۴۰۵" in page
    assert "تعطیل" in page


OLD_JOB = samples.JOB.model_copy(update={"starts_on": date.min, "ends_on": date.max})
OLD = samples.DECLARATION.model_copy(
    update={
        "residence_since": date.max,
        "jobs": (OLD_JOB,),
        "employment": samples.DECLARATION.employment.model_copy(update={"from_on": date.min, "to_on": date.max}),
    }
)


@pytest.mark.parametrize("status", ["requested", "submitted", "approved"])
def test_what_was_declared_before_there_were_bounds_is_shown(
    manager: FlaskClient, member: FlaskClient, services: FakeServices, status: str
) -> None:
    filed = answers.DeclarationOnFile(version=1, submitted_at=samples.NOW, form=OLD)
    about = {"jobs": (OLD_JOB.job,), "employment": OLD.employment, "declarations": (filed, filed)}
    services.renewal = samples.renewal(status).model_copy(update=about)
    services.last_declaration = OLD
    services.refuse(capacity_queries.CountJobUnits, Reason.BAD_INPUT)
    for client, path in [
        (manager, "/desk/0012345/1405"),
        (member, "/member"),
        (member, "/member/renewal"),
        (member, "/member/declaration"),
        (member, "/member/declaration/sent"),
    ]:
        page = client.get(path, follow_redirects=True)
        assert page.status_code == 200, path
    assert "۹۹۹۹-۱۲-۳۱" in member.get("/member/declaration/sent").text
