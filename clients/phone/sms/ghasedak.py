"""Fake of Ghasedak's REST interface: SendOtpSMS, and CheckSmsStatus by its own id or by the client's."""

from collections.abc import Iterator
from dataclasses import replace

from flask import Blueprint, Response, jsonify, request

from clients.phone import approved_templates
from clients.phone.account import Account
from clients.phone.faults import Fault
from clients.phone.messages import Fate, New, Sent, State
from clients.phone.sms.answers import blueprint_of, broken, objects
from clients.small_apps import Data, sent_object
from shared.text import persian

PREFIX = "/rest/api/v1/WebService"
RECEPTORS_MAX = 100
CLIENT_REFERENCE_SIGNS_MAX = 200
STATUSES_MAX = 100
BY_CLIENT_REFERENCE = "2"
"""As the type of a question about messages; their own ids are 1."""
LINE = "30005088"
OK, SYSTEM_ERROR = 200, 500
SAID = {
    OK: "با موفقیت انجام شد",
    400: "پارامترهای ارسالی معتبر نمی‌باشد",
    401: "کلید شناسه معتبر نمی‌باشد",
    412: "شماره گیرنده معتبر نمی‌باشد",
    418: "اعتبار شما کافی نمی‌باشد",
    428: "قالب مورد نظر یافت نشد",
    SYSTEM_ERROR: "خطای سیستمی رخ داده است",
}
REFUSALS = {Fault.ERROR_ANSWER: SYSTEM_ERROR, Fault.NO_CREDIT: 418}
STATES = {State.ON_ITS_WAY: 3, State.DELIVERED: 5, State.BLOCKED: 2}


def make_ghasedak(account: Account) -> Blueprint:
    """`/ghasedak/rest/api/v1/WebService/{SendOtpSMS,CheckSmsStatus}`."""
    api = blueprint_of(account)

    @api.before_request
    def require_key() -> Response | None:
        return None if request.headers.get("ApiKey") else answer(401)

    @api.post(f"{PREFIX}/SendOtpSMS")
    def otp() -> Response:
        return send(account, names_folded(sent_object()))

    @api.get(f"{PREFIX}/CheckSmsStatus")
    def status() -> Response:
        given = [(name.casefold().partition("[")[0], value) for name, value in request.args.items(multi=True)]
        references = [value for name, value in given if name == "ids"]
        if not references or len(references) > STATUSES_MAX:
            return answer(400)
        is_clients = ("type", BY_CLIENT_REFERENCE) in given
        found = account.of_client_references(references) if is_clients else [*account.found(references).values()]
        return answer(OK, [entry(one, account) for one in found] * (2 if account.happens(Fault.DELIVERY_TWICE) else 1))

    return api


def names_folded(sent: Data) -> Data:
    """An object with its names, and those of objects in its lists, in small letters: the real interface takes any."""
    return {
        name.casefold(): [names_folded(one) if isinstance(one, dict) else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in sent.items()
    }


def send(account: Account, fields: Data) -> Response:
    """Answer a send by template, to one number or several."""
    receptors = list(receptors_of(fields))
    if not 0 < len(receptors) <= RECEPTORS_MAX:
        return answer(412)
    first, template = receptors[0][0], str(fields.get("templatename", ""))
    if fault := account.first(REFUSALS, first):
        return answer(REFUSALS[fault])
    text = account.template(template)
    if text is None:
        return answer(428)
    values = {str(one.get("param", "")): str(one.get("value", "")) for one in objects(fields.get("inputs"))}
    filled = approved_templates.filled_by_name(text, values)
    if filled is None:
        return answer(400)
    sent = [take(account, New(account.provider, mobile, filled, template, own)) for mobile, own in receptors]
    if account.happens(Fault.ANSWER_LOST, first):
        return broken()
    total = sum(one.cost_rials for one in sent)
    return answer(OK, {"lineNumber": LINE, "messageBody": filled, "items": list(map(item, sent)), "totalCost": total})


def item(sent: Sent) -> Data:
    return {
        "receptor": sent.address,
        "cost": sent.cost_rials,
        "messageId": str(sent.reference),
        "sendDate": sent.sent_at.isoformat(),
    }


def take(account: Account, new: New) -> Sent:
    is_blocked = account.happens(Fault.BLOCKED, new.address)
    return account.take(replace(new, fate=Fate.BLOCKED) if is_blocked else new)


def receptors_of(fields: Data) -> Iterator[tuple[str, str]]:
    """The numbers, each with the id that the client gave."""
    for one in objects(fields.get("receptors")):
        mobile = persian.mobile(str(one.get("mobile", "")))
        if mobile is not None:
            yield mobile, str(one.get("clientreferenceid") or "")[:CLIENT_REFERENCE_SIGNS_MAX]


def entry(sent: Sent, account: Account) -> Data:
    return {
        "messageId": str(sent.reference),
        "clientReferenceId": sent.client_reference or None,
        "message": sent.text,
        "lineNumber": LINE,
        "receptor": sent.address,
        "status": STATES[sent.state(account.clock())],
        "price": sent.cost_rials,
        "sendDate": sent.sent_at.isoformat(),
    }


def answer(code: int, data: object = None) -> Response:
    response = jsonify({"isSuccess": code == OK, "statusCode": code, "message": SAID[code], "data": data})
    response.status_code = OK if code == SYSTEM_ERROR else code  # what went wrong is in the body alone
    return response
