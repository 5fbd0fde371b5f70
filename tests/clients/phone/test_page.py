"""The phone's page shows each message as it would have come, in Persian, with nothing of it trusted."""

import smtplib
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser

from tests.support import axe_check
from tests.support.phone import NUMBER, Phone

HOSTILE = "<script>document.title='x'</script><b>"


@pytest.fixture
def used(phone: Phone) -> Phone:
    """A phone with an SMS of two segments and a hostile mail."""
    phone.register("kavenegar", "long", "درخواست {code} تأیید شد. " + "ا" * 20 + " http://127.0.0.1:8000/payments")
    fields = {"receptor": NUMBER, "template": "long", "token": HOSTILE.replace(" ", "")}
    phone.http.post("/kavenegar/v1/7A6B/verify/lookup.json", data=fields).raise_for_status()
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = f"عنوان {HOSTILE}", "no-reply@tamdid.ir", "reza@example.ir"
    message.set_content(f"متن {HOSTILE}")
    message.add_alternative(f'<p id="in">سلام</p>{HOSTILE}<img src="/faults">"\'', subtype="html")
    with smtplib.SMTP("127.0.0.1", phone.smtp_port, timeout=10) as server:
        server.send_message(message)
    return phone


def test_conversations_are_listed_and_a_message_has_its_facts(used: Phone) -> None:
    listed = used.http.get("/").text
    assert listed.index("reza@example.ir") < listed.index("۰۹۱۲۰۰۰۰۰۰۷")
    shown = used.http.get("/", params={"to": "۰۹۱۲ ۰۰۰ ۰۰۰۷"}).text
    assert "کاوه‌نگار" in shown
    assert "هنوز نرسیده · ۲ بخش · ۳٬۷۰۰ ریال" in shown
    assert "۱۴۰۵/۱۲/۲۹ ۲۳:۵۹" in shown
    assert '<a href="http://127.0.0.1:8000/payments" rel="noopener noreferrer">' in shown
    used.clock.advance(2)
    assert "رسیده · ۲ بخش" in used.http.get("/", params={"to": NUMBER}).text


def test_nothing_of_a_message_is_markup_or_runs(used: Phone, browser: Browser) -> None:
    for address in (NUMBER, "reza@example.ir"):
        assert "<script>" not in used.http.get("/", params={"to": address}).text
    page = browser.new_page()
    page.goto(f"{used.url}/?to=reza@example.ir")
    assert page.frame_locator("iframe").locator("#in").inner_text() == "سلام"
    assert page.title() == "reza@example.ir — تلفن آزمایشی"
    assert page.locator("iframe").get_attribute("sandbox") == ""
    page.close()


def test_axe_finds_nothing(used: Phone, browser: Browser) -> None:
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    found: list[str] = []
    for path in ("/", "/?to=09120000007", "/?to=reza@example.ir", "/switches"):
        page.goto(used.url + path)
        found += axe_check.findings(page, path)
    context.close()
    assert found == []


def test_switches_are_set_with_persian_digits_and_cleared(used: Phone) -> None:
    sent = used.http.post("/switches/smsir", data={"down": "۳", "slow": ""})
    assert (sent.status_code, sent.headers["location"]) == (303, "/switches#smsir")
    assert used.http.get("/faults").json() == {"smsir": {"down": 3}}
    assert 'value="۳"' in used.http.get("/switches").text
    assert used.http.post("/switches").status_code == 303
    assert used.http.get("/faults").json() == {}


@pytest.mark.parametrize("typed", ["-1", "1001", "x", "99999"])
def test_a_number_that_is_none_changes_nothing(used: Phone, typed: str) -> None:
    answer = used.http.post("/switches/smsir", data={"down": "1", "slow": typed})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert used.http.get("/faults").json() == {}
    assert used.http.post("/switches/unknown").status_code == 404
