"""Fake of Kavenegar's REST interface: verify/lookup, status and the outbox; its errors are answers with status 200."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, request

from clients.phone import approved_templates
from clients.phone.account import Account
from clients.phone.faults import Fault
from clients.phone.messages import REFERENCE, Fate, New, Sent, State
from clients.phone.sms.answers import blueprint_of, broken
from clients.small_apps import Data
from shared.text import persian

SLOTS = ("token", "token2", "token3", "token10", "token20")
"""A template's tokens, in the order in which its text first names them."""
BLANKS_MAX = {"token10": 4, "token20": 8}
TOKEN_SIGNS_MAX = 100
STATUSES_MAX = 500
SENDER = "10004346"
OK = 200
SAID = {
    OK: "تایید شد",
    403: "کد شناسایی API-Key معتبر نمی‌باشد",
    404: "متد نامشخص است",
    409: "سرور قادر به پاسخگوئی نیست بعدا تلاش کنید",
    411: "دریافت کننده نامعتبر است",
    414: "حجم درخواست بیشتر از حد مجاز است",
    418: "اعتبار شما کافی نمی‌باشد",
    424: "الگوی مورد نظر پیدا نشد",
    431: "ساختار کد صحیح نمی‌باشد",
}
REFUSALS = {Fault.ERROR_ANSWER: 409, Fault.NO_CREDIT: 418}
STATES = {
    State.ON_ITS_WAY: (5, "ارسال به مخابرات"),
    State.DELIVERED: (10, "رسیده به گیرنده"),
    State.BLOCKED: (14, "بلاک شده است"),
}
UNKNOWN = (100, "شناسه پیامک نامعتبر است")
METHODS = ["GET", "POST"]
UNIX_TIME = re.compile("[0-9]{1,10}")


def make_kavenegar(account: Account) -> Blueprint:
    """`/kavenegar/v1/{key}/{verify/lookup,sms/status,sms/selectoutbox,sms/latestoutbox}.json`."""
    api = blueprint_of(account)

    @api.route("/v1/<key>/verify/lookup.json", methods=METHODS)
    def lookup(key: str) -> Response:  # noqa: ARG001 - any key is good
        return send(account, request.values)

    @api.route("/v1/<key>/sms/status.json", methods=METHODS)
    def status(key: str) -> Response:  # noqa: ARG001
        references = request.values.get("messageid", "").split(",")
        if len(references) > STATUSES_MAX:
            return answer(414)
        known = account.found(references)
        entries = [status_entry(one, known.get(one), account.clock()) for one in references]
        return answer(OK, entries * (2 if account.happens(Fault.DELIVERY_TWICE) else 1))

    @api.route("/v1/<key>/sms/<any(selectoutbox, latestoutbox):method>.json", methods=METHODS)
    def outbox(key: str, method: str) -> Response:  # noqa: ARG001
        first, last = instant(request.values.get("startdate", "")), instant(request.values.get("enddate", ""))
        sent = [one for one in account.outbox() if (first or one.sent_at) <= one.sent_at <= (last or one.sent_at)]
        return answer(OK, [entry(one, account.clock()) for one in sent])

    return api


def send(account: Account, fields: Mapping[str, str]) -> Response:
    """Answer a lookup: a message by template."""
    receptor, template = persian.mobile(fields.get("receptor", "")), fields.get("template", "")
    if receptor is None:
        return answer(411)
    if fault := account.first(REFUSALS, receptor):
        return answer(REFUSALS[fault])
    text = account.template(template)
    if text is None:
        return answer(424)
    filled = approved_templates.filled_in_order(text, [fields[slot] for slot in SLOTS if fields.get(slot)])
    if filled is None or any(not is_token(slot, fields.get(slot, "")) for slot in SLOTS):
        return answer(431)
    fate = Fate.BLOCKED if account.happens(Fault.BLOCKED, receptor) else Fate.ARRIVES
    sent = account.take(New(account.provider, receptor, filled, template, fate=fate))
    if account.happens(Fault.ANSWER_LOST, receptor):
        return broken()
    return answer(OK, [{**entry(sent, sent.sent_at), "status": 5, "statustext": STATES[State.ON_ITS_WAY][1]}])


def is_token(slot: str, value: str) -> bool:
    """Whether a slot takes a value: the first three no blank, `token10` four and `token20` eight."""
    return value.count(" ") <= BLANKS_MAX.get(slot, 0) and len(value) <= TOKEN_SIGNS_MAX and "\n" not in value


def instant(unix_time: str) -> datetime | None:
    """A Unix time that was sent, where it is one."""
    return datetime.fromtimestamp(int(unix_time), UTC) if UNIX_TIME.fullmatch(unix_time) else None


def entry(sent: Sent, now: datetime) -> Data:
    status, text = STATES[sent.state(now)]
    return {
        "messageid": sent.reference,
        "message": sent.text,
        "status": status,
        "statustext": text,
        "sender": SENDER,
        "receptor": sent.address,
        "date": int(sent.sent_at.timestamp()),
        "cost": sent.cost_rials,
    }


def status_entry(reference: str, sent: Sent | None, now: datetime) -> Data:
    status, text = UNKNOWN if sent is None else STATES[sent.state(now)]
    return {"messageid": int(reference) if REFERENCE.fullmatch(reference) else 0, "status": status, "statustext": text}


def answer(status: int, entries: list[Data] | None = None) -> Response:
    return jsonify({"return": {"status": status, "message": SAID[status]}, "entries": entries})
