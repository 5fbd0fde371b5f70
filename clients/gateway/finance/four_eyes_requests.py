"""Asking for a refund, a write-off, or that a deposit slip counts: each with a reason, for a colleague to grant."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.finance import tasks
from clients.gateway.member import account
from clients.gateway.review import desk
from clients.gateway.web import filters, forms, rpc, session
from clients.gateway.web.forms import Form
from clients.gateway.web.session import Visitor
from shared.contract import base
from shared.contract.payment import answers, commands
from shared.contract.refusals import Refused
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("money_asks", __name__)
KINDS: dict[str, type[base.Command[answers.Invoice]]] = {
    "refund": commands.AskRefund,
    "write-off": commands.AskWriteOff,
    "slip": commands.AskManualPayment,
}
FORM = "/desk/account/<member:number>/<year:year>/<any('refund', 'write-off', 'slip'):kind>"


@BLUEPRINT.get(FORM)
def form(number: str, year: int, kind: str) -> ResponseReturnValue:
    visitor = session.officer(Role.MANAGER, Role.FINANCE)
    invoice = account.invoice_of(visitor, number, year)
    return form_page(visitor, invoice, kind, begun(invoice, kind))


@BLUEPRINT.post(FORM)
def ask(number: str, year: int, kind: str) -> ResponseReturnValue:
    """Pressed twice, it is one request: it is named by the form's own id."""
    visitor = session.officer(Role.MANAGER, Role.FINANCE)
    typed = forms.posted()
    try:
        visitor.ask(base.parse(KINDS[kind], {"member": number, "year": year, **content(kind, typed), **rpc.once()}))
    except Refused as refused:
        tasks.take(typed, refused)
        return form_page(visitor, account.invoice_of(visitor, number, year), kind, typed)
    flask.flash("درخواست ثبت شد و در انتظار تأیید همکار است.")
    return flask.redirect(flask.url_for("account.of_member", number=number), 303)


def content(kind: str, form: Form) -> dict[str, object]:
    """What was typed, as the command has it."""
    about: dict[str, object] = {"amount_rials": form.number("amount_rials"), "reason": form.written("reason")}
    match kind:
        case "refund":
            return about | {"attempt": form.text("attempt"), "ends_membership": form.text("ends") == "yes"}
        case "slip":
            return about | {"slip": form.text("slip"), "paid_on": forms.day(form.text("paid_on"))}
        case _:
            return about


def begun(invoice: answers.Invoice, kind: str) -> Form:
    """A form with what is most likely meant: the whole of a surplus payment, or all that is owed."""
    if kind != "refund":
        owed = filters.due(invoice)
        return Form({"amount_rials": persian.format_number(owed) if owed else ""})
    named = flask.request.args.get("attempt", "")
    chosen = next((one for one in paid(invoice) if str(one.attempt) == named), None)
    values = {"ends": "no"}
    if chosen is not None:
        left = chosen.amount_rials - chosen.refunded_rials
        values |= {"attempt": named, "amount_rials": persian.format_number(left)}
    return Form(values)


def paid(invoice: answers.Invoice) -> list[answers.Attempt]:
    """The payments that hold money of the member's, and that the bank is not giving back itself."""
    return [one for one in invoice.attempts if one.status in {"settled", "duplicate"} and not one.is_asked_back]


def form_page(visitor: Visitor, invoice: answers.Invoice, kind: str, form: Form) -> ResponseReturnValue:
    name = desk.names(visitor, (invoice.member,)).get(invoice.member, "")
    return forms.page("finance/four_eyes_request.html", form, invoice=invoice, kind=kind, name=name, paid=paid(invoice))
