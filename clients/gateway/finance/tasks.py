"""Tasks of finance in a province: the list, one task, and granting, declining or recording it."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.finance import finance_lists
from shared import translations
from shared.contract import base
from shared.contract.payment import answers, commands, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("tasks", __name__)
ALERTS_SHOWN = 20
TYPED_MAX = 60
"""Characters of a wrong membership number that the page shows again."""
FIELD_TEXTS = {
    "reason": translations.group("refusal")[Reason.REASON_NEEDED],
    "slip": "شمارهٔ فیش را با ۳ تا ۶۰ رقم یا حرف لاتین بنویسید.",
    "bank_reference": "شمارهٔ پیگیری واریز را با ۳ تا ۶۰ رقم یا حرف لاتین بنویسید.",
    "attempt": "پرداختی را که باید بازگردد انتخاب کنید.",
    "manual_payment": "فیشی را که باید باطل شود انتخاب کنید.",
}
"""The error sentence at a field, whatever is wrong with it."""
DECIDED = {"granted": "تأیید کرد", "done": "تأیید کرد", "declined": "رد کرد", "reversed": "باطل کرد"}
"""The outcome of a request that a colleague decided first."""
FIELD_OF = {"ends_membership": "ends"}
"""Names of fields where the form and the contract differ."""
GRANTS: dict[str, type[base.Command[answers.Invoice]]] = {
    "refund_requested": commands.GrantRefund,
    "write_off_requested": commands.GrantWriteOff,
    "manual_payment_requested": commands.GrantManualPayment,
    "slip_reversal_requested": commands.GrantManualPaymentReversal,
}
WAIVER = "waiver"
"""The cause of a write-off that the manager has requested with the approval."""
GRANTED_MESSAGES = {
    "refund_requested": "بازپرداخت تأیید شد. پول را واریز و شمارهٔ پیگیری آن را همین‌جا ثبت کنید.",
    "write_off_requested": "چشم‌پوشی از بدهی تأیید و در حساب عضو ثبت شد.",
    "manual_payment_requested": "فیش تأیید شد و در حساب عضو به حساب آمد.",
    "slip_reversal_requested": "فیش باطل شد و دیگر در حساب عضو به حساب نمی‌آید.",
}


@BLUEPRINT.get("/desk/money")
def tasks() -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER, Role.FINANCE)
    rows = web.url_arguments.list_page(visitor)
    typed = flask.request.args.get("member", "").strip()[:TYPED_MAX]
    if (number := persian.membership_no(typed)) is not None:
        return flask.redirect(flask.url_for("account.of_member", number=number), 303)
    query = base.parse(queries.ListMoneyTasks, rows.limits)
    web.lists.offer(visitor, finance_lists.tasks(query), finance_lists.alerts(rows.province))
    found = visitor.call(query)
    rows.redirect_beyond_end(found.total)
    actors = (actor for one in found.tasks for actor in (one.requested_by, one.granted_by))
    web.queries.load_officer_names(visitor, actors)
    return flask.render_template(
        "finance/tasks.html",
        typed=typed,
        found=found,
        health=web.queries.bank_health(visitor),
        alerts=visitor.call_if_known(queries.ListAlerts(province=rows.province, limit=ALERTS_SHOWN)),
        names=web.queries.member_names(visitor, (one.member for one in found.tasks)),
        **vars(rows),
    )


@BLUEPRINT.get("/desk/money/<member:number>/<year:year>/<uuid:task>")
def task(number: str, year: int, task: UUID) -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER, Role.FINANCE)
    return task_page(visitor, web.queries.invoice(visitor, year, number), task, web.Form())


@BLUEPRINT.post("/desk/money/<member:number>/<year:year>/<uuid:task>/grant")
def grant(number: str, year: int, task: UUID) -> ResponseReturnValue:
    """Grant a colleague's request, as the page showed it."""
    kind = flask.request.form.get("kind", "")
    if kind not in GRANTS:
        raise Refused(Reason.UNKNOWN_REQUEST)
    return send_decision((number, year, task), GRANTS[kind], {}, GRANTED_MESSAGES[kind])


