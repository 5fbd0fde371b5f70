"""The health of the instance for admins: the alerts that stand, each service's metrics and subscriptions, and the events that could not be applied; read only."""

import logging
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, TypeVar

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.administration.program_figures import Figures, ProgramFigures
from clients.gateway.web.session import Visitor
from shared import translations
from shared.contract.base import Answer
from shared.contract.operations import answers, queries
from shared.contract.operations.metric_answers import Metrics
from shared.contract.refusals import Refused
from shared.contract.values import Role
from shared.services import FOLLOWERS, SERVICES

A = TypeVar("A", bound=Answer)
BLUEPRINT = flask.Blueprint("health", __name__)
LAG_SECONDS_MAX = 60
PARKED_SHOWN = 50
"""Of each service; all are counted."""

logger = logging.getLogger(__name__)


class Subscription(NamedTuple):
    """A service's subscription to a source, and what an operator should mend of it, as codes with a label."""

    service: str
    state: answers.SubscriptionState
    troubles: tuple[str, ...]


class Found(NamedTuple):
    """What one service says of itself; None for what it does not answer."""

    service: str
    metrics: Metrics | None = None
    subscriptions: answers.Subscriptions | None = None
    parked: tuple[answers.ParkedEvent, ...] = ()

    @property
    def is_silent(self) -> bool:
        return self.metrics is None or (self.service in FOLLOWERS and self.subscriptions is None)


@BLUEPRINT.get("/desk/health")
def page() -> ResponseReturnValue:
    visitor = web.session.officer(Role.ADMIN)
    found = web.rpc.at_once([partial(of_service, visitor, service) for service in SERVICES])
    figures = Figures(tuple(ProgramFigures(one.service, one.metrics) for one in found if one.metrics))
    subscriptions = [state for one in found if one.subscriptions for state in subscriptions_of(one)]
    silent = [one.service for one in found if one.is_silent]
    return flask.render_template(
        "administration/health.html",
        figures=figures,
        subscriptions=subscriptions,
        silent=silent,
        parked=[(one.service, event) for one in found for event in one.parked],
        parked_total=sum(one.state.parked for one in subscriptions),
        is_well=not silent and not figures.alerts and not any(one.troubles for one in subscriptions),
        words=translations.group("command_line"),
    )


def of_service(visitor: Visitor, service: str) -> Found:
    """Ask one service; one that has not answered is asked nothing more."""
    found = Found(service, if_it_answers(lambda: visitor.call(queries.GetMetrics(), service)))
    if found.metrics and service in FOLLOWERS:
        state = if_it_answers(lambda: visitor.call(queries.GetSubscriptions(), service))
        found = found._replace(subscriptions=state)
        if state and any(one.parked for one in state.subscriptions):
            events = if_it_answers(lambda: visitor.call(queries.ListParked(limit=PARKED_SHOWN), service))
            found = found._replace(parked=events.parked if events else ())
    return found


def if_it_answers(call: Callable[[], A]) -> A | None:
    """The answer; None where a service does not answer or fails, for the page is opened because something is wrong."""
    try:
        return web.rpc.if_known(call)
    except (Refused, web.session.CodeNeeded):
        raise
    except Exception:
        logger.exception("a service has failed at what the page of health asks")
        return None


def subscriptions_of(found: Found) -> list[Subscription]:
    known = found.subscriptions or answers.Subscriptions(subscriptions=())
    return [
        Subscription(found.service, one, troubles(one, one.source in known.unreachable)) for one in known.subscriptions
    ]


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
