"""Messages that arrived by no way as a file: whom to telephone about what, and what was tried."""

from clients.gateway import web
from shared.contract.bounds import PAGE_MAX
from shared.contract.notification.answers import Attempt
from shared.contract.notification.queries import ListUndelivered

UNDELIVERED = ("شمارهٔ عضویت", "نام", "سال", "نوع پیام", "پیام", "زمان", "راه‌ها")


def undelivered(query: ListUndelivered) -> web.lists.List:
    """All rows of the query."""

    def page(visitor: web.Visitor, offset: int) -> tuple[web.lists.Rows, int]:
        found = visitor.call(query.model_copy(update={"limit": PAGE_MAX, "offset": offset}))
        names = web.queries.member_names(visitor, (one.member for one in found.notices))
        rows: web.lists.Rows = [
            (
                *(one.member, names.get(one.member, ""), one.year, web.labels.NOTICE_KINDS[one.kind], one.title),
                *(web.lists.instant(one.notified_at), "؛ ".join(map(attempt_text, one.attempts))),
            )
            for one in found.notices
        ]
        return rows, found.total

    return web.lists.List("undelivered", "به دستشان نرسیده", UNDELIVERED, page)


def attempt_text(one: Attempt) -> str:
    """A message by one way, and what became of it."""
    state = web.labels.MESSAGE_STATES.get(one.state, one.state)
    cause = f" ({web.labels.MESSAGE_FAILURES.get(one.cause, one.cause)})" if one.cause else ""
    return " ".join(filter(None, (web.labels.WAYS[one.way], one.address, state + cause)))
