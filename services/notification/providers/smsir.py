"""Adapter of SMS.ir's REST interface: v1/send/verify, v1/send/{id} for the delivery, and v1/send/live and archive to find a message.

By SMS.ir's public documentation (sms.ir/rest-api): the key is the header X-API-KEY, an answer is `{"status", "message", "data"}`, and its
status 1 says yes. A template's id is a number, a value has at most 25 characters. What it calls cost is credits of the account, no money.
It takes no id of ours. `live` lists the messages of the day and `archive` those of before, by `pageNumber` from 1 and `pageSize` up to 100, each
with `messageId`, `mobile` (a number without its zero), `messageText`, `sendDateTime` (Unix time) and `deliveryState`. Not documented and assumed:
that a message is listed within minutes, and that an empty list is a list; the order may be any.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import httpx

from services.notification.providers import outbox
from services.notification.providers.http_client import Body, HttpClient
from services.notification.providers.outbox import AMBIGUOUS, CLOCKS_DIFFER, PAGES_MAX, Listed
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
    refusal,
)
from services.notification.providers.template_numbers import NumberOf
from shared.contract.notification.values import Way
from shared.text.foreign_values import first_object, whole_number

OK = 1
VALUE_LENGTH_MAX = 25
PAGE_MAX = 100
REFUSED = {
    CREDIT: {102},
    BUSY: {20},
    ACCOUNT: {10, 11, 12, 13, 14, 15, 101, 123},
    CONFIGURATION: {16, 103, 105, 106, 107, 108, 109, 110, 113, 114, 116, 117, 118, 119, 124},
}
BLOCKED = {INVALID_ADDRESS: {104}, ON_BLACKLIST: {115}}
DELIVERIES = {
    1: Delivery.DELIVERED,
    2: Delivery.FAILED,
    3: Delivery.PENDING,
    4: Delivery.FAILED,
    5: Delivery.PENDING,
    6: Delivery.FAILED,
    7: Delivery.BLOCKED,
    8: Delivery.UNKNOWN,
}
"""Arrived, not arrived, at the carrier, not at the carrier, at the operator, failed, on a blacklist, unknown."""


class SmsIr:
    """SMS.ir at `base_url`."""

    name = "smsir"
    capabilities = Capabilities(
        way=Way.SMS,
        finds_by_attempt=True,
        reports_delivery=True,
        status_batch_max=1,
        tokens_max=10,
        token_length_max=VALUE_LENGTH_MAX,
        tokens_may_have_blanks=True,
    )

    def __init__(self, base_url: str, key: str, number_of: NumberOf, timeout: httpx.Timeout | None = None) -> None:
        self._number_of = number_of
        self._http = HttpClient(self.name, base_url, data_of, timeout, **{"X-API-KEY": key})

    def send(self, message: Message) -> Answer:
        template = self._number_of(message.template)
        if template is None or any(len(value) > VALUE_LENGTH_MAX for value in message.tokens.values()):
            return Answer(Outcome.REFUSED, cause=CONFIGURATION)
        parameters = [{"name": name, "value": value} for name, value in message.tokens.items()]
        sent = {"mobile": message.address, "templateId": template, "parameters": parameters}
        data = data_of(self._http.post("/v1/send/verify", json=sent))
        return data if isinstance(data, Answer) else accepted(data.get("messageId"))

    def deliveries(self, references: Sequence[str]) -> Mapping[str, Delivery]:
        found = {}
        for (reference,) in numeric(references, 1):
            body = self._http.get(f"/v1/send/{reference}")
            if isinstance(body, Answer):  # it is asked again in the next round, and nobody waits for it that often
                break
            data = data_of(body)
            if not isinstance(data, Answer):
                state = data.get("deliveryState")
                found[reference] = Delivery.PENDING if state is None else delivery_of(state)
        return found

    def find(self, message: Message, since: datetime) -> Answer | None:
        return outbox.found(self._outbox(since), message, since)

    def _outbox(self, since: datetime) -> Iterator[list[Listed] | Answer]:
        """The messages of today, and of the days before since an instant."""
        start = {"fromDate": int((since - CLOCKS_DIFFER).timestamp())}
        for path, query in (("/v1/send/live", {}), ("/v1/send/archive", start)):
            for number in range(1, PAGES_MAX + 1):
                page = listed_of(self._http.get(path, params={**query, "pageSize": PAGE_MAX, "pageNumber": number}))
                if not page:
                    break
                yield page
                if isinstance(page, Answer):
                    return
            else:
                yield AMBIGUOUS
                return


def data_of(body: Body | Answer) -> Body | Answer:
    """The data of a success; else what the error says."""
    if isinstance(body, Answer):
        return body
    status = whole_number(body.get("status"))
    if status is None:
        return Answer(Outcome.UNKNOWN, cause="no_status")
    return first_object(body.get("data")) if status == OK else refusal(status, REFUSED, BLOCKED)


def listed_of(body: Body | Answer) -> list[Listed] | Answer:
    """A page of messages; anything but a list says nothing."""
    data = data_of(body)
    if isinstance(data, Answer):
        return data
    entries = body.get("data") if isinstance(body, Mapping) else None
    if not isinstance(entries, list) or len(objects_of(entries)) < len(entries):
        return Answer(Outcome.UNKNOWN, cause="no_list")
    return [
        Listed(one.get("mobile"), one.get("messageText"), instant_of(one.get("sendDateTime")), answer_of(one))
        for one in objects_of(entries)
    ]


def answer_of(entry: Body) -> Answer:
    """What the entry of a message says that was accepted."""
    answer = accepted(entry.get("messageId"))
    if answer.outcome is Outcome.ACCEPTED and delivery_of(entry.get("deliveryState")) is Delivery.BLOCKED:
        return Answer(Outcome.BLOCKED, answer.reference, cause=ON_BLACKLIST)
    return answer


def delivery_of(state: object) -> Delivery:
    return DELIVERIES.get(whole_number(state) or 0, Delivery.UNKNOWN)
