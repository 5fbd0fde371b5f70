"""The member's next action, by the progress of the renewal and its payment; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from clients.gateway import web
from clients.gateway.progress.payment_progress import PaymentProgress, State
from clients.gateway.progress.renewal_progress import RenewalProgress, due
from shared.contract.payment import invoice_stage
from shared.contract.payment.answers import BankHealth
from shared.text import persian


@dataclass(frozen=True)
class Action:
    """The next action, with the page where it is done; without a page the member has nothing to do."""

    title: str
    text: str
    button: str = ""
    page: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict)
    posts_to: str = ""
    """The endpoint that does it at once, for a button in place of the link; the page offers it too."""


def of_member(progress: RenewalProgress, payments: tuple[PaymentProgress, ...]) -> Action:
    """The next action: a payment in doubt comes first, of whichever year."""
    doubtful = next((one for one in payments if one.is_in_doubt), None)
    return of_payment(doubtful) if doubtful else of_renewal(progress)


def of_renewal(progress: RenewalProgress) -> Action:
    """What is to be done next for the year's renewal, or what is being waited for."""
    match progress.status:
        case "none":
            return request_renewal(progress)
        case "requested":
            text = "نشانی، اشتغال و کارهای جاری خود را اعلام کنید تا درخواست به کارتابل مدیر برود."
            return Action("فرم خوداظهاری را پر کنید", text, "فرم خوداظهاری", "declare.declaration")
        case "returned":
            due_at = progress.renewal.correction_due_at if progress.renewal else None
            until = f" آن را تا {web.filters.long_instant(due_at)} اصلاح کنید و بفرستید." if due_at else ""
            text = f"مدیر پورتال خوداظهاری را با ذکر دلیل برای اصلاح بازگردانده است.{until}"
            return Action("خوداظهاری را اصلاح کنید", text, "دیدن دلیل و اصلاح", "declare.declaration")
        case "submitted":
            return Action("منتظر بررسی سازمان بمانید", f"کاری بر عهدهٔ شما نیست. {due(progress)}.")
        case "rejected":
            text = "دلیل رد و راه اعتراض در صفحهٔ درخواست آمده است. پولی از شما گرفته نشده است."
            return Action("درخواست شما رد شد", text, "دیدن دلیل", "request.renewal")
        case _:
            if progress.payment is not None:
                return of_payment(progress.payment)
            if progress.money == "unknown":
                text = "درخواست تأیید شده است. کمی بعد این صفحه را تازه کنید تا وضع صورت‌حساب و پرداخت بیاید."
                return Action("وضع پرداخت اکنون در دسترس نیست", text)
            text = "درخواست تأیید شد. چند لحظهٔ دیگر این صفحه را تازه کنید."
            return Action("صورت‌حساب در حال صدور است", text)


def request_renewal(progress: RenewalProgress) -> Action:
    """A year that the register has as paid costs nothing, but its capacity needs a request all the same."""
    year = persian.digits_to_persian(progress.year)
    text = f"تمدید عضویت سال {year} را شروع کنید. چند دقیقه زمان می‌برد."
    if progress.is_first:
        text = f"تاکنون حق عضویتی از شما ثبت نشده است. نخستین تمدید خود را برای سال {year} شروع کنید. چند دقیقه زمان می‌برد."
    if progress.renewal is not None and progress.renewal.status == "expired":
        text = (
            "درخواست پیشین در مهلت خود اصلاح نشد و بسته شد؛ چیزی بدهکار نیستید و آنچه نوشته بودید مانده است. "
            f"تمدید عضویت سال {year} را دوباره درخواست کنید."
        )
    if progress.paid_through is not None and progress.paid_through >= progress.year:
        text = (
            f"حق عضویت سال {year} در بانک اعضا پرداخت شده است و چیزی برای پرداخت نیست. "
            "برای صدور ظرفیت اشتغال، درخواست و خوداظهاری را بفرستید."
        )
    return Action("درخواست تمدید را ثبت کنید", text, "تمدید عضویت", "request.renewal")


def of_payment(payment: PaymentProgress) -> Action:
    """What is to be done next about an invoice."""
    return BY_STATE[payment.state](payment)


def pay(payment: PaymentProgress) -> Action:
    """Pay, or continue an attempt of which the bank has taken nothing yet."""
    invoice = payment.invoice
    owed, until = web.filters.money(invoice_stage.due_rials(invoice)), web.filters.long_instant(invoice.payable_until)
    title, before = "حق عضویت را بپردازید", "درخواست شما تأیید شد"
    if invoice.reversed_at is not None:
        title, before = "حق عضویت را دوباره بپردازید", "بانک پرداخت پیشین را برگرداند"
    if payment.unfinished is not None:
        began = web.filters.long_instant(payment.unfinished.started_at)
        title, before = (
            "پرداخت نیمه‌کاره را ادامه دهید",
            f"پرداختی که در {began} آغاز کردید به پایان نرسید و بانک پولی نگرفته است",
        )
    text = f"{before}. {owed} را تا {until} بپردازید."
    return Action(title, text, "پرداخت الکترونیک", "pay.invoice", {"year": invoice.year})


