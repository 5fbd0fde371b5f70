"""Payments of a province, and the manager's confirmation of one, which grants the year's capacity."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.finance import finance_lists
from shared.contract import base
from shared.contract.payment import commands
from shared.contract.payment import queries as payment_queries
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("payments", __name__)
STATUSES = {
    "settled": "در انتظار تأیید",
    "confirmed": "تأییدشده",
    "open": "پرداخت‌نشده",
    "reversed": "برگشت‌خورده",
}


@BLUEPRINT.get("/desk/payments")
def payments() -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER, Role.FINANCE)
    rows = web.url_arguments.list_page(visitor)
    query = list_query(visitor, rows.limits)
    status = query.status
    web.lists.offer(visitor, finance_lists.payments(query, f"پرداخت‌ها، {STATUSES[status]}"))
    found = visitor.call(query)
    rows.redirect_beyond_end(found.total)
    return flask.render_template(
        "finance/payments.html",
        found=found,
        only_late=query.only_late,
        kept={"late": 1} if query.only_late else {},
        names=web.queries.member_names(visitor, (one.member for one in found.invoices)),
        statuses=STATUSES,
        status=status,
        may_confirm=status == "settled" and visitor.has(Role.MANAGER),
        **vars(rows),
    )


def list_query(visitor: web.Visitor, limits: dict[str, object]) -> payment_queries.ListPayments:
    """The query of the list that the query string names; what is late follows from the office hours of its province."""
    status = web.url_arguments.chosen(flask.request.args.get("status"), list(STATUSES))
    only_late = status == "settled" and flask.request.args.get("late") == "1"
    hours_query = renewal_queries.GetOfficeHours(province=str(limits["province"]))
    hours = visitor.call(hours_query) if only_late else visitor.call_if_known(hours_query)
    late_before = hours.late_before if hours else None
    content = {"status": status, "only_late": only_late, "late_before": late_before, **limits}
    return base.parse(payment_queries.ListPayments, content)


@BLUEPRINT.get("/desk/payments/<member:number>/<year:year>")
def payment(number: str, year: int) -> ResponseReturnValue:
    return payment_page(web.session.officer(Role.MANAGER, Role.FINANCE), number, year, web.Form())


@BLUEPRINT.post("/desk/payments/<member:number>/<year:year>")
def confirm(number: str, year: int) -> ResponseReturnValue:
    """Confirm the amount that the manager has seen."""
    visitor = web.session.officer(Role.MANAGER)
    form = web.forms.posted()
    content = {"member": number, "year": year, "amount_rials": form.text("amount_rials")}
    if web.forms.send(form, visitor, commands.ConfirmPayment, content) is None:
        return payment_page(visitor, number, year, form)
    web.queries.forget_payment_notices()
    return web.forms.done(
        f"پرداخت عضو {persian.digits_to_persian(number)} تأیید شد و ظرفیت سال او به‌روز می‌شود.",
        "payments.payments",
        **web.url_arguments.list_arguments(),
    )


def payment_page(visitor: web.Visitor, number: str, year: int, form: web.Form) -> ResponseReturnValue:
    """The payment, and the capacity before and after its confirmation."""
    invoice = web.queries.invoice(visitor, year, number)
    number = invoice.member
    renewal = visitor.call_if_known(renewal_queries.GetRenewal(member=number, year=year))
    approved = renewal.renewal if renewal else None
    return web.forms.render(
        "finance/payment.html",
        form,
        invoice=invoice,
        names=web.queries.member_names(visitor, (number,)),
        capacity=web.queries.capacity(visitor, year, number),
        after=web.queries.job_units(visitor, number, year, approved.employment, approved.jobs) if approved else None,
        may_confirm=invoice.status == "settled" and visitor.has(Role.MANAGER),
    )
