"""The filters of the desk in the page's address, with their labels, and the working time that is left as words."""

from collections.abc import Mapping

import flask

from clients.gateway.web import labels
from shared.text import persian

MINUTES_OF_HOUR = 60
OPTIONS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "member_class": ("پایه", labels.CLASSES),
    "field": ("رسته", labels.FIELDS),
    "change": ("نسبت به خوداظهاری پیشین", labels.CHANGES),
    "jobs": ("فعالیت‌ها", {"some": "دارد", "none": "ندارد"}),
    "debt": ("بدهی طبق بانک اعضا", {"some": "دارد", "none": "ندارد"}),
    "flag": ("نشانه", {"any": "دست‌کم یک نشانه", "none": "بی‌نشانه", **labels.DESK_FLAGS}),
    "deadline": ("مهلت", {"overdue": "گذشته", "today": "تا پایان امروز"}),
    "returned": ("بازگشت برای اصلاح", {"some": "پیش‌تر بازگشته", "none": "بازنگشته"}),
    "holder": ("در دست", {"mine": "خودم", "nobody": "هیچ‌کس"}),
    "sort": ("ترتیب", labels.DESK_SORTS),
}
"""By the name in the query: what is chosen, and the label of each choice."""

UNCHANGED_AND_CLEAN = {"change": "same", "flag": "none", "debt": "none", "returned": "none"}
"""The filters that leave the requests with nothing to look at."""


def chosen() -> dict[str, str]:
    """The filters that are set; what is not offered is not set."""
    typed = ((name, flask.request.args.get(name, "")) for name in OPTIONS)
    return {name: choice for name, choice in typed if choice in OPTIONS[name][1]}


def time_left(minutes: int) -> str:
    """Minutes of working time as words, such as «۲ ساعت و ۵ دقیقهٔ کاری مانده»; below zero they have passed."""
    hours, rest = divmod(abs(minutes), MINUTES_OF_HOUR)
    parts = [f"{count} {unit}" for count, unit in ((hours, "ساعت"), (rest, "دقیقه")) if count]
    if not parts:
        return "کمتر از یک دقیقهٔ کاری مانده" if minutes >= 0 else ""
    text = " و ".join(parts)
    work = "ٔ کاری" if rest else " کاری"
    return persian.digits_to_persian(f"{text}{work} {'مانده' if minutes > 0 else 'گذشته'}")
