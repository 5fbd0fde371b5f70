"""Lists of capacity as files: shares of use, members over their ceiling, contested mines, and the lines of a year's ledger."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import accumulate

from clients.gateway import web
from shared.contract.bounds import PAGE_MAX
from shared.contract.capacity.answers import Explanation, UseOverview
from shared.contract.capacity.queries import ListOverUse
from shared.contract.renewal.mine_answers import ContestedMine
from shared.contract.renewal.queries import ListContestedMines
from shared.contract.values import UNITS_PER_P
from shared.tabular.export import Cell

OVER = ("شمارهٔ عضویت", "نام", "سال", "سقف (P)", "کسرشده (P)", "مانده (P)", "چرا")
MINES = ("کد کاداستر", "شمارهٔ عضویت", "استان", "سال", "وضعیت", "از", "تا", "اعلام")
LINES = ("سطر", "رسته", "مقدار (P)", "جمع (P)", "رویداد", "زمان", "قاعده")


def in_p(units: int) -> Cell:
    """Capacity in P as a number."""
    return Decimal(units) / UNITS_PER_P


def shares(overviews: Sequence[UseOverview]) -> web.lists.List:
    headings = [share_heading(share.up_to_percent) for share in overviews[0].shares] if overviews else []
    rows: web.lists.Rows = [
        (
            *(web.labels.FIELDS[one.field] if one.field else "همه با هم", one.members),
            *(share.members for share in one.shares),
            *map(in_p, (one.used_units, one.ceiling_units)),
        )
        for one in overviews
    ]
    return web.lists.whole("shares", "سهم به‌کاررفته", ("رسته", "عضو", *headings, "کسرشده (P)", "سقف (P)"), rows)


def share_heading(percent: int | None) -> str:
    if percent is None:
        return "بیش از سقف"
    return f"تا {percent}٪" if percent else "بی‌کسر"


def over_use(query: ListOverUse) -> web.lists.List:
    def page(visitor: web.Visitor, offset: int) -> tuple[web.lists.Rows, int]:
        found = visitor.call(query.model_copy(update={"limit": PAGE_MAX, "offset": offset}))
        names = web.queries.member_names(visitor, (one.member for one in found.capacities))
        rows: web.lists.Rows = [
            (
                *(one.member, names.get(one.member, ""), one.year),
                *map(in_p, (one.ceiling_units, one.used_units, one.remaining_units)),
                " ".join(map(str, web.sentences.FILTERS["capacity_warnings"](one))),
            )
            for one in found.capacities
        ]
        return rows, found.total

    return web.lists.List("over-use", "بیش از سقف", OVER, page)


def mines(query: ListContestedMines) -> web.lists.List:
    """Each mine has several rows, so all are read at once."""

    def all_mines(visitor: web.Visitor) -> Iterator[ContestedMine]:
        offset, total = 0, 1
        while offset < total:
            found = visitor.call(query.model_copy(update={"limit": PAGE_MAX, "offset": offset}))
            yield from found.mines
            offset, total = offset + PAGE_MAX, found.total

    def page(visitor: web.Visitor, offset: int) -> tuple[web.lists.Rows, int]:
        rows: web.lists.Rows = [
            (
                *(mine.cadastre_code, claim.member, web.labels.province(claim.province), claim.year),
                web.labels.RENEWAL_STATUSES[claim.status],
                *map(web.lists.day, (claim.starts_on, claim.ends_on)),
                web.lists.instant(claim.claimed_at),
            )
            for mine in all_mines(visitor)
            for claim in mine.claims
        ]
        return rows[offset:], len(rows)

    return web.lists.List("mines", "معدن‌های مورد اختلاف", MINES, page)


def lines(found: Explanation | None) -> web.lists.List:
    of_ledger = found.lines if found else ()
    sums = accumulate(line.units for line in of_ledger)
    rows: web.lists.Rows = [
        (
            *(web.labels.LINE_KINDS[line.kind], web.labels.FIELDS[line.field] if line.field else ""),
            *(in_p(line.units), in_p(total)),
            f"{web.labels.SOURCES.get(line.source, line.source)} {line.position}",
            *(web.lists.instant(line.effective_at), web.labels.rule(line.rule)),
        )
        for line, total in zip(of_ledger, sums, strict=True)
    ]
    return web.lists.whole("capacity", "سطرهای ظرفیت", LINES, rows)
