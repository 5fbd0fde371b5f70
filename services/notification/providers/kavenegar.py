"""Adapter of Kavenegar's REST interface: verify/lookup, sms/status, and sms/selectoutbox to find a message.

By Kavenegar's public documentation (kavenegar.com/rest.html): an answer is `{"return": {"status", "message"}, "entries"}`, and its status
says whether the method succeeded, while that of HTTP may be 200 with an error. The key is a part of the path. Costs are in rials.
It takes no template without a token: one of a text without any has `%token` in place of the first word.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import httpx

from services.notification.providers.http_client import Body, HttpClient, in_path
from services.notification.providers.port import Answer, Capabilities, Delivery, Message, Outcome
from services.notification.providers.reading import (
    BUSY,
    CONFIGURATION,
    CREDIT,
    INVALID_ADDRESS,
    ON_BLACKLIST,
    accepted,
    number_of,
    numeric,
    object_of,
    objects_of,
    refusal,
    text_of,
)
from shared.contract.notification.values import Way

SLOTS = ("token", "token2", "token3", "token10", "token20")
"""The tokens of a template in order: three without a blank, then one with up to four blanks and one with up to eight."""
OK = 200
REFUSED = {
    CREDIT: {418},
    BUSY: {402, 409, 451},
    CONFIGURATION: {
        400, 401, 403, 404, 405, 406, 407, 412, 413, 414, 416, 417, 419, 420, 422, 424, 426, 427, 428, 429, 431, 432, 501,
    },
}  # fmt: skip
BLOCKED = {INVALID_ADDRESS: {411}}
DELIVERIES = {
    1: Delivery.PENDING,
    2: Delivery.PENDING,
    4: Delivery.PENDING,
    5: Delivery.PENDING,
    6: Delivery.FAILED,
    10: Delivery.DELIVERED,
    11: Delivery.FAILED,
    13: Delivery.FAILED,
    14: Delivery.BLOCKED,
}
"""Queued, scheduled, at the carrier (4, 5), failed there, arrived, not arrived, cancelled, blocked by the receiver; 100 is an unknown id."""
CLOCKS_DIFFER = timedelta(minutes=2)
"""How far the provider's clock may be behind ours."""
OUTBOX_MAX = 500
"""Messages in one answer about the outbox; of so many, ours may be one that is not among them."""


class Kavenegar:
    """Kavenegar at `base_url`."""

    name = "kavenegar"
    capabilities = Capabilities(
        way=Way.SMS,
        finds_by_attempt=True,
        reports_delivery=True,
        status_batch_max=500,
        tokens_max=len(SLOTS),
        token_length_max=100,
        tokens_may_have_blanks=False,
    )

    def __init__(self, base_url: str, key: str, timeout: httpx.Timeout | None = None) -> None:
        self._http = HttpClient(self.name, f"{base_url}/v1/{in_path(key)}", timeout)

    def send(self, message: Message) -> Answer:
        if len(message.tokens) > len(SLOTS):
            return Answer(Outcome.REFUSED, cause=CONFIGURATION)
        values = [*message.tokens.values()] or message.text.split()[:1]
        tokens = dict(zip(SLOTS, values, strict=False))
        sent = {"receptor": message.address, "template": message.template, **tokens}
        entries = entries_of(self._http.post("/verify/lookup.json", data=sent))
        return entries if isinstance(entries, Answer) else answer_of(object_of(entries))

    def deliveries(self, references: Sequence[str]) -> Mapping[str, Delivery]:
        found: dict[str, Delivery] = {}
        for batch in numeric(references, self.capabilities.status_batch_max):
            entries = entries_of(self._http.post("/sms/status.json", data={"messageid": ",".join(batch)}))
            for entry in objects_of(entries):
                reference = text_of(entry.get("messageid"))
                if reference in batch:
                    found[reference] = delivery_of(entry)
        return found

    def find(self, message: Message, since: datetime) -> Answer | None:
        """The message in the outbox with the same number and words; where only its number is there, it may be ours in other words."""
        start = int((since - CLOCKS_DIFFER).timestamp())
        entries = entries_of(self._http.post("/sms/selectoutbox.json", data={"startdate": start}))
        if isinstance(entries, Answer):
            return Answer(Outcome.UNKNOWN, cause=entries.cause)
        listed = objects_of(entries)
        to_number = [one for one in listed if text_of(one.get("receptor"))[-10:] == message.address[-10:]]
        for entry in to_number:
            if words(entry.get("message")) == words(message.text):
                return answer_of(entry)
        if len(listed) >= OUTBOX_MAX or any(has_tokens(entry, message) for entry in to_number):
            return Answer(Outcome.UNKNOWN, cause="not_told_apart")
        return None

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def entries_of(body: Body | Answer) -> object:
    """The entries of a success, which may be null; else what the error says."""
    if isinstance(body, Answer):
        return body
    status = number_of(object_of(body.get("return")).get("status"))
    if status is None:
        return Answer(Outcome.UNKNOWN, cause="no_status")
    return body.get("entries") if status == OK else refusal(status, REFUSED, BLOCKED)


def answer_of(entry: Body) -> Answer:
    """What an accepted message's entry says."""
    if delivery_of(entry) is Delivery.BLOCKED:
        return Answer(Outcome.BLOCKED, text_of(entry.get("messageid")), cause=ON_BLACKLIST)
    return accepted(entry.get("messageid"), entry.get("cost"))


def delivery_of(entry: Body) -> Delivery:
    return DELIVERIES.get(number_of(entry.get("status")) or 0, Delivery.UNKNOWN)


def has_tokens(entry: Body, message: Message) -> bool:
    """Whether all values of the message stand in a text that the provider has sent."""
    text = words(entry.get("message"))
    return all(words(token) in text for token in message.tokens.values())


def words(text: object) -> str:
    """A text without differences of blanks and line ends."""
    return " ".join(text.split()) if isinstance(text, str) else ""
