"""The ways a renewal may go besides the straight one: returned and corrected, rejected, withdrawn and asked for again."""

import pytest

from shared.contract.capacity import queries
from shared.contract.capacity.answers import Capacity
from tests.demo import expected, steps
from tests.demo.event_logs import Logs, until
from tests.demo.steps import Scenario
from tests.journeys import driver

REASON = "نام معدن در ردیف ۱ با پروانه بهره‌برداری یکی نیست؛ آن را اصلاح کنید."

pytestmark = pytest.mark.usefixtures("lost_payment")


def test_what_is_returned_with_a_reason_is_corrected_and_approved(scenario: Scenario, logs: Logs) -> None:
    member, manager = scenario.members_browser, scenario.managers_browser
    driver.until(scenario, steps.open_desk)
    manager.follow("بازگرداندن برای اصلاح…")
    manager.press("بازگرداندن برای اصلاح", {"reason": "کوتاه"})
    assert "دلیل را در دست‌کم ۱۰ نویسه بنویسید." in manager.page.words
    assert "کوتاه" in [one.value for form in manager.page.forms for one in form.controls]
    assert driver.types(logs, scenario) == ["RenewalRequested", "DeclarationSubmitted", "ReviewOpened"]
    manager.press("بازگرداندن برای اصلاح", {"reason": REASON})
    manager.must_say("برای اصلاح به عضو بازگردانده شد")

    member.go("/member")
    member.must_say("خوداظهاری را اصلاح کنید")
    member.follow("دیدن دلیل و اصلاح")
    member.must_say(REASON)
    member.follow("تغییر فعالیت‌های جاری")
    member.press("ذخیره و بازگشت به بررسی", {"jobs.0.title": "معدن سنگ گچ"})
    steps.send_declaration(scenario)

    manager.go(f"/desk/{scenario.applicant.name}/{scenario.year}")
    manager.must_say("نسخهٔ ۲", "معدن سنگ گچ", "تغییرکرده", REASON)
    manager.press("تأیید")
    manager.must_say("تأیید شد. صورت‌حساب صادر")
    reviewed = ["DeclarationSubmitted", "ReviewOpened"]
    wanted = ["RenewalRequested", *reviewed, "RenewalReturned", *reviewed, "RenewalApproved"]
    logs.wait_for([*wanted, "InvoiceIssued"], scenario.applicant.name, driver.ANSWER_SECONDS)
    assert driver.types(logs, scenario) == [*wanted, "InvoiceIssued"]
    assert all("معدن" not in one.data for one in logs.of(scenario.applicant.name)), "a text of the form is in an event"


def test_a_rejected_renewal_tells_why_and_is_closed(scenario: Scenario, logs: Logs) -> None:
    member, manager = scenario.members_browser, scenario.managers_browser
    driver.until(scenario, steps.open_desk)
    manager.follow("رد…")
    manager.press("رد درخواست", {"reason": REASON})
    manager.must_say("درخواست با ذکر دلیل رد شد.")

    member.go("/member")
    member.must_say("درخواست شما رد شد", "پولی از شما گرفته نشده است")
    member.follow("دیدن دلیل")
    member.must_say(REASON, "اعتراض")
    assert [one.text for form in member.page.forms for one in form.buttons] == ["خروج"]
    member.go(f"/member/pay/{scenario.year}")
    assert (member.status, "صورت‌حسابی صادر نشده است" in member.page.words) == (404, True)
    wanted = ["RenewalRequested", "DeclarationSubmitted", "ReviewOpened", "RenewalRejected"]
    assert driver.types(logs, scenario) == wanted


