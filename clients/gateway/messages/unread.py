"""The count of unread messages in the head of every page: asked once a minute at most, and kept in the browser's cookie of forms."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import eventlet
import flask

from clients.gateway import web
from shared.contract.notification.queries import CountUnread
from shared.contract.refusals import Reason, Refused

KEPT = "unread"
"""In the browser's cookie of forms, which is bound to the session: the count, and when it was asked."""
KEPT_FOR = timedelta(minutes=1)
WAIT_SECONDS = 2
"""A page waits no longer for the count."""

logger = logging.getLogger(__name__)


@dataclass
class Silence:
    """Until when notification is not asked again, because it has not answered."""

    until: datetime


def attach(app: flask.Flask) -> None:
    """Let every template show the count."""
    app.extensions["unread"] = Silence(until=datetime.min.replace(tzinfo=UTC))
    app.jinja_env.globals["unread_messages"] = of_visitor


def of_visitor() -> int:
    """How many messages the visitor has not read; 0 while it is not known."""
    now, kept = web.rpc.now(), flask.session.get(KEPT)
    if kept and now - datetime.fromtimestamp(kept[1], UTC) < KEPT_FOR:
        return int(kept[0])
    silence: Silence = flask.current_app.extensions["unread"]
    if now < silence.until:
        return 0
    count = requested()
    if count is None:
        silence.until = now + KEPT_FOR
        return 0
    keep(count)
    return count


def requested() -> int | None:
    """The answer of notification, 0 where it refuses this visitor, None where it does not answer; the page is shown in any case."""
    try:
        with eventlet.Timeout(WAIT_SECONDS, False):
            return web.session.visitor().call(CountUnread()).unread
    except Exception as error:  # noqa: BLE001 - whatever it is, the page can do without
        logger.warning("the count of unread messages is not known: %s", type(error).__name__)
        is_silent = isinstance(error, Refused) and error.reason is Reason.NO_ANSWER
        return None if is_silent else 0
    return None


def keep(count: int) -> None:
    """Keep a count that is known now."""
    flask.session[KEPT] = (count, int(web.rpc.now().timestamp()))


def forget() -> None:
    """Ask anew on the next page."""
    flask.session.pop(KEPT, None)
