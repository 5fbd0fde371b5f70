"""The receiver of the bank's notices: a notice is durably stored before it is answered, or the bank sends it again."""

import hashlib
import logging
import re
from datetime import UTC, datetime
from http import HTTPStatus
from uuid import uuid4

from flask import Blueprint, Response, jsonify, request
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from clients.bank.notices import domain
from clients.bank.notices.refusals import Refusals
from clients.bank.notices.signatures import Signatures
from shared.contract.bank.notices import BankNotice
from shared.contract.refusals import Refused
from shared.event_store.command_handler import Records

PATH = "/webhooks/bank"
ANSWERS = {
    202: "It is stored.",
    200: "It was stored before.",
    400: "It is no notice.",
    401: "It is not signed by one of the secrets within five minutes of now.",
    409: "Another notice has come under its id.",
    413: "It is too large.",
    503: "It could not be stored: send it again.",
}
"""By status; what is refused with 4xx is refused for good."""
BODY_BYTES_MAX = 64 * 1024
"""The application's limit for every body: Flask answers 413 to a longer one."""
NOTICE_ID = re.compile(r"[0-9A-Za-z_-]{1,80}")

log = logging.getLogger(__name__)


def make_receiver(records: Records, signatures: Signatures) -> Blueprint:
    """`POST /webhooks/bank`, with the answers of `ANSWERS`."""
    receiver, refusals = Blueprint("receiver", __name__), Refusals(records)

    @receiver.post(PATH)
    def receive() -> tuple[Response, HTTPStatus]:
        body = request.get_data(cache=False)
        notice_id = request.headers.get("webhook-id", "")
        if not signatures.are_good(dict(request.headers), body):
            refusals.record("not_signed")
            return answer(HTTPStatus.UNAUTHORIZED)
        notice = notice_in(body)
        if notice is None or not NOTICE_ID.fullmatch(notice_id):
            return answer(HTTPStatus.BAD_REQUEST)
        status = store(records, notice_id, notice.authority, body)
        if status is HTTPStatus.CONFLICT:
            refusals.record("differs")
        return answer(status)

    return receiver


def notice_in(body: bytes) -> BankNotice | None:
    """The notice in a body; None where it is none."""
    try:
        return BankNotice.model_validate_json(body)
    except ValidationError:
        return None


def store(records: Records, notice_id: str, authority: str, body: bytes) -> HTTPStatus:
    """Put the notice on record, and say how that went."""
    command = domain.StoreNotice(
        id=uuid4(),
        at=datetime.now(UTC),
        notice_id=notice_id,
        authority=authority,
        body_digest=hashlib.sha256(body).hexdigest(),
    )
    try:
        handled = records.handle(f"notice/{notice_id}", command, domain.NOTICE)
    except Refused as refused:
        if "body" not in refused.details:
            return HTTPStatus.SERVICE_UNAVAILABLE
        log.error("notice %s came again with another body", notice_id)  # noqa: TRY400 - the trace shows nothing
        return HTTPStatus.CONFLICT
    except (SQLAlchemyError, OSError):
        log.exception("notice %s could not be stored", notice_id)
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.ACCEPTED if handled.is_new else HTTPStatus.OK


def answer(status: HTTPStatus) -> tuple[Response, HTTPStatus]:
    return jsonify(status=status.phrase), status
