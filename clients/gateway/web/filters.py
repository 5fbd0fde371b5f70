"""Template filters of single values: digits, dates and hours of Tehran, rials and tomans, capacity units, QR codes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import flask
import segno
from markupsafe import Markup

from clients.gateway.web import labels
from shared import translations
from shared.contract.payment.answers import Receipt
from shared.contract.refusals import Reason, Refused
from shared.contract.values import Licence
from shared.text import persian
from shared.text.amount_in_words import RIALS_IN_TOMAN, rials_in_words

SHOWN_DIGITS = 3
QR_BORDER_MODULES = 2
"""The quiet zone round the code; the page round it is white as well."""


def rials(amount: int) -> str:
    return f"{persian.format_number(amount)} ریال"


def money(amount: int) -> str:
    """Rials, and tomans in brackets: laws and banks use rials, members use tomans."""
    return f"{rials(amount)} ({persian.format_number(amount // RIALS_IN_TOMAN)} تومان)"


def signed_rials(amount: int) -> Markup:
    """A change in rials: the number from left to right with its sign, then its unit."""
    sign = "+" if amount > 0 else ""
    return Markup('<span class="units"><bdi dir="ltr">{}{}</bdi> ریال</span>').format(
        sign, persian.format_number(amount)
    )


def units(amount: int, sign: str = "") -> Markup:
    """Capacity in P: the number from left to right with its sign, then its unit as Persian reads on."""
    number = persian.format_units(amount)
    return Markup('<span class="units"><bdi dir="ltr">{}{}</bdi> P</span>').format(sign, number)


def signed_units(amount: int) -> Markup:
    return units(amount, "+" if amount > 0 else "")


def code(text: object) -> Markup:
    """A number or code that is read from left to right inside Persian text."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(persian.shown_code(text))


def day(on: date | None) -> Markup:
    return code(persian.format_date(on)) if on else Markup("—")


def instant(at: datetime | None) -> Markup:
    """A date and an hour of Tehran, as `۱۴۰۵/۰۷/۱۵، ۱۴:۳۰`."""
    if at is None:
        return Markup("—")
    of_day, hour = persian.format_instant(at).split()
    return Markup("{}، {}").format(code(of_day), code(hour))


def plain_instant(at: datetime) -> str:
    """A date and an hour of Tehran, as text without markup."""
    return persian.digits_to_persian("، ".join(persian.format_instant(at).split()))


def long_instant(at: datetime) -> str:
    """A long date with its hour, as `شنبه ۲۹ فروردین ۱۴۰۵، ساعت ۱۲:۰۰`."""
    local = at.astimezone(persian.TEHRAN)
    return f"{persian.long_date(local.date())}، ساعت {persian.digits_to_persian(f'{local:%H:%M}')}"


def shown_day(on: date | None) -> str:
    """A day as the value of a form field, in Persian digits."""
    return persian.digits_to_persian(persian.format_date(on)) if on else ""


def hour(at: time | None) -> Markup:
    return code(f"{at:%H:%M}") if at else Markup("—")


def licence(held: Licence) -> str:
    """A member's class and licence fields."""
    return "، ".join([labels.CLASSES[held.member_class], *(labels.FIELDS[field] for field in held.fields)])


def receipt_number(receipt: Receipt) -> Markup:
    """A receipt's number within its province, such as `۱۴۰۵-۰۰۰۰۱۷`."""
    return code(f"{receipt.series_year}-{receipt.number:06}")


def receipt_state(receipt: Receipt) -> str:
    """What a receipt is worth now, by its name in `labels.RECEIPT_STATES`."""
    if receipt.reversed_at is not None:
        return "reversed"
    if receipt.refunded_rials:
        return "refunded" if receipt.refunded_rials >= receipt.amount_rials else "part_refunded"
    return "valid"


def qr_code(text: str) -> Markup:
    """A QR code within the page; its own strokes, no style and no file."""
    out = BytesIO()
    segno.make(text, error="m").save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        omitsize=True,
        border=QR_BORDER_MODULES,
        svgclass="qr",
        lineclass=None,
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - made here, of our own address


def member_name(number: str, names: Mapping[str, str]) -> str:
    """A member's full name where it is known, else the membership number."""
    return names.get(number) or f"عضو شمارهٔ {persian.digits_to_persian(number)}"


def masked(number: str) -> str:
    """A membership number with all but its last digits masked."""
    return "•" * (len(number) - SHOWN_DIGITS) + number[-SHOWN_DIGITS:]


def refusal(refused: Refused) -> str:
    """A refusal's sentence, with its member, year, amount or end where its details name one."""
    if refused.reason is Reason.UNKNOWN_MEMBER and "member" in refused.details:
        return f"عضوی با شمارهٔ {persian.digits_to_persian(refused.details['member'])} در بانک اعضا نیست."
    sentence = translations.refusal(refused, for_officer=reads_as_officer())
    if refused.reason is Reason.INVOICE_REPLACED and "year" in refused.details:
        return f"{sentence} (صورت‌حساب سال {persian.digits_to_persian(refused.details['year'])})"
    if refused.reason is Reason.TOO_MUCH:
        return f"{sentence} مانده: {rials(int(refused.details.get('left_rials', '0')))}."
    try:
        until = datetime.fromisoformat(refused.details.get("until", ""))
    except ValueError:
        return sentence
    return f"{sentence} از {long_instant(persian.whole_minute_after(until))} دوباره می‌توانید."


def reads_as_officer() -> bool:
    """Whether the reader is an officer: sentences for members are instructions to the member."""
    visitor = flask.g.get("visitor") if flask.has_app_context() else None
    return visitor is not None and not visitor.is_member


def row_number(index: int) -> str:
    """The row number for a reader, from an index that starts at 0."""
    return persian.digits_to_persian(index + 1)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "persian": persian.digits_to_persian,
    "plain_code": persian.shown_code,
    "number": persian.format_number,
    "declaration_part": lambda part: labels.DECLARATION_PARTS[part],
    "long_day": persian.long_date,
    **{
        named.__name__: named
        for named in (
            *(
                labels.province,
                labels.capacity_code,
                labels.rule,
                labels.cause,
                labels.device,
                translations.field_error,
            ),
            *(
                rials,
                money,
                rials_in_words,
                signed_rials,
                units,
                signed_units,
                code,
                masked,
                member_name,
                row_number,
                licence,
                qr_code,
            ),
            *(day, shown_day, instant, long_instant, hour, receipt_number, receipt_state),
        )
    },
}
"""The filters by their name in templates."""
