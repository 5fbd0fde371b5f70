"""Settled payments of a province, and the manager's confirmation that gives a year's capacity."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.member import account, home
from clients.gateway.review import desk
from clients.gateway.web import forms, paging, rpc, session
from clients.gateway.web.forms import Form
from clients.gateway.web.session import Visitor
from shared.contract import base
from shared.contract.payment import commands
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Refused
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("confirming", __name__)
STATUSES = {
    "settled": "در انتظار تأیید",
    "confirmed": "تأییدشده",
    "open": "پرداخت‌نشده",
    "reversed": "برگشت‌خورده",
}


@BLUEPRINT.get("/desk/payments")
def payments() -> ResponseReturnValue:
    visitor = session.officer(Role.MANAGER, Role.FINANCE)
    provinces = desk.served(visitor)
    if not provinces:
        return flask.render_template("design/no_desk.html")
    province = desk.chosen(flask.request.args.get("province"), provinces)
    status = desk.chosen(flask.request.args.get("status"), list(STATUSES))
    start = paging.start()
    content = {"province": province, "status": status, "limit": paging.ROWS, "offset": start}
    found = visitor.ask(base.parse(payment_queries.ListPayments, content))
    if (last := paging.instead(found.total, start)) is not None:
        return last
    return flask.render_template(
        "finance/payments.html",
        found=found,
        reversed_total=found.total if status == "reversed" else desk.reversed_payments(visitor, province),
        names=desk.names(visitor, tuple(one.member for one in found.invoices)),
        provinces=provinces,
        province=province,
        statuses=STATUSES,
        status=status,
        start=start,
        rows_max=paging.ROWS,
    )


@BLUEPRINT.get("/desk/payments/<member:number>/<year:year>")
def payment(number: str, year: int) -> ResponseReturnValue:
    return payment_page(session.officer(Role.MANAGER, Role.FINANCE), number, year, Form())


@BLUEPRINT.post("/desk/payments/<member:number>/<year:year>")
def confirm(number: str, year: int) -> ResponseReturnValue:
    """Confirm the amount that the manager has seen."""
    visitor = session.officer(Role.MANAGER)
    form = forms.posted()
    content = {"member": number, "year": year, "amount_rials": form.text("amount_rials"), **rpc.once()}
    try:
        visitor.ask(base.parse(commands.ConfirmPayment, content))
    except Refused as refused:
        forms.take(form, refused)
        return payment_page(visitor, number, year, form)
    flask.flash(f"پرداخت عضو {persian.digits_to_persian(number)} تأیید شد و ظرفیت سال او به‌روز می‌شود.")
    return flask.redirect(flask.url_for("confirming.payments", **paging.place()), 303)


def payment_page(visitor: Visitor, number: str, year: int, form: Form) -> ResponseReturnValue:
    """The payment, and the capacity before and after its confirmation."""
    invoice = account.invoice_of(visitor, number, year)
    number = invoice.member
    renewal = rpc.if_known(lambda: visitor.ask(renewal_queries.GetRenewal(member=number, year=year)))
    approved = renewal.renewal if renewal else None
    return forms.page(
        "finance/payment.html",
        form,
        invoice=invoice,
        name=desk.names(visitor, (number,)).get(number, ""),
        capacity=home.capacity(visitor, year, number),
        after=desk.count(visitor, approved) if approved else None,
        may_confirm=invoice.status == "settled" and visitor.has(Role.MANAGER),
    )
