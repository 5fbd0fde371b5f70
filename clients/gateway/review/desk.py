"""The manager's desk (کارتابل): the list of renewals, and the next one of it."""

from collections.abc import Iterable

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.review import desk_export, desk_filters, search, undoing
from shared.contract import base
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import answers
from shared.contract.renewal.queries import ListDesk
from shared.contract.values import Role

BLUEPRINT = flask.Blueprint("desk", __name__)
FIRST_PAGES = {
    Role.FINANCE: "payments.payments",
    Role.TREASURY: "daily_reconciliation.day",
    Role.ADMIN: "officers.page",
    Role.AUDITOR: "reads.of_others",
}


@BLUEPRINT.get("/desk")
def page() -> ResponseReturnValue:
    """The desk of a manager; for other officers the first page that is theirs."""
    visitor = web.session.officer()
    if not visitor.has(Role.MANAGER):
        return flask.redirect(flask.url_for(first_page(visitor)), 303)
    rows = web.url_arguments.list_page(visitor)
    if text := search.typed():
        return search.page(visitor, rows, text)
    query, filters = list_query(rows.limits), desk_filters.chosen()
    web.lists.offer(visitor, desk_export.listed(query))
    status, desk = query.status, visitor.call(query)
    rows.redirect_beyond_end(desk.total)
    members = [one.member for one in desk.renewals]
    notices = web.queries.payment_notices(visitor, rows.province, desk.late_before)
    return flask.render_template(
        "review/desk.html",
        desk=desk,
        names=web.queries.member_names(visitor, members, holders(visitor, desk.renewals)),
        status=status,
        filters=web.Form(filters),
        filter_options=desk_filters.OPTIONS,
        unchanged_and_clean=desk_filters.UNCHANGED_AND_CLEAN,
        field=filters.get("field"),
        kept={name: choice for name, choice in filters.items() if name != "field"},
        place=filters | ({"start": str(rows.start)} if rows.start else {}),
        time_left=desk_filters.time_left,
        just_decided=undoing.just_decided(),
        now=web.rpc.now(),
        late_total=notices.late,
        reversed_total=notices.reversed,
        **vars(rows),
    )


def first_page(visitor: web.Visitor) -> str:
    """The first page of an officer who is no manager."""
    for role, endpoint in FIRST_PAGES.items():
        if visitor.has(role):
            return endpoint
    raise Refused(Reason.NOT_ALLOWED)


def list_query(limits: dict[str, object]) -> ListDesk:
    """The query of the list that the query string names, for some of its rows."""
    status = web.url_arguments.chosen(flask.request.args.get("status"), list(web.labels.RENEWAL_STATUSES))
    return base.parse(ListDesk, {"status": status, **desk_filters.chosen(), **limits})


@BLUEPRINT.get("/desk/next")
def next_request() -> ResponseReturnValue:
    """Redirect to the request in a row of the list."""
    visitor = web.session.officer(Role.MANAGER)
    return flask.redirect(address_of_next(visitor), 303)


def address_of_next(visitor: web.Visitor, decided: tuple[str, int] | None = None) -> str:
    """The address of the list's request that is next: in the row of the one decided, which has left the list; else the first.

    The list's own address where nothing is left.
    """
    here = web.url_arguments.list_arguments()
    row = int(here.pop("row", here.get("start", "0")))
    for offset in (row, 0) if row else (0,):
        found = free_from(visitor, offset, decided)
        if found:
            index, one = found
            return flask.url_for("desk.renewal", member=one.member, year=one.year, **here, row=index)
    return flask.url_for("desk.page", **here)


def free_from(visitor: web.Visitor, offset: int, decided: tuple[str, int] | None) -> tuple[int, answers.Renewal] | None:
    """The first request of the list from a row on, and its row, that no colleague holds; looked for within a page."""
    limits = web.url_arguments.list_page(visitor).limits
    for limit in (2, web.url_arguments.ROWS_MAX):
        found = visitor.call(list_query({**limits, "limit": limit, "offset": offset})).renewals
        left = [one for one in found if (one.member, one.year) != decided]
        for index, one in enumerate(left):
            if one.assignment is None or one.assignment.is_mine:
                return offset + index, one
        if len(found) < limit:
            break
    return None


def holders(visitor: web.Visitor, renewals: Iterable[answers.Renewal]) -> set[str]:
    """The colleagues who hold one of the requests, whose names the page shows."""
    return {one.assignment.officer for one in renewals if one.assignment} - {visitor.passport.actor}
