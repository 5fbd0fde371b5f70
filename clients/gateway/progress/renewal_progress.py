"""Where a member stands: the five tasks of a renewal, and why one is not possible yet; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from clients.gateway.progress.payment_progress import Payment, State
from clients.gateway.web import filters
from shared.contract.payment import invoice_stage
from shared.contract.payment.answers import BankHealth, Invoice
from shared.contract.renewal.answers import Renewal

Tag = Literal["done", "yours", "waiting", "not_yet", "stopped", "closed"]
TAGS: Mapping[Tag, str] = {
    "done": "انجام شد",
    "yours": "نوبت شما",
    "waiting": "در انتظار سازمان",
    "not_yet": "هنوز ممکن نیست",
    "stopped": "رد شد",
    "closed": "بسته شد",
}


Money = State | Literal["none", "unknown"]


@dataclass(frozen=True)
class Task:
    """A row of the task list; `note` says when, or why not yet, and names the `code` after it."""

    title: str
    tag: Tag
    note: str = ""
    code: str = ""
    page: str = ""
    arguments: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """A member's renewal of a year, as far as it has come."""

    year: int
    renewal: Renewal | None
    invoice: Invoice | None
    at: datetime
    health: BankHealth | None = None
    paid_through: int | None = None
    """The last year that the register has as paid."""
    is_money_known: bool = True
    """Whether payment has answered; without its word nothing is said of invoices."""

    @property
    def status(self) -> str:
        """The renewal's status; one that was taken back is as none."""
        return self.renewal.status if self.renewal and self.renewal.status != "withdrawn" else "none"

    @property
    def payment(self) -> Payment | None:
        """How paying stands; only an approved renewal has something to pay."""
        return Payment(self.invoice, self.at, self.health) if self.invoice and self.status == "approved" else None

    @property
    def money(self) -> Money:
        """How far the payment is; `none` before there is an invoice."""
        if self.payment:
            return self.payment.state
        return "none" if self.is_money_known else "unknown"

    @property
    def of_year(self) -> dict[str, int]:
        return {"year": self.year}


def tasks(standing: Standing) -> tuple[Task, ...]:
    """The five rows, in order."""
    return (request_task(standing), declaration_task(standing), review_task(standing),
            payment_task(standing), confirmation_task(standing))  # fmt: skip


def request_task(standing: Standing) -> Task:
    title = "درخواست تمدید"
    if standing.status == "none" or standing.renewal is None:
        return Task(title, "yours", page="renewing.renewal")
    return Task(title, "done", "کد پیگیری", standing.renewal.tracking_code, "renewing.renewal")


def declaration_task(standing: Standing) -> Task:
    title = "خوداظهاری"
    match standing.status:
        case "none":
            return Task(title, "not_yet", "پس از ثبت درخواست تمدید")
        case "requested":
            return Task(title, "yours", page="declaring.declaration")
        case "returned":
            return Task(title, "yours", "برای اصلاح بازگشته است", page="declaring.declaration")
        case _:
            return Task(title, "done", page="declaring.sent")


def review_task(standing: Standing) -> Task:
    title = "تأیید سازمان"
    match standing.status:
        case "submitted":
            return Task(title, "waiting", due(standing), page="renewing.renewal")
        case "approved":
            return Task(title, "done")
        case "rejected":
            return Task(title, "stopped", "دلیل را ببینید", page="renewing.renewal")
        case "returned":
            return Task(title, "not_yet", "پس از ارسال دوبارهٔ خوداظهاری")
        case _:
            return Task(title, "not_yet", "پس از ارسال خوداظهاری")


def payment_task(standing: Standing) -> Task:
    title = "پرداخت"
    if standing.status != "approved":
        return Task(title, "not_yet", "پس از تأیید سازمان")
    tag, note = PAYMENT_TASKS[standing.money]
    if tag == "not_yet" or standing.money in {"none", "unknown"}:
        return Task(title, tag, note)
    page = "paying.receipt" if tag == "done" else "paying.invoice"
    return Task(title, tag, note, page=page, arguments=standing.of_year)


PAYMENT_TASKS: Mapping[Money, tuple[Tag, str]] = {
    "none": ("waiting", "صورت‌حساب در حال صدور است"),
    "unknown": ("not_yet", "وضع پرداخت اکنون در دسترس نیست"),
    "open": ("yours", ""),
    "under_way": ("yours", ""),
    "asking": ("waiting", "در حال استعلام از بانک"),
    "held": ("waiting", "در دست بررسی امور مالی"),
    "bank_down": ("not_yet", "درگاه بانک پاسخ نمی‌دهد"),
    "expired": ("yours", "مهلت پرداخت گذشته است"),
    "replaced": ("closed", "در صورت‌حساب سال دیگری آمده است"),
    "cancelled": ("closed", "صورت‌حساب لغو شده است"),
    "settled": ("done", "رسید"),
    "confirmed": ("done", "رسید"),
}


def confirmation_task(standing: Standing) -> Task:
    title = "تأیید پرداخت و به‌روزرسانی ظرفیت"
    match standing.money:
        case "settled":
            is_paid = standing.invoice is not None and invoice_stage.is_paid_whole(standing.invoice)
            said = "پرداخت شما به سازمان رسیده است" if is_paid else "چیزی برای پرداخت نمانده است"
            return Task(title, "waiting", said)
        case "confirmed":
            return Task(title, "done", "ظرفیت و دلیل آن", page="capacity.explained", arguments=standing.of_year)
        case _:
            return Task(title, "not_yet", "پس از پرداخت")


def due(standing: Standing) -> str:
    """By when the review is promised; what was promised and missed is said."""
    if standing.renewal is None:
        return "در کارتابل مدیر پورتال است"
    if standing.renewal.review_due_at is None:
        return "در کارتابل مدیر پورتال است؛ زمان بررسی هنوز معلوم نیست"
    by = filters.long_instant(standing.renewal.review_due_at)
    if standing.renewal.review_due_at < standing.at:
        return f"پاسخ تا {by} وعده داده شده بود و دیر شده است؛ پوزش می‌خواهیم"
    return f"پاسخ حداکثر تا {by}"
