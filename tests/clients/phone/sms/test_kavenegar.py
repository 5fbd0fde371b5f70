"""The fake of Kavenegar speaks as Kavenegar does: errors with status 200, tokens without blanks, delivery that is asked for."""

from typing import Any

import httpx
import pytest

from tests.support.phone import AT, NUMBER, Phone

PREFIX = "/kavenegar/v1/7A6B/"


@pytest.fixture
def registered(phone: Phone) -> Phone:
    phone.register(
        "kavenegar", "approved", "درخواست {tracking_code} تأیید شد؛ {amount} ریال تا {until}. {tracking_code}"
    )
    return phone


def call(phone: Phone, method: str, **fields: str) -> tuple[int, Any]:
    """The status within the answer, and its entries."""
    response = phone.http.post(f"{PREFIX}{method}.json", data=fields)
    assert response.status_code == 200
    return response.json()["return"]["status"], response.json()["entries"]


def send(phone: Phone, **fields: str) -> tuple[int, Any]:
    tokens = {"token": "K-12", "token2": "۹٬۰۰۰٬۰۰۰", "token3": "۱۴۰۶/۰۱/۳۱"}
    return call(phone, "verify/lookup", **{"receptor": NUMBER, "template": "approved", **tokens, **fields})


def test_a_template_is_filled_in_the_order_of_its_tokens(registered: Phone) -> None:
    status, [entry] = send(registered)
    assert (status, entry["status"], entry["receptor"], entry["cost"]) == (200, 5, NUMBER, 1_850)
    assert entry["message"] == "درخواست K-12 تأیید شد؛ ۹٬۰۰۰٬۰۰۰ ریال تا ۱۴۰۶/۰۱/۳۱. K-12"
    [shown] = registered.messages(NUMBER)
    assert (shown["text"], shown["reference"], shown["sent_at"]) == (
        entry["message"],
        str(entry["messageid"]),
        AT.isoformat(),
    )


def test_it_is_delivered_some_seconds_later(registered: Phone) -> None:
    _, [entry] = send(registered)
    reference = str(entry["messageid"])
    assert call(registered, "sms/status", messageid=reference)[1][0]["status"] == 5
    registered.clock.advance(2)
    status, entries = call(registered, "sms/status", messageid=f"{reference},1,x")
    assert (status, [one["status"] for one in entries]) == (200, [10, 100, 100])
    assert registered.messages()[0]["state"] == "delivered"


def test_more_than_five_hundred_are_not_asked_for_at_once(registered: Phone) -> None:
    assert call(registered, "sms/status", messageid=",".join(map(str, range(501)))) == (414, None)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"receptor": "02133445566"}, 411),
        ({"template": "unknown"}, 424),
        ({"token": "two words"}, 431),
        ({"token3": ""}, 431),
        ({"token10": "a b c d e f"}, 431),
        ({"token2": "1" * 101}, 431),
    ],
)
def test_what_it_refuses_is_told_with_status_200(registered: Phone, fields: dict[str, str], status: int) -> None:
    assert send(registered, **fields) == (status, None)
    assert registered.messages() == []


@pytest.mark.parametrize(("fault", "status"), [("error_answer", 409), ("no_credit", 418)])
def test_an_account_that_fails_takes_nothing_and_works_again(registered: Phone, fault: str, status: int) -> None:
    registered.switch("kavenegar", fault)
    assert send(registered) == (status, None)
    assert send(registered)[0] == 200
    assert len(registered.messages()) == 1


@pytest.mark.parametrize(("fault", "status"), [("blocked", 14), ("never_delivered", 5)])
def test_what_is_accepted_need_not_arrive(registered: Phone, fault: str, status: int) -> None:
    registered.switch("kavenegar", fault)
    _, [entry] = send(registered)
    registered.clock.advance(86_400)
    assert call(registered, "sms/status", messageid=str(entry["messageid"]))[1][0]["status"] == status


def test_a_fault_of_one_number_is_not_one_of_others(registered: Phone) -> None:
    registered.switch("kavenegar", "no_credit", 5, to="+98 912 000 0007")
    assert send(registered, receptor="09350000001")[0] == 200
    assert send(registered)[0] == 418


def test_an_answer_that_is_lost_was_accepted_and_is_found_in_the_outbox(registered: Phone) -> None:
    registered.switch("kavenegar", "answer_lost")
    with pytest.raises(httpx.RemoteProtocolError):
        send(registered)
    at = str(int(AT.timestamp()))
    [entry] = call(registered, "sms/selectoutbox", startdate=at)[1]
    assert entry["receptor"] == NUMBER
    send(registered)
    assert len(registered.messages(NUMBER)) == 2
    registered.clock.advance(90_000)
    assert call(registered, "sms/selectoutbox", startdate=at) == (200, [])


def test_a_delivery_may_be_reported_twice(registered: Phone) -> None:
    _, [entry] = send(registered)
    registered.switch("kavenegar", "delivery_twice")
    assert len(call(registered, "sms/status", messageid=str(entry["messageid"]))[1]) == 2


def test_a_provider_that_is_down_answers_503_and_others_work(registered: Phone) -> None:
    registered.switch("kavenegar", "down", 2)
    assert [registered.http.get(f"{PREFIX}sms/status.json").status_code for _ in range(3)] == [503, 503, 200]