@BLUEPRINT.post("/desk/money/<member:number>/<year:year>/<uuid:task>/decline")
def decline(number: str, year: int, task: UUID) -> ResponseReturnValue:
    message = "درخواست رد شد و دلیل آن ثبت شد."
    about = {"reason": web.forms.posted().paragraphs("reason")}
    return send_decision((number, year, task), commands.DeclineRequest, about, message)


@BLUEPRINT.post("/desk/money/<member:number>/<year:year>/<uuid:task>/record")
def record(number: str, year: int, task: UUID) -> ResponseReturnValue:
    """Record the bank reference of a refund that was sent."""
    message = "واریز بازپرداخت ثبت شد و در حساب عضو آمد."
    about = {"bank_reference": web.forms.posted().text("bank_reference")}
    return send_decision((number, year, task), commands.RecordRefund, about, message)


def send_decision(
    task_key: tuple[str, int, UUID], kind: type[base.Command[answers.Invoice]], about: dict[str, str], message: str
) -> ResponseReturnValue:
    """Send an officer's command about a task; after a refusal the page shows again, with what was typed."""
    visitor = web.session.officer(Role.MANAGER, Role.FINANCE)
    number, year, task = task_key
    form = web.forms.posted()
    content = {"member": number, "year": year, "request": task, **about, **web.rpc.form_command()}
    try:
        visitor.call(base.parse(kind, content))
    except Refused as refused:
        web.forms.put_refusal(form, refused, error_text)
        if refused.reason is Reason.UNKNOWN_REQUEST and "by" in refused.details:
            form.notice = overtaken(visitor, refused.details)
        return task_page(visitor, web.queries.invoice(visitor, year, number), task, form)
    flask.flash(message)
    from_list = web.url_arguments.list_arguments()
    if kind is commands.GrantRefund:
        return flask.redirect(flask.url_for("tasks.task", number=number, year=year, task=task, **from_list), 303)
    if from_list:
        return flask.redirect(flask.url_for("tasks.tasks", **from_list), 303)
    return flask.redirect(flask.url_for("account.of_member", number=number), 303)


def overtaken(visitor: web.Visitor, decided: Mapping[str, str]) -> str:
    """Who decided a request first, when, and with what outcome."""
    web.queries.load_officer_names(visitor, (decided["by"],))
    at = web.filters.long_instant(datetime.fromisoformat(decided["at"]))
    return f"{web.queries.actor_name(decided['by'])} این درخواست را در {at} {DECIDED[decided['outcome']]}. کار شما ثبت نشد."


def task_page(visitor: web.Visitor, invoice: answers.Invoice, key: UUID, form: web.Form) -> ResponseReturnValue:
    """One task with what can be done about it; one that is done already is shown as done."""
    number = invoice.member
    waiting = web.queries.finance_tasks(visitor, number, invoice.province)
    found = next((one for one in waiting if one.task == key and one.year == invoice.year), None)
    web.queries.load_officer_names(visitor, (found.requested_by, found.granted_by) if found else ())
    if found is not None and found.cause == WAIVER:
        found = found.model_copy(update={"reason": reason_of_approval(visitor, number, invoice.year)})
    return web.forms.render(
        "finance/task.html",
        form,
        task=found,
        invoice=invoice,
        attempt=next((one for one in invoice.attempts if found and one.attempt == found.attempt), None),
        names=web.queries.member_names(visitor, (number,)),
        is_request=found is not None and found.kind in GRANTS,
        is_own=found is not None and found.requested_by == visitor.passport.actor,
    )


def reason_of_approval(visitor: web.Visitor, number: str, year: int) -> str:
    """Why the manager wants to waive a fee: renewal has the text."""
    answer = visitor.call_if_known(renewal_queries.GetRenewal(member=number, year=year))
    decisions = answer.renewal.decisions if answer and answer.renewal else ()
    return next((one.reason for one in decisions if one.outcome == "approved"), "")


def error_text(field_path: str, code: str) -> tuple[str, str]:
    """The field of finance's forms to correct, and the sentence at it."""
    return FIELD_OF.get(field_path, field_path), translations.form_error(FIELD_TEXTS, field_path, code)
