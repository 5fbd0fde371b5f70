"""The member's first page: who, where the renewal stands, the one next thing, the capacity, and what was paid."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import asking, standing, visits
from clients.gateway.standing import Standing
from clients.gateway.visits import Visitor
from shared.contract import questions
from shared.contract.answers import Capacity, Invoice, MemberRenewal

BLUEPRINT = flask.Blueprint("member", __name__)


@BLUEPRINT.get("/member")
def home() -> ResponseReturnValue:
    visitor = visits.member()
    card = asking.if_known(lambda: visitor.ask(questions.GetMember(member=visitor.name)))
    found = visitor.ask(questions.GetRenewal(member=visitor.name))
    money = invoices(visitor)
    where = standing_of(found, money)
    return flask.render_template(
        "home.html",
        card=card,
        where=where,
        tasks=standing.tasks(where),
        tags=standing.TAGS,
        action=standing.next_action(where),
        capacity=capacity(visitor, found.current_year),
        invoices=money,
    )


def invoices(visitor: Visitor) -> tuple[Invoice, ...]:
    """The member's invoices; none while payment does not answer."""
    found = asking.if_known(lambda: visitor.ask(questions.GetInvoices(member=visitor.name)))
    return found.invoices if found else ()


def invoice_of(visitor: Visitor, year: int) -> Invoice | None:
    return next((one for one in invoices(visitor) if one.year == year), None)


def capacity(visitor: Visitor, year: int, member: str = "") -> Capacity | None:
    """A year's capacity, the visitor's own if no member is named; None where there is none or nobody answers."""
    return asking.if_known(lambda: visitor.ask(questions.GetCapacity(member=member or visitor.name, year=year)))


def standing_of(found: MemberRenewal, money: tuple[Invoice, ...]) -> Standing:
    """Where the renewal of the current year stands."""
    year = found.renewal.year if found.renewal else found.current_year
    invoice = next((one for one in money if one.year == year), None)
    return Standing(year, found.renewal, invoice, asking.now())
