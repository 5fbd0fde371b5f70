"""Lists of pages as files: `?as=csv` or `?as=xlsx` on the page's own address gives all rows of its list, by the same filters and rights."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

import flask

from clients.gateway.web.session import Visitor
from shared.contract.refusals import Reason, Refused
from shared.tabular.export import WRITERS, Cell
from shared.text import persian

Rows = Sequence[Sequence[Cell]]
Page = Callable[[Visitor, int], tuple[Rows, int]]
"""Some rows of a list from an offset on, and how many it has; also called without a request, while a long file is written."""
ROWS_MAX = 50_000
"""Rows of a file."""
PLACE = {"start", "row", "as", "list", "job", "get"}
"""Arguments of an address that choose no rows of a list."""


@dataclass(frozen=True)
class List:
    """A list of a page: `name` is that of its files, and chooses it among the lists of its page."""

    name: str
    title: str
    headings: Sequence[str]
    page: Page
    rows_max: int = ROWS_MAX
    """How many of its rows are read for a file."""


def offer(visitor: Visitor, *lists: List) -> None:
    """Answer with the file that the address names, instead of the page; the first list where it names none.

    One that is not there now, since its service did not answer, is refused: another list would be taken for it.
    """
    kind = flask.request.args.get("as", "")
    if kind in WRITERS and lists:
        named = flask.request.args.get("list", "")
        chosen = next((one for one in lists if named in {"", one.name}), None)
        if chosen is None:
            raise Refused(Reason.NO_ANSWER)
        flask.abort(flask.current_app.extensions["export"](visitor, chosen, kind))


def is_file() -> bool:
    """Whether the address asks for a file."""
    return flask.request.args.get("as", "") in WRITERS


def whole(name: str, title: str, headings: Sequence[str], rows: Rows) -> List:
    """A list that the page has read as a whole."""
    return List(name, title, headings, lambda _visitor, offset: (rows[offset:], len(rows)))


def address(path: str = "", **arguments: str) -> str:
    """The address of this page's list, with other arguments beside its filters."""
    kept = {name: value for name, value in flask.request.args.items() if name not in PLACE}
    return f"{path or flask.request.path}?{urlencode({**kept, **arguments})}"


def day(on: date | None) -> str:
    """A Jalali day in ASCII digits, by which a spreadsheet sorts."""
    return persian.format_date(on) if on else ""


def instant(at: datetime | None) -> str:
    """A Jalali day and hour of Tehran in ASCII digits."""
    return persian.format_instant(at) if at else ""
