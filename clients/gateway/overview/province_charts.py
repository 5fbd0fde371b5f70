"""Charts of a province from the answers of the services: what each shows, its alternative text, and its table; pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from clients.gateway import charts
from clients.gateway.charts import Chart, Row, Table, Weeks
from clients.gateway.web import labels
from shared.contract.capacity.answers import CapacityOverview
from shared.contract.overview_answers import AgeCount, DeskOverview, MoneyWeek, TimeInState, WeekCounts
from shared.contract.values import UNITS_PER_P
from shared.text import persian

MINUTE, HOUR, DAY = 60, 3600, 86_400
MILLION = 1_000_000
LATE = "گذشته از مهلت"
STATES = {
    "filling": "پر کردن فرم، با عضو",
    "review": "بررسی، با سازمان",
    "correction": "اصلاح، با عضو",
    "payment": "پرداخت، با عضو",
    "confirmation": "تأیید پرداخت، با سازمان",
}


def of_desk(found: DeskOverview) -> Iterator[Chart]:
    yield queue(found.queue, found.not_promised)
    yield requests(found.weeks)
    yield approvals(found.weeks)


def queue(ages: Sequence[AgeCount], not_promised: int) -> Chart:
    """How long declarations have waited, those late apart."""
    rows = [(age_words(ages, place), one.requests, one.is_late) for place, one in enumerate(ages)]
    if not_promised:
        rows.append(("بی‌مهلت، چون تقویم کاری معلوم نیست", not_promised, False))
    late = sum(count for _, count, is_late in rows if is_late)
    total = sum(count for _, count, _ in rows)
    about = f"{number(total)} درخواست در انتظار بررسی است و {number(late)} از آن‌ها از مهلت گذشته است."
    drawn = [
        Row(f"{label}، {LATE}" if is_late else label, (count,), number(count), is_late)
        for label, count, is_late in rows
    ]
    cells = [(label, count, LATE if is_late else "در مهلت") for label, count, is_late in rows]
    table = Table(("انتظار در ساعت کاری", "درخواست", "نسبت به مهلت"), cells)
    return charts.bars("queue", "صف بررسی و مهلت", about, table, drawn)


def age_words(ages: Sequence[AgeCount], place: int) -> str:
    """From how many working hours to how many."""
    least = ages[place - 1].up_to_hours if place else 0
    most = ages[place].up_to_hours
    if most is None:
        return f"بیش از {number(least or 0)} ساعت"
    return f"{number(least or 0)} تا {number(most)} ساعت" if place else f"تا {number(most)} ساعت"


def requests(weeks: Sequence[WeekCounts]) -> Chart:
    pairs = [(one.requests, one.requests_last_year) for one in weeks]
    return beside_last_year("requests", "درخواست‌ها در هفته", weeks, pairs)


def approvals(weeks: Sequence[WeekCounts]) -> Chart:
    pairs = [(one.approvals, one.approvals_last_year) for one in weeks]
    return beside_last_year("approvals", "تأییدها در هفته", weeks, pairs)


def beside_last_year(name: str, title: str, weeks: Sequence[WeekCounts], pairs: Sequence[tuple[int, int]]) -> Chart:
    this, before = (sum(pair[place] for pair in pairs) for place in (0, 1))
    about = f"{number(this)} در {number(len(weeks))} هفتهٔ گذشته، و {number(before)} در همان هفته‌های سال پیش."
    starts = [one.starts_on for one in weeks]
    series = [("امسال", [one for one, _ in pairs]), ("سال پیش", [one for _, one in pairs])]
    rows = [(day(start), *pair) for start, pair in zip(starts, pairs, strict=True)]
    table = Table(("هفته از شنبه", "امسال", "سال پیش"), rows)
    return charts.lines(name, title, about, table, Weeks(short_days(starts), series, charts.shown_number))


def of_money(weeks: Sequence[MoneyWeek]) -> Iterator[Chart]:
    starts = [one.starts_on for one in weeks]
    charged, settled = sum(one.charged_rials for one in weeks), sum(one.settled_rials for one in weeks)
    about = f"در {number(len(weeks))} هفته {millions(charged)} صورت‌حساب شد و {millions(settled)} پرداخت شد."
    series = [
        ("صورت‌حساب", [one.charged_rials / MILLION for one in weeks]),
        ("پرداخت", [one.settled_rials / MILLION for one in weeks]),
    ]
    rows = [(day(one.starts_on), one.charged_rials, one.settled_rials) for one in weeks]
    table = Table(("هفته از شنبه", "صورت‌حساب (ریال)", "پرداخت (ریال)"), rows)
    yield charts.columns(
        "money", "صورت‌حساب و پرداخت (میلیون ریال)", about, table, Weeks(short_days(starts), series, charts.shown_number)
    )
    owed = [(day(one.starts_on), one.outstanding_rials) for one in weeks]
    about = f"اکنون {millions(weeks[-1].outstanding_rials)} مانده است؛ در پایان نخستین هفته {millions(weeks[0].outstanding_rials)} بود."
    series = [("مانده", [one.outstanding_rials / MILLION for one in weeks])]
    table = Table(("هفته از شنبه", "مانده در پایان هفته (ریال)"), owed)
    yield charts.lines(
        "outstanding",
        "ماندهٔ پرداخت‌نشده (میلیون ریال)",
        about,
        table,
        Weeks(short_days(starts), series, charts.shown_number),
    )


def of_capacity(found: CapacityOverview) -> Chart:
    """What is used of the ceiling, field by field."""
    uses = [(labels.FIELDS[one.field] if one.field else "همه با هم", one) for one in found.overviews]
    shares = [(name, percent(one.used_units, one.ceiling_units)) for name, one in uses]
    about = "؛ ".join(f"{name} {number(share)} درصد" for name, share in shares)
    drawn = [Row(name, (share,), f"{number(share)}٪", is_late=share > 100) for name, share in shares]  # noqa: PLR2004
    rows = [(name, one.members, in_p(one.used_units), in_p(one.ceiling_units)) for name, one in uses]
    table = Table(("رسته", "عضو", "کسرشده (P)", "سقف (P)"), rows)
    return charts.bars(
        "capacity",
        f"ظرفیت به‌کاررفتهٔ سال {persian.digits_to_persian(found.year)}",
        f"از سقف: {about}.",
        table,
        drawn,
        least=100,
    )


def of_times(times: Iterable[TimeInState]) -> Chart:
    """The middle stay and the one that nine of ten do not exceed, in each state that has any."""
    known = list(times)
    about = "؛ ".join(f"{STATES[one.state]}: میانه {duration(one.median_seconds)}" for one in known)
    drawn = [
        Row(
            STATES[one.state],
            (one.median_seconds, one.most_seconds),
            f"{duration(one.median_seconds)} و {duration(one.most_seconds)}",
        )
        for one in known
    ]
    rows = [(STATES[one.state], one.stays, hours(one.median_seconds), hours(one.most_seconds)) for one in known]
    table = Table(("وضعیت", "بار", "میانه (ساعت)", "نُه از ده بار تا (ساعت)"), rows)
    return charts.bars("times", "زمان در هر وضعیت", f"{about}.", table, drawn, ("میانه", "نُه از ده بار تا"))


def duration(seconds: int) -> str:
    """In the largest unit that fits: minutes, hours or days."""
    for unit, word in ((DAY, "روز"), (HOUR, "ساعت")):
        if seconds >= 2 * unit:
            return f"{number(round(seconds / unit))} {word}"
    return f"{number(round(seconds / MINUTE))} دقیقه"


def number(value: int) -> str:
    return persian.format_number(value)


def millions(rials: int) -> str:
    return f"{number(round(rials / MILLION))} میلیون ریال"


def percent(part: int, of: int) -> int:
    return round(part * 100 / of) if of else 0


def in_p(units: int) -> Decimal:
    return Decimal(units) / UNITS_PER_P


def hours(seconds: int) -> Decimal:
    return (Decimal(seconds) / HOUR).quantize(Decimal("0.1"))


def day(on: date) -> str:
    return persian.format_date(on)


def short_days(starts: Iterable[date]) -> list[str]:
    """Day and month, such as «۲۲ فروردین»."""
    parts = (persian.format_date(on).split("/") for on in starts)
    return [
        f"{persian.digits_to_persian(int(of_month))} {persian.MONTHS[int(month) - 1]}" for _, month, of_month in parts
    ]
