"""Fake of Melipayamak's console interface: send/shared, receive/status and receive/messages; an error is a text beside the id 0."""

from flask import Blueprint, Response, jsonify

from clients.phone import approved_templates
from clients.phone.account import Account
from clients.phone.faults import Fault
from clients.phone.messages import Fate, New, Sent, State
from clients.phone.sms.answers import blueprint_of, broken
from clients.small_apps import Data, sent_object
from shared.text import persian

STATUSES_MAX = 100
PAGE_MAX = 100
ROWS_MAX = 1_000_000
LINE = "50004001"
REFUSALS = {
    Fault.ERROR_ANSWER: "خطای داخلی رخ داده است با پشتیبانی تماس بگیرید",
    Fault.NO_CREDIT: "اعتبار کافی نمی‌باشد",
}
STATES = {
    State.ON_ITS_WAY: (8, "رسیده به مخابرات"),
    State.DELIVERED: (1, "رسیده به گوشی"),
    State.BLOCKED: (35, "لیست سیاه"),
}
UNKNOWN = (-1, "شناسه ارسال شده اشتباه است")


def make_melipayamak(account: Account) -> Blueprint:
    """`/melipayamak/api/{send/shared,receive/status,receive/messages}/{key}`."""
    api = blueprint_of(account)

    @api.post("/api/send/shared/<key>")
    def shared(key: str) -> Response:  # noqa: ARG001 - any key is good
        return send(account, sent_object())

    @api.post("/api/receive/status/<key>")
    def status(key: str) -> Response:  # noqa: ARG001
        sent_ids = sent_object().get("recIds")
        references = [str(one) for one in sent_ids] if isinstance(sent_ids, list) else []
        if not references or len(references) > STATUSES_MAX:
            return jsonify({"results": [], "resultsAsCode": [], "status": "ورودی نامعتبر است"})
        known, now = account.found(references), account.clock()
        states = [STATES[known[one].state(now)] if one in known else UNKNOWN for one in references]
        states *= 2 if account.happens(Fault.DELIVERY_TWICE) else 1
        return jsonify(
            {"results": [text for _, text in states], "resultsAsCode": [code for code, _ in states], "status": ""}
        )

    @api.post("/api/receive/messages/<key>")
    def messages(key: str) -> Response:  # noqa: ARG001
        fields = sent_object()
        index, count = number_of(fields.get("index")), number_of(fields.get("count"))
        if fields.get("type") not in ("out", "all"):
            return jsonify({"messages": [], "status": ""})
        return jsonify({"messages": [entry(one) for one in account.outbox(index, min(count, PAGE_MAX))], "status": ""})

    return api


def number_of(value: object) -> int:
    """A row or a count that was sent, where it is one."""
    return min(value, ROWS_MAX) if type(value) is int and value > 0 else 0


def entry(sent: Sent) -> Data:
    return {
        "msgId": sent.reference,
        "body": sent.text,
        "sender": LINE,
        "receiver": sent.address,
        "sendDate": sent.sent_at.astimezone(persian.TEHRAN).replace(tzinfo=None).isoformat(),
    }


def send(account: Account, fields: Data) -> Response:
    """Answer a send of a shared line: a message by template."""
    mobile, template, values = (
        persian.mobile(str(fields.get("to", ""))),
        str(fields.get("bodyId", "")),
        fields.get("args"),
    )
    if mobile is None:
        return refused("شماره موبایل معتبر نیست")
    if fault := account.first(REFUSALS, mobile):
        return refused(REFUSALS[fault])
    text = account.template(template)
    if text is None:
        return refused("کد متن ارسالی صحیح نمی‌باشد و یا توسط مدیر سامانه تأیید نشده است")
    filled = approved_templates.filled_in_order(text, [str(one) for one in values] if isinstance(values, list) else [])
    if filled is None:
        return refused("متن ارسالی با متغیرهای متن پیش‌فرض همخوانی ندارد")
    fate = Fate.BLOCKED if account.happens(Fault.BLOCKED, mobile) else Fate.ARRIVES
    sent = account.take(New(account.provider, mobile, filled, template, fate=fate))
    if account.happens(Fault.ANSWER_LOST, mobile):
        return broken()
    return jsonify({"recId": sent.reference, "status": ""})


def refused(why: str) -> Response:
    return jsonify({"recId": 0, "status": why})
