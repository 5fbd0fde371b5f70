"""Four-eyes requests: a refund, a write-off, a deposit slip or taking one back, each with a reason, for a colleague to grant."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.finance import tasks
from shared.contract import base
from shared.contract.payment import answers, commands, invoice_stage
from shared.contract.values import Role
from shared.text import persian

BLUEPRINT = flask.Blueprint("four_eyes_requests", __name__)
KINDS: dict[str, type[base.Command[answers.Invoice]]] = {
    "refund": commands.RequestRefund,
    "write-off": commands.RequestWriteOff,
    "slip": commands.RequestManualPayment,
    "slip-reversal": commands.RequestManualPaymentReversal,
}
FORM = "/desk/account/<member:number>/<year:year>/<any('refund', 'write-off', 'slip', 'slip-reversal'):kind>"


@BLUEPRINT.get(FORM)
def form(number: str, year: int, kind: str) -> ResponseReturnValue:
    visitor = web.session.officer(Role.MANAGER, Role.FINANCE)
    invoice = web.queries.invoice(visitor, year, number)
    return form_page(visitor, invoice, kind, prefilled(invoice, kind))


@BLUEPRINT.post(FORM)
def submit(number: str, year: int, kind: str) -> ResponseReturnValue:
    """Submitted twice, it is one request, by the form's own id."""
    visitor = web.session.officer(Role.MANAGER, Role.FINANCE)
    typed = web.forms.posted()
    command = {"member": number, "year": year, **content(kind, typed)}
    if web.forms.send(typed, visitor, KINDS[kind], command, tasks.error_text) is None:
        return form_page(visitor, web.queries.invoice(visitor, year, number), kind, typed)
    return web.forms.done("درخواست ثبت شد و در انتظار تأیید همکار است.", "account.of_member", number=number)


def content(kind: str, form: web.Form) -> dict[str, object]:
    """The command's fields from the form."""
    reason: dict[str, object] = {"reason": form.paragraphs("reason")}
    if kind == "slip-reversal":
        return reason | {"manual_payment": form.text("manual_payment")}
    about = reason | {"amount_rials": form.number("amount_rials")}
    match kind:
        case "refund":
            return about | {"attempt": form.text("attempt"), "ends_membership": form.text("ends") == "yes"}
        case "slip":
            return about | {"slip": form.text("slip"), "paid_on": web.forms.day(form.text("paid_on"))}
        case _:
            return about


def prefilled(invoice: answers.Invoice, kind: str) -> web.Form:
    """A form with what is most likely meant: the whole of a surplus payment, the slip of the link, or all that is owed."""
    if kind == "slip-reversal":
        return web.Form({"manual_payment": flask.request.args.get("slip", "")})
    if kind != "refund":
        owed = invoice_stage.due_rials(invoice)
        return web.Form({"amount_rials": persian.format_number(owed) if owed else ""})
    named = flask.request.args.get("attempt", "")
    chosen = next((one for one in paid(invoice) if str(one.attempt) == named), None)
    values = {"ends": "no"}
    if chosen is not None:
        left = chosen.amount_rials - chosen.refunded_rials
        values |= {"attempt": named, "amount_rials": persian.format_number(left)}
    return web.Form(values)


def paid(invoice: answers.Invoice) -> list[answers.Attempt]:
    """The payments that hold money of the member's, and that the bank is not giving back itself."""
    return [one for one in invoice.attempts if one.status in {"settled", "duplicate"} and not one.is_reversal_requested]


def counting(invoice: answers.Invoice) -> list[answers.Slip]:
    """The slips that count, and that nobody has requested to take back."""
    return [one for one in invoice.slips if one.reversed_at is None and not one.is_reversal_requested]


def form_page(visitor: web.Visitor, invoice: answers.Invoice, kind: str, form: web.Form) -> ResponseReturnValue:
    names = web.queries.member_names(visitor, (invoice.member,))
    slips = counting(invoice)
    chosen = form.value("manual_payment")
    return web.forms.render(
        "finance/four_eyes_request.html",
        form,
        invoice=invoice,
        kind=kind,
        names=names,
        paid=paid(invoice),
        slips=slips,
        slip=next((one for one in slips if str(one.request) == chosen), None),
    )
