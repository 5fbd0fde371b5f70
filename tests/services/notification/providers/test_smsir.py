"""SMS.ir's interface as documented."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.notification.providers.port import Answer, Delivery, Message, Outcome
from services.notification.providers.smsir import SmsIr
from tests.support.scripted_http import Scripted

KEY = "kbXR"
NUMBERS = {"tamdid-approved": 123456}
AT = datetime(2027, 3, 20, 20, 29, tzinfo=UTC)


def said(status: int, data: object = None) -> dict[str, object]:
    return {"status": status, "message": "…", "data": data}


def test_a_message_is_sent_by_the_number_of_its_template(script: Scripted, message: Message) -> None:
    script.answer(said(1, {"messageId": 89545112, "cost": 1.0}))
    assert SmsIr(script.url, KEY, NUMBERS.get).send(message) == Answer(Outcome.ACCEPTED, reference="89545112")
    (request,) = script.received
    assert (request.method, request.target, request.headers["x-api-key"]) == ("POST", "/v1/send/verify", KEY)
    assert request.json == {
        "mobile": "09120000007",
        "templateId": 123456,
        "parameters": [
            {"name": "tracking_code", "value": "T-۱۴۰۵-۱"},
            {"name": "until", "value": "۱۴۰۵/۱۲/۲۹"},
        ],
    }


@pytest.mark.parametrize(
    "changed", [{"template": ""}, {"template": "tamdid-returned"}, {"tokens": {"link": "x" * 26}}], ids=repr
)
def test_what_it_would_refuse_is_not_sent(script: Scripted, message: Message, changed: dict[str, object]) -> None:
    sent = SmsIr(script.url, KEY, NUMBERS.get).send(replace(message, **changed))  # type: ignore[arg-type]
    assert sent == Answer(Outcome.REFUSED, cause="configuration")
    assert script.received == []


@pytest.mark.parametrize(
    ("http_status", "status", "answer"),
    [
        (400, 102, Answer(Outcome.REFUSED, cause="credit")),
        (400, 104, Answer(Outcome.BLOCKED, cause="invalid_address")),
        (400, 113, Answer(Outcome.REFUSED, cause="configuration")),
        (400, 114, Answer(Outcome.REFUSED, cause="configuration")),
        (400, 115, Answer(Outcome.BLOCKED, cause="on_blacklist")),
        (400, 124, Answer(Outcome.REFUSED, cause="configuration")),
        (400, 123, Answer(Outcome.REFUSED, cause="account")),
        (401, 10, Answer(Outcome.REFUSED, cause="account")),
        (401, 12, Answer(Outcome.REFUSED, cause="account")),
        (429, 20, Answer(Outcome.REFUSED, cause="busy")),
        (500, 0, Answer(Outcome.UNKNOWN, cause="status 500")),
        (200, 0, Answer(Outcome.UNKNOWN, cause="code 0")),
        (200, 999, Answer(Outcome.UNKNOWN, cause="code 999")),
    ],
)
def test_an_error(script: Scripted, message: Message, http_status: int, status: int, answer: Answer) -> None:
    script.answer(said(status), http_status)
    assert SmsIr(script.url, KEY, NUMBERS.get).send(message) == answer


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"messageId": 0},
        {"messageId": None},
        {"messageId": [1]},
        {"messageId": "1\0"},
        {"messageId": "1" * 81},
        {"messageId": "شناسه"},
    ],
    ids=repr,
)
def test_a_yes_without_an_id_proves_nothing(script: Scripted, message: Message, data: object) -> None:
    script.answer(said(1, data))
    assert SmsIr(script.url, KEY, NUMBERS.get).send(message) == Answer(Outcome.UNKNOWN, cause="no_reference")


@pytest.mark.parametrize(
    ("state", "delivery"),
    [
        (1, Delivery.DELIVERED),
        (2, Delivery.FAILED),
        (3, Delivery.PENDING),
        (4, Delivery.FAILED),
        (5, Delivery.PENDING),
        (6, Delivery.FAILED),
        (7, Delivery.BLOCKED),
        (8, Delivery.UNKNOWN),
        (99, Delivery.UNKNOWN),
        (None, Delivery.PENDING),
    ],
)
def test_a_delivery_is_asked_for_by_the_id_of_the_message(
    script: Scripted, state: int | None, delivery: Delivery
) -> None:
    script.answer(said(1, {"messageId": 89545112, "mobile": 9120000007, "deliveryState": state}))
    assert SmsIr(script.url, KEY, NUMBERS.get).deliveries(["89545112", "../line"]) == {"89545112": delivery}
    assert [(request.method, request.target) for request in script.received] == [("GET", "/v1/send/89545112")]


def test_of_an_id_that_it_does_not_know_nothing_is_said(script: Scripted) -> None:
    script.answer(said(111), 400)
    assert SmsIr(script.url, KEY, NUMBERS.get).deliveries(["1"]) == {}


def listed(message: Message, **changes: object) -> dict[str, object]:
    """An entry as the documentation has it: the number without its zero, the time as Unix time."""
    entry = {"messageId": 89545112, "mobile": 9120000007, "messageText": message.text, "sendDateTime": 1805574600}
    return {**entry, "lineNumber": 30004505000017, "cost": 1.0, "deliveryState": None, **changes}


SINCE = datetime.fromtimestamp(1805574600, UTC)
BEFORE = 1805574600 - 3600
UNKNOWN = Answer(Outcome.UNKNOWN, cause="not_told_apart")


def find(script: Scripted, message: Message) -> Answer | None:
    return SmsIr(script.url, KEY, NUMBERS.get).find(message, SINCE)


def test_a_message_is_found_by_number_and_words_among_those_of_the_day(script: Scripted, message: Message) -> None:
    script.answer(said(1, [listed(message, messageId=5, mobile=9350000001), listed(message)]))
    assert find(script, message) == Answer(Outcome.ACCEPTED, reference="89545112")
    assert [one.target for one in script.received] == ["/v1/send/live?pageSize=100&pageNumber=1"]
    assert SmsIr.capabilities.finds_by_attempt


def test_a_blocked_number_is_found_as_such(script: Scripted, message: Message) -> None:
    script.answer(said(1, [listed(message, deliveryState=7)]))
    assert find(script, message) == Answer(Outcome.BLOCKED, reference="89545112", cause="on_blacklist")


def test_after_the_last_page_of_the_day_those_of_before_are_read(script: Scripted, message: Message) -> None:
    script.answer_each(said(1, [listed(message, mobile=9350000001)]), said(1, []), said(1, []))
    assert find(script, message) is None
    assert [one.target for one in script.received] == [
        "/v1/send/live?pageSize=100&pageNumber=1",
        "/v1/send/live?pageSize=100&pageNumber=2",
        f"/v1/send/archive?fromDate={1805574600 - 120}&pageSize=100&pageNumber=1",
    ]


def test_a_list_with_the_newest_first_is_read_to_the_instant_of_the_message(script: Scripted, message: Message) -> None:
    script.answer(
        said(1, [listed(message, mobile=9350000001), listed(message, mobile=9350000001, sendDateTime=BEFORE)])
    )
    assert find(script, message) is None
    assert len(script.received) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"messageText": "T-۱۴۰۵-۱ تا ۱۴۰۵/۱۲/۲۹ در سامانه"},
        {"messageText": None},
        {"mobile": None},
        {"sendDateTime": BEFORE},
        {"sendDateTime": None},
    ],
    ids=repr,
)
def test_what_may_be_the_message_proves_nothing(script: Scripted, message: Message, changed: dict[str, object]) -> None:
    script.answer_each(said(1, [listed(message, **changed)]), said(1, []), said(1, []))
    assert find(script, message) == UNKNOWN


def test_more_than_can_be_read_proves_nothing(script: Scripted, message: Message) -> None:
    script.answer(said(1, [listed(message, mobile=9350000001)]))
    assert find(script, message) == UNKNOWN
    assert len(script.received) == 4


@pytest.mark.parametrize("data", [None, {}, [None], ["x"]], ids=repr)
def test_what_is_no_list_says_nothing(script: Scripted, message: Message, data: object) -> None:
    script.answer(said(1, data))
    assert find(script, message) == Answer(Outcome.UNKNOWN, cause="no_list")


def test_where_it_does_not_answer_the_others_are_not_waited_for(script: Scripted) -> None:
    script.answer(b"", 503)
    assert SmsIr(script.url, KEY, NUMBERS.get).deliveries(["1", "2", "3"]) == {}
    assert len(script.received) == 1
