import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from clients.bank.sandbox import sessions
from shared.event_store.command_handler import Records
from shared.subscriptions.timers import TIMERS
from tests.support.sandbox_bank import CALLBACK, MERCHANT, PORTAL, Clock

REQUEST = {
    "merchant_id": MERCHANT,
    "amount": 9_000_000,
    "description": "حق عضویت <b>۱۴۰۵</b>",
    "callback_url": CALLBACK,
}
PAGE = "/pg/StartPay/"


def call(client: FlaskClient, name: str, **request: object) -> dict[str, dict[str, object]]:
    answer: dict[str, dict[str, object]] = client.post(f"/pg/v4/payment/{name}.json", json=request).get_json()
    return answer


@pytest.fixture
def authority(client: FlaskClient) -> str:
    return str(call(client, "request", **REQUEST)["data"]["authority"])


def choose(client: FlaskClient, authority: str, choice: str) -> TestResponse:
    return client.post(PAGE + authority, data={"do": choice})


def status(client: FlaskClient, authority: str) -> object:
    return call(client, "inquiry", merchant_id=MERCHANT, authority=authority)["data"]["status"]


def notices(records: Records) -> int:
    with records.read() as connection:
        return len(connection.execute(TIMERS.select()).all())


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
    ("choice", "says", "becomes", "notices_sent"),
    [("pay", "OK", "PAID", 1), ("cancel", "NOK", "FAILED", 0)],
)
def test_the_browser_goes_back_to_the_shop(  # noqa: PLR0913
    client: FlaskClient, records: Records, authority: str, choice: str, says: str, becomes: str, notices_sent: int
) -> None:
    answer = choose(client, authority, choice)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{CALLBACK}?Authority={authority}&Status={says}")
    assert (status(client, authority), notices(records)) == (becomes, notices_sent)


@pytest.mark.parametrize(("choice", "notices_sent"), [("close", 1), ("lose", 0)])
def test_the_browser_may_stay_away_after_paying(
    client: FlaskClient, records: Records, authority: str, choice: str, notices_sent: int
) -> None:
    answer = choose(client, authority, choice)
    assert (answer.status_code, "Location" in answer.headers) == (200, False)
    assert (status(client, authority), notices(records)) == ("PAID", notices_sent)


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
    unknown = client.get(PAGE + forged)
    assert unknown.status_code == 404
    assert "style-src 'self'" in unknown.headers["Content-Security-Policy"]
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


@pytest.mark.parametrize("authority_sent", [7, "x" * 37])
def test_a_switch_of_a_session_that_can_be_none_is_refused(client: FlaskClient, authority_sent: object) -> None:
    sent = {"value": 1, "authority": authority_sent}
    assert client.put("/sandbox/faults/verify_502", json=sent).status_code == 400


def verify(client: FlaskClient, authority: str, amount: int = 9_000_000) -> TestResponse:
    request = {"merchant_id": MERCHANT, "authority": authority, "amount": amount}
    return client.post("/pg/v4/payment/verify.json", json=request)


def test_a_fault_of_one_session_leaves_all_others_alone(client: FlaskClient, authority: str) -> None:
    other = str(call(client, "request", **REQUEST)["data"]["authority"])
    client.put("/sandbox/faults/verify_502", json={"value": 2, "authority": authority})
    for one in (authority, other):
        choose(client, one, "lose")
    assert [verify(client, one).status_code for one in (authority, other, authority, authority)] == [502, 200, 502, 200]


@pytest.mark.parametrize(("digits", "status_code"), [(2, 502), (0, 200), (3, 200)])
def test_the_last_digits_of_an_amount_say_what_goes_wrong_once(
    client: FlaskClient, digits: int, status_code: int
) -> None:
    amount = 9_000_000 + digits
    faulty = str(call(client, "request", **{**REQUEST, "amount": amount})["data"]["authority"])
    choose(client, faulty, "lose")
    first, second = verify(client, faulty, amount), verify(client, faulty, amount)
    assert first.status_code == status_code
    assert (digits == 3) == (first.status_code == 200 and bool(first.get_json()["errors"]))
    assert second.get_json()["errors"] == []


def test_a_bank_that_is_down_answers_nothing(client: FlaskClient, authority: str) -> None:
    client.put("/sandbox/faults/down", json={"value": 3})
    for name in ("request", "inquiry", "unVerified"):
        assert client.post(f"/pg/v4/payment/{name}.json", json={}).status_code == 502
    assert status(client, authority) == "IN_BANK"


def test_a_wrong_password_fails_and_the_same_page_may_be_tried_again(
    client: FlaskClient, records: Records, authority: str
) -> None:
    assert choose(client, authority, "wrong").headers["Location"] == PAGE + authority
    assert status(client, authority) == "FAILED"
    assert "رمز نادرست بود" in client.get(PAGE + authority).text
    assert choose(client, authority, "pay").headers["Location"].endswith("Status=OK")
    assert (status(client, authority), notices(records)) == ("PAID", 1)


def test_the_browser_may_come_back_late(client: FlaskClient, records: Records, authority: str) -> None:
    answer = choose(client, authority, "late")
    assert answer.headers["Refresh"] == f"10; url={CALLBACK}?Authority={authority}&Status=OK"
    assert (status(client, authority), notices(records)) == ("PAID", 1)


def act(client: FlaskClient, authority: str, **sent: object) -> int:
    return client.post(f"/sandbox/sessions/{authority}", json=sent).status_code


def test_the_bank_may_take_a_payment_back_and_says_so(client: FlaskClient, records: Records, authority: str) -> None:
    assert act(client, authority, do="take_back") == 409
    choose(client, authority, "lose")
    verify(client, authority)
    assert act(client, authority, do="take_back") == 200
    assert (status(client, authority), notices(records)) == ("REVERSED", 1)


def test_a_sessions_time_may_have_passed(client: FlaskClient, authority: str) -> None:
    choose(client, authority, "lose")
    assert act(client, authority, do="age", minutes=31) == 200
    assert status(client, authority) == "REVERSED"
    assert [act(client, authority, do="age", minutes=one) for one in ("1", 10**7)] == [400, 400]
    assert act(client, "S0" + "0" * 34, do="age", minutes=1) == 404


def test_the_banks_clock_may_be_ahead(client: FlaskClient, authority: str) -> None:
    client.put("/sandbox/faults/clock_ahead", json={"value": 31})
    assert status(client, authority) == "FAILED"
    client.put("/sandbox/faults/clock_ahead", json={"value": 0})
    assert status(client, authority) == "IN_BANK"


def test_a_reversal_may_be_declined_or_its_answer_lost(client: FlaskClient, authority: str) -> None:
    choose(client, authority, "lose")
    verify(client, authority)
    request = {"merchant_id": MERCHANT, "authority": authority}
    client.put("/sandbox/faults/reverse_refused", json={"value": 1})
    client.put("/sandbox/faults/reverse_502", json={"value": 1})
    assert call(client, "reverse", **request)["errors"]["code"] == -60
    assert client.post("/pg/v4/payment/reverse.json", json=request).status_code == 502
    assert status(client, authority) == "REVERSED"


def test_a_reference_may_come_twice(client: FlaskClient, authority: str) -> None:
    other = str(call(client, "request", **REQUEST)["data"]["authority"])
    client.put("/sandbox/faults/reference_repeated", json={"value": 1, "authority": other})
    for one in (authority, other):
        choose(client, one, "lose")
    answers = [verify(client, one).get_json()["data"]["ref_id"] for one in (authority, other, other)]
    assert int(answers[0]) == int(answers[1]) == int(answers[2]) - 1


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
