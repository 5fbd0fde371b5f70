"""Sending the sandbox bank's notices: each stays in the outbox until it was answered with a 2xx, through any crash."""

import base64
import json
import logging
import ssl
from datetime import datetime, timedelta
from functools import cache, partial

import httpx
from pydantic import SecretStr

from clients.bank.notices.signatures import Signatures
from clients.bank.sandbox import faults
from clients.bank.sandbox.faults import Fault
from clients.bank.sandbox.tables import OUTBOX
from shared.event_store.command_handler import Records
from shared.subscriptions.timers import Timer

SEND_SECONDS = 5.0
SENDS_PER_ROUND_MAX = 20
MINUTE, HOUR = 60, 3_600
PAUSES_SECONDS = (2, 10, MINUTE, *[5 * MINUTE] * 2, *[10 * MINUTE] * 5, *[HOUR] * 5, *[6 * HOUR] * 3)
"""Between two tries; after the last the notice is given up (docs/payments.md 4, with two quick ones before)."""

STRANGER = Signatures([SecretStr(f"whsec_{base64.b64encode(b'nobodys').decode()}")])

log = logging.getLogger(__name__)


class Sender:
    """Sends what is due to the receiver's address."""

    def __init__(self, records: Records, signatures: Signatures, url: str) -> None:
        self._records = records
        self._signatures = signatures
        self._url = url

    def send_due(self, now: datetime) -> int:
        """Send every notice whose time has come, and return how many were delivered."""
        with self._records.read() as connection:
            if not self._signatures.can_sign or OUTBOX.first_due(connection, now) is None:
                return 0
        notices = OUTBOX.claim_each(self._records.database, now, partial(next_try, now), most=SENDS_PER_ROUND_MAX)
        with httpx.Client(timeout=SEND_SECONDS, trust_env=False, verify=tls()) as http:
            return sum(self._send(http, notice, now) for notice in notices)

    def _send(self, http: httpx.Client, notice: Timer, now: datetime) -> bool:
        authority = str(json.loads(notice.payload)["authority"])
        signatures = STRANGER if self._happens(Fault.NOTICE_FORGED, authority) else self._signatures
        headers = signatures.headers(notice.key, notice.payload, now)
        is_delivered = self._post(http, notice, headers)
        if is_delivered and self._happens(Fault.NOTICE_TWICE, authority):
            self._post(http, notice, headers)
        if is_delivered:
            self._records.write(lambda connection: OUTBOX.cancel(connection, notice.key))
        return is_delivered

    def _happens(self, fault: Fault, authority: str) -> bool:
        with self._records.read() as connection:
            is_on = fault in faults.switched_on(connection, authority)
        return is_on and self._records.write(lambda connection: faults.happens(connection, fault, authority))

    def _post(self, http: httpx.Client, notice: Timer, headers: dict[str, str]) -> bool:
        try:
            response = http.post(
                self._url, content=notice.payload, headers={**headers, "content-type": "application/json"}
            )
        except httpx.HTTPError as error:
            log.warning("notice %s was not delivered: %s", notice.key, type(error).__name__)
            return False
        return response.is_success


@cache
def tls() -> ssl.SSLContext:
    """Made once: reading the certificates takes longer than sending a notice."""
    return httpx.create_ssl_context(trust_env=False)


def next_try(now: datetime, notice: Timer) -> datetime | None:
    """When a notice that is sent now is sent again unless it is delivered; None after the last pause."""
    return now + timedelta(seconds=PAUSES_SECONDS[notice.tries]) if notice.tries < len(PAUSES_SECONDS) else None
