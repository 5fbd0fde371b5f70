"""The fake of Ghasedak speaks as Ghasedak does: names in any case, and messages found by the client's own id."""

from typing import Any

import httpx
import pytest

from tests.support.phone import AT, NUMBER, Phone

PREFIX = "/ghasedak/rest/api/v1/WebService"
OWN = "7f2d2c1e-2a2f-4c51-9d3a-8a8d1b1e0a01"


@pytest.fixture
def registered(phone: Phone) -> Phone:
    phone.register("ghasedak", "approved", "{tracking_code}: {amount} ریال")
    phone.http.headers.update({"ApiKey": "k"})
    return phone


def send(phone: Phone, **fields: object) -> Any:
    named = {
        "receptors": [{"mobile": NUMBER, "clientReferenceId": OWN}],
        "templateName": "approved",
        "inputs": [{"param": "tracking_code", "value": "K-12"}, {"param": "amount", "value": "۹٬۰۰۰"}],
        **fields,
    }
    return phone.http.post(f"{PREFIX}/SendOtpSMS", json=named).json()


def states(phone: Phone, *references: str, kind: int = 1) -> Any:
    return phone.http.get(f"{PREFIX}/CheckSmsStatus", params={"Ids": references, "Type": kind}).json()


def test_a_message_is_sent_and_found_by_both_ids(registered: Phone) -> None:
    answer = send(registered)
    [item] = answer["data"]["items"]
    assert (answer["isSuccess"], answer["statusCode"], answer["data"]["totalCost"]) == (True, 200, 1_790)
    assert (item["receptor"], item["cost"], item["sendDate"]) == (NUMBER, 1_790, AT.isoformat())
    registered.clock.advance(2)
    [by_id], [by_own] = states(registered, item["messageId"])["data"], states(registered, OWN, kind=2)["data"]
    assert by_id == by_own
    assert (by_id["status"], by_id["message"], by_id["price"]) == (5, "K-12: ۹٬۰۰۰ ریال", 1_790)
    assert states(registered, "unknown", kind=2)["data"] == []


def test_names_may_be_written_in_any_case(registered: Phone) -> None:
    answer = send(
        registered,
        receptors=None,
        Receptors=[{"Mobile": NUMBER}, {"Mobile": "09350000001"}],
        Inputs=[{"Param": "Tracking_Code", "Value": "K"}, {"Param": "amount", "Value": "۱"}],
    )
    assert [one["receptor"] for one in answer["data"]["items"]] == [NUMBER, "09350000001"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"receptors": []}, 412),
        ({"receptors": [{"mobile": "1"}]}, 412),
        ({"receptors": "x"}, 412),
        ({"templateName": "unknown"}, 428),
        ({"inputs": []}, 400),
    ],
)
def test_what_it_refuses_is_told_by_a_code(registered: Phone, fields: dict[str, object], code: int) -> None:
    answer = send(registered, **fields)
    assert (answer["isSuccess"], answer["statusCode"], answer["data"]) == (False, code, None)
    assert registered.messages() == []


@pytest.mark.parametrize(("fault", "code"), [("error_answer", 500), ("no_credit", 418)])
def test_a_fault_is_a_code_once(registered: Phone, fault: str, code: int) -> None:
    registered.switch("ghasedak", fault)
    assert [send(registered)["statusCode"] for _ in range(2)] == [code, 200]


@pytest.mark.parametrize(("fault", "status"), [("blocked", 2), ("never_delivered", 3)])
def test_what_is_accepted_need_not_arrive(registered: Phone, fault: str, status: int) -> None:
    registered.switch("ghasedak", fault)
    [item] = send(registered)["data"]["items"]
    registered.clock.advance(86_400)
    assert states(registered, item["messageId"])["data"][0]["status"] == status


def test_an_answer_that_is_lost_is_found_by_the_clients_id(registered: Phone) -> None:
    registered.switch("ghasedak", "answer_lost")
    with pytest.raises(httpx.RemoteProtocolError):
        send(registered)
    registered.switch("ghasedak", "delivery_twice")
    assert [one["clientReferenceId"] for one in states(registered, OWN, kind=2)["data"]] == [OWN, OWN]


def test_without_a_key_or_ids_nothing_is_told(registered: Phone) -> None:
    assert states(registered)["statusCode"] == 400
    assert registered.http.get(f"{PREFIX}/CheckSmsStatus", headers={"ApiKey": ""}).status_code == 401
