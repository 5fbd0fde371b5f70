"""The one true next thing for a member to do, by where the renewal and its payment stand; pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from clients.gateway.progress.payment_progress import Payment, State
from clients.gateway.progress.renewal_progress import Standing, due
from clients.gateway.web import filters, labels
from shared.contract.payment import invoice_stage
from shared.contract.payment.answers import BankHealth
from shared.text import persian


@dataclass(frozen=True)
class Action:
    """The next thing, with the page where it is done; without a page there is nothing for the member to do."""

    title: str
    text: str
    button: str = ""
    page: str = ""
    arguments: Mapping[str, object] = field(default_factory=dict)


def of_member(standing: Standing, payments: tuple[Payment, ...]) -> Action:
    """Money that may be on its way comes before all else, whichever year's it is."""
    doubtful = next((one for one in payments if one.is_in_doubt), None)
    return of_payment(doubtful) if doubtful else of_renewal(standing)


def of_renewal(standing: Standing) -> Action:
    """What is to be done next for the year's renewal, or what is being waited for."""
    match standing.status:
        case "none":
            return request(standing)
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
            if standing.payment is not None:
                return of_payment(standing.payment)
            if standing.money == "unknown":
                text = "درخواست تأیید شده است. کمی بعد این صفحه را تازه کنید تا وضع صورت‌حساب و پرداخت بیاید."
                return Action("وضع پرداخت اکنون در دسترس نیست", text)
            text = "درخواست تأیید شد. چند لحظهٔ دیگر این صفحه را تازه کنید."
            return Action("صورت‌حساب در حال صدور است", text)


def request(standing: Standing) -> Action:
    """A year that the register has as paid costs nothing, but its capacity needs a request all the same."""
    year = persian.digits_to_persian(standing.year)
    text = f"تمدید عضویت سال {year} را شروع کنید. چند دقیقه زمان می‌برد."
    if standing.paid_through is not None and standing.paid_through >= standing.year:
        text = (
            f"حق عضویت سال {year} در بانک اعضا پرداخت شده است و چیزی برای پرداخت نیست. "
            "برای صدور ظرفیت اشتغال، درخواست و خوداظهاری را بفرستید."
        )
    return Action("درخواست تمدید را ثبت کنید", text, "تمدید عضویت", "renewing.renewal")


def of_payment(payment: Payment) -> Action:
    """What is to be done next about an invoice."""
    return BY_STATE[payment.state](payment)


def pay(payment: Payment) -> Action:
    """To be paid, or to be gone on with where the bank says that it has taken nothing yet."""
    invoice = payment.invoice
    owed, until = filters.money(filters.due(invoice)), filters.long_instant(invoice.payable_until)
    title, before = "حق عضویت را بپردازید", "درخواست شما تأیید شد"
    if invoice.reversed_at is not None:
        title, before = "حق عضویت را دوباره بپردازید", "بانک پرداخت پیشین را برگرداند"
    if payment.unfinished is not None:
        began = filters.long_instant(payment.unfinished.started_at)
        title, before = (
            "پرداخت نیمه‌کاره را ادامه دهید",
            f"پرداختی که در {began} آغاز کردید به پایان نرسید و بانک پولی نگرفته است",
        )
    text = f"{before}. {owed} را تا {until} بپردازید."
    return Action(title, text, "پرداخت الکترونیک", "paying.invoice", {"year": invoice.year})


def wait_for_the_bank(payment: Payment) -> Action:
    """Begun, and nobody can say yet what became of it."""
    began = payment.unfinished
    when = (
        f"در {filters.long_instant(began.started_at)} برای پرداخت {filters.rials(began.amount_rials)}" if began else ""
    )
    text = f"{when} به بانک رفتید و نتیجه هنوز قطعی نیست. آن را از بانک می‌پرسیم و همین‌جا می‌آید."
    if payment.health is not None and payment.is_bank_down:
        text += f" {since_when(payment.health)}؛ با پاسخ دوبارهٔ بانک، نتیجه خودبه‌خود ثبت می‌شود."
    to = {"year": payment.invoice.year}
    return Action("در حال استعلام – دوباره پرداخت نکنید", text, "نتیجه را بپرسید", "paying.invoice", to)


