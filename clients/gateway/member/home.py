"""The member's home page: register entry, progress of the renewal, the next action, the capacity, and invoices."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import progress, web
from clients.gateway.member import debts
from shared.contract.notification.queries import GetContacts
from shared.contract.renewal import queries

BLUEPRINT = flask.Blueprint("home", __name__)


@BLUEPRINT.get("/member")
def page() -> ResponseReturnValue:
    visitor = web.session.member()
    card = web.queries.member_card(visitor)
    found = visitor.call(queries.GetRenewal(member=visitor.name))
    invoices = web.queries.invoices(visitor)
    health = web.queries.bank_health_to_pay(visitor, invoices or ())
    renewal = progress.renewal_progress.of_current_year(
        found, invoices, health, web.rpc.now(), card.paid_through if card else None
    )
    payments = tuple(progress.PaymentProgress(one, renewal.at, health) for one in invoices or ())
    return flask.render_template(
        "member/home.html",
        card=card,
        progress=renewal,
        tasks=progress.renewal_progress.tasks(renewal),
        tags=progress.renewal_progress.TAGS,
        action=progress.next_action.of_member(renewal, payments),
        capacity=web.queries.capacity(visitor, found.current_year),
        invoices=invoices or (),
        debts=debts.by_year(invoices or (), None),
        is_reached_here_only=is_reached_here_only(visitor),
    )


def is_reached_here_only(visitor: web.Visitor) -> bool:
    """Whether no message can reach the member outside of the portal; not while notification does not answer."""
    found = visitor.call_if_known(GetContacts())
    return found is not None and not any(one.is_proved and not one.is_stopped for one in found.addresses)
