"""A member's account: the ledger's lines and their sum, for the member, and with what can be asked for, for an officer."""

from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.renewal import request
from clients.gateway.web import officer_names, rpc, session
from clients.gateway.web.session import Visitor
from shared.contract import bounds
from shared.contract.auth import queries as auth_queries
from shared.contract.auth.answers import MemberCard
from shared.contract.payment import invoice_stage as standings
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import FeeEstimate, Invoice
from shared.contract.payment.finance_answers import Balance, MoneyTask
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import queries as renewal_queries
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("account", __name__)


@dataclass(frozen=True)
class Dues:
    """What the register says of a member's years, and what those without an invoice would cost."""

    year: int
    paid_through: int | None
    estimate: FeeEstimate | None


@BLUEPRINT.get("/member/account")
def own() -> ResponseReturnValue:
    visitor = session.member()
    found = visitor.ask(payment_queries.GetBalance(member=visitor.name))
    card = rpc.if_known(lambda: visitor.ask(auth_queries.GetMember(member=visitor.name)))
    invoices = visitor.ask(payment_queries.GetInvoices(member=visitor.name)).invoices
    return flask.render_template(
        "member/account.html",
        balance=found,
        sums=sums(found),
        name="",
        invoices=(),
        tasks=(),
        dues=dues_of(visitor, card, invoices),
        doubtful=standings.first_doubtful(invoices),
    )


@BLUEPRINT.get("/desk/account/<member:number>")
def of_member(number: str) -> ResponseReturnValue:
    """The same for finance and managers, with the invoices, their payments, and what waits about them."""
    visitor = session.officer(Role.MANAGER, Role.FINANCE)
    invoices = visitor.ask(payment_queries.GetInvoices(member=number)).invoices
    card = card_of(visitor, number) if not invoices else rpc.if_allowed(lambda: card_of(visitor, number))
    found = visitor.ask(payment_queries.GetBalance(member=number))
    officer_names.learn(visitor, (one.by for one in found.entries))
    return flask.render_template(
        "member/account.html",
        balance=found,
        sums=sums(found),
        name=f"{card.first_name} {card.last_name}".strip() if card else "",
        invoices=invoices,
        tasks=tasks_of(visitor, number, invoices[0].province) if invoices else (),
        dues=dues_of(visitor, card, invoices),
        card=card,
        doubtful=standings.first_doubtful(invoices),
    )


def card_of(visitor: Visitor, number: str) -> MemberCard | None:
    """What the register says, None while it does not answer; refused where there is no such member, or of elsewhere."""
    try:
        return rpc.if_known(lambda: visitor.ask(auth_queries.GetMember(member=number)))
    except Refused as refused:
        if refused.reason is Reason.UNKNOWN_MEMBER:
            raise Refused(Reason.UNKNOWN_MEMBER, {"member": number}) from None
        raise


def dues_of(visitor: Visitor, card: MemberCard | None, invoices: tuple[Invoice, ...]) -> Dues | None:
    """What is not charged yet; None where the current year has its invoice, or the register does not answer."""
    if card is None:
        return None
    found = rpc.if_known(lambda: visitor.ask(renewal_queries.GetRenewal(member=card.member)))
    if found is None or any(one.year == found.current_year for one in invoices):
        return None
    return Dues(found.current_year, card.paid_through, request.estimate(visitor, card, found))


def sums(balance: Balance) -> list[int]:
    """The balance after each entry."""
    found: list[int] = []
    for entry in balance.entries:
        found.append((found[-1] if found else 0) + entry.amount_rials)
    return found


def tasks_of(visitor: Visitor, member: str, province: str) -> tuple[MoneyTask, ...]:
    """What waits about a member's money."""
    question = payment_queries.ListMoneyTasks(province=province, member=member, limit=bounds.PAGE_MAX)
    found = rpc.if_known(lambda: visitor.ask(question))
    return found.tasks if found else ()


def invoice_of(visitor: Visitor, number: str, year: int) -> Invoice:
    """A member's invoice of a year; refused where there is none, or no such member."""
    found = visitor.ask(payment_queries.GetInvoices(member=number)).invoices
    invoice = next((one for one in found if one.year == year), None)
    if invoice is None:
        card_of(visitor, number)
        raise Refused(Reason.NO_INVOICE)
    return invoice