def wait_for_finance(payment: Payment) -> Action:
    """The bank's answer is another than what was asked for: a person looks, and nothing counts until then."""
    title = "پرداخت در دست بررسی است – دوباره پرداخت نکنید"
    held = payment.held
    if held is None:
        return Action(title, "امور مالی سازمان آن را بررسی می‌کند.")
    why = f" ({labels.cause(held.cause)})" if held.cause else ""
    text = (
        f"پرداخت {filters.rials(held.amount_rials)} در {filters.long_instant(held.started_at)} به حساب نیامد{why}. "
        "امور مالی سازمان آن را بررسی می‌کند و نتیجه همین‌جا می‌آید. اگر تا دو روز کاری خبری نشد با سازمان تماس بگیرید."
    )
    return Action(title, text, "این پرداخت", "paying.result", {"attempt": held.attempt})


def wait_for_the_end_of_the_outage(payment: Payment) -> Action:
    """Since when, that no money was taken, and what to do."""
    owed = filters.money(filters.due(payment.invoice))
    since = since_when(payment.health) if payment.health else ""
    text = (
        f"{since} و پولی از شما کم نشده است. کمی بعد این صفحه را تازه کنید و {owed} را پس از پاسخ دوبارهٔ بانک بپردازید؛ "
        "مهلت صورت‌حساب به همان اندازه بیشتر می‌شود."
    )
    return Action("درگاه بانک پاسخ نمی‌دهد؛ اکنون پرداخت ممکن نیست", text)


def since_when(health: BankHealth) -> str:
    """Since when the bank does not answer."""
    since = f"از {filters.long_instant(health.down_since)} " if health.down_since else ""
    return f"درگاه بانک {since}پاسخ نمی‌دهد"


def have_it_issued_again(payment: Payment) -> Action:
    year = persian.digits_to_persian(payment.invoice.year)
    until = filters.long_instant(payment.invoice.payable_until)
    text = f"مهلت پرداخت سال {year} در {until} پایان یافت. راه ادامه در صفحهٔ صورت‌حساب است."
    return Action("مهلت پرداخت گذشته است", text, "صورت‌حساب", "paying.invoice", {"year": payment.invoice.year})


def pay_the_later_one(payment: Payment) -> Action:
    later = persian.digits_to_persian(payment.invoice.replaced_by_year)
    text = f"سال‌های این صورت‌حساب در صورت‌حساب سال {later} آمده است؛ آن را بپردازید."
    to = {"year": payment.invoice.replaced_by_year}
    return Action("این صورت‌حساب جای خود را به دیگری داد", text, f"صورت‌حساب سال {later}", "paying.invoice", to)


def nothing_to_pay(_: Payment) -> Action:
    text = "مبلغ بازگردانده شد و چیزی برای پرداخت نیست. برای ادامه با سازمان تماس بگیرید."
    return Action("صورت‌حساب لغو شده است", text)


def wait_for_the_manager(payment: Payment) -> Action:
    amount, year = payment.invoice.amount_rials, persian.digits_to_persian(payment.invoice.year)
    paid = f"{filters.money(amount)} پرداخت شد"
    if not invoice_stage.is_paid_whole(payment.invoice):
        paid = "چیزی برای پرداخت نمانده است" if amount else "چیزی برای پرداخت نیست"
    text = f"{paid}. پس از تأیید مدیر پورتال ظرفیت سال {year} به‌روز می‌شود."
    return Action("منتظر تأیید پرداخت بمانید", text)


def nothing_to_do(payment: Payment) -> Action:
    year = persian.digits_to_persian(payment.invoice.year)
    text = f"عضویت شما تا پایان سال {year} معتبر است و کاری بر عهدهٔ شما نیست."
    to = {"year": payment.invoice.year}
    return Action("عضویت شما تمدید شد", text, "ظرفیت اشتغال", "capacity.explained", to)


BY_STATE: Mapping[State, Callable[[Payment], Action]] = {
    "open": pay,
    "under_way": pay,
    "asking": wait_for_the_bank,
    "held": wait_for_finance,
    "bank_down": wait_for_the_end_of_the_outage,
    "expired": have_it_issued_again,
    "replaced": pay_the_later_one,
    "cancelled": nothing_to_pay,
    "settled": wait_for_the_manager,
    "confirmed": nothing_to_do,
}
