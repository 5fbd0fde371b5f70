"""Where a member stands: the five tasks of a renewal, why one is not possible yet, and the one thing to do next; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from clients.gateway import display
from shared import persian
from shared.contract.answers import Invoice, Renewal

Tag = Literal["done", "yours", "waiting", "not_yet", "stopped"]
TAGS: Mapping[Tag, str] = {
    "done": "انجام شد",
    "yours": "نوبت شما",
    "waiting": "در انتظار سازمان",
    "not_yet": "هنوز ممکن نیست",
    "stopped": "رد شد",
}


@dataclass(frozen=True)
class Action:
    """The one next thing, with the page where it is done; without a page there is nothing for the member to do."""

    title: str
    text: str
    button: str = ""
    page: str = ""
    arguments: Mapping[str, int] = field(default_factory=dict)


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

    @property
    def status(self) -> str:
        """The renewal's status; one that was taken back is as none."""
        return self.renewal.status if self.renewal and self.renewal.status != "withdrawn" else "none"

    @property
    def money(self) -> str:
        """How far the payment is: `none`, `open`, `expired`, `cancelled`, `settled` or `confirmed`."""
        if self.invoice is None or self.status != "approved":
            return "none"
        if self.invoice.cancelled_at is not None:
            return "cancelled"
        if self.invoice.status == "open" and self.invoice.payable_until < self.at:
            return "expired"
        return self.invoice.status

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
    match standing.money:
        case "none":
            return Task(title, "waiting", "صورت‌حساب در حال صدور است")
        case "open":
            return Task(title, "yours", page="paying.invoice", arguments=standing.of_year)
        case "expired":
            return Task(title, "stopped", "مهلت پرداخت گذشته است", page="paying.invoice", arguments=standing.of_year)
        case "cancelled":
            return Task(title, "stopped", "صورت‌حساب لغو شده است", page="paying.invoice", arguments=standing.of_year)
        case _:
            return Task(title, "done", "رسید", page="paying.receipt", arguments=standing.of_year)


def confirmation_task(standing: Standing) -> Task:
    title = "تأیید پرداخت و به‌روزرسانی ظرفیت"
    match standing.money:
        case "settled":
            return Task(title, "waiting", "پرداخت شما به سازمان رسیده است")
        case "confirmed":
            return Task(title, "done", "ظرفیت و دلیل آن", page="capacity.explained", arguments=standing.of_year)
        case _:
            return Task(title, "not_yet", "پس از پرداخت")


def next_action(standing: Standing) -> Action:
    """The one thing to do next, or what is being waited for."""
    year = persian.digits_to_persian(standing.year)
    match standing.status:
        case "none":
            text = f"تمدید عضویت سال {year} را شروع کنید. چند دقیقه زمان می‌برد."
            return Action("درخواست تمدید را ثبت کنید", text, "تمدید عضویت", "renewing.renewal")
        case "requested":
            text = "نشانی، اشتغال و کارهای جاری خود را اعلام کنید تا درخواست به کارتابل مدیر برود."
            return Action("فرم خوداظهاری را پر کنید", text, "فرم خوداظهاری", "declaring.declaration")
        case "returned":
            text = "مدیر پورتال خوداظهاری را با ذکر دلیل برای اصلاح بازگردانده است."
            return Action("خوداظهاری را اصلاح کنید", text, "دیدن دلیل و اصلاح", "declaring.declaration")
        case "submitted":
            return Action("منتظر بررسی سازمان بمانید", f"کاری بر عهدهٔ شما نیست. {due(standing)}.")
        case "rejected":
            text = "دلیل رد و راه اعتراض در صفحهٔ درخواست آمده است. پولی از شما گرفته نشده است."
            return Action("درخواست شما رد شد", text, "دیدن دلیل", "renewing.renewal")
        case _:
            return money_action(standing, year)


def money_action(standing: Standing, year: str) -> Action:
    if standing.invoice is None:
        return Action("صورت‌حساب در حال صدور است", "درخواست تأیید شد. چند لحظهٔ دیگر این صفحه را تازه کنید.")
    amount, of_year = display.money(standing.invoice.amount_rials), standing.of_year
    due_now = display.money(display.due(standing.invoice))
    match standing.money:
        case "open":
            until = display.long_instant(standing.invoice.payable_until)
            again = standing.invoice.reversed_at is not None
            before = "بانک پرداخت پیشین را برگرداند" if again else "درخواست شما تأیید شد"
            text = f"{before}. {due_now} را تا {until} بپردازید."
            title = "حق عضویت را دوباره بپردازید" if again else "حق عضویت را بپردازید"
            return Action(title, text, "پرداخت الکترونیک", "paying.invoice", of_year)
        case "expired":
            return Action("مهلت پرداخت گذشته است", "برای صدور دوبارهٔ صورت‌حساب با سازمان تماس بگیرید.")
        case "cancelled":
            return Action("صورت‌حساب لغو شده است", "مبلغ بازگردانده شد. برای ادامه با سازمان تماس بگیرید.")
        case "settled":
            text = f"{amount} پرداخت شد. پس از تأیید مدیر پورتال ظرفیت سال {year} به‌روز می‌شود."
            return Action("منتظر تأیید پرداخت بمانید", text)
        case _:
            text = f"عضویت شما تا پایان سال {year} معتبر است و کاری بر عهدهٔ شما نیست."
            return Action("عضویت شما تمدید شد", text, "ظرفیت اشتغال", "capacity.explained", of_year)


def due(standing: Standing) -> str:
    """By when the review is promised; what was promised and missed is said."""
    if standing.renewal is None or standing.renewal.review_due_at is None:
        return "در کارتابل مدیر پورتال است"
    by = display.long_instant(standing.renewal.review_due_at)
    if standing.renewal.review_due_at < standing.at:
        return f"پاسخ تا {by} وعده داده شده بود و دیر شده است؛ پوزش می‌خواهیم"
    return f"پاسخ حداکثر تا {by}"
