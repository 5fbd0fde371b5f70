"""What waits for an officer about a province's money: the list, one task, and granting, declining or carrying it out."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.member import account
from clients.gateway.review import desk
from clients.gateway.web import filters, forms, officer_names, paging, rpc, session
from clients.gateway.web.forms import Form
from clients.gateway.web.session import Visitor
from shared.contract import base
from shared.contract.payment import answers, commands, queries
from shared.contract.refusals import SENTENCES, Reason, Refused, own_sentence
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("money", __name__)
ALERTS_SHOWN = 20
TYPED_MAX = 60
"""What is shown again of a typed membership number that is none, in characters."""
SAID = {
    "reason": SENTENCES[Reason.REASON_NEEDED][0],
    "slip": "شمارهٔ فیش را با ۳ تا ۶۰ رقم یا حرف لاتین بنویسید.",
    "bank_reference": "شمارهٔ پیگیری واریز را با ۳ تا ۶۰ رقم یا حرف لاتین بنویسید.",
    "attempt": "پرداختی را که باید بازگردد انتخاب کنید.",
}
"""What is said at a field, whatever is wrong with it."""
DECIDED = {"granted": "تأیید کرد", "done": "تأیید کرد", "declined": "رد کرد"}
"""What a colleague did with a request."""
FIELD_OF = {"ends_membership": "ends"}
"""Fields that a form calls otherwise than the contract."""
GRANTS: dict[str, type[base.Command[answers.Invoice]]] = {
    "refund_asked": commands.GrantRefund,
    "write_off_asked": commands.GrantWriteOff,
    "manual_payment_asked": commands.GrantManualPayment,
}
DONE = {
    "refund_asked": "بازپرداخت تأیید شد. پول را واریز و شمارهٔ پیگیری آن را همین‌جا ثبت کنید.",
    "write_off_asked": "چشم‌پوشی از بدهی تأیید و در حساب عضو ثبت شد.",
    "manual_payment_asked": "فیش تأیید شد و در حساب عضو به حساب آمد.",
}


@BLUEPRINT.get("/desk/money")
def tasks() -> ResponseReturnValue:
    visitor = session.officer(Role.MANAGER, Role.FINANCE)
    provinces = desk.served(visitor)
    if not provinces:
        return flask.render_template("design/no_desk.html")
    typed = flask.request.args.get("member", "").strip()[:TYPED_MAX]
    if (number := persian.membership_no(typed)) is not None:
        return flask.redirect(flask.url_for("account.of_member", number=number), 303)
    province = desk.chosen(flask.request.args.get("province"), provinces)
    start = paging.start()
    content = {"province": province, "limit": paging.ROWS, "offset": start}
    found = visitor.ask(base.parse(queries.ListMoneyTasks, content))
    if (last := paging.instead(found.total, start)) is not None:
        return last
    officer_names.learn(visitor, (actor for one in found.tasks for actor in (one.asked_by, one.granted_by)))
    return flask.render_template(
        "finance/tasks.html",
        typed=typed,
        found=found,
        health=bank_health(visitor),
        alerts=rpc.if_known(lambda: visitor.ask(queries.ListAlerts(province=province, limit=ALERTS_SHOWN))),
        names=desk.names(visitor, tuple(one.member for one in found.tasks)),
        provinces=provinces,
        province=province,
        start=start,
        rows_max=paging.ROWS,
    )


@BLUEPRINT.get("/desk/money/<member:number>/<year:year>/<uuid:task>")
def task(number: str, year: int, task: UUID) -> ResponseReturnValue:
    visitor = session.officer(Role.MANAGER, Role.FINANCE)
    return task_page(visitor, account.invoice_of(visitor, number, year), task, Form())


@BLUEPRINT.post("/desk/money/<member:number>/<year:year>/<uuid:task>/grant")
def grant(number: str, year: int, task: UUID) -> ResponseReturnValue:
    """Grant what a colleague asked for, as the page showed it."""
    kind = flask.request.form.get("kind", "")
    if kind not in GRANTS:
        raise Refused(Reason.UNKNOWN_REQUEST)
    return move((number, year, task), GRANTS[kind], {}, DONE[kind])


@BLUEPRINT.post("/desk/money/<member:number>/<year:year>/<uuid:task>/decline")
def decline(number: str, year: int, task: UUID) -> ResponseReturnValue:
    told = "درخواست رد شد و دلیل آن ثبت شد."
    about = {"reason": forms.posted().written("reason")}
    return move((number, year, task), commands.DeclineRequest, about, told)


@BLUEPRINT.post("/desk/money/<member:number>/<year:year>/<uuid:task>/record")
def record(number: str, year: int, task: UUID) -> ResponseReturnValue:
    """The refund was sent: say under which reference."""
    told = "واریز بازپرداخت ثبت شد و در حساب عضو آمد."
    about = {"bank_reference": forms.posted().text("bank_reference")}
    return move((number, year, task), commands.RecordRefund, about, told)


def move(
    place: tuple[str, int, UUID], kind: type[base.Command[answers.Invoice]], about: dict[str, str], told: str
) -> ResponseReturnValue:
    """Send an officer's word about a task; what is refused leaves the page as it was, with what was typed."""
    visitor = session.officer(Role.MANAGER, Role.FINANCE)
    number, year, task = place
    form = forms.posted()
    content = {"member": number, "year": year, "request": task, **about, **rpc.once()}
    try:
        visitor.ask(base.parse(kind, content))
    except Refused as refused:
        take(form, refused)
        if refused.reason is Reason.UNKNOWN_REQUEST and "by" in refused.details:
            form.notice = overtaken(visitor, refused.details)
        return task_page(visitor, account.invoice_of(visitor, number, year), task, form)
    flask.flash(told)
    if kind is commands.GrantRefund:
        way = flask.url_for("money.task", number=number, year=year, task=task, **paging.place())
        return flask.redirect(way, 303)
    if paging.place():
        return flask.redirect(flask.url_for("money.tasks", **paging.place()), 303)
    return flask.redirect(flask.url_for("account.of_member", number=number), 303)


