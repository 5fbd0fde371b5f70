"""Arguments in URLs: converters of membership numbers and Jalali years (malformed is 404), the year, and paging of lists by province."""

import re
from dataclasses import dataclass
from typing import Any

import flask
from werkzeug.routing import BaseConverter, IntegerConverter, Map, ValidationError

from clients.gateway.web import labels
from clients.gateway.web.session import Visitor
from shared.contract.bounds import YEAR_MAX, YEAR_MIN
from shared.contract.refusals import Reason, Refused
from shared.text import numbers, persian

ROWS_MAX = 50
"""Rows on a page of a list."""
START_DIGITS_MAX = 9
"""Digits read of the first row's number, which stays below `bounds.OFFSET_MAX`."""
DESK_FILTERS = ("member_class", "field", "jobs", "change", "debt", "flag", "deadline", "returned", "holder", "sort")
"""Each by the name that the desk's query has for it."""
LIST_ARGUMENTS = {
    "province": "[a-z]{2,20}",
    "status": "[a-z]{2,20}",
    "kind": "[a-z_]{2,30}",
    "start": "[0-9]{1,9}",
    "row": "[0-9]{1,9}",
    "late": "1",
    **dict.fromkeys(DESK_FILTERS, "[a-z0-9_]{2,30}"),
}
"""Arguments of a place in a list, with their pattern; `row` is the one that was opened."""


class MemberConverter(BaseConverter):
    """A membership number, in digits of any keyboard."""

    def to_python(self, value: str) -> str:
        number = persian.membership_no(value)
        if number is None:
            raise ValidationError
        return number


class YearConverter(IntegerConverter):
    """A Jalali year that a membership can have."""

    regex = "[0-9۰-۹]{4}"

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's own name
        super().__init__(map, min=YEAR_MIN, max=YEAR_MAX)


def attach(app: flask.Flask) -> None:
    """Register the converters; before any route that uses them."""
    app.url_map.converters |= {"member": MemberConverter, "year": YearConverter}


def year(default: int) -> int:
    """The Jalali year in the query string, else the default."""
    return number("year", YEAR_MIN, YEAR_MAX) or default


def number(name: str, least: int, most: int) -> int | None:
    """A number in the query string; None without one; refused outside its bounds."""
    typed = flask.request.args.get(name, "")
    try:
        found = numbers.count(typed) if typed else None
    except numbers.NumberWrong as wrong:
        raise Refused(Reason.BAD_INPUT, {name: wrong.code}) from None
    if found is not None and not least <= found <= most:
        raise Refused(Reason.BAD_INPUT, {name: "less_than_equal" if found > most else "greater_than_equal"})
    return found


def chosen(typed: str | None, offered: list[str]) -> str:
    """What was typed where it is one of those offered, else the first of them."""
    return typed if typed in offered else offered[0]


@dataclass(frozen=True)
class ListPage:
    """A page of a province's list: the province and the first row."""

    provinces: list[str]
    """The officer's provinces, in the order of the list of provinces."""
    province: str
    start: int
    rows_max: int = ROWS_MAX

    @property
    def limits(self) -> dict[str, object]:
        """Province, limit and offset of the query for these rows."""
        return {"province": self.province, "limit": self.rows_max, "offset": self.start}

    def redirect_beyond_end(self, total: int) -> None:
        """Redirect to the last page where the offset is beyond the end, since rows may have left the list meanwhile."""
        if 0 < total <= self.start:
            last = (total - 1) // self.rows_max * self.rows_max
            arguments = {**(flask.request.view_args or {}), **flask.request.args.to_dict(), "start": last}
            flask.abort(flask.redirect(flask.url_for(str(flask.request.endpoint), **arguments), 303))


def list_page(visitor: Visitor, province: str = "") -> ListPage:
    """The page of a list by the query string; an officer without a province gets a page that explains it instead."""
    provinces = list(labels.province_names(visitor.passport.provinces))
    if not provinces:
        flask.abort(flask.make_response(flask.render_template("design/no_desk.html")))
    return ListPage(provinces, chosen(province or flask.request.args.get("province"), provinces), first_row())


def first_row() -> int:
    """The first row of the page of a list; the list's first where the query string has no number."""
    typed = flask.request.args.get("start", "")
    return int(typed[:START_DIGITS_MAX]) if re.fullmatch("[0-9]+", typed) else 0


def list_arguments() -> dict[str, Any]:
    """The place in a list that the visitor came from, from this page's own query string."""
    args = flask.request.args
    return {name: args[name] for name, form in LIST_ARGUMENTS.items() if re.fullmatch(form, args.get(name, ""))}
