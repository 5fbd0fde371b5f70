"""Sending the sandbox bank's notices: each stays in the outbox until it was answered with a 2xx, through any crash."""

import base64
import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
from pydantic import SecretStr
from sqlalchemy import Connection, RowMapping, select, update

from clients.bank.notices.signatures import Signatures
from clients.bank.sandbox import faults
from clients.bank.sandbox.faults import Fault
from clients.bank.sandbox.tables import OUTBOX
from shared.event_store.command_handler import Records

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
        if not self._signatures.can_sign:
            return 0
        with self._records.read() as connection:
            due = notices_due(connection, now)
        if not due:
            return 0
        with httpx.Client(timeout=SEND_SECONDS, trust_env=False) as http:
            return sum(self._send(http, notice, now) for notice in due)

    def _send(self, http: httpx.Client, notice: RowMapping, now: datetime) -> bool:
        authority = str(json.loads(notice["body"])["authority"])
        signatures = STRANGER if self._happens(Fault.NOTICE_FORGED, authority) else self._signatures
        headers = signatures.headers(notice["notice_id"], notice["body"], now)
        delivered = self._post(http, notice, headers)
        if delivered and self._happens(Fault.NOTICE_TWICE, authority):
            self._post(http, notice, headers)
        self._records.write(lambda connection: tried(connection, notice, now, delivered=delivered))
        return delivered

    def _happens(self, fault: Fault, authority: str) -> bool:
        return self._records.write(lambda connection: faults.happens(connection, fault, authority))

    def _post(self, http: httpx.Client, notice: RowMapping, headers: dict[str, str]) -> bool:
        try:
            response = http.post(
                self._url, content=notice["body"], headers={**headers, "content-type": "application/json"}
            )
        except httpx.HTTPError as error:
            log.warning("notice %s was not delivered: %s", notice["notice_id"], type(error).__name__)
            return False
        return response.is_success


def notices_due(connection: Connection, now: datetime) -> Sequence[RowMapping]:
    query = select(OUTBOX).where(OUTBOX.c.next_try_at <= now).order_by(OUTBOX.c.next_try_at).limit(SENDS_PER_ROUND_MAX)
    return connection.execute(query).mappings().all()


def tried(connection: Connection, notice: RowMapping, now: datetime, *, delivered: bool) -> None:
    """Note a try, and when the next one follows."""
    tries = notice["tries"] + 1
    goes_on = not delivered and tries <= len(PAUSES_SECONDS)
    next_try_at = now + timedelta(seconds=PAUSES_SECONDS[tries - 1]) if goes_on else None
    this = OUTBOX.c.notice_id == notice["notice_id"]
    connection.execute(update(OUTBOX).where(this).values(tries=tries, next_try_at=next_try_at))
