"""Lists of finance as files: payments, tasks, alerts, a day's differences, and what a bank statement changes."""

from clients.gateway import web
from shared.contract.bounds import PAGE_MAX
from shared.contract.payment.finance_answers import ReconciledDay, Statement
from shared.contract.payment.queries import ListAlerts, ListMoneyTasks, ListPayments
from shared.text import persian

PAYMENTS = (
    *("شمارهٔ عضویت", "نام", "سال", "وضعیت", "مبلغ (ریال)", "دریافت‌شده (ریال)", "چشم‌پوشی (ریال)", "صدور"),
    *("پرداخت", "تأیید", "برگشت", "پیگیری بانک"),
)
TASKS = ("کار", "علت", "شمارهٔ عضویت", "نام", "سال", "مبلغ (ریال)", "از", "درخواست", "تأیید")
ALERTS = ("هشدار", "شمارهٔ عضویت", "سال", "کلید بانک", "بار", "نخستین بار", "آخرین بار")
DAY = ("اختلاف", "شناسهٔ پرداخت در بانک", "پیگیری بانک", "زمان", "شمارهٔ عضویت", "نزد بانک (ریال)", "نزد ما (ریال)")
CHANGES = (
    "شناسهٔ پرداخت در بانک",
    "پیگیری بانک",
    "تغییر",
    "اکنون (ریال)",
    "روز",
    "پس از این فایل (ریال)",
    "روز پس از آن",
)


def payments(query: ListPayments, title: str) -> web.lists.List:
    def page(visitor: web.Visitor, offset: int) -> tuple[web.lists.Rows, int]:
        found = visitor.call(query.model_copy(update={"limit": PAGE_MAX, "offset": offset}))
        names = web.queries.member_names(visitor, (one.member for one in found.invoices))
        rows: web.lists.Rows = [
            (
                *(one.member, names.get(one.member, ""), one.year, web.sentences.invoice_status(one)),
                *(one.amount_rials, one.received_rials, one.written_off_rials),
                *map(web.lists.instant, (one.issued_at, one.settled_at, one.confirmed_at, one.reversed_at)),
                one.bank_reference,
            )
            for one in found.invoices
        ]
        return rows, found.total

    return web.lists.List("payments", title, PAYMENTS, page)


def tasks(query: ListMoneyTasks) -> web.lists.List:
    def page(visitor: web.Visitor, offset: int) -> tuple[web.lists.Rows, int]:
        found = visitor.call(query.model_copy(update={"limit": PAGE_MAX, "offset": offset}))
        names = web.queries.member_names(visitor, (one.member for one in found.tasks))
        actors = (actor for one in found.tasks for actor in (one.requested_by, one.granted_by))
        web.queries.load_officer_names(visitor, actors)
        rows: web.lists.Rows = [
            (
                *(web.labels.TASK_KINDS[one.kind], web.labels.cause(one.cause), one.member, names.get(one.member, "")),
                *(one.year, one.amount_rials, web.lists.instant(one.since)),
                *(web.queries.actor_name(actor) if actor else "" for actor in (one.requested_by, one.granted_by)),
            )
            for one in found.tasks
        ]
        return rows, found.total

    return web.lists.List("tasks", "کارهای مالی", TASKS, page)


def alerts(province: str) -> web.lists.List:
    def page(visitor: web.Visitor, offset: int) -> tuple[web.lists.Rows, int]:
        found = visitor.call(ListAlerts(province=province, limit=PAGE_MAX, offset=offset))
        rows: web.lists.Rows = [
            (
                *(web.labels.ALERT_KINDS[one.kind], one.member, one.year, one.authority, one.times),
                *map(web.lists.instant, (one.first_at, one.last_at)),
            )
            for one in found.alerts
        ]
        return rows, found.total

    return web.lists.List("alerts", "هشدارها", ALERTS, page)


def day(found: ReconciledDay) -> web.lists.List:
    rows: web.lists.Rows = [
        (
            *(web.labels.EXCEPTION_KINDS[one.kind][0], one.authority, one.bank_reference, web.lists.instant(one.at)),
            *(one.member, one.bank_rials, one.our_rials),
        )
        for one in found.exceptions
    ]
    title = f"اختلاف‌های {persian.format_date(found.on).replace('/', '-')}"
    return web.lists.whole("differences", title, DAY, rows)


def changes(found: Statement) -> web.lists.List:
    rows: web.lists.Rows = [
        (
            *(one.authority, one.bank_reference, web.labels.STATEMENT_CHANGES[one.kind]),
            *(one.before_rials if one.before_on else None, web.lists.day(one.before_on)),
            *(one.after_rials if one.after_on else None, web.lists.day(one.after_on)),
        )
        for one in (found.difference.changes if found.difference else ())
    ]
    return web.lists.whole("statement", "تغییرهای صورت‌حساب بانک", CHANGES, rows)
