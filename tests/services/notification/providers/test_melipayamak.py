"""Melipayamak's console interface as documented: an error is a text beside the id 0."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.notification.providers.melipayamak import Melipayamak
from services.notification.providers.port import Answer, Delivery, Message, Outcome
from tests.support.scripted_http import Scripted

KEY = "b183b97e"
NUMBERS = {"tamdid-approved": 123456}
AT = datetime(2027, 3, 20, 20, 29, tzinfo=UTC)


def test_a_message_is_sent_by_the_number_of_its_text_with_the_values_in_order(
    script: Scripted, message: Message
) -> None:
    script.answer({"recId": 3741437414, "status": ""})
    assert Melipayamak(script.url, KEY, NUMBERS.get).send(message) == Answer(Outcome.ACCEPTED, reference="3741437414")
    (request,) = script.received
    assert (request.method, request.target) == ("POST", "/api/send/shared/b183b97e")
    assert request.json == {"bodyId": 123456, "to": "09120000007", "args": ["T-۱۴۰۵-۱", "۱۴۰۵/۱۲/۲۹"]}


def test_a_template_without_a_number_is_not_sent(script: Scripted, message: Message) -> None:
    sent = Melipayamak(script.url, KEY, NUMBERS.get).send(replace(message, template="tamdid-returned"))
    assert sent == Answer(Outcome.REFUSED, cause="configuration")
    assert script.received == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("از محدودیت ساعتی فراتر رفته اید", Answer(Outcome.REFUSED, cause="busy")),
        ("اعتبار كافي نمي باشد", Answer(Outcome.REFUSED, cause="credit")),
        ("اعتبار کافی نمی‌باشد", Answer(Outcome.REFUSED, cause="credit")),
        ("خطای داخلی رخ داده است با پشتیبانی تماس بگیرید", Answer(Outcome.REFUSED, cause="busy")),
        ("خطایی در شماره فرستنده رخ داده است با پشتیبانی تماس بگیرید", Answer(Outcome.REFUSED, cause="account")),
        ("شماره گیرنده نامعتبر است", Answer(Outcome.BLOCKED, cause="invalid_address")),
        ("شماره موبایل گیرنده در لیست سیاه مخابرات است", Answer(Outcome.BLOCKED, cause="on_blacklist")),
        (
            "کد متن ارسالی صحیح نمی‌باشد و یا توسط مدیر سامانه تأیید نشده است",
            Answer(Outcome.REFUSED, cause="configuration"),
        ),
        ("متن ارسالی با متغیرهای متن پیش‌فرض همخوانی ندارد", Answer(Outcome.REFUSED, cause="configuration")),
        (
            "محدودیت تعداد شماره، محدودیت هربار ارسال یک شماره موبایل می‌باشد",
            Answer(Outcome.REFUSED, cause="configuration"),
        ),
        ("نام کاربری یا رمزعبور صحیح نمی‌باشد", Answer(Outcome.REFUSED, cause="account")),
        ("چیزی که هنوز کسی ندیده است", Answer(Outcome.REFUSED, cause="configuration")),
    ],
)
def test_an_error_is_told_by_its_words(script: Scripted, message: Message, text: str, answer: Answer) -> None:
    script.answer({"recId": 0, "status": text})
    assert Melipayamak(script.url, KEY, NUMBERS.get).send(message) == answer


@pytest.mark.parametrize(
    ("found", "cause"),
    [
        ({"recId": 0}, "no_status"),
        ({"recId": 0, "status": ["x"]}, "no_status"),
        ({"recId": None, "status": "اعتبار کافی نمی‌باشد"}, "no_reference"),
        ({"status": "ارسال موفق"}, "no_reference"),
        ({}, "no_reference"),
    ],
)
def test_an_answer_with_neither_an_id_nor_an_error_says_nothing(
    script: Scripted, message: Message, found: object, cause: str
) -> None:
    script.answer(found)
    assert Melipayamak(script.url, KEY, NUMBERS.get).send(message) == Answer(Outcome.UNKNOWN, cause=cause)


def test_deliveries_are_told_by_their_place(script: Scripted) -> None:
    codes = {0: "p", 1: "d", 2: "f", 3: "f", 5: "?", 8: "p", 16: "f", 35: "b", 100: "?", 200: "p", 300: "f", 500: "f"}
    meant = {
        "p": Delivery.PENDING,
        "d": Delivery.DELIVERED,
        "f": Delivery.FAILED,
        "b": Delivery.BLOCKED,
        "?": Delivery.UNKNOWN,
    }
    script.answer({"results": [], "resultsAsCode": [*codes] * 2, "status": ""})
    found = Melipayamak(script.url, KEY, NUMBERS.get).deliveries([str(1000 + code) for code in codes])
    assert found == {str(1000 + code): meant[letter] for code, letter in codes.items()}
    assert (script.received[0].method, script.received[0].target) == ("POST", "/api/receive/status/b183b97e")
    assert script.received[0].json == {"recIds": [1000 + code for code in codes]}


@pytest.mark.parametrize("codes", [None, [], [1], {"0": 1}], ids=repr)
def test_fewer_codes_than_ids_say_nothing(script: Scripted, codes: object) -> None:
    script.answer({"resultsAsCode": codes, "status": ""})
    assert Melipayamak(script.url, KEY, NUMBERS.get).deliveries(["1", "2"]) == {}


def listed(message: Message, **changes: object) -> dict[str, object]:
    """An entry of the list of what was sent, at 23:59 in Tehran."""
    entry = {"msgId": 3741437414, "body": message.text, "sender": "50004001", "receiver": "9120000007"}
    return {**entry, "sendDate": "2027-03-20T23:59:00.000", **changes}


OTHER = {"receiver": "9350000001"}
UNKNOWN = Answer(Outcome.UNKNOWN, cause="not_told_apart")


def find(script: Scripted, message: Message) -> Answer | None:
    return Melipayamak(script.url, KEY, NUMBERS.get).find(message, AT)


@pytest.mark.parametrize("names", [str, str.lower, str.upper, str.title], ids=["as-is", "lower", "title", "upper"])
def test_a_message_is_found_by_number_and_words(
    script: Scripted, message: Message, names: Callable[[str], str]
) -> None:
    entry = {names(name): value for name, value in listed(message).items()}
    script.answer({"messages": [listed(message, **OTHER), entry], "status": ""})
    assert find(script, message) == Answer(Outcome.ACCEPTED, reference="3741437414")
    (request,) = script.received
    assert (request.method, request.target) == ("POST", "/api/receive/messages/b183b97e")
    assert request.json == {"type": "out", "number": "", "index": 0, "count": 100}
    assert Melipayamak.capabilities.finds_by_attempt


def test_the_list_is_read_to_its_end(script: Scripted, message: Message) -> None:
    script.answer_each({"messages": [listed(message, **OTHER)] * 2, "status": ""}, {"messages": [], "status": ""})
    assert find(script, message) is None
    assert [one.json["index"] for one in script.received] == [0, 2]


@pytest.mark.parametrize(
    "changed",
    [
        {"body": None},
        {"receiver": ["9120000007"]},
        {"sendDate": "2027-03-20T20:29:00"},
        {"sendDate": "روز"},
    ],
    ids=repr,
)
def test_what_may_be_the_message_proves_nothing(script: Scripted, message: Message, changed: dict[str, object]) -> None:
    """A time in another zone than is assumed is among it."""
    script.answer_each({"messages": [listed(message, **changed)], "status": ""}, {"messages": [], "status": ""})
    assert find(script, message) == UNKNOWN


@pytest.mark.parametrize(
    "body", [{}, {"messages": None}, {"messages": [1]}, {"messages": [], "status": "خطای داخلی رخ داده است"}], ids=repr
)
def test_what_is_no_list_says_nothing(script: Scripted, message: Message, body: object) -> None:
    script.answer(body)
    assert find(script, message) == Answer(Outcome.UNKNOWN, cause="no_list")
