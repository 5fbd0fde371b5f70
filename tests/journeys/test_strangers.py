"""What strangers may not do: they are told so in Persian, and nothing is recorded."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from clients.admin.transport.http import HttpServer
from shared.contract.auth import queries as auth_queries
from shared.contract.base import Message
from shared.contract.capacity import queries as capacity_queries
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries as renewal_queries
from tests.demo import steps, users
from tests.demo.browser import Browser
from tests.demo.event_logs import Logs
from tests.demo.page import Button
from tests.demo.steps import Scenario
from tests.journeys import driver
from tests.support.servers import instance

NOT_ALLOWED = "اجازهٔ این کار را ندارید."
UNKNOWN_PAYMENT = "پرداختی با این شناسه یافت نشد."


@pytest.fixture
def stranger(scenario: Scenario, admin: HttpServer) -> Iterator[Browser]:
    """The browser of another member, signed in."""
    with driver.signed_in(scenario, users.newcomer(admin)) as browser:
        yield browser


def test_another_member_sees_no_desk_and_nobody_elses_renewal(scenario: Scenario, stranger: Browser) -> None:
    driver.until(scenario, steps.send_declaration)
    number, year = scenario.applicant.name, scenario.year
    for path in ("", "/payments", f"/{number}/{year}", f"/payments/{number}/{year}", f"/{number}/{year}/capacity"):
        stranger.go(f"/desk{path}")
        assert (stranger.status, NOT_ALLOWED in stranger.page.words) == (403, True), path
    own_questions: list[Message[Any]] = [
        auth_queries.GetMember(member=number),
        renewal_queries.GetRenewal(member=number),
        payment_queries.GetInvoices(member=number),
        capacity_queries.GetCapacity(member=number, year=year),
        capacity_queries.ExplainCapacity(member=number, year=year),
    ]
    with driver.api_client(scenario, stranger) as server:
        for query in own_questions:
            must_be_refused(server, query)
        must_be_refused(server, operations_queries.ReadEvents(after=0), "renewal")


def must_be_refused(server: HttpServer, query: Message[Any], service: str | None = None) -> None:
    with pytest.raises(Refused) as refused:
        server.call(query, service)
    assert refused.value.reason is Reason.NOT_ALLOWED, query


def test_another_member_cannot_decide_by_a_form_made_up(scenario: Scenario, stranger: Browser, logs: Logs) -> None:
    driver.until(scenario, steps.send_declaration)
    before = driver.types(logs, scenario)
    decide = f"/desk/{scenario.applicant.name}/{scenario.year}/approve"
    stranger.send(driver.forged(stranger, decide, declaration_version="1"), Button())
    assert (stranger.status, NOT_ALLOWED in stranger.page.words) == (403, True)
    assert driver.types(logs, scenario) == before


def test_a_manager_of_another_province_neither_sees_nor_decides(scenario: Scenario, logs: Logs) -> None:
    driver.until(scenario, steps.send_declaration)
    before = driver.types(logs, scenario)
    number, year = scenario.applicant.name, scenario.year
    with driver.signed_in(scenario, users.officer("manager", "fars"), "officer") as browser:
        assert users.typed(number) not in browser.page.words
        offered = browser.page
        for path in (f"/desk/{number}/{year}", f"/desk/{number}/{year}/capacity", f"/desk/payments/{number}/{year}"):
            browser.go(path)
            assert browser.status in {403, 404}, path
            assert NOT_ALLOWED in browser.page.words or browser.status == 404, path
        for decision in ("approve", "return", "reject"):
            browser.page = offered
            reason = (
                {"reason": "دلیلی که ده نویسه بیشتر است"} if decision != "approve" else {"declaration_version": "1"}
            )
            browser.send(driver.forged(browser, f"/desk/{number}/{year}/{decision}", **reason), Button())
            assert (browser.status, NOT_ALLOWED in browser.page.words) == (403, True), decision
    assert driver.types(logs, scenario) == before


def test_a_forged_callback_pays_nothing_and_spoils_nothing(scenario: Scenario, logs: Logs) -> None:
    driver.until(scenario, steps.go_to_bank)
    authority = scenario.members_browser.address.rsplit("/", 1)[-1]
    with closing(Browser(scenario.portal)) as stranger:
        for made_up in ("", "x", "S" + "0" * 35, authority[::-1]):
            stranger.go(f"/payment/return?Authority={made_up}&Status=OK")
            assert (stranger.status, UNKNOWN_PAYMENT in stranger.page.words) == (404, True), made_up
        stranger.go(f"/payment/return?Authority={authority}&Status=OK")
        stranger.must_say("در حال استعلام – دوباره پرداخت نکنید")
        assert scenario.applicant.name not in stranger.page.words
        assert users.typed(scenario.applicant.name) not in stranger.page.words
        assert "PaymentSettled" not in driver.types(logs, scenario)
        steps.pay(scenario)
        stranger.go(f"/payment/return?Authority={authority}&Status=NOK")
        assert "پرداخت انجام نشد" not in stranger.page.words
    steps.come_back(scenario)
    assert [one for one in driver.types(logs, scenario) if one.startswith("PaymentS")] == [
        "PaymentStarted",
        "PaymentSettled",
    ]


def test_a_notice_that_the_bank_has_not_signed_is_not_stored(
    cluster: instance.Instance, scenario: Scenario, logs: Logs
) -> None:
    driver.until(scenario, steps.go_to_bank)
    authority = scenario.members_browser.address.rsplit("/", 1)[-1]
    headers = {"webhook-id": "msg_forged", "webhook-timestamp": "1700000000", "webhook-signature": "v1,Zm9yZ2Vk"}
    body = json.dumps({"type": "payment.changed", "authority": authority})
    answer = httpx.post(f"{cluster.bank}/webhooks/bank", content=body, headers=headers, trust_env=False)
    assert answer.status_code == 401
    assert driver.types(logs, scenario)[-1] == "PaymentStarted"


def test_a_form_with_another_token_is_told_to_be_stale(scenario: Scenario, logs: Logs) -> None:
    browser = scenario.members_browser
    driver.until(scenario, steps.sign_in_as_member)
    browser.go("/member/renewal")
    form = next(form for form in browser.page.forms if [one.text for one in form.buttons] == ["ثبت"])
    for control in form.controls:
        if control.name == "csrf_token":
            control.value = control.value[::-1]
    browser.send(form, form.buttons[0])
    assert (browser.status, "این فرم کهنه شده است." in browser.page.words) == (400, True)
    assert driver.types(logs, scenario) == []


def test_a_session_that_ran_out_keeps_what_was_typed(
    cluster: instance.Instance, scenario: Scenario, logs: Logs
) -> None:
    browser = scenario.members_browser
    driver.until(scenario, steps.request)
    before = driver.types(logs, scenario)
    browser.go("/member/declaration")
    expire_sessions(cluster, scenario)
    browser.press("ذخیره و ادامه", {"mobile": "۰۹۱۳۱۲۳۴۵۶۷", "email": "typed@example.ir"})
    assert "زمان نشست شما به پایان رسیده است." in browser.page.words
    assert driver.types(logs, scenario) == before
    steps.sign_in(browser, "member", scenario.applicant.name, scenario.applicant.secret)
    browser.must_say("فرمی که پیش از پایان نشست فرستاده بودید نگه داشته شده است.")
    browser.press("ادامه")
    browser.must_say("کجا سکونت دارید؟")
    browser.go("/member/declaration/contact")
    assert "typed@example.ir" in [one.value for form in browser.page.forms for one in form.controls]
    steps.fill_declaration(scenario)
    steps.send_declaration(scenario)


def test_a_page_asked_for_after_the_session_ran_out_comes_back_after_signing_in(
    cluster: instance.Instance, scenario: Scenario
) -> None:
    browser = scenario.members_browser
    driver.until(scenario, steps.request)
    expire_sessions(cluster, scenario)
    browser.go("/member/renewal")
    browser.must_say("ورود به سامانه")
    steps.sign_in(browser, "member", scenario.applicant.name, scenario.applicant.secret)
    browser.must_say("درخواست ثبت شد؛ خوداظهاری مانده است")


def expire_sessions(cluster: instance.Instance, scenario: Scenario) -> None:
    """Let a member's sessions have been used long ago."""
    with closing(sqlite3.connect(cluster.var / "auth.db", timeout=driver.ANSWER_SECONDS)) as database, database:
        long_ago = "2026-01-01 00:00:00.000000"
        account = f"member:{scenario.applicant.name}"
        changed = database.execute("UPDATE sessions SET used_at = ? WHERE account = ?", (long_ago, account))
        assert changed.rowcount > 0


def test_whoever_is_not_signed_in_is_asked_to_sign_in(scenario: Scenario) -> None:
    with closing(Browser(scenario.portal)) as stranger:
        for path in ("/member", "/member/declaration", f"/member/capacity/{scenario.year}", "/desk", "/desk/payments"):
            stranger.go(path)
            stranger.must_say("ورود به سامانه")


def test_a_wrong_code_and_an_unknown_number_get_the_same_words(scenario: Scenario) -> None:
    with closing(Browser(scenario.portal)) as stranger:
        for name in (scenario.applicant.name, "999999999999"):
            stranger.go("/sign-in")
            steps.sign_in(stranger, "member", name, "1270000000")
            assert "شماره یا گذرواژه درست نیست." in stranger.page.words, name
            stranger.go("/member")
            stranger.must_say("ورود به سامانه")
