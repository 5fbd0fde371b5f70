"""The fake of SMS.ir speaks as SMS.ir does: a code beside the HTTP status, values of 25 signs, one report a message."""

from typing import Any

import httpx
import pytest

from tests.support.phone import AT, NUMBER, Phone

KEY = {"X-API-KEY": "k"}


@pytest.fixture
def registered(phone: Phone) -> Phone:
    phone.register("smsir", "254876", "کد تأیید شما: {code}")
    phone.http.headers.update(KEY)
    return phone


def send(phone: Phone, **fields: object) -> tuple[int, Any]:
    """The HTTP status, and the answer."""
    named = {"mobile": NUMBER, "templateId": 254876, "parameters": [{"name": "CODE", "value": "12345"}], **fields}
    response = phone.http.post("/smsir/v1/send/verify", json=named)
    return response.status_code, response.json()


def test_a_message_is_sent_and_reported_until_it_is_delivered(registered: Phone) -> None:
    status, answer = send(registered)
    assert (status, answer["status"], answer["data"]["cost"]) == (200, 1, 1.0)
    path = f"/smsir/v1/send/{answer['data']['messageId']}"
    assert registered.http.get(path).json()["data"]["deliveryState"] == 3
    registered.clock.advance(2)
    report = registered.http.get(path).json()["data"]
    assert (report["deliveryState"], report["deliveryDateTime"]) == (1, int(AT.timestamp()) + 2)
    assert report["messageText"] == "کد تأیید شما: 12345"


def test_todays_messages_are_listed_by_page(registered: Phone) -> None:
    for mobile in (NUMBER, "09350000001", "09190000009"):
        send(registered, mobile=mobile)
    pages = [
        registered.http.get("/smsir/v1/send/live", params={"pageSize": 2, "pageNumber": number}).json()["data"]
        for number in (1, 2, 3)
    ]
    assert [[one["mobile"] for one in page] for page in pages] == [[9190000009, 9350000001], [9120000007], []]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"mobile": "123"}, 104),
        ({"mobile": None}, 104),
        ({"templateId": 1}, 113),
        ({"parameters": [{"name": "code", "value": "1" * 26}]}, 114),
        ({"parameters": [{"name": "", "value": "1"}]}, 116),
        ({"parameters": "x"}, 116),
    ],
)
def test_what_it_refuses_is_told_by_a_code(registered: Phone, fields: dict[str, object], code: int) -> None:
    status, answer = send(registered, **fields)
    assert (status, answer["status"], answer["data"]) == (400, code, None)
    assert registered.messages() == []


@pytest.mark.parametrize(
    ("fault", "status", "code"), [("blocked", 400, 115), ("error_answer", 500, 0), ("no_credit", 400, 102)]
)
def test_a_fault_is_a_code_of_its_own(registered: Phone, fault: str, status: int, code: int) -> None:
    registered.switch("smsir", fault)
    assert (status, code) == (send(registered)[0], code)
    assert send(registered)[1]["status"] == 1


def test_an_answer_that_is_lost_was_accepted(registered: Phone) -> None:
    registered.switch("smsir", "answer_lost")
    with pytest.raises(httpx.RemoteProtocolError):
        send(registered)
    assert len(registered.http.get("/smsir/v1/send/live").json()["data"]) == 1


def test_without_a_key_nothing_is_answered(phone: Phone) -> None:
    response = phone.http.get("/smsir/v1/send/live")
    assert (response.status_code, response.json()["status"]) == (401, 10)


def test_an_unknown_message_is_code_111(registered: Phone) -> None:
    assert registered.http.get("/smsir/v1/send/8792000001").json()["status"] == 111
    assert registered.http.get(f"/smsir/v1/send/{10**30}").json()["status"] == 111
