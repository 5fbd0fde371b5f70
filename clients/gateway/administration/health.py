"""The health of the instance for admins: the alerts that stand, each service's metrics and subscriptions, and the events that could not be applied; read only."""

from typing import NamedTuple

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.administration import program_figures
from shared import translations
from shared.contract.operations import answers, queries
from shared.contract.values import Role
from shared.services import FOLLOWERS

BLUEPRINT = flask.Blueprint("health", __name__)
LAG_SECONDS_MAX = 60
PARKED_SHOWN = 50
"""Of each service; all are counted."""


class Subscription(NamedTuple):
    """A service's subscription to a source, and what an operator should mend of it, as codes with a label."""

    service: str
    state: answers.SubscriptionState
    troubles: tuple[str, ...]


@BLUEPRINT.get("/desk/health")
def page() -> ResponseReturnValue:
    visitor = web.session.officer(Role.ADMIN)
    subscriptions: list[Subscription] = []
    figures = program_figures.of_all(visitor)
    silent = [*figures.silent]
    parked: list[tuple[str, answers.ParkedEvent]] = []
    for service in [one for one in FOLLOWERS if one not in figures.silent]:
        found = web.rpc.if_known(lambda service=service: visitor.call(queries.GetSubscriptions(), service))  # type: ignore[misc]
        if found is None:
            silent.append(service)
            continue
        subscriptions += subscriptions_of(service, found)
        if any(one.parked for one in found.subscriptions):
            query = queries.ListParked(limit=PARKED_SHOWN)
            events = web.rpc.if_known(lambda service=service: visitor.call(query, service))  # type: ignore[misc]  # noqa: B023
            parked += [(service, one) for one in events.parked] if events else []
    return flask.render_template(
        "administration/health.html",
        figures=figures,
        subscriptions=subscriptions,
        silent=silent,
        parked=parked,
        parked_total=sum(one.state.parked for one in subscriptions),
        is_well=not silent and not figures.alerts and not any(one.troubles for one in subscriptions),
        words=translations.group("command_line"),
    )


def subscriptions_of(service: str, found: answers.Subscriptions) -> list[Subscription]:
    return [Subscription(service, one, troubles(one, one.source in found.unreachable)) for one in found.subscriptions]


def troubles(state: answers.SubscriptionState, is_source_silent: bool) -> tuple[str, ...]:
    """What an operator should mend; nothing where the events flow."""
    is_true = {
        "full": state.full,
        "is_stopped": state.is_stopped,
        "parked": state.parked > 0,
        "lagging": state.lag_seconds > LAG_SECONDS_MAX,
        "not_of_source": bool(state.alarm),
        "disconnected": not state.connected,
        "source_silent": is_source_silent,
    }
    return tuple(code for code, is_so in is_true.items() if is_so)
