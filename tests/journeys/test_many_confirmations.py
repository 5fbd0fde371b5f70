"""Two managers confirm the same payments at once, in a real browser: whoever is second reads who was first, and nothing is confirmed twice."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from clients.admin.transport.http import HttpServer
from deploy import demonstration
from shared.contract.payment.commands import ConfirmPayment
from shared.contract.payment.queries import GetInvoices
from tests.demo import steps, users
from tests.demo.event_logs import Logs
from tests.demo.steps import Scenario
from tests.journeys import browser_page, driver
from tests.journeys.test_account_security import OFFICERS, says, sign_in
from tests.journeys.test_working_together import COLLEAGUE, COLLEAGUES_NAME
from tests.support.servers import instance
from tests.support.system import fresh


@pytest.fixture
def desk(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    with browser_page.page(browser, browser_context_args, width=1280, scripts=False) as page:
        yield page


@pytest.fixture
def paid(cluster: instance.Instance, admin: HttpServer) -> Iterator[list[Scenario]]:
    """Two members whose payments wait for the confirmation."""
    found = [Scenario(cluster.portal, users.newcomer(admin), users.officer("manager")) for _ in range(2)]
    for scenario in found:
        driver.until(scenario, steps.come_back)
    yield found
    for scenario in found:
        scenario.close()


def test_many_payments_are_confirmed_at_once_but_for_what_a_colleague_has_confirmed(
    desk: Page, paid: list[Scenario], logs: Logs
) -> None:
    first, second = paid
    sign_in(desk, first.portal, OFFICERS, first.manager.name, first.manager.secret)
    desk.goto(f"{first.portal}/desk/payments?province={users.PROVINCE}")
    for scenario in paid:
        desk.locator(f"[name=pick][value='{scenario.applicant.name}.{scenario.year}']").check()
    desk.get_by_role("button", name="تأیید گزیده‌ها…").click()
    says(desk, "با تأیید این ۲ پرداخت، به مبلغ ۱۸٬۰۰۰٬۰۰۰ ریال")

    confirm_alone(first)
    desk.get_by_role("button", name="تأیید ۲ پرداخت").dblclick()
    says(desk, "۱ پرداخت به مبلغ ۹٬۰۰۰٬۰۰۰ ریال تأیید شد و ۱ پرداخت نشد.")
    says(desk, f"{COLLEAGUES_NAME} این پرداخت را در")
    desk.get_by_role("button", name="بررسی دوبارهٔ گزیده‌ها").click()
    says(desk, "هیچ‌کدام را نمی‌توان تأیید کرد.")

    for scenario, by in ((first, COLLEAGUE), (second, second.manager.name)):
        logs.news()
        confirmed = [one.event for one in logs.of(scenario.applicant.name) if one.type == "PaymentConfirmed"]
        assert [one.confirmed_by for one in confirmed] == [f"officer:{by}"]  # type: ignore[attr-defined]
        steps.see_capacity(scenario)


def confirm_alone(scenario: Scenario) -> None:
    with closing(demonstration.signed_in(scenario.portal, COLLEAGUE, demonstration.password_of(COLLEAGUE))) as server:
        [invoice] = server.call(GetInvoices(member=scenario.applicant.name)).invoices
        about: dict[str, Any] = {"member": invoice.member, "year": invoice.year, "amount_rials": invoice.amount_rials}
        server.call(ConfirmPayment(**fresh(), **about))
