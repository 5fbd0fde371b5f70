"""Lists over several provinces: limit and offset count in the whole list, in the order that each province's own list has."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from clients.admin.context import RunContext
from shared.contract.base import Answer
from shared.contract.bounds import PAGE_MAX

A = TypeVar("A", bound=Answer)
T = TypeVar("T")


class Listed(NamedTuple, Generic[A, T]):
    """The rows that were asked for, and the first page of each province, for what it says of its whole list."""

    rows: list[T]
    firsts: list[A]
    repeated: int = 0
    """How many of the rows were in two provinces' lists, such as a mine that members of both claim."""


class PagedQuery(NamedTuple, Generic[A, T]):
    """How a page of a province is asked for, what its rows are, and what they are ordered by."""

    page: Callable[[str, int, int], A]
    """By province, limit and offset."""
    rows: Callable[[A], Sequence[T]]
    order: Callable[[T], Any]


def fetch_rows(run: RunContext, province: str | None, query: PagedQuery[A, T], limit: int, offset: int) -> Listed[A, T]:
    """The rows from `offset` on; of several provinces, each gives as many of its first rows as may be among them."""
    provinces = run.provinces(province)
    if len(provinces) == 1:
        only = query.page(provinces[0], limit, offset)
        return Listed(list(query.rows(only)), [only])
    found: list[T] = []
    firsts: list[A] = []
    for one in provinces:
        pages = first_rows(query, one, offset + limit)
        firsts.append(pages[0])
        found += [row for page in pages for row in query.rows(page)]
    ordered = sorted(found, key=query.order)
    once = [row for place, row in enumerate(ordered) if row not in ordered[max(0, place - 1) : place]]
    return Listed(once[offset : offset + limit], firsts, len(ordered) - len(once))


def first_rows(query: PagedQuery[A, T], province: str, wanted: int) -> list[A]:
    """The pages with a province's first rows, as many as are wanted and there are."""
    pages = [query.page(province, min(PAGE_MAX, wanted), 0)]
    here = len(query.rows(pages[0]))
    while here < wanted and len(query.rows(pages[-1])) == PAGE_MAX:
        pages.append(query.page(province, min(PAGE_MAX, wanted - here), here))
        here += len(query.rows(pages[-1]))
    return pages
