"""Full names of the officers who did something, asked of auth once for each page."""

from collections.abc import Iterable

import flask

from clients.gateway.web import rpc
from clients.gateway.web.session import Visitor
from shared.contract import bounds
from shared.contract.auth import queries
from shared.contract.passport import Bearer

OFFICER = Bearer.OFFICER.value


def learn(visitor: Visitor, actors: Iterable[str]) -> None:
    """Ask for the names of those officers among them whom this request does not know yet; a member is told none."""
    named = {name for kind, _, name in (actor.partition(":") for actor in actors) if kind == OFFICER and name}
    unknown = sorted(named - known().keys())[: bounds.PAGE_MAX]
    if visitor.is_member or not unknown:
        return
    question = queries.GetOfficerNames(officers=tuple(unknown))
    found = rpc.if_known(lambda: visitor.ask(question))
    known().update(dict.fromkeys(unknown, "") | (found.names if found else {}))


def known() -> dict[str, str]:
    """Full names by officer name, as far as they were asked for in this request."""
    names: dict[str, str] = flask.g.setdefault("officer_names", {})
    return names


def name_of(actor: str) -> str:
    """Who did something, for a reader: an officer by full name, a program as the system."""
    kind, _, name = actor.partition(":")
    if kind == OFFICER:
        visitor = flask.g.get("visitor")
        return "سازمان" if visitor and visitor.is_member else known().get(name) or name
    return "خود عضو" if kind == Bearer.MEMBER else "سامانه"
