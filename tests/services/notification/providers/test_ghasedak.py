"""Ghasedak's interface as documented, with our id of each message."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.notification.providers.ghasedak import Ghasedak
from services.notification.providers.port import Answer, Delivery, Message, Outcome
from tests.support.scripted_http import Scripted

KEY = "b7ee4eac"
AT = datetime(2027, 3, 20, 20, 29, tzinfo=UTC)
OURS = "0000000000004000800000000000000a"


def said(code: int, data: object = None) -> dict[str, object]:
    return {"isSuccess": code == 200, "statusCode": code, "message": "…", "data": data}


def items(**changed: Any) -> dict[str, object]:
    item = {"receptor": "09120000007", "cost": 940, "messageId": "2387931", "sendDate": "2024-07-09T14:01:02.19"}
    return {"lineNumber": "30005088", "messageBody": "…", "items": [item | changed], "totalCost": 940}


def state(**changed: Any) -> dict[str, object]:
    return {"messageId": "2387931", "clientReferenceId": OURS, "receptor": "0912", "status": 3, "price": 940} | changed


def test_a_message_is_sent_by_its_template_with_our_id(script: Scripted, message: Message) -> None:
    script.answer(said(200, items()))
    assert Ghasedak(script.url, KEY).send(message) == Answer(Outcome.ACCEPTED, "2387931", 940)
    (request,) = script.received
    assert (request.method, request.target) == ("POST", "/rest/api/v1/WebService/SendOtpSMS")
    assert request.headers["apikey"] == KEY
    assert request.json == {
        "receptors": [{"mobile": "09120000007", "clientReferenceId": OURS}],
        "templateName": "tamdid-approved",
        "inputs": [
            {"param": "tracking_code", "value": "T-۱۴۰۵-۱"},
            {"param": "until", "value": "۱۴۰۵/۱۲/۲۹"},
        ],
        "udh": False,
    }


def test_names_in_other_letters_are_read_too(script: Scripted, message: Message) -> None:
    item = {"MessageId": 2387931, "Cost": 940}
    script.answer({"IsSuccess": True, "StatusCode": 200, "Data": {"Items": [item]}})
    assert Ghasedak(script.url, KEY).send(message) == Answer(Outcome.ACCEPTED, "2387931", 940)


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (400, Answer(Outcome.REFUSED, cause="configuration")),
        (401, Answer(Outcome.REFUSED, cause="account")),
        (412, Answer(Outcome.BLOCKED, cause="invalid_address")),
        (418, Answer(Outcome.REFUSED, cause="credit")),
        (428, Answer(Outcome.REFUSED, cause="configuration")),
        (429, Answer(Outcome.REFUSED, cause="busy")),
        (451, Answer(Outcome.REFUSED, cause="busy")),
        (500, Answer(Outcome.UNKNOWN, cause="code 500")),
    ],
)
@pytest.mark.parametrize("http_status", [200, 400])
def test_an_error(script: Scripted, message: Message, code: int, answer: Answer, http_status: int) -> None:
    script.answer(said(code), http_status)
    assert Ghasedak(script.url, KEY).send(message) == answer


def test_a_code_of_success_without_success_proves_nothing(script: Scripted, message: Message) -> None:
    script.answer(said(200, items()) | {"isSuccess": False})
    assert Ghasedak(script.url, KEY).send(message) == Answer(Outcome.UNKNOWN, cause="code 200")


@pytest.mark.parametrize("data", [None, [], {}, {"items": []}, {"items": [{}]}, items(messageId="0")], ids=repr)
def test_a_yes_without_an_id_proves_nothing(script: Scripted, message: Message, data: object) -> None:
    script.answer(said(200, data))
    assert Ghasedak(script.url, KEY).send(message) == Answer(Outcome.UNKNOWN, cause="no_reference")


def test_deliveries_are_asked_for_together_and_told_by_id(script: Scripted) -> None:
    letters = "pfbpfdf???ppbfdbfp?"
    meant = {
        "p": Delivery.PENDING,
        "d": Delivery.DELIVERED,
        "f": Delivery.FAILED,
        "b": Delivery.BLOCKED,
        "?": Delivery.UNKNOWN,
    }
    listed = [state(messageId=str(1000 + code), status=code) for code in range(len(letters))]
    script.answer(said(200, [*listed, state(messageId="999", status=5), "x"]))
    found = Ghasedak(script.url, KEY).deliveries([str(1000 + code) for code in range(len(letters))])
    assert found == {str(1000 + code): meant[letter] for code, letter in enumerate(letters)}
    assert script.received[0].path == "/rest/api/v1/WebService/CheckSmsStatus"
    assert script.received[0].query == {"Ids": [str(1000 + code) for code in range(len(letters))], "Type": ["1"]}


def find(script: Scripted, message: Message, found: object) -> Answer | None:
    script.answer(found)
    return Ghasedak(script.url, KEY).find(message, AT)


def test_a_message_is_found_by_our_id(script: Scripted, message: Message) -> None:
    assert find(script, message, said(200, [state()])) == Answer(Outcome.ACCEPTED, "2387931", 940)
    assert script.received[0].query == {"Ids": [OURS], "Type": ["2"]}


def test_a_message_that_was_stopped_by_a_blacklist_is_found_so(script: Scripted, message: Message) -> None:
    found = find(script, message, said(200, [state(status=2)]))
    assert found == Answer(Outcome.BLOCKED, "2387931", cause="on_blacklist")


@pytest.mark.parametrize("data", [[], [state(clientReferenceId="other")]], ids=["none", "of another"])
def test_what_it_does_not_know_was_not_sent(script: Scripted, message: Message, data: object) -> None:
    assert find(script, message, said(200, data)) is None


@pytest.mark.parametrize("found", [said(401), said(200), said(200, {}), {}], ids=repr)
def test_an_answer_that_lists_nothing_proves_no_absence(script: Scripted, message: Message, found: object) -> None:
    assert find(script, message, found) == Answer(Outcome.UNKNOWN, cause="no_answer")
