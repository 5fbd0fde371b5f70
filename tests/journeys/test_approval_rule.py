"""The approval rule on a real instance: a manager switches it on, it approves what is unchanged when it is due, and switched off it stops."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import create_engine, func, select, update

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from services.renewal.approval_rule.domain import ACTOR, is_left_for_people
from services.renewal.approval_rule.state import WAIT
from shared.contract.payment.queries import GetInvoices
from shared.contract.renewal import answers
from shared.contract.renewal.queries import GetApprovalRule, GetRenewal, ListDesk
from shared.settings import Settings
from shared.subscriptions.timers import TIMERS
from shared.text import persian
from tests.demo import steps, users
from tests.demo.browser import Browser as PlainBrowser
from tests.demo.event_logs import until
from tests.drills.desk import filling
from tests.journeys import browser_page
from tests.journeys.test_account_security import OFFICERS, says, sign_in
from tests.support.servers import instance

MEMBERS = 100
"""So many that some are of the tenth for people, but for one draw in 37,000."""
ANSWER_SECONDS = 20
TOPICS = 6
CODES = dict(zip(map(filling.number, range(MEMBERS)), filling.national_codes(), strict=False))


@pytest.fixture
def running() -> Iterator[instance.Instance]:
    """An instance with members who were all approved last year."""
    with instance.standalone() as found:
        with closing(demonstration.signed_in(found.portal, "admin", demonstration.admin_password())) as admin:
            filling.register(admin, [], MEMBERS)
        found.end()
        filling.approve_last_year(Settings(var=found.var), MEMBERS)
        found.start()
        yield found


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=1280, scripts=False) as page:
        yield page


@pytest.mark.slow
def test_what_is_unchanged_is_approved_when_it_is_due_until_the_rule_is_switched_off(
    running: instance.Instance, desk: Page
) -> None:
    manager = users.officer("manager")
    sign_in(desk, running.portal, OFFICERS, manager.name, manager.secret)
    open_the_office_today(desk, running.portal)
    switch(desk, running.portal, "روشن")
    with closing(demonstration.signed_in(running.portal, manager.name, manager.secret)) as asker:
        salt = asker.call(GetApprovalRule(province=users.PROVINCE)).salt
        assert salt is not None
        drawn = [one for one in CODES if is_left_for_people(salt, one, filling.YEAR)]
        unchanged, changed, later = [one for one in CODES if one not in drawn][:3]
        for member in (unchanged, drawn[0]):
            submit(running.portal, member)
        submit(running.portal, changed, address="خیابان شیخ بهایی، کوچهٔ ۳")
        submitted_at = renewal(asker, unchanged).submitted_at
        assert submitted_at is not None
        assert due(running)[unchanged] == submitted_at + WAIT

        let_time_pass(running)
        found = renewal(asker, unchanged)
        assert (found.status, [one.by for one in found.decisions]) == ("approved", [ACTOR])
        until(lambda: asker.call(GetInvoices(member=unchanged)).invoices, ANSWER_SECONDS, "invoice")
        left = {one.member for one in asker.call(ListDesk(province=users.PROVINCE)).renewals}
        assert left == {changed, drawn[0]}
        says_who_approved(desk, running.portal, unchanged)

        submit(running.portal, later)
        assert later in due(running)
        switch(desk, running.portal, "خاموش")
        let_time_pass(running)
        assert renewal(asker, later).status == "submitted"


def open_the_office_today(desk: Page, portal: str) -> None:
    """Whatever the day and hour at which the test runs; and tomorrow, for midnight may come in between."""
    today = persian.day_of(filling.NOW)
    for day in (today, today + timedelta(days=1)):
        desk.goto(f"{portal}/desk/calendar?province={users.PROVINCE}")
        desk.get_by_label("تاریخ").fill(users.typed(persian.format_date(day)))
        desk.get_by_label("عنوان").fill("کشیک")
        desk.get_by_label("باز در این ساعت‌ها:").check()
        desk.get_by_label("از ساعت").fill("۰۰:۰۰")
        desk.get_by_label("تا ساعت").fill("۲۳:۵۹")
        desk.get_by_role("button", name="ثبت روز").click()
        says(desk, "۰۰:۰۰ تا ۲۳:۵۹")


def switch(desk: Page, portal: str, word: str) -> None:
    desk.goto(f"{portal}/desk/approval-rule?province={users.PROVINCE}")
    desk.get_by_role("button", name=f"{word} کردن").dblclick()
    says(desk, f"تأیید خودکار {word} شد.")


def submit(portal: str, member: str, **changes: str) -> None:
    """The member leaves each topic as it was last year, or changes answers of one, and sends it."""
    with closing(PlainBrowser(portal)) as browser:
        browser.go("/sign-in")
        steps.sign_in(browser, "member", member, CODES[member])
        browser.go("/member")
        browser.follow("تمدید عضویت")
        browser.press("ثبت")
        browser.go("/member/declaration/contact")
        for _ in range(TOPICS):
            browser.press("بدون تغییر")
        if changes:
            browser.go("/member/declaration/residence?change=yes")
            browser.press("ذخیره و ادامه", changes)
            browser.go("/member/declaration/check")
        browser.must_say("پیش از ارسال بررسی کنید")
        browser.press("می‌پذیرم و ارسال می‌کنم", {"truth_ack": True})
        browser.must_say("درخواست شما در کارتابل مدیر است")


def renewal(asker: HttpServer, member: str) -> answers.Renewal:
    found = asker.call(GetRenewal(member=member, year=filling.YEAR)).renewal
    assert found is not None
    return found


def due(running: instance.Instance) -> dict[str, datetime]:
    """When the rule looks at whom."""
    query = select(TIMERS.c.key, TIMERS.c.due_at).where(TIMERS.c.kind == "approval")
    engine = create_engine(Settings(var=running.var).database_of("renewal"))
    with engine.connect() as connection:
        found = {row.key.partition("/")[0]: row.due_at for row in connection.execute(query)}
    engine.dispose()
    return found


def let_time_pass(running: instance.Instance) -> None:
    """Put what is due back by the wait while nothing runs, and start again: the rule looks at all of it at once."""
    running.end()
    engine = create_engine(Settings(var=running.var).database_of("renewal"))
    with engine.begin() as connection:
        back = update(TIMERS).where(TIMERS.c.kind == "approval")
        earliest = connection.execute(select(func.min(TIMERS.c.due_at))).scalar_one()
        connection.execute(back.values(due_at=earliest - WAIT))
    engine.dispose()
    running.start()
    until(lambda: not due(running), ANSWER_SECONDS, "look of the rule at what is due")


def says_who_approved(desk: Page, portal: str, member: str) -> None:
    desk.goto(f"{portal}/desk/{member}/{filling.YEAR}")
    says(desk, "قاعدهٔ تأیید خودکار")
    desk.goto(f"{portal}/desk/approval-rule?province={users.PROVINCE}")
    says(desk, "تاکنون ۱ درخواست با قاعده تأیید شده است.")
