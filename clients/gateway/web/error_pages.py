"""Error pages: the HTTP status and page of each refusal and failure, with a sentence and a link onwards, never a trace."""

import logging
from collections.abc import Callable, Mapping

import flask
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from clients.gateway.web import filters
from clients.gateway.web.session import CodeNeeded
from shared.contract.refusals import Reason, Refused
from shared.observability import request_context

logger = logging.getLogger(__name__)

BY_STATUS: Mapping[int, set[Reason]] = {
    400: {
        *(Reason.BAD_INPUT, Reason.WRONG_CAPTCHA, Reason.WRONG_CODE, Reason.WEAK_PASSWORD, Reason.REASON_NEEDED),
        Reason.FIELDS_CLOSED,
        *(Reason.POLICY_WRONG, Reason.STATEMENT_WRONG, Reason.WRONG_PASSKEY),
    },
    401: {Reason.NOT_SIGNED_IN, Reason.WRONG_CREDENTIALS},
    403: {
        *(Reason.CODE_NEEDED, Reason.SECOND_FACTOR_NEEDED, Reason.NOT_ALLOWED, Reason.OWN_REQUEST),
        *(Reason.OWN_CORRECTION, Reason.OWN_STATEMENT, Reason.OWN_WAIVER, Reason.NOT_INDEPENDENT),
        Reason.ROLES_EXCLUDED,
        Reason.PASSWORD_NEEDED,
    },
    404: {
        *(Reason.UNKNOWN_MEMBER, Reason.UNKNOWN_OFFICER, Reason.UNKNOWN_LINK, Reason.UNKNOWN_PAYMENT),
        *(Reason.UNKNOWN_RECEIPT, Reason.UNKNOWN_REQUEST, Reason.UNKNOWN_STATEMENT, Reason.UNKNOWN_IMPORT),
        *(Reason.NO_INVOICE, Reason.NO_CAPACITY, Reason.NOT_REQUESTED, Reason.NOT_PARKED, Reason.NOT_ORPHANED),
        *(Reason.UNKNOWN_PASSKEY, Reason.UNKNOWN_NOTICE, Reason.UNKNOWN_WEBHOOK, Reason.UNKNOWN_PROGRAM),
    },
    409: {
        *(Reason.CONFLICT, Reason.ALREADY_SUBMITTED, Reason.ALREADY_DECIDED, Reason.NOT_SUBMITTED),
        *(Reason.HELD_BY_COLLEAGUE, Reason.NOT_A_COLLEAGUE, Reason.ALREADY_CONFIRMED),
        *(Reason.NOT_WITHDRAWABLE, Reason.NOT_THIS_YEAR, Reason.NO_TARIFF, Reason.NO_POLICY, Reason.NOTHING_CHANGES),
        *(Reason.INVOICE_EXPIRED, Reason.INVOICE_OUTDATED, Reason.INVOICE_REPLACED, Reason.INVOICE_CANCELLED),
        *(
            Reason.ALREADY_PAID,
            Reason.PAYMENT_UNKNOWN,
            Reason.PAYMENT_HELD,
            Reason.PAYMENT_UNDER_WAY,
            Reason.PAYMENT_NOT_SETTLED,
            Reason.BELOW_BANK_MINIMUM,
        ),
        *(Reason.TOO_MUCH, Reason.REFERENCE_COUNTED, Reason.REFUND_IN_FLIGHT, Reason.REFUND_RECORDED),
        *(Reason.GIVEN_BACK_BY_BANK, Reason.STATEMENT_COUNTED, Reason.STATEMENT_CORRECTED, Reason.DAY_NOT_OVER),
        *(Reason.IMPORT_FOLLOWED, Reason.REBUILD_RUNNING, Reason.SECOND_FACTOR_ON, Reason.REQUESTER_DISMISSED),
        *(Reason.PASSKEY_TAKEN, Reason.TOO_MANY_PASSKEYS, Reason.HAS_PASSWORD, Reason.ACTIVATION_OFF),
        *(Reason.MEMBER_ERASED, Reason.CHANGED_SINCE, Reason.REVIEW_OPENED, Reason.CORRECTION_LATE, Reason.UNDO_OVER),
        *(Reason.TOO_MANY_NOTES, Reason.SOURCE_REPLACED, Reason.IMPORT_UNDONE, Reason.TOO_MANY_WEBHOOKS),
        *(Reason.TOO_MANY_RESENDS, Reason.REFUND_GRANTED, Reason.REVERSAL_REQUESTED),
    },
    429: {Reason.TOO_MANY_ATTEMPTS},
    503: {
        *(Reason.DEADLINE_PASSED, Reason.NO_ANSWER, Reason.BANK_UNREACHABLE, Reason.BANK_BUSY),
        *(Reason.REFUND_UNKNOWN, Reason.NEWER_VERSION_NEEDED, Reason.UPGRADE_UNFINISHED),
    },
}
STATUSES = {reason: status for status, reasons in BY_STATUS.items() for reason in reasons}
"""Each reason's HTTP status."""
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
    Reason.NO_CAPACITY: "ظرفیتی ثبت نشده است",
    Reason.UNKNOWN_PAYMENT: "چنین پرداختی نیست",
    Reason.UNKNOWN_RECEIPT: "چنین رسیدی نیست",
    Reason.UNKNOWN_REQUEST: "چنین درخواستی در انتظار نیست",
    Reason.UNKNOWN_STATEMENT: "چنین صورت‌حساب بانکی در دست نیست",
}
"""Titles of what is missing where the page itself is not."""
STALE_FORM = "این فرم کهنه شده است. به صفحهٔ پیش برگردید، آن را تازه کنید و دوباره بفرستید."
NOT_FOUND = "نشانی را بررسی کنید یا از صفحهٔ نخست ادامه دهید."
BROKEN = "کاری که خواسته بودید شاید انجام نشده باشد. چند لحظهٔ دیگر وضعیت را ببینید و اگر لازم بود دوباره تلاش کنید."


