"""Lists about a member as files: the ledger, debts and invoices of an account, and who has read the member's rows."""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from clients.gateway import web
from clients.gateway.member.debts import Debt
from shared.contract.payment.answers import Invoice
from shared.contract.payment.finance_answers import Balance

LEDGER = ("شرح", "سال", "زمان", "شمارهٔ پیگیری", "به‌دست", "بدهکار (ریال)", "بستانکار (ریال)", "مانده (ریال)")
DEBTS = ("شرح", "سال", "مبلغ (ریال)", "صورت‌حساب سال")
INVOICES = (
    "سال",
    "وضعیت",
    "مبلغ (ریال)",
    "دریافت‌شده (ریال)",
    "چشم‌پوشی (ریال)",
    "صدور",
    "پرداخت",
    "تأیید",
    "پیگیری بانک",
)


def ledger(balance: Balance) -> web.lists.List:
    """Below zero is owed by the member."""
    sums = accumulate(entry.amount_rials for entry in balance.entries)
    rows: web.lists.Rows = [
        (
            *(web.labels.ENTRY_KINDS[one.kind], one.year, web.lists.instant(one.at), one.reference),
            web.queries.actor_name(one.by),
            *((-one.amount_rials, None) if one.amount_rials < 0 else (None, one.amount_rials)),
            left,
        )
        for one, left in zip(balance.entries, sums, strict=True)
    ]
    return web.lists.whole(f"ledger-{balance.member}", "دفتر حساب", LEDGER, rows)


def debts(found: Iterable[Debt]) -> web.lists.List:
    rows: web.lists.Rows = [
        ("ورودیه" if one.is_entrance else "حق عضویت", one.year, one.amount_rials, one.invoice_year or "برآورد")
        for one in found
    ]
    return web.lists.whole("debts", "بدهی به تفکیک سال", DEBTS, rows)


def invoices(found: Sequence[Invoice]) -> web.lists.List:
    rows: web.lists.Rows = [
        (
            *(one.year, web.sentences.invoice_status(one), one.amount_rials, one.received_rials, one.written_off_rials),
            *map(web.lists.instant, (one.issued_at, one.settled_at, one.confirmed_at)),
            one.bank_reference,
        )
        for one in found
    ]
    return web.lists.whole("invoices", "صورت‌حساب‌ها", INVOICES, rows)
