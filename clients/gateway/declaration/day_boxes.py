"""A Jalali date typed in three boxes (day, month, year): put together, taken apart, and what is wrong in which box; pure."""

import re
from collections.abc import Mapping

from clients.gateway import web
from clients.gateway.declaration import declaration_form
from shared.text import persian

BOXES = ("day", "month", "year")
YEAR_MIN, YEAR_MAX = 1300, 1450
"""As the contract bounds a day."""
MONTHS_MAX, YEAR_DIGITS = 12, 4
LONG_MONTHS, LONG_DAYS, SHORT_DAYS = 6, 31, 30


def compose(form: web.Form) -> None:
    """Put the boxes of each date together as one text such as `1405/7/15`; a date sent whole stays as it is."""
    for name in {name.rpartition("-")[0] for name in form.values if name.rpartition("-")[2] in BOXES}:
        day, month, year = (persian.normalise(form.values.pop(f"{name}-{box}", "")) for box in BOXES)
        typed = [text for text in (day, month, year) if text]
        is_whole = len(typed) == 1 and len(re.findall(r"[-/.]", typed[0])) == len(BOXES) - 1
        parts = [re.sub(r"[-/.]", " ", text) for text in (year, month, day)]
        form.values[name] = typed[0] if is_whole else "/".join(parts) if typed else ""


def split(text: str) -> dict[str, str]:
    """The texts of the boxes; a text that is no date of three parts stands in the year's."""
    parts = [part.strip() for part in re.split(r"[-/.]", persian.normalise(text))]
    year, month, day = parts if len(parts) == len(BOXES) else (persian.normalise(text), "", "")
    return {"day": day, "month": str(int(month)) if month.isdecimal() else month, "year": year}


def shown(text: str, box: str) -> str:
    """A box's text for its input: the month as its number, the others in Persian digits."""
    part = split(text)[box]
    return part if box == "month" else persian.digits_to_persian(part)


def wrong(text: str) -> dict[str, str]:
    """A sentence for each box that is wrong by itself, or for the day where that month has no such day."""
    parts = {box: int(part) if part.isdecimal() else 0 for box, part in split(text).items()}
    year, month = parts["year"], parts["month"]
    year_is_wrong = len(str(year)) != YEAR_DIGITS or not YEAR_MIN <= year <= YEAR_MAX
    month_is_wrong = not 1 <= month <= MONTHS_MAX
    days = LONG_DAYS if year_is_wrong or month_is_wrong else length(year, month)
    of_month = "" if year_is_wrong or month_is_wrong else f" {persian.MONTHS[month - 1]} {year}"
    found = {}
    if not 1 <= parts["day"] <= days:
        found["day"] = f"روز{of_month} را با عددی از ۱ تا {days} بنویسید."
    if month_is_wrong:
        found["month"] = "ماه را انتخاب کنید."
    if year_is_wrong:
        found["year"] = f"سال را با چهار رقم، از {YEAR_MIN} تا {YEAR_MAX}، بنویسید."
    return {box: persian.digits_to_persian(sentence) for box, sentence in found.items()}


def length(year: int, month: int) -> int:
    """The days of a Jalali month."""
    if month < MONTHS_MAX:
        return LONG_DAYS if month <= LONG_MONTHS else SHORT_DAYS
    return int(persian.format_date(persian.year_bounds(year)[1])[-2:])


def place_errors(form: web.Form) -> None:
    """Move the error of each date to the boxes that are wrong; to the day's where the date as a whole is."""
    placed: dict[str, str] = {}
    for name, sentence in form.errors.items():
        if name.rpartition(".")[2] not in declaration_form.DATES:
            placed[name] = sentence
            continue
        boxes: Mapping[str, str] = wrong(form.value(name)) if form.text(name) else {}
        of_boxes = {f"{name}-{box}": f"{declaration_form.label(name)}: {said}" for box, said in boxes.items()}
        placed |= of_boxes or {f"{name}-day": sentence}
    form.errors = placed
