"""Adapter of Melipayamak's console interface: send/shared for approved texts of the shared service line, receive/status and receive/messages.

By Melipayamak's public documentation (console.melipayamak.com; melipayamak.com/api: SendByBaseNumber, GetDeliveries2, GetMessages): the key is a part of
the path, a text's code is a number, its values come in order. The id of a message is `recId`; an error is a Persian text beside the id 0.
It takes no id of ours, and does not say what a message costs. `receive/messages` takes `{"type": "out", "number", "index", "count"}`, a number's
messages or, where it is empty, those of all, from a row on; it answers `{"messages": [...], "status"}`, a message with all its details. Not documented and assumed: that
these have the names of the older interface (Body, Receiver, SendDate, MsgID; of either case), that MsgID is the `recId`, and that SendDate is Tehran's
time; the order may be any.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import httpx

from services.notification.providers import outbox
from services.notification.providers.http_client import Body, HttpClient, in_path
from services.notification.providers.outbox import AMBIGUOUS, PAGES_MAX, Listed
from services.notification.providers.port import Answer, Capabilities, Delivery, Message, Outcome
from services.notification.providers.reading import (
    ACCOUNT,
    BUSY,
    CONFIGURATION,
    CREDIT,
    INVALID_ADDRESS,
    ON_BLACKLIST,
    accepted,
    instant_of,
    numeric,
    objects_of,
)
from services.notification.providers.template_numbers import NumberOf
from shared.contract.notification.values import Way
from shared.text import persian
from shared.text.foreign_values import whole_number

SAID = (
    ("اعتبار کافی", Outcome.REFUSED, CREDIT),
    ("لیست سیاه", Outcome.BLOCKED, ON_BLACKLIST),
    ("شماره گیرنده", Outcome.BLOCKED, INVALID_ADDRESS),
    ("شماره موبایل", Outcome.BLOCKED, INVALID_ADDRESS),
    ("خطای داخلی", Outcome.REFUSED, BUSY),
    ("بروزرسانی", Outcome.REFUSED, BUSY),
    ("محدودیت ساعتی", Outcome.REFUSED, BUSY),
    ("محدودیت در ارسال", Outcome.REFUSED, BUSY),
    ("نام کاربری", Outcome.REFUSED, ACCOUNT),
    ("کاربر مورد نظر", Outcome.REFUSED, ACCOUNT),
    ("مدارک کاربر", Outcome.REFUSED, ACCOUNT),
    ("دسترسی برای استفاده", Outcome.REFUSED, ACCOUNT),
    ("خط ارسالی", Outcome.REFUSED, ACCOUNT),
    ("شماره فرستنده", Outcome.REFUSED, ACCOUNT),
)
"""Words of an error, and what it means; every other one is a text or a value that is not in order."""
PAGE_MAX = 100
ALSO_OF_NUMBERS = "محدودیت تعداد شماره"
DELIVERIES = {
    0: Delivery.PENDING,
    1: Delivery.DELIVERED,
    2: Delivery.FAILED,
    3: Delivery.FAILED,
    8: Delivery.PENDING,
    16: Delivery.FAILED,
    35: Delivery.BLOCKED,
    200: Delivery.PENDING,
    300: Delivery.FAILED,
    400: Delivery.PENDING,
    500: Delivery.FAILED,
}
"""Sent to the carrier, arrived, not arrived, failed there, at the carrier, not at the carrier, on the blacklist, sent, filtered, queued, refused."""


class Melipayamak:
    """Melipayamak's console at `base_url`."""

    name = "melipayamak"
    capabilities = Capabilities(
        way=Way.SMS,
        finds_by_attempt=True,
        reports_delivery=True,
        status_batch_max=100,
        tokens_max=10,
        token_length_max=100,
        tokens_may_have_blanks=True,
    )

    def __init__(self, base_url: str, key: str, number_of: NumberOf, timeout: httpx.Timeout | None = None) -> None:
        self._number_of = number_of
        self._key = in_path(key)
        self._http = HttpClient(self.name, f"{base_url}/api", answer_of, timeout)

    def send(self, message: Message) -> Answer:
        body_id = self._number_of(message.template)
        if body_id is None:
            return Answer(Outcome.REFUSED, cause=CONFIGURATION)
        sent = {"bodyId": body_id, "to": message.address, "args": [*message.tokens.values()]}
        body = self._http.post(f"/send/shared/{self._key}", json=sent)
        return body if isinstance(body, Answer) else answer_of(body)

    def deliveries(self, references: Sequence[str]) -> Mapping[str, Delivery]:
        found: dict[str, Delivery] = {}
        for batch in numeric(references, self.capabilities.status_batch_max):
            body = self._http.post(f"/receive/status/{self._key}", json={"recIds": [int(one) for one in batch]})
            codes = None if isinstance(body, Answer) else body.get("resultsAsCode")
            if isinstance(codes, list) and len(codes) >= len(batch):  # they are told by their place alone
                states = [whole_number(code) for code in codes[: len(batch)]]
                known = [DELIVERIES.get(-1 if state is None else state, Delivery.UNKNOWN) for state in states]
                found |= zip(batch, known, strict=True)
        return found

    def find(self, message: Message, since: datetime) -> Answer | None:
        return outbox.found(self._outbox(), message, since)

    def _outbox(self) -> Iterator[list[Listed] | Answer]:
        """The messages that were sent."""
        index = 0
        for _ in range(PAGES_MAX):
            request = {"type": "out", "number": "", "index": index, "count": PAGE_MAX}
            page = listed_of(self._http.post(f"/receive/messages/{self._key}", json=request))
            if not page:
                return
            yield page
            if isinstance(page, Answer):
                return
            index += len(page)
        yield AMBIGUOUS


def answer_of(body: Body) -> Answer:
    """A message's id, or what the text of the error says; an answer with neither says nothing."""
    said, reference = body.get("status"), whole_number(body.get("recId"))
    if reference is None or reference > 0:
        return accepted(body.get("recId"))
    text = persian.normalise(said) if isinstance(said, str) else ""
    if not text:
        return Answer(Outcome.UNKNOWN, cause="no_status")
    for words, outcome, cause in SAID:
        if words in text and ALSO_OF_NUMBERS not in text:
            return Answer(outcome, cause=cause)
    return Answer(Outcome.REFUSED, cause=CONFIGURATION)


def listed_of(body: Body | Answer) -> list[Listed] | Answer:
    """A page of messages; anything but a list says nothing."""
    if isinstance(body, Answer):
        return body
    entries = body.get("messages")
    is_list = isinstance(entries, list) and len(objects_of(entries)) == len(entries)
    if not is_list or (not entries and body.get("status")):
        return Answer(Outcome.UNKNOWN, cause="no_list")
    found = [{name.lower(): value for name, value in one.items()} for one in objects_of(entries)]
    return [
        Listed(
            one.get("receiver"),
            one.get("body"),
            instant_of(one.get("senddate")),
            accepted(one.get("recid") or one.get("msgid")),
        )
        for one in found
    ]