def wait_for_bank(payment: PaymentProgress) -> Action:
    """An attempt was begun and its outcome is not known yet."""
    began = payment.unfinished
    when = (
        f"در {web.filters.long_instant(began.started_at)} برای پرداخت {web.filters.rials(began.amount_rials)}"
        if began
        else ""
    )
    text = f"{when} به بانک رفتید و نتیجه هنوز قطعی نیست. آن را از بانک می‌پرسیم و همین‌جا می‌آید."
    if payment.health is not None and payment.is_bank_down:
        text += f" {down_since(payment.health)}؛ با پاسخ دوبارهٔ بانک، نتیجه خودبه‌خود ثبت می‌شود."
    to = {"year": payment.invoice.year}
    return Action("در حال استعلام – دوباره پرداخت نکنید", text, "نتیجه را بپرسید", "pay.invoice", to)


def wait_for_finance(payment: PaymentProgress) -> Action:
    """The bank's answer differs from the invoice: nothing counts until finance has reviewed it."""
    title = "پرداخت در دست بررسی است – دوباره پرداخت نکنید"
    held = payment.held
    if held is None:
        return Action(title, "امور مالی سازمان آن را بررسی می‌کند.")
    why = f" ({web.labels.cause(held.cause)})" if held.cause else ""
    text = (
        f"پرداخت {web.filters.rials(held.amount_rials)} در {web.filters.long_instant(held.started_at)} به حساب نیامد{why}. "
        "امور مالی سازمان آن را بررسی می‌کند و نتیجه همین‌جا می‌آید. اگر تا دو روز کاری خبری نشد با سازمان تماس بگیرید."
    )
    return Action(title, text, "این پرداخت", "pay.result", {"attempt": held.attempt})


def wait_for_end_of_outage(payment: PaymentProgress) -> Action:
    """The bank is down since when; no money was taken; what to do."""
    owed = web.filters.money(invoice_stage.due_rials(payment.invoice))
    since = down_since(payment.health) if payment.health else ""
    text = (
        f"{since} و پولی از شما کم نشده است. کمی بعد این صفحه را تازه کنید و {owed} را پس از پاسخ دوبارهٔ بانک بپردازید؛ "
        "مهلت صورت‌حساب به همان اندازه بیشتر می‌شود."
    )
    return Action("درگاه بانک پاسخ نمی‌دهد؛ اکنون پرداخت ممکن نیست", text)


def down_since(health: BankHealth) -> str:
    """Since when the bank does not answer."""
    since = f"از {web.filters.long_instant(health.down_since)} " if health.down_since else ""
    return f"درگاه بانک {since}پاسخ نمی‌دهد"


def renew_invoice(payment: PaymentProgress) -> Action:
    year = persian.digits_to_persian(payment.invoice.year)
    until = web.filters.long_instant(payment.invoice.payable_until)
    title, text, to = (
        "مهلت پرداخت گذشته است",
        f"مهلت پرداخت سال {year} در {until} پایان یافت.",
        {"year": payment.invoice.year},
    )
    if not payment.is_renewable:
        text += " راه ادامه در صفحهٔ صورت‌حساب است."
        return Action(title, text, "صورت‌حساب", "pay.invoice", to)
    owed = web.filters.money(invoice_stage.due_rials(payment.invoice))
    text += f" آن را با همان مبلغ، {owed}، دوباره صادر کنید و مهلت تازه بگیرید."
    return Action(title, text, "صدور دوبارهٔ صورت‌حساب", "pay.invoice", to, posts_to="pay.renew")


def pay_later_invoice(payment: PaymentProgress) -> Action:
    later = persian.digits_to_persian(payment.invoice.replaced_by_year)
    text = f"سال‌های این صورت‌حساب در صورت‌حساب سال {later} آمده است؛ آن را بپردازید."
    to = {"year": payment.invoice.replaced_by_year}
    return Action("این صورت‌حساب جای خود را به دیگری داد", text, f"صورت‌حساب سال {later}", "pay.invoice", to)


def nothing_to_pay(_: PaymentProgress) -> Action:
    text = "مبلغ بازگردانده شد و چیزی برای پرداخت نیست. برای ادامه با سازمان تماس بگیرید."
    return Action("صورت‌حساب لغو شده است", text)


def wait_for_manager(payment: PaymentProgress) -> Action:
    amount, year = payment.invoice.amount_rials, persian.digits_to_persian(payment.invoice.year)
    paid = f"{web.filters.money(amount)} پرداخت شد"
    if not invoice_stage.is_paid_whole(payment.invoice):
        paid = "چیزی برای پرداخت نمانده است" if amount else "چیزی برای پرداخت نیست"
    text = f"{paid}. پس از تأیید مدیر پورتال ظرفیت سال {year} به‌روز می‌شود."
    return Action("منتظر تأیید پرداخت بمانید", text)


def nothing_to_do(payment: PaymentProgress) -> Action:
    year = persian.digits_to_persian(payment.invoice.year)
    text = f"عضویت شما تا پایان سال {year} معتبر است و کاری بر عهدهٔ شما نیست."
    text += f" تمدید سال {persian.digits_to_persian(payment.invoice.year + 1)} از آغاز همان سال ممکن می‌شود."
    to = {"year": payment.invoice.year}
    return Action("عضویت شما تمدید شد", text, "ظرفیت اشتغال", "explanation.explained", to)


BY_STATE: Mapping[State, Callable[[PaymentProgress], Action]] = {
    "open": pay,
    "under_way": pay,
    "pending": wait_for_bank,
    "held": wait_for_finance,
    "bank_down": wait_for_end_of_outage,
    "expired": renew_invoice,
    "replaced": pay_later_invoice,
    "cancelled": nothing_to_pay,
    "settled": wait_for_manager,
    "confirmed": nothing_to_do,
}
