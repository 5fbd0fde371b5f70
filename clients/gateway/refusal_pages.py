"""What a visitor sees when something is refused or breaks: a sentence and a way on, never a trace."""

import logging
from uuid import uuid4

import flask
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from clients.gateway import display, signing_in
from shared.contract.refusals import Reason, Refused

logger = logging.getLogger(__name__)

STATUSES = {
    Reason.NOT_SIGNED_IN: 401,
    Reason.WRONG_CREDENTIALS: 401,
    Reason.NOT_ALLOWED: 403,
    Reason.UNKNOWN_MEMBER: 404,
    Reason.UNKNOWN_OFFICER: 404,
    Reason.UNKNOWN_LINK: 404,
    Reason.UNKNOWN_PAYMENT: 404,
    Reason.UNKNOWN_RECEIPT: 404,
    Reason.NO_INVOICE: 404,
    Reason.NO_CAPACITY: 404,
    Reason.NOT_REQUESTED: 404,
    Reason.NOT_PARKED: 404,
    Reason.CONFLICT: 409,
    Reason.ALREADY_SUBMITTED: 409,
    Reason.ALREADY_DECIDED: 409,
    Reason.NOT_SUBMITTED: 409,
    Reason.NOT_WITHDRAWABLE: 409,
    Reason.ALREADY_PAID: 409,
    Reason.INVOICE_EXPIRED: 409,
    Reason.INVOICE_OUTDATED: 409,
    Reason.INVOICE_REPLACED: 409,
    Reason.REBUILD_RUNNING: 409,
    Reason.PAYMENT_NOT_SETTLED: 409,
    Reason.NO_TARIFF: 409,
    Reason.NO_POLICY: 409,
    Reason.TOO_MANY_ATTEMPTS: 429,
    Reason.DEADLINE_PASSED: 503,
    Reason.NO_ANSWER: 503,
    Reason.BANK_UNREACHABLE: 503,
    Reason.BANK_BUSY: 503,
}
"""HTTP statuses; the other reasons are of bad input, 400."""
BAD_INPUT_STATUS = 400
TITLES = {
    400: "این درخواست انجام نشد",
    403: "این صفحه برای شما نیست",
    404: "صفحه پیدا نشد",
    405: "این درخواست انجام نشد",
    409: "وضعیت تغییر کرده است",
    413: "فرم بزرگ‌تر از حد مجاز است",
    429: "کمی بعد دوباره تلاش کنید",
    500: "خطایی در سامانه رخ داد",
    503: "سامانه پاسخ نمی‌دهد",
}
REASON_TITLES = {
    Reason.UNKNOWN_MEMBER: "چنین عضوی نیست",
    Reason.NO_INVOICE: "صورت‌حسابی صادر نشده است",
    Reason.NOT_REQUESTED: "درخواستی ثبت نشده است",
}
"""Titles of what is missing where the page itself is not."""
STALE_FORM = "این فرم کهنه شده است. به صفحهٔ پیش برگردید، آن را تازه کنید و دوباره بفرستید."
NOT_FOUND = "نشانی را بررسی کنید یا از صفحهٔ نخست ادامه دهید."
BROKEN = "کاری که خواسته بودید شاید انجام نشده باشد. چند لحظهٔ دیگر وضعیت را ببینید و اگر لازم بود دوباره تلاش کنید."


def attach(app: flask.Flask) -> None:
    """Show each kind of failure as a page; the API answers its own in JSON."""
    app.register_error_handler(Refused, refused_page)
    app.register_error_handler(CSRFError, lambda _error: page(BAD_INPUT_STATUS, STALE_FORM))
    app.register_error_handler(HTTPException, http_page)
    app.register_error_handler(Exception, broken_page)


def status(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    return STATUSES.get(refused.reason, BAD_INPUT_STATUS)


def page(code: int, text: str, correlation_id: str = "", title: str = "") -> ResponseReturnValue:
    title = title or TITLES.get(code, TITLES[BAD_INPUT_STATUS])
    return flask.render_template("refused.html", title=title, text=text, correlation_id=correlation_id), code


def refused_page(refused: Refused) -> ResponseReturnValue:
    """A refusal that no form of its page shows; without a session, the sign-in page."""
    if refused.reason is Reason.NOT_SIGNED_IN:
        return signing_in.instead()
    return page(status(refused), display.refusal(refused), title=REASON_TITLES.get(refused.reason, ""))


def http_page(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < BAD_INPUT_STATUS:
        return error  # a redirect
    return page(code, NOT_FOUND if code == 404 else TITLES.get(code, TITLES[BAD_INPUT_STATUS]))  # noqa: PLR2004


def broken_page(error: Exception) -> ResponseReturnValue:
    """A bug: logged with its trace under an id that the visitor can tell."""
    correlation_id = str(uuid4())
    logger.error("page %s failed (%s)", flask.request.url_rule, correlation_id, exc_info=error)
    return page(500, BROKEN, correlation_id)
