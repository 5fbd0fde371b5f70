"""Lists read page by page, also over several provinces: limit and offset count in the whole list, in each province's order."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from clients.admin.context import RunContext
from shared.contract.bounds import PAGE_MAX


class Page(Protocol):
    """An answer with some rows of a list, and how many the whole list has."""

    @property
    def total(self) -> int: ...


P = TypeVar("P", bound=Page)
T = TypeVar("T")


class Listed(NamedTuple, Generic[P, T]):
    """The wanted rows, how many there are in all, and the first page of each province."""

    rows: list[T]
    total: int
    pages: list[P]


class PagedQuery(NamedTuple, Generic[P, T]):
    """How a page of a province's list is read, what its rows are, and what they are ordered by."""

    page: Callable[..., P]
    """By the keywords `province`, `limit` and `offset`."""
    rows: Callable[[P], Sequence[T]]
    order: Callable[[T], Any]


def fetch_rows(run: RunContext, province: str | None, query: PagedQuery[P, T], limit: int, offset: int) -> Listed[P, T]:
    """The rows from `offset` on, of the chosen province or of all that the officer serves.

    A row that is in two provinces' lists, such as a mine that members of both claim, counts once.
    """
    provinces = run.provinces(province)
    if len(provinces) == 1 and limit > PAGE_MAX:
        pages = first_pages(query, provinces[0], offset + limit)
        return Listed([row for page in pages for row in query.rows(page)][offset:], pages[0].total, pages[:1])
    if len(provinces) == 1:
        page = query.page(province=provinces[0], limit=limit, offset=offset)
        return Listed(list(query.rows(page)), page.total, [page])
    firsts = [first_pages(query, name, offset + limit) for name in provinces]
    ordered = sorted((row for pages in firsts for page in pages for row in query.rows(page)), key=query.order)
    unique = [row for index, row in enumerate(ordered) if row not in ordered[max(0, index - 1) : index]]
    total = sum(pages[0].total for pages in firsts) - (len(ordered) - len(unique))
    return Listed(unique[offset : offset + limit], total, [pages[0] for pages in firsts])


def first_pages(query: PagedQuery[P, T], province: str, wanted: int) -> list[P]:
    """The pages with a province's first rows, as many as are wanted and there are."""
    pages: list[P] = []
    count = 0
    while not pages or (count < wanted and len(query.rows(pages[-1])) == PAGE_MAX):
        pages.append(query.page(province=province, limit=min(PAGE_MAX, wanted - count), offset=count))
        count += len(query.rows(pages[-1]))
    return pages


def all_rows(page: Callable[[int], P], rows: Callable[[P], Sequence[T]]) -> Iterator[T]:
    """Every row of a list; `page` reads `PAGE_MAX` of them from an offset on."""
    offset, total = 0, 1
    while offset < total:
        answer = page(offset)
        yield from rows(answer)
        offset, total = offset + PAGE_MAX, answer.total
