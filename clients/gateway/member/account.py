"""A member's account: the ledger's lines with their running sum; for officers also invoices, payments, tasks and a reset."""

from dataclasses import dataclass
from itertools import accumulate

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.casework import sent_notices
from clients.gateway.member import debts, member_lists
from shared.contract.auth import commands as auth_commands
from shared.contract.auth import queries as auth_queries
from shared.contract.auth.answers import MemberCard
from shared.contract.payment import invoice_stage
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import FeeEstimate, Invoice
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("account", __name__)


@dataclass(frozen=True)
class Dues:
    """The last year that the register has as paid, and the fee estimate of the years without an invoice."""

    year: int
    paid_through: int | None
    estimate: FeeEstimate | None


@BLUEPRINT.get("/member/account")
def own() -> ResponseReturnValue:
    visitor = web.session.member()
    card = web.queries.member_card(visitor)
    invoices = visitor.call(payment_queries.GetInvoices(member=visitor.name)).invoices
    return account_page(visitor, visitor.name, card, invoices)


@BLUEPRINT.get("/desk/account/<member:number>")
def of_member(number: str) -> ResponseReturnValue:
    """The account for finance and managers; without invoices there must at least be such a member."""
    visitor = web.session.officer(Role.MANAGER, Role.FINANCE)
    invoices = visitor.call(payment_queries.GetInvoices(member=number)).invoices
    if invoices:
        query = auth_queries.GetMember(member=number)
        card = visitor.call_if_known(query, Reason.NOT_ALLOWED, Reason.UNKNOWN_MEMBER)
    else:
        card = web.queries.member_card(visitor, number)
    return account_page(
        visitor,
        number,
        card,
        invoices,
        name=f"{card.first_name} {card.last_name}".strip() if card else "",
        invoices=invoices,
        may_reset=visitor.has(Role.MANAGER),
        notices=sent_notices.of_member(visitor, number) if visitor.has(Role.MANAGER) else None,
        tasks=web.queries.finance_tasks(visitor, number, invoices[0].province) if invoices else (),
    )


def account_page(
    visitor: web.Visitor, number: str, card: MemberCard | None, charged: tuple[Invoice, ...], **context: object
) -> ResponseReturnValue:
    """The page with the ledger; `context` is what only officers see."""
    balance = visitor.call(payment_queries.GetBalance(member=number))
    web.queries.load_officer_names(visitor, (one.by for one in balance.entries))
    uncharged = dues(visitor, card, charged)
    owed = debts.by_year(charged, uncharged.estimate if uncharged else None)
    lists = (member_lists.ledger(balance), member_lists.debts(owed), member_lists.invoices(charged))
    web.lists.offer(visitor, *lists)
    return flask.render_template(
        "member/account.html",
        balance=balance,
        card=card,
        sums=list(accumulate(entry.amount_rials for entry in balance.entries)),
        dues=uncharged,
        debts=owed,
        charged=charged,
        doubtful=invoice_stage.first_doubtful(charged),
        **context,
    )


def dues(visitor: web.Visitor, card: MemberCard | None, charged: tuple[Invoice, ...]) -> Dues | None:
    """What is not charged yet; None where the current year has its invoice, or the register does not answer."""
    if card is None:
        return None
    found = visitor.call_if_known(renewal_queries.GetRenewal(member=card.member))
    if found is None or any(one.year == found.current_year for one in charged):
        return None
    return Dues(found.current_year, card.paid_through, web.queries.fee_estimate(visitor, card, found))


@BLUEPRINT.get("/desk/account/<member:number>/reset")
def reset_page(number: str) -> ResponseReturnValue:
    return identity_page(web.Form(), number, "member/reset.html")


@BLUEPRINT.post("/desk/account/<member:number>/reset")
def reset(number: str) -> ResponseReturnValue:
    visitor, form = web.session.officer(Role.MANAGER), web.forms.posted()
    if not is_identity_checked(form) or not web.forms.send(
        form, visitor, auth_commands.ResetMember, {"member": number}
    ):
        return identity_page(form, number, "member/reset.html")
    if web.rpc.program().settings.first_sign_in == "activation":
        return web.forms.done(
            "گذرواژه برداشته شد. اکنون کد فعال‌سازی تازه‌ای به عضو بدهید.", "account.activation_page", number=number
        )
    return web.forms.done(
        "گذرواژه برداشته شد. عضو اکنون با کد ملی وارد می‌شود و باید گذرواژهٔ تازه بگذارد.",
        "account.of_member",
        number=number,
    )


@BLUEPRINT.get("/desk/account/<member:number>/activation")
def activation_page(number: str) -> ResponseReturnValue:
    return identity_page(web.Form(), number, "member/activation.html")


@BLUEPRINT.post("/desk/account/<member:number>/activation")
def issue_activation_code(number: str) -> ResponseReturnValue:
    """The code is shown this once, to be printed or written down."""
    visitor, form = web.session.officer(Role.MANAGER), web.forms.posted()
    content, issued = {"member": number}, None
    if is_identity_checked(form):
        issued = web.forms.send(form, visitor, auth_commands.IssueActivationCode, content)
    if issued is None:
        return identity_page(form, number, "member/activation.html")
    web.session.never_cache()
    return flask.render_template("member/activation_code.html", issued=issued, number=number)


def is_identity_checked(form: web.Form) -> bool:
    """Whether the officer says to have seen the member; else a sentence is on the form."""
    if form.value("identity_checked") == "true":
        return True
    form.errors["identity_checked"] = "نخست هویت عضو را با مدرک شناسایی بررسی کنید."
    return False


def identity_page(form: web.Form, number: str, template: str) -> ResponseReturnValue:
    """What a manager does for a member who is there in person."""
    visitor = web.session.officer(Role.MANAGER)
    card = web.queries.member_card(visitor, number)
    if card is None:
        raise Refused(Reason.NO_ANSWER)
    return web.forms.render(template, form, card=card)
