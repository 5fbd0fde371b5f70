"""The desk's search: members by name, number or national code, and requests by tracking code or mine code."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.review import desk_filters
from shared.contract.auth import queries as auth_queries
from shared.contract.renewal import queries as renewal_queries
from shared.text import cleaning

TEXT_LENGTH_MAX = 100


def typed() -> str:
    """What is searched for; nothing where nothing visible was typed."""
    return cleaning.line(flask.request.args.get("q", "")[:TEXT_LENGTH_MAX])


def page(visitor: web.Visitor, rows: web.url_arguments.ListPage, text: str) -> ResponseReturnValue:
    """The requests that were found in any status, and the members who have none."""
    found = visitor.call(auth_queries.SearchMembers(province=rows.province, text=text, limit=rows.rows_max))
    names = {one.member: one.full_name for one in found.members}
    query = renewal_queries.FindRenewals(province=rows.province, code=text, members=tuple(names), limit=rows.rows_max)
    answer = visitor.call(query)
    with_request = {one.member for one in answer.renewals}
    if others := with_request - names.keys():
        names |= web.queries.member_names(visitor, sorted(others))
    return flask.render_template(
        "review/search.html",
        text=text,
        renewals=answer.renewals,
        others=[one.member for one in found.members if one.member not in with_request],
        is_all=found.is_all and answer.is_all,
        names=names,
        time_left=desk_filters.time_left,
        now=web.rpc.now(),
        **vars(rows),
    )
