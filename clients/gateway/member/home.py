"""The member's first page: who, where the renewal stands, the one next thing, the capacity, and what was paid."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway.progress import next_action, renewal_progress
from clients.gateway.progress.payment_progress import Payment
from clients.gateway.progress.renewal_progress import Standing
from clients.gateway.web import rpc, session
from clients.gateway.web.session import Visitor
from shared.contract.auth import queries as auth_queries
from shared.contract.capacity import queries as capacity_queries
from shared.contract.capacity.answers import Capacity
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import BankHealth, Invoice
from shared.contract.renewal import queries as renewal_queries
from shared.contract.renewal.answers import MemberRenewal

BLUEPRINT = flask.Blueprint("member", __name__)


@BLUEPRINT.get("/member")
def home() -> ResponseReturnValue:
    visitor = session.member()
    card = rpc.if_known(lambda: visitor.ask(auth_queries.GetMember(member=visitor.name)))
    found = visitor.ask(renewal_queries.GetRenewal(member=visitor.name))
    money = invoices(visitor)
    health = bank_health(visitor, money or ())
    where = standing_of(found, money, health, card.paid_through if card else None)
    payments = tuple(Payment(one, where.at, health) for one in money or ())
    return flask.render_template(
        "member/home.html",
        card=card,
        where=where,
        tasks=renewal_progress.tasks(where),
        tags=renewal_progress.TAGS,
        action=next_action.of_member(where, payments),
        capacity=capacity(visitor, found.current_year),
        invoices=money or (),
    )


def invoices(visitor: Visitor) -> tuple[Invoice, ...] | None:
    """The member's invoices; None while payment does not answer."""
    found = rpc.if_known(lambda: visitor.ask(payment_queries.GetInvoices(member=visitor.name)))
    return found.invoices if found else None


def invoice_of(visitor: Visitor, year: int) -> Invoice | None:
    """The member's invoice of a year; refused while payment does not answer."""
    found = visitor.ask(payment_queries.GetInvoices(member=visitor.name)).invoices
    return next((one for one in found if one.year == year), None)


def capacity(visitor: Visitor, year: int, member: str = "") -> Capacity | None:
    """A year's capacity, the visitor's own if no member is named; None where there is none or nobody answers."""
    return rpc.if_known(lambda: visitor.ask(capacity_queries.GetCapacity(member=member or visitor.name, year=year)))


def bank_health(visitor: Visitor, money: tuple[Invoice, ...]) -> BankHealth | None:
    """How the bank is, asked only where there is something to be paid."""
    if all(one.status != "open" for one in money):
        return None
    return rpc.if_known(lambda: visitor.ask(payment_queries.GetBankHealth()))


def standing_of(
    found: MemberRenewal, money: tuple[Invoice, ...] | None, health: BankHealth | None, paid_through: int | None = None
) -> Standing:
    """Where the renewal of the current year stands."""
    year = found.renewal.year if found.renewal else found.current_year
    invoice = next((one for one in money or () if one.year == year), None)
    return Standing(year, found.renewal, invoice, rpc.now(), health, paid_through, money is not None)
