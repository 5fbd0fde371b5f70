"""The desk's search: members by name, number or national code, requests by tracking code or mine code, payments by the bank's reference."""

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.review import desk_export, desk_filters
from shared.contract.auth import queries as auth_queries
from shared.contract.bounds import PAGE_MAX
from shared.contract.payment import queries as payment_queries
from shared.contract.payment.answers import Invoice
from shared.contract.renewal import queries as renewal_queries
from shared.text import cleaning

TEXT_LENGTH_MAX = 100


def typed() -> str:
    """What is searched for; nothing where nothing visible was typed."""
    return cleaning.line(flask.request.args.get("q", "")[:TEXT_LENGTH_MAX])


def page(visitor: web.Visitor, rows: web.url_arguments.ListPage, text: str) -> ResponseReturnValue:
    """The requests that were found in any status, and the members who have none."""
    limit = PAGE_MAX if web.lists.is_file() else rows.rows_max
    found = visitor.call(auth_queries.SearchMembers(province=rows.province, text=text, limit=limit))
    names = {one.member: one.full_name for one in found.members}
    query = renewal_queries.FindRenewals(province=rows.province, code=text, members=tuple(names), limit=limit)
    answer = visitor.call(query)
    web.queries.load_officer_names(visitor, (one.assignment.officer for one in answer.renewals if one.assignment))
    with_request = {one.member for one in answer.renewals}
    if others := with_request - names.keys():
        names |= web.queries.member_names(visitor, sorted(others))
    web.lists.offer(visitor, desk_export.found(visitor, answer.renewals, names))
    payments = () if names else paid_by(visitor, rows.province, text)
    if payments:
        names |= web.queries.member_names(visitor, (one.member for one in payments))
    return flask.render_template(
        "review/search.html",
        payments=payments,
        text=text,
        renewals=answer.renewals,
        others=[one.member for one in found.members if one.member not in with_request],
        is_all=found.is_all and answer.is_all,
        names=names,
        time_left=desk_filters.time_left,
        now=web.rpc.now(),
        **vars(rows),
    )


def paid_by(visitor: web.Visitor, province: str, text: str) -> tuple[Invoice, ...]:
    """The invoices that a bank's reference has paid; asked where nothing else was found, and a reference has digits."""
    if not any(character.isdecimal() for character in text):
        return ()
    answer = visitor.call_if_known(payment_queries.ListPayments(province=province, reference=text))
    return answer.invoices if answer else ()
