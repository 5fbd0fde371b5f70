"""The fake of Melipayamak speaks as its console does: values in their order, an error as a text beside the id 0."""

from typing import Any

import httpx
import pytest

from tests.support.phone import NUMBER, Phone


@pytest.fixture
def registered(phone: Phone) -> Phone:
    phone.register("melipayamak", "371085", "{tracking_code}: {amount} ریال")
    return phone


def send(phone: Phone, **fields: object) -> Any:
    named = {"bodyId": 371085, "to": NUMBER, "args": ["K-12", "۹٬۰۰۰"], **fields}
    return phone.http.post("/melipayamak/api/send/shared/k", json=named).json()


def states(phone: Phone, *references: object) -> Any:
    return phone.http.post("/melipayamak/api/receive/status/k", json={"recIds": references}).json()


def test_a_message_is_sent_and_its_state_told_by_code_and_word(registered: Phone) -> None:
    answer = send(registered)
    assert answer["status"] == ""
    assert registered.messages()[0]["text"] == "K-12: ۹٬۰۰۰ ریال"
    assert states(registered, answer["recId"])["resultsAsCode"] == [8]
    registered.clock.advance(2)
    assert states(registered, answer["recId"], str(answer["recId"]), 1, None) == {
        "results": ["رسیده به گوشی", "رسیده به گوشی", *["شناسه ارسال شده اشتباه است"] * 2],
        "resultsAsCode": [1, 1, -1, -1],
        "status": "",
    }


@pytest.mark.parametrize("fields", [{"to": "1"}, {"bodyId": 1}, {"args": ["K-12"]}, {"args": "K-12"}, {"to": [NUMBER]}])
def test_what_it_refuses_has_the_id_0(registered: Phone, fields: dict[str, object]) -> None:
    answer = send(registered, **fields)
    assert answer["recId"] == 0
    assert answer["status"]
    assert registered.messages() == []


@pytest.mark.parametrize("fault", ["error_answer", "no_credit"])
def test_a_fault_is_an_error_once(registered: Phone, fault: str) -> None:
    registered.switch("melipayamak", fault)
    assert [bool(send(registered)["recId"]) for _ in range(2)] == [False, True]


@pytest.mark.parametrize(("fault", "code"), [("blocked", 35), ("never_delivered", 8)])
def test_what_is_accepted_need_not_arrive(registered: Phone, fault: str, code: int) -> None:
    registered.switch("melipayamak", fault)
    reference = send(registered)["recId"]
    registered.clock.advance(86_400)
    assert states(registered, reference)["resultsAsCode"] == [code]


def test_an_answer_may_be_lost_and_a_state_reported_twice(registered: Phone) -> None:
    registered.switch("melipayamak", "answer_lost")
    with pytest.raises(httpx.RemoteProtocolError):
        send(registered)
    registered.switch("melipayamak", "delivery_twice")
    assert states(registered, send(registered)["recId"])["resultsAsCode"] == [8, 8]
    assert len(registered.messages()) == 2


def test_no_or_too_many_ids_are_refused(registered: Phone) -> None:
    assert states(registered)["status"]
    assert states(registered, *range(101))["status"]
