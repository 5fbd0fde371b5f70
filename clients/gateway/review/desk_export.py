"""The desk's list as a file: all renewals that its filters leave, with what they are sorted out by."""

from collections.abc import Mapping, Sequence

from clients.gateway import web
from shared.contract.bounds import PAGE_MAX
from shared.contract.renewal.answers import Renewal
from shared.contract.renewal.queries import ListDesk
from shared.tabular.export import Cell

HEADINGS = (
    *("شمارهٔ عضویت", "نام", "سال", "استان", "پایه", "رسته", "وضعیت", "کد پیگیری", "درخواست", "ارسال", "مهلت بررسی"),
    *(
        "دقیقهٔ کاری مانده",
        "فعالیت‌ها",
        "نسبت به پیشین",
        "بخش‌های تغییرکرده",
        "سال پرداخت‌نشده",
        "بار بازگشته",
        "نشانه‌ها",
        "در دست",
    ),
)


def listed(query: ListDesk) -> web.lists.List:
    """All rows of the query."""

    def page(visitor: web.Visitor, offset: int) -> tuple[web.lists.Rows, int]:
        desk = visitor.call(query.model_copy(update={"limit": PAGE_MAX, "offset": offset}))
        names = web.queries.member_names(visitor, (one.member for one in desk.renewals))
        return rows(visitor, desk.renewals, names), desk.total

    return web.lists.List("desk", "کارتابل", HEADINGS, page)


def found(visitor: web.Visitor, renewals: Sequence[Renewal], names: Mapping[str, str]) -> web.lists.List:
    """What a search has found, in the same columns; a member without a request has the number and the name alone."""
    with_request = {one.member for one in renewals}
    others = [
        (number, name, *[None] * (len(HEADINGS) - 2)) for number, name in names.items() if number not in with_request
    ]
    return web.lists.whole("found", "یافته‌ها", HEADINGS, [*rows(visitor, renewals, names), *others])


def rows(visitor: web.Visitor, renewals: Sequence[Renewal], names: Mapping[str, str]) -> list[tuple[Cell, ...]]:
    web.queries.load_officer_names(visitor, (one.assignment.officer for one in renewals if one.assignment))
    return [row(one, names) for one in renewals]


def row(one: Renewal, names: Mapping[str, str]) -> tuple[Cell, ...]:
    held, status = one.licence, web.labels.RENEWAL_STATUSES[one.status]
    fields = "، ".join(web.labels.FIELDS[field] for field in held.fields)
    who = (one.member, names.get(one.member, ""), one.year, web.labels.province(one.province))
    about = (web.labels.CLASSES[held.member_class], fields, status, one.tracking_code)
    times = tuple(web.lists.instant(at) for at in (one.requested_at, one.submitted_at, one.review_due_at))
    holder = web.queries.actor_name(one.assignment.officer) if one.assignment else ""
    return (*who, *about, *times, *notes(one), holder)


def notes(one: Renewal) -> tuple[Cell, ...]:
    desk, jobs = one.desk, len(one.jobs)
    if desk is None:
        return None, jobs, "", "", None, None, ""
    parts = "، ".join(web.labels.DECLARATION_PARTS[part] for part in desk.changed_parts)
    flags = "، ".join(web.labels.DESK_FLAGS[flag] for flag in desk.flags)
    change = web.labels.CHANGES[desk.change] if desk.change else ""
    return desk.minutes_left, jobs, change, parts, desk.debt_years, desk.times_returned, flags