def overtaken(visitor: Visitor, decided: Mapping[str, str]) -> str:
    """Who was faster with a request, when, and with what."""
    officer_names.learn(visitor, (decided["by"],))
    at = filters.long_instant(datetime.fromisoformat(decided["at"]))
    return (
        f"{officer_names.name_of(decided['by'])} این درخواست را در {at} {DECIDED[decided['outcome']]}. کار شما ثبت نشد."
    )


def task_page(visitor: Visitor, invoice: answers.Invoice, key: UUID, form: Form) -> ResponseReturnValue:
    """One task with what can be done about it; one that is done, or that a colleague was faster with, says so."""
    number = invoice.member
    waiting = account.tasks_of(visitor, number, invoice.province)
    found = next((one for one in waiting if one.task == key and one.year == invoice.year), None)
    officer_names.learn(visitor, (found.asked_by, found.granted_by) if found else ())
    return forms.page(
        "finance/task.html",
        form,
        task=found,
        invoice=invoice,
        attempt=next((one for one in invoice.attempts if found and one.attempt == found.attempt), None),
        name=desk.names(visitor, (number,)).get(number, ""),
        is_request=found is not None and found.kind in GRANTS,
        is_own=found is not None and found.asked_by == visitor.passport.actor,
    )


def take(form: Form, refused: Refused) -> None:
    """A refusal on its form; what is left to ask for is said at the amount."""
    if refused.reason is Reason.TOO_MUCH:
        left = int(refused.details.get("left_rials", "0"))
        form.errors["amount_rials"] = f"{refused.sentence()} مانده: {persian.format_number(left)} ریال."
        return
    forms.take(form, refused, lambda name, code: (FIELD_OF.get(name, name), own_sentence(SAID, name, code)))


def bank_health(visitor: Visitor) -> answers.BankHealth | None:
    """How the bank is, as far as payment answers."""
    return rpc.if_known(lambda: visitor.ask(queries.GetBankHealth()))
