"""A member's account: the ledger's lines and their sum, for the member, and with what can be asked for, for an officer."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import asking, desk, visits
from clients.gateway.visits import Visitor
from shared import persian
from shared.contract import questions
from shared.contract.answers import Balance, Invoice, MoneyTask
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("account", __name__)


@BLUEPRINT.get("/member/account")
def own() -> ResponseReturnValue:
    visitor = visits.member()
    found = visitor.ask(questions.GetBalance(member=visitor.name))
    return flask.render_template("account.html", balance=found, sums=sums(found), name="", invoices=(), tasks=())


@BLUEPRINT.get("/desk/account/<number>")
def of_member(number: str) -> ResponseReturnValue:
    """The same for finance and managers, with the invoices, their payments, and what waits about them."""
    visitor = visits.officer(Role.MANAGER, Role.FINANCE)
    member = must_be_number(number)
    found = visitor.ask(questions.GetBalance(member=member))
    invoices = visitor.ask(questions.GetInvoices(member=member)).invoices
    return flask.render_template(
        "account.html",
        balance=found,
        sums=sums(found),
        name=desk.names(visitor, (member,)).get(member, ""),
        invoices=invoices,
        tasks=tasks_of(visitor, member, invoices[0].province) if invoices else (),
    )


def sums(balance: Balance) -> list[int]:
    """The balance after each entry."""
    found: list[int] = []
    for entry in balance.entries:
        found.append((found[-1] if found else 0) + entry.amount_rials)
    return found


def tasks_of(visitor: Visitor, member: str, province: str) -> tuple[MoneyTask, ...]:
    """What waits about a member's money."""
    question = questions.ListMoneyTasks(province=province, member=member, limit=questions.PAGE_MAX)
    found = asking.if_known(lambda: visitor.ask(question))
    return found.tasks if found else ()


def invoice_of(visitor: Visitor, number: str, year: int) -> Invoice:
    """A member's invoice of a year; refused where there is none."""
    found = visitor.ask(questions.GetInvoices(member=must_be_number(number))).invoices
    invoice = next((one for one in found if one.year == year), None)
    if invoice is None:
        raise Refused(Reason.NO_INVOICE)
    return invoice


def must_be_number(text: str) -> str:
    """The membership number in an address."""
    number = persian.membership_no(text)
    if number is None:
        raise Refused(Reason.UNKNOWN_MEMBER)
    return number
