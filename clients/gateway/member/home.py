"""The member's home page: register entry, progress of the renewal, the next action, the capacity, and invoices."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.progress import next_action, renewal_progress
from clients.gateway.progress.payment_progress import PaymentProgress
from shared.contract.renewal import queries

BLUEPRINT = flask.Blueprint("home", __name__)


@BLUEPRINT.get("/member")
def page() -> ResponseReturnValue:
    visitor = web.session.member()
    card = web.queries.member_card(visitor)
    found = visitor.call(queries.GetRenewal(member=visitor.name))
    invoices = web.queries.invoices(visitor)
    health = web.queries.bank_health_to_pay(visitor, invoices or ())
    progress = renewal_progress.of_current_year(
        found, invoices, health, web.rpc.now(), card.paid_through if card else None
    )
    payments = tuple(PaymentProgress(one, progress.at, health) for one in invoices or ())
    return flask.render_template(
        "member/home.html",
        card=card,
        progress=progress,
        tasks=renewal_progress.tasks(progress),
        tags=renewal_progress.TAGS,
        action=next_action.of_member(progress, payments),
        capacity=web.queries.capacity(visitor, found.current_year),
        invoices=invoices or (),
    )
