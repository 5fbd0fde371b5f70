"""Kavenegar's interface as documented: the error is in the body of an answer with status 200."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from services.notification.providers.kavenegar import OUTBOX_MAX, Kavenegar
from services.notification.providers.port import Answer, Delivery, Message, Outcome
from tests.support.scripted_http import Scripted

KEY = "4E6A4B"
AT = datetime(2027, 3, 20, 20, 29, tzinfo=UTC)


def entry(**changed: Any) -> dict[str, Any]:
    return {
        "messageid": 8792343,
        "message": "درخواست T-۱۴۰۵-۱ رسید.\r\nپاسخ تا ۱۴۰۵/۱۲/۲۹",
        "status": 5,
        "statustext": "ارسال به مخابرات",
        "sender": "10004346",
        "receptor": "09120000007",
        "date": 1356619709,
        "cost": 1200,
        **changed,
    }


def said(status: int, entries: object = None) -> dict[str, object]:
    return {"return": {"status": status, "message": "…"}, "entries": entries}


def test_a_message_is_sent_by_its_template_with_the_tokens_in_order(script: Scripted, message: Message) -> None:
    script.answer(said(200, [entry()]))
    sent = Kavenegar(script.url, KEY).send(message)
    assert sent == Answer(Outcome.ACCEPTED, reference="8792343", cost_rials=1200)
    (request,) = script.received
    assert (request.method, request.target) == ("POST", "/v1/4E6A4B/verify/lookup.json")
    assert request.form == {
        "receptor": "09120000007",
        "template": "tamdid-approved",
        "token": "T-۱۴۰۵-۱",
        "token2": "۱۴۰۵/۱۲/۲۹",
    }


def test_the_fourth_and_fifth_token_have_the_slots_for_blanks(script: Scripted, message: Message) -> None:
    Kavenegar(script.url, KEY).send(replace(message, tokens=dict(zip("abcde", "12345", strict=True))))
    form = script.received[0].form
    assert {slot: form[slot] for slot in ("token", "token2", "token3", "token10", "token20")} == {
        "token": "1", "token2": "2", "token3": "3", "token10": "4", "token20": "5",
    }  # fmt: skip


def test_the_first_word_is_the_token_of_a_text_without_any(script: Scripted, message: Message) -> None:
    Kavenegar(script.url, KEY).send(replace(message, tokens={}, text="گذرواژهٔ حساب شما تغییر کرد."))
    assert script.received[0].form["token"] == "گذرواژهٔ"
    assert "token2" not in script.received[0].form


def test_more_tokens_than_slots_are_refused_unsent(script: Scripted, message: Message) -> None:
    sent = Kavenegar(script.url, KEY).send(replace(message, tokens=dict.fromkeys("abcdef", "1")))
    assert sent == Answer(Outcome.REFUSED, cause="configuration")
    assert script.received == []


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (400, Answer(Outcome.REFUSED, cause="configuration")),
        (401, Answer(Outcome.REFUSED, cause="account")),
        (402, Answer(Outcome.REFUSED, cause="busy")),
        (403, Answer(Outcome.REFUSED, cause="account")),
        (409, Answer(Outcome.REFUSED, cause="busy")),
        (411, Answer(Outcome.BLOCKED, cause="invalid_address")),
        (418, Answer(Outcome.REFUSED, cause="credit")),
        (424, Answer(Outcome.REFUSED, cause="configuration")),
        (431, Answer(Outcome.REFUSED, cause="configuration")),
        (432, Answer(Outcome.REFUSED, cause="configuration")),
        (451, Answer(Outcome.REFUSED, cause="busy")),
        (999, Answer(Outcome.UNKNOWN, cause="code 999")),
    ],
)
@pytest.mark.parametrize("http_status", [200, 400])
def test_an_error_in_the_body(
    script: Scripted, message: Message, status: int, answer: Answer, http_status: int
) -> None:
    script.answer(said(status), http_status)
    assert Kavenegar(script.url, KEY).send(message) == answer


@pytest.mark.parametrize("entries", [None, [], {}, [entry(messageid=0)], [entry(messageid=None)], [[]], "yes", 7])
def test_a_yes_without_an_id_proves_nothing(script: Scripted, message: Message, entries: object) -> None:
    script.answer(said(200, entries))
    assert Kavenegar(script.url, KEY).send(message) == Answer(Outcome.UNKNOWN, cause="no_reference")


def test_a_receiver_who_has_blocked_the_line_is_blocked_at_once(script: Scripted, message: Message) -> None:
    script.answer(said(200, [entry(status=14)]))
    assert Kavenegar(script.url, KEY).send(message) == Answer(Outcome.BLOCKED, "8792343", cause="on_blacklist")


def test_deliveries_are_asked_for_together_and_told_by_id(script: Scripted) -> None:
    states = {1: 1, 2: 2, 4: 4, 5: 5, 6: 6, 10: 10, 11: 11, 13: 13, 14: 14, 100: 100, 7: "?"}
    of_another = [{"messageid": 999, "status": 10}]
    script.answer(said(200, of_another + [{"messageid": number, "status": state} for number, state in states.items()]))
    found = Kavenegar(script.url, KEY).deliveries([*map(str, states), "../x"])
    pending, failed = ["1", "2", "4", "5"], ["6", "11", "13"]
    assert found == {
        **dict.fromkeys(pending, Delivery.PENDING),
        **dict.fromkeys(failed, Delivery.FAILED),
        "10": Delivery.DELIVERED,
        "14": Delivery.BLOCKED,
        "100": Delivery.UNKNOWN,
        "7": Delivery.UNKNOWN,
    }
    assert script.received[0].path == "/v1/4E6A4B/sms/status.json"
    assert script.received[0].form == {"messageid": "1,2,4,5,6,10,11,13,14,100,7"}


def test_500_deliveries_fit_into_a_question(script: Scripted) -> None:
    Kavenegar(script.url, KEY).deliveries([str(number) for number in range(1, 1002)])
    assert [request.form["messageid"].count(",") + 1 for request in script.received] == [500, 500, 1]


def find(script: Scripted, message: Message, entries: object, status: int = 200) -> Answer | None:
    script.answer(said(status, entries))
    return Kavenegar(script.url, KEY).find(message, AT)


def test_a_message_is_found_in_the_outbox_by_number_and_words(script: Scripted, message: Message) -> None:
    entries = [entry(messageid=1, receptor="09120000008"), entry(messageid=2, message="…"), entry(messageid=3)]
    assert find(script, message, entries) == Answer(Outcome.ACCEPTED, "3", 1200)
    assert script.received[0].path == "/v1/4E6A4B/sms/selectoutbox.json"
    assert script.received[0].form == {"startdate": str(int(AT.timestamp()) - 120)}


@pytest.mark.parametrize(
    "entries",
    [None, [], [entry(receptor="09120000008")], [entry(message="درخواست T-۱۴۰۵-۲ رسید.")]],
)
def test_what_is_not_in_the_outbox_was_not_sent(script: Scripted, message: Message, entries: object) -> None:
    assert find(script, message, entries) is None


def test_the_same_words_of_just_before_are_another_message(script: Scripted, message: Message) -> None:
    """Within the two minutes by which clocks may differ; its reference is known."""
    message = replace(message, others=frozenset({"8792343"}))
    assert find(script, message, [entry()]) is None
    assert find(script, message, [entry(), entry(messageid=4)]) == Answer(Outcome.ACCEPTED, "4", 1200)


def test_the_same_tokens_in_other_words_may_be_ours(script: Scripted, message: Message) -> None:
    entries = [entry(message="T-۱۴۰۵-۱ ۱۴۰۵/۱۲/۲۹ لغو۱۱")]
    assert find(script, message, entries) == Answer(Outcome.UNKNOWN, cause="not_told_apart")


def test_a_full_page_of_the_outbox_proves_no_absence(script: Scripted, message: Message) -> None:
    entries = [entry(receptor="09120000008")] * OUTBOX_MAX
    assert find(script, message, entries) == Answer(Outcome.UNKNOWN, cause="not_told_apart")


def test_an_outbox_that_is_not_shown_proves_no_absence(script: Scripted, message: Message) -> None:
    assert find(script, message, None, status=407) == Answer(Outcome.UNKNOWN, cause="account")