def attach(
    app: flask.Flask, sign_in_page: Callable[[], ResponseReturnValue], code_page: Callable[[], ResponseReturnValue]
) -> None:
    """Show each kind of failure as a page, and where a session or a code is needed the page for it; the API answers its own in JSON."""

    def refused_page(refused: Refused) -> ResponseReturnValue:
        if refused.reason is Reason.NOT_SIGNED_IN:
            return sign_in_page()
        return page(status(refused), filters.refusal(refused), title=REASON_TITLES.get(refused.reason, ""))

    app.register_error_handler(Refused, refused_page)
    app.register_error_handler(CodeNeeded, lambda _error: code_page())
    app.register_error_handler(CSRFError, lambda _error: page(BAD_INPUT_STATUS, STALE_FORM))
    app.register_error_handler(HTTPException, http_page)
    app.register_error_handler(Exception, broken_page)


def status(refused: Refused) -> int:
    """The HTTP status of a refusal."""
    return STATUSES[refused.reason]


def page(code: int, text: str, correlation_id: str = "", title: str = "") -> ResponseReturnValue:
    title = title or TITLES.get(code, TITLES[BAD_INPUT_STATUS])
    return flask.render_template("web/refused.html", title=title, text=text, correlation_id=correlation_id), code


def http_page(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < BAD_INPUT_STATUS:
        return error  # a redirect
    return page(code, NOT_FOUND if code == 404 else TITLES.get(code, TITLES[BAD_INPUT_STATUS]))  # noqa: PLR2004


def broken_page(error: Exception) -> ResponseReturnValue:
    """A bug: logged with its trace under an id that the page shows, and that the lines of all services about this request have."""
    correlation_id = str(request_context.present().correlation_id)
    logger.error("page %s failed (%s)", flask.request.url_rule, correlation_id, exc_info=error)
    return page(500, BROKEN, correlation_id)
