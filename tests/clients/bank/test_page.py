import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clients.bank.sandbox import sessions
from clients.bank.sandbox.tables import OUTBOX
from shared.command_handler import Records
from tests.sandbox_bank import CALLBACK, MERCHANT, PORTAL, Clock

ASKED = {"merchant_id": MERCHANT, "amount": 9_000_000, "description": "حق عضویت <b>۱۴۰۵</b>", "callback_url": CALLBACK}
PAGE = "/pg/StartPay/"


def call(client: FlaskClient, name: str, **asked: object) -> dict[str, dict[str, object]]:
    answer: dict[str, dict[str, object]] = client.post(f"/pg/v4/payment/{name}.json", json=asked).get_json()
    return answer


@pytest.fixture
def authority(client: FlaskClient) -> str:
    return str(call(client, "request", **ASKED)["data"]["authority"])


def choose(client: FlaskClient, authority: str, choice: str) -> TestResponse:
    return client.post(PAGE + authority, data={"do": choice})


def status(client: FlaskClient, authority: str) -> object:
    return call(client, "inquiry", merchant_id=MERCHANT, authority=authority)["data"]["status"]


def notices(records: Records) -> int:
    with records.read() as connection:
        return len(connection.execute(OUTBOX.select()).all())


def test_the_page_says_who_what_and_how_much_in_rial_and_toman(client: FlaskClient, authority: str) -> None:
    page = client.get(PAGE + authority)
    assert page.status_code == 200
    for words in ('dir="rtl"', "۹٬۰۰۰٬۰۰۰ ریال", "۹۰۰٬۰۰۰ تومان", "سازمان نظام مهندسی معدن", "۱۴۰۵/۰۱/۲۶ ۱۳:۳۰"):
        assert words in page.text
    assert "حق عضویت &lt;b&gt;۱۴۰۵&lt;/b&gt;" in page.text
    assert "<script" not in page.text


def test_the_page_may_do_nothing_but_send_its_form_and_lead_back(client: FlaskClient, authority: str) -> None:
    policy = client.get(PAGE + authority).headers["Content-Security-Policy"]
    assert policy == f"default-src 'none'; style-src 'self'; form-action 'self' {PORTAL}"
    [css] = re.findall(r'href="([^"]+\.css)"', client.get(PAGE + authority).text)
    with client.get(css) as style:
        assert (style.status_code, style.mimetype) == (200, "text/css")


@pytest.mark.parametrize(
    ("choice", "says", "becomes", "told"),
    [("pay", "OK", "PAID", 1), ("cancel", "NOK", "FAILED", 0)],
)
def test_the_browser_goes_back_to_the_shop(  # noqa: PLR0913
    client: FlaskClient, records: Records, authority: str, choice: str, says: str, becomes: str, told: int
) -> None:
    answer = choose(client, authority, choice)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{CALLBACK}?Authority={authority}&Status={says}")
    assert (status(client, authority), notices(records)) == (becomes, told)


@pytest.mark.parametrize(("choice", "told"), [("close", 1), ("lose", 0)])
def test_the_browser_may_stay_away_after_paying(
    client: FlaskClient, records: Records, authority: str, choice: str, told: int
) -> None:
    answer = choose(client, authority, choice)
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert (status(client, authority), notices(records)) == ("PAID", told)


def test_a_session_is_paid_once(client: FlaskClient, records: Records, authority: str) -> None:
    choose(client, authority, "pay")
    for choice in ("pay", "cancel", "lose"):
        answer = choose(client, authority, choice)
        assert (answer.status_code, answer.headers["Location"]) == (303, PAGE + authority)
    assert (status(client, authority), notices(records)) == ("PAID", 1)
    assert "پرداخت انجام شده است" in client.get(PAGE + authority).text


def test_who_saw_the_session_before_another_paid_it_pays_nothing(
    client: FlaskClient, records: Records, clock: Clock, authority: str
) -> None:
    with records.read() as connection:
        seen = sessions.find(connection, authority)
    assert seen is not None
    choose(client, authority, "cancel")
    assert not records.write(lambda connection: sessions.pay(connection, seen, clock(), with_notice=True))
    assert (status(client, authority), notices(records)) == ("FAILED", 0)


def test_a_session_is_not_paid_after_its_time(client: FlaskClient, clock: Clock, authority: str) -> None:
    clock.advance(minutes=30.1)
    assert choose(client, authority, "pay").headers["Location"] == PAGE + authority
    assert "این پرداخت پایان یافته است" in client.get(PAGE + authority).text
    assert status(client, authority) == "FAILED"


def test_what_nobody_opened_is_not_found(client: FlaskClient, authority: str) -> None:
    forged = "S0" + "f" * 34
    assert client.get(PAGE + forged).status_code == 404
    assert choose(client, forged, "pay").status_code == 404
    assert choose(client, authority, "steal").headers["Location"] == PAGE + authority
    assert status(client, authority) == "IN_BANK"


@pytest.mark.parametrize(
    ("fault", "choice", "says"), [("callback_ok_unpaid", "cancel", "OK"), ("callback_nok_paid", "pay", "NOK")]
)
def test_the_browser_can_be_made_to_lie(
    client: FlaskClient, authority: str, fault: str, choice: str, says: str
) -> None:
    assert client.put(f"/sandbox/faults/{fault}", json={"value": 1}).json == {fault: 1}
    assert choose(client, authority, choice).headers["Location"].endswith(f"Status={says}")
    assert client.get("/sandbox/faults").json == {fault: 0}


def test_the_browser_can_be_made_to_bring_anothers_key(client: FlaskClient, authority: str) -> None:
    client.put("/sandbox/faults/callback_other", json={"value": 1})
    [other] = parse_qs(urlsplit(choose(client, authority, "pay").headers["Location"]).query)["Authority"]
    assert other != authority
    assert re.fullmatch(r"[AS][0-9A-Za-z]{35}", other)


@pytest.mark.parametrize(
    ("name", "value"),
    [("nonsense", 1), ("verify_502", -1), ("verify_502", 1001), ("verify_502", True), ("verify_502", None)],
)
def test_a_switch_that_is_none_is_refused(client: FlaskClient, name: str, value: object) -> None:
    assert client.put(f"/sandbox/faults/{name}", json={"value": value}).status_code == 400
    assert client.put(f"/sandbox/faults/{name}", data="[").status_code == 400
    assert client.get("/sandbox/faults").json == {}


def test_all_switches_are_cleared_at_once(client: FlaskClient) -> None:
    client.put("/sandbox/faults/verify_502", json={"value": 3})
    client.put("/sandbox/faults/create_500", json={"value": 2})
    assert client.get("/sandbox/faults").json == {"create_500": 2, "verify_502": 3}
    assert client.delete("/sandbox/faults").json == {}


def test_a_list_where_an_object_is_meant_is_an_error_of_the_asker(client: FlaskClient) -> None:
    for body in ("", "[]", "nonsense"):
        answer = client.post("/pg/v4/payment/verify.json", data=body)
        assert answer.status_code == 422
        assert answer.json is not None
        assert (answer.json["data"], answer.json["errors"]["code"]) == ([], -9)
