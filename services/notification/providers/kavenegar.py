"""Adapter of Kavenegar's REST interface: verify/lookup, sms/status, and sms/selectoutbox to find a message.

By Kavenegar's public documentation (kavenegar.com/rest.html): an answer is `{"return": {"status", "message"}, "entries"}`, and its status
says whether the method succeeded, while that of HTTP may be 200 with an error. The key is a part of the path. Costs are in rials.
It takes no template without a token: one of a text without any has `%token` in place of the first word.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import httpx

from services.notification.providers import outbox
from services.notification.providers.http_client import Body, HttpClient, in_path
from services.notification.providers.outbox import AMBIGUOUS, CLOCKS_DIFFER, Listed
from services.notification.providers.port import Answer, Capabilities, Delivery, Message, Outcome
from services.notification.providers.reading import (
    ACCOUNT,
    BUSY,
    CONFIGURATION,
    CREDIT,
    INVALID_ADDRESS,
    ON_BLACKLIST,
    accepted,
    numeric,
    objects_of,
    refusal,
)
from shared.contract.notification.values import Way
from shared.text.foreign_values import first_object, short_text, whole_number

SLOTS = ("token", "token2", "token3", "token10", "token20")
"""The tokens of a template in order: three without a blank, then one with up to four blanks and one with up to eight."""
OK = 200
REFUSED = {
    CREDIT: {418},
    BUSY: {402, 409, 451},
    ACCOUNT: {401, 403, 404, 405, 407, 412, 426, 427, 429, 501},
    CONFIGURATION: {400, 406, 413, 414, 416, 417, 419, 420, 422, 424, 428, 431, 432},
}
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
        self._http = HttpClient(self.name, f"{base_url}/v1/{in_path(key)}", entries_of, timeout)

    def send(self, message: Message) -> Answer:
        if len(message.tokens) > len(SLOTS):
            return Answer(Outcome.REFUSED, cause=CONFIGURATION)
        values = [*message.tokens.values()] or message.text.split()[:1]
        tokens = dict(zip(SLOTS, values, strict=False))
        sent = {"receptor": message.address, "template": message.template, **tokens}
        entries = entries_of(self._http.post("/verify/lookup.json", data=sent))
        return entries if isinstance(entries, Answer) else answer_of(first_object(entries))

    def deliveries(self, references: Sequence[str]) -> Mapping[str, Delivery]:
        found: dict[str, Delivery] = {}
        for batch in numeric(references, self.capabilities.status_batch_max):
            entries = entries_of(self._http.post("/sms/status.json", data={"messageid": ",".join(batch)}))
            for entry in objects_of(entries):
                reference = short_text(entry.get("messageid"))
                if reference in batch:
                    found[reference] = delivery_of(entry)
        return found

    def find(self, message: Message, since: datetime) -> Answer | None:
        return outbox.found(self._outbox(since), message, since)

    def _outbox(self, since: datetime) -> Iterator[list[Listed] | Answer]:
        """What it has sent since an instant, by its own clock."""
        start = int((since - CLOCKS_DIFFER).timestamp())
        entries = entries_of(self._http.post("/sms/selectoutbox.json", data={"startdate": start}))
        if isinstance(entries, Answer):
            yield entries
            return
        listed = objects_of(entries)
        yield [Listed(one.get("receptor"), one.get("message"), since, answer_of(one)) for one in listed]
        if len(listed) >= OUTBOX_MAX:
            yield AMBIGUOUS


def entries_of(body: Body | Answer) -> object:
    """The entries of a success, which may be null; else what the error says."""
    if isinstance(body, Answer):
        return body
    status = whole_number(first_object(body.get("return")).get("status"))
    if status is None:
        return Answer(Outcome.UNKNOWN, cause="no_status")
    return body.get("entries") if status == OK else refusal(status, REFUSED, BLOCKED)


def answer_of(entry: Body) -> Answer:
    """What an accepted message's entry says."""
    if delivery_of(entry) is Delivery.BLOCKED:
        return Answer(Outcome.BLOCKED, short_text(entry.get("messageid")), cause=ON_BLACKLIST)
    return accepted(entry.get("messageid"), entry.get("cost"))


def delivery_of(entry: Body) -> Delivery:
    return DELIVERIES.get(whole_number(entry.get("status")) or 0, Delivery.UNKNOWN)
