"""Fake of SMS.ir's REST interface: send/verify, the report of one message and of today's; its errors have a code beside the HTTP status."""

from flask import Blueprint, Response, jsonify, request

from clients.phone import approved_templates
from clients.phone.account import Account
from clients.phone.faults import Fault
from clients.phone.messages import DELIVERY_SECONDS, New, Sent, State
from clients.phone.sms.answers import blueprint_of, broken, objects
from clients.small_apps import Data, sent_object
from shared.text import persian

VALUE_SIGNS_MAX = 25
PAGE_MAX = 100
PAGES_MAX = 1_000_000
LINE = 30004505000017
OK = 1
SAID = {
    OK: "موفق",
    0: "مشکلی در سامانه رخ داده است، لطفا با پشتیبانی در تماس باشید",
    10: "کلید وب سرویس نامعتبر است",
    102: "اعتبار کافی نمیباشد",
    104: "شماره موبایل(ها) نامعتبر است",
    111: "ارسالی با شناسه موردنظر یافت نشد",
    113: "قالب یافت نشد",
    114: "طول رشته مقدار پارامتر، بیش از حد مجاز (۲۵ کاراکتر) میباشد",
    115: "شماره موبایل(ها) در لیست سیاه سامانه میباشند",
    116: "نام یک یا چند پارامتر مقداردهی نشده است",
}
HTTP_STATUS = {OK: 200, 0: 500, 10: 401}
"""400 for all others."""
REFUSALS = {Fault.ERROR_ANSWER: 0, Fault.NO_CREDIT: 102, Fault.BLOCKED: 115}
STATES = {State.ON_ITS_WAY: 3, State.DELIVERED: 1, State.BLOCKED: 7}


def make_smsir(account: Account) -> Blueprint:
    """`/smsir/v1/send/{verify,{messageId},live,archive}`."""
    api = blueprint_of(account)

    @api.before_request
    def require_key() -> Response | None:
        return None if request.headers.get("X-API-KEY") else answer(10)

    @api.post("/v1/send/verify")
    def verify() -> Response:
        return send(account, sent_object())

    @api.get("/v1/send/<int:reference>")
    def report(reference: int) -> Response:
        found = account.found([str(reference)]).get(str(reference))
        return answer(111) if found is None else answer(OK, entry(found, account))

    @api.get("/v1/send/live")
    def live() -> Response:
        size = max(min(request.args.get("pageSize", PAGE_MAX, int), PAGE_MAX), 1)
        number = max(min(request.args.get("pageNumber", 1, int), PAGES_MAX), 1)
        return answer(OK, [entry(one, account) for one in account.outbox((number - 1) * size, size)])

    @api.get("/v1/send/archive")
    def archive() -> Response:
        return answer(OK, [])  # an account of the phone lists what it has sent as today's

    return api


def send(account: Account, fields: Data) -> Response:
    """Answer a verify: a message by template."""
    mobile, template = persian.mobile(str(fields.get("mobile", ""))), str(fields.get("templateId", ""))
    values = {str(one.get("name", "")): str(one.get("value", "")) for one in objects(fields.get("parameters"))}
    text = account.template(template)
    if mobile is None:
        return answer(104)
    if fault := account.first(REFUSALS, mobile):
        return answer(REFUSALS[fault])
    if text is None:
        return answer(113)
    if any(len(value) > VALUE_SIGNS_MAX for value in values.values()):
        return answer(114)
    filled = approved_templates.filled_by_name(text, values)
    if filled is None:
        return answer(116)
    sent = account.take(New(account.provider, mobile, filled, template))
    if account.happens(Fault.ANSWER_LOST, mobile):
        return broken()
    return answer(OK, {"messageId": sent.reference, "cost": credit(sent)})


def credit(sent: Sent) -> float:
    """What a message costs in credits of the account, where others tell rials."""
    return float(sent.segments)


def entry(sent: Sent, account: Account) -> Data:
    state = sent.state(account.clock())
    sent_at = int(sent.sent_at.timestamp())
    return {
        "messageId": sent.reference,
        "mobile": int(sent.address),
        "messageText": sent.text,
        "sendDateTime": sent_at,
        "lineNumber": LINE,
        "cost": credit(sent),
        "deliveryState": STATES[state],
        "deliveryDateTime": sent_at + DELIVERY_SECONDS if state is State.DELIVERED else None,
    }


def answer(code: int, data: Data | list[Data] | None = None) -> Response:
    response = jsonify({"status": code, "message": SAID[code], "data": data})
    response.status_code = HTTP_STATUS.get(code, 400)
    return response