def test_a_withdrawn_renewal_can_be_asked_for_again(scenario: Scenario, logs: Logs) -> None:
    member, manager = scenario.members_browser, scenario.managers_browser
    driver.until(scenario, steps.open_desk)
    member.go("/member/renewal")
    member.follow("انصراف از درخواست")
    member.press("انصراف از درخواست")
    member.must_say("از درخواست تمدید انصراف دادید.", "درخواست تمدید را ثبت کنید")

    manager.press("تأیید")
    assert "عضو از این درخواست انصراف داده است. تصمیم شما ثبت نشد." in manager.page.words

    steps.request(scenario)
    for _ in expected.by_topic(scenario.year):
        member.must_say("آخرین بار این‌ها را اعلام کرده‌اید.")
        member.press("بدون تغییر")
    steps.send_declaration(scenario)
    again = ["RenewalRequested", "DeclarationSubmitted"]
    assert driver.types(logs, scenario) == [*again, "ReviewOpened", "RenewalWithdrawn", *again]


def test_the_second_of_two_managers_is_told_that_it_is_decided(scenario: Scenario, logs: Logs) -> None:
    driver.until(scenario, steps.open_desk)
    with driver.signed_in(scenario, scenario.manager, "officer") as second:
        second.go(f"/desk/{scenario.applicant.name}/{scenario.year}")
        second.must_say("تصمیم")
        second.follow("رد…")
        steps.approve(scenario)
        second.press("رد درخواست", {"reason": REASON})
        assert "تأیید کرده‌اید. تصمیم شما ثبت نشد." in second.page.words
        assert REASON in second.page.words
    logs.wait_for(["RenewalApproved", "InvoiceIssued"], scenario.applicant.name, driver.ANSWER_SECONDS)
    assert "RenewalRejected" not in driver.types(logs, scenario)


def test_a_member_who_closed_the_tab_at_the_bank_finds_it_paid(scenario: Scenario, logs: Logs) -> None:
    scenario.bank = "lost-redirect"
    driver.until(scenario, steps.come_back)
    scenario.members_browser.must_say("منتظر تأیید پرداخت بمانید")
    assert driver.types(logs, scenario)[-2:] == ["BankNoticeReceived", "PaymentSettled"]


def test_a_cancelled_payment_takes_nothing_and_may_be_tried_again(scenario: Scenario, logs: Logs) -> None:
    member = scenario.members_browser
    driver.until(scenario, steps.go_to_bank)
    member.press("انصراف")
    member.must_say("پرداخت انجام نشد", "پولی به سازمان نرسید")
    member.follow("تلاش دوباره برای پرداخت")
    member.press("پرداخت الکترونیک")
    steps.pay(scenario)
    steps.come_back(scenario)
    wanted = ["PaymentStarted", "PaymentFailed", "PaymentStarted", "PaymentSettled"]
    assert [one for one in driver.types(logs, scenario) if one in wanted] == wanted


def test_what_is_declared_beyond_the_ceiling_is_shown_and_leaves_nothing(scenario: Scenario) -> None:
    member = scenario.members_browser
    driver.until(scenario, steps.request)
    steps.fill_declaration(scenario)
    member.follow("تغییر فعالیت‌های جاری")
    member.press("محاسبهٔ ظرفیت", {"jobs.0.quantity": "۹"})
    member.must_say("مجموع کسرها")
    member.press("ذخیره و بازگشت به بررسی")
    member.must_say("مجموع کسرها")
    steps.send_declaration(scenario)
    steps.open_desk(scenario)
    scenario.managers_browser.must_say("مجموع کسرها")
    for step in (steps.approve, steps.go_to_bank, steps.pay, steps.come_back, steps.confirm):
        step(scenario)
    with driver.api_client(scenario, member) as server:
        query = queries.GetCapacity(member=scenario.applicant.name, year=scenario.year)
        found = until(lambda: granted(server.call(query)), driver.ANSWER_SECONDS, "capacity")
    assert (found.remaining_units, found.warnings) == (0, ("over_ceiling", "over_field_ceiling"))


def granted(capacity: Capacity) -> Capacity | None:
    return capacity if capacity.status == "active" else None
