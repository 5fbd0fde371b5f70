"""Progress of a member's renewal: its five tasks, and why one is not possible yet; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from clients.gateway import web
from clients.gateway.progress.payment_progress import PaymentProgress, State
from shared.contract.payment import invoice_stage
from shared.contract.payment.answers import BankHealth, Invoice
from shared.contract.renewal.answers import MemberRenewal, Renewal

Tag = Literal["done", "yours", "waiting", "not_yet", "stopped", "closed"]
TAGS: Mapping[Tag, str] = {
    "done": "انجام شد",
    "yours": "نوبت شما",
    "waiting": "در انتظار سازمان",
    "not_yet": "هنوز ممکن نیست",
    "stopped": "رد شد",
    "closed": "بسته شد",
}


CLOSED = {"withdrawn", "expired"}
"""Statuses after which a renewal may be requested anew."""
Money = State | Literal["none", "unknown"]


@dataclass(frozen=True)
class Task:
    """A row of the task list; `note` is when, or why not yet, with a `code` after it."""

    title: str
    tag: Tag
    note: str = ""
    code: str = ""
    page: str = ""
    arguments: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class RenewalProgress:
    """A member's renewal of a year, as far as it has come."""

    year: int
    renewal: Renewal | None
    invoice: Invoice | None
    at: datetime
    health: BankHealth | None = None
    paid_through: int | None = None
    """The last year that the register has as paid."""
    is_money_known: bool = True
    """Whether payment has answered; without an answer the pages show no invoices."""
    is_first: bool = False
    """Whether nothing was ever paid, by the register and here."""

    @property
    def status(self) -> str:
        """The renewal's status; one that was withdrawn or has expired counts as none."""
        return self.renewal.status if self.renewal and self.renewal.status not in CLOSED else "none"

    @property
    def payment(self) -> PaymentProgress | None:
        """The progress of its payment; only an approved renewal has something to pay."""
        return (
            PaymentProgress(self.invoice, self.at, self.health) if self.invoice and self.status == "approved" else None
        )

    @property
    def money(self) -> Money:
        """How far the payment is; `none` before there is an invoice."""
        if self.payment:
            return self.payment.state
        return "none" if self.is_money_known else "unknown"

    @property
    def of_year(self) -> dict[str, int]:
        return {"year": self.year}


def of_current_year(
    found: MemberRenewal,
    invoices: tuple[Invoice, ...] | None,
    health: BankHealth | None,
    at: datetime,
    paid_through: int | None = None,
) -> RenewalProgress:
    """The progress of the renewal that is under way, else of the current year's; `invoices` are None where not known."""
    invoice = next((one for one in invoices or () if one.year == found.year), None)
    is_first = found.never_paid and invoices is not None and all(one.status == "open" for one in invoices)
    return RenewalProgress(found.year, found.renewal, invoice, at, health, paid_through, invoices is not None, is_first)


def tasks(progress: RenewalProgress) -> tuple[Task, ...]:
    """The five rows, in order."""
    return (request_task(progress), declaration_task(progress), review_task(progress),
            payment_task(progress), confirmation_task(progress))  # fmt: skip


def request_task(progress: RenewalProgress) -> Task:
    title = "درخواست تمدید"
    if progress.status == "none" or progress.renewal is None:
        return Task(title, "yours", page="request.renewal")
    return Task(title, "done", "کد پیگیری", progress.renewal.tracking_code, "request.renewal")


def declaration_task(progress: RenewalProgress) -> Task:
    title = "خوداظهاری"
    match progress.status:
        case "none":
            return Task(title, "not_yet", "پس از ثبت درخواست تمدید")
        case "requested":
            return Task(title, "yours", page="declare.declaration")
        case "returned":
            due_at = progress.renewal.correction_due_at if progress.renewal else None
            until = f"؛ مهلت اصلاح تا {web.filters.long_instant(due_at)}" if due_at else ""
            return Task(title, "yours", f"برای اصلاح بازگشته است{until}", page="declare.declaration")
        case _:
            return Task(title, "done", page="sending.sent")


def review_task(progress: RenewalProgress) -> Task:
    title = "تأیید سازمان"
    match progress.status:
        case "submitted":
            return Task(title, "waiting", due(progress), page="request.renewal")
        case "approved":
            return Task(title, "done")
        case "rejected":
            return Task(title, "stopped", "دلیل را ببینید", page="request.renewal")
        case "returned":
            return Task(title, "not_yet", "پس از ارسال دوبارهٔ خوداظهاری")
        case _:
            return Task(title, "not_yet", "پس از ارسال خوداظهاری")


def payment_task(progress: RenewalProgress) -> Task:
    title = "پرداخت"
    if progress.status != "approved":
        return Task(title, "not_yet", "پس از تأیید سازمان")
    tag, note = PAYMENT_TASKS[progress.money]
    if tag == "not_yet" or progress.money in {"none", "unknown"}:
        return Task(title, tag, note)
    page = "receipts.receipt" if tag == "done" else "pay.invoice"
    return Task(title, tag, note, page=page, arguments=progress.of_year)


PAYMENT_TASKS: Mapping[Money, tuple[Tag, str]] = {
    "none": ("waiting", "صورت‌حساب در حال صدور است"),
    "unknown": ("not_yet", "وضع پرداخت اکنون در دسترس نیست"),
    "open": ("yours", ""),
    "under_way": ("yours", ""),
    "pending": ("waiting", "در حال استعلام از بانک"),
    "held": ("waiting", "در دست بررسی امور مالی"),
    "bank_down": ("not_yet", "درگاه بانک پاسخ نمی‌دهد"),
    "expired": ("yours", "مهلت پرداخت گذشته است"),
    "replaced": ("closed", "در صورت‌حساب سال دیگری آمده است"),
    "cancelled": ("closed", "صورت‌حساب لغو شده است"),
    "settled": ("done", "رسید"),
    "confirmed": ("done", "رسید"),
}


def confirmation_task(progress: RenewalProgress) -> Task:
    title = "تأیید پرداخت و به‌روزرسانی ظرفیت"
    match progress.money:
        case "settled":
            is_paid = progress.invoice is not None and invoice_stage.is_paid_whole(progress.invoice)
            note = "پرداخت شما به سازمان رسیده است" if is_paid else "چیزی برای پرداخت نمانده است"
            return Task(title, "waiting", note)
        case "confirmed":
            return Task(title, "done", "ظرفیت و دلیل آن", page="explanation.explained", arguments=progress.of_year)
        case _:
            return Task(title, "not_yet", "پس از پرداخت")


def due(progress: RenewalProgress) -> str:
    """By when the review is due; a deadline that has passed is named."""
    if progress.renewal is None:
        return "در کارتابل مدیر پورتال است"
    if progress.renewal.review_due_at is None:
        return "در کارتابل مدیر پورتال است؛ زمان بررسی هنوز معلوم نیست"
    by = web.filters.long_instant(progress.renewal.review_due_at)
    if progress.renewal.review_due_at < progress.at:
        return f"پاسخ تا {by} وعده داده شده بود و دیر شده است؛ پوزش می‌خواهیم"
    return f"پاسخ حداکثر تا {by}"
