"""Adapter of SMS.ir's REST interface: v1/send/verify, and v1/send/{id} for the delivery.

By SMS.ir's public documentation (sms.ir/rest-api): the key is the header X-API-KEY, an answer is `{"status", "message", "data"}`, and its
status 1 says yes. A template's id is a number, a value has at most 25 characters. What it calls cost is credits of the account, no money.
It takes no id of ours: a message whose answer was lost can't be found again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import httpx

from services.notification.providers.http_client import Body, HttpClient
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
    refusal,
)
from services.notification.providers.template_numbers import NumberOf
from shared.contract.notification.values import Way

OK = 1
VALUE_LENGTH_MAX = 25
REFUSED = {
    CREDIT: {102},
    BUSY: {20},
    CONFIGURATION: {10, 11, 12, 13, 14, 15, 16, 101, 103, 105, 106, 107, 108, 109, 110, 113, 114, 116, 117, 118, 119, 123, 124},
}  # fmt: skip
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
        finds_by_attempt=False,
        reports_delivery=True,
        status_batch_max=1,
        tokens_max=10,
        token_length_max=VALUE_LENGTH_MAX,
        tokens_may_have_blanks=True,
    )

    def __init__(self, base_url: str, key: str, number_of: NumberOf, timeout: httpx.Timeout | None = None) -> None:
        self._number_of = number_of
        self._http = HttpClient(self.name, base_url, timeout, **{"X-API-KEY": key})

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
            data = data_of(self._http.get(f"/v1/send/{reference}"))
            if not isinstance(data, Answer):
                state = data.get("deliveryState")
                found[reference] = Delivery.PENDING if state is None else delivery_of(state)
        return found

    def find(self, message: Message, since: datetime) -> Answer | None:  # noqa: ARG002 - the port's
        return Answer(Outcome.UNKNOWN, cause="cannot_find")

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def data_of(body: Body | Answer) -> Body | Answer:
    """The data of a success; else what the error says."""
    if isinstance(body, Answer):
        return body
    status = number_of(body.get("status"))
    if status is None:
        return Answer(Outcome.UNKNOWN, cause="no_status")
    return object_of(body.get("data")) if status == OK else refusal(status, REFUSED, BLOCKED)


def delivery_of(state: object) -> Delivery:
    return DELIVERIES.get(number_of(state) or 0, Delivery.UNKNOWN)
