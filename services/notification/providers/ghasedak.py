"""Adapter of Ghasedak's REST interface: SendOtpSMS by a template, and CheckSmsStatus by its own id or by ours.

By Ghasedak's public documentation (ghasedak.me/docs) and its own libraries: the key is the header ApiKey, an answer is `{"isSuccess",
"statusCode", "message", "data"}`, its names in letters of either case. Each receiver may have a `clientReferenceId`, by which the message is
found again. Costs are in rials.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import httpx

from services.notification.providers.http_client import Body, HttpClient
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

PATH = "/rest/api/v1/WebService"
BY_MESSAGE_ID, BY_CLIENT_REFERENCE = "1", "2"
OK = 200
REFUSED = {
    CREDIT: {418},
    BUSY: {402, 429, 451},
    ACCOUNT: {401, 403, 404, 405, 407, 426},
    CONFIGURATION: {400, 406, 413, 416, 419, 420, 422, 424, 428},
}
BLOCKED = {INVALID_ADDRESS: {411, 412}}
DELIVERIES = {
    0: Delivery.PENDING,
    1: Delivery.FAILED,
    2: Delivery.BLOCKED,
    3: Delivery.PENDING,
    4: Delivery.FAILED,
    5: Delivery.DELIVERED,
    6: Delivery.FAILED,
    7: Delivery.UNKNOWN,
    8: Delivery.UNKNOWN,
    10: Delivery.PENDING,
    11: Delivery.PENDING,
    12: Delivery.BLOCKED,
    13: Delivery.FAILED,
    14: Delivery.DELIVERED,
    15: Delivery.BLOCKED,
    16: Delivery.FAILED,
    17: Delivery.PENDING,
}
"""To 8 as in the documentation: none yet, cancelled, on a blacklist, at the operator, not arrived, arrived, failed, a test, unknown; above as in
the libraries: at the carrier (10, 11, 17), on a blacklist, not arrived, arrived, blocked, failed."""


class Ghasedak:
    """Ghasedak at `base_url`."""

    name = "ghasedak"
    capabilities = Capabilities(
        way=Way.SMS,
        finds_by_attempt=True,
        reports_delivery=True,
        status_batch_max=100,
        tokens_max=10,
        token_length_max=100,
        tokens_may_have_blanks=True,
    )

    def __init__(self, base_url: str, key: str, timeout: httpx.Timeout | None = None) -> None:
        self._http = HttpClient(self.name, f"{base_url}{PATH}", data_of, timeout, ApiKey=key)

    def send(self, message: Message) -> Answer:
        sent = {
            "receptors": [{"mobile": message.address, "clientReferenceId": message.attempt.hex}],
            "templateName": message.template,
            "inputs": [{"param": name, "value": value} for name, value in message.tokens.items()],
            "udh": False,
        }
        data = data_of(self._http.post("/SendOtpSMS", json=sent))
        if isinstance(data, Answer):
            return data
        item = folded(first_object(folded(first_object(data)).get("items")))
        return accepted(item.get("messageid"), item.get("cost"))

    def deliveries(self, references: Sequence[str]) -> Mapping[str, Delivery]:
        found: dict[str, Delivery] = {}
        for batch in numeric(references, self.capabilities.status_batch_max):
            for entry in self._states(batch, BY_MESSAGE_ID) or ():
                reference = short_text(entry.get("messageid"))
                if reference in batch:
                    found[reference] = delivery_of(entry)
        return found

    def find(self, message: Message, since: datetime) -> Answer | None:  # noqa: ARG002 - our id is enough
        entries = self._states([message.attempt.hex], BY_CLIENT_REFERENCE)
        if entries is None:
            return Answer(Outcome.UNKNOWN, cause="no_answer")
        for entry in entries:
            if short_text(entry.get("clientreferenceid")) == message.attempt.hex:
                is_blocked = delivery_of(entry) is Delivery.BLOCKED
                yes = accepted(entry.get("messageid"), entry.get("price"))
                return Answer(Outcome.BLOCKED, yes.reference, cause=ON_BLACKLIST) if is_blocked else yes
        return None

    def _states(self, ids: Sequence[str], kind: str) -> list[Body] | None:
        """What it says of messages; None where it says nothing."""
        data = data_of(self._http.get("/CheckSmsStatus", params={"Ids": list(ids), "Type": kind}))
        return [folded(one) for one in objects_of(data)] if isinstance(data, list) else None


def data_of(body: Body | Answer) -> object:
    """The data of a success; else what the error says."""
    if isinstance(body, Answer):
        return body
    answer = folded(body)
    status = whole_number(answer.get("statuscode"))
    if status is None:
        return Answer(Outcome.UNKNOWN, cause="no_status")
    is_yes = status == OK and answer.get("issuccess") is True
    return answer.get("data") if is_yes else refusal(status, REFUSED, BLOCKED)


def folded(found: Body) -> Body:
    """An object with its names in small letters."""
    return {name.lower(): value for name, value in found.items()}


def delivery_of(entry: Body) -> Delivery:
    state = whole_number(entry.get("status"))
    return Delivery.PENDING if state is None else DELIVERIES.get(state, Delivery.UNKNOWN)
