"""What a manager should look at in a declaration before deciding: where it and the register disagree; pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from clients.gateway import display, words
from shared import persian
from shared.contract.answers import JobUnits, MemberCard, Renewal
from shared.contract.declaration import FULL_TIME, Declaration

RESIDENCE_DAYS_MIN = 183
"""Six months of residence (docs/domain.md 2.1)."""


def warnings(
    renewal: Renewal, declared: Declaration, card: MemberCard | None, units: JobUnits | None, today: date
) -> list[str]:
    """Sentences, none of which stops an approval."""
    return [
        *of_places(renewal, declared, today),
        *of_licence(renewal, card, today),
        *of_conflicts(declared),
        *of_jobs(units),
    ]


def of_places(renewal: Renewal, declared: Declaration, today: date) -> Iterator[str]:
    membership = words.province(renewal.province)
    if declared.province != renewal.province:
        yield f"استان سکونت ({words.province(declared.province)}) با استان عضویت ({membership}) یکی نیست."
    work = declared.employment.province
    if declared.employment.status in FULL_TIME and work and work != renewal.province:
        yield f"شغل تمام‌وقت در استان {words.province(work)} است؛ عضویت باید به آن استان منتقل شود."
    if declared.residence_since and today - declared.residence_since < timedelta(days=RESIDENCE_DAYS_MIN):
        yield "از شروع سکونت در این نشانی کمتر از شش ماه گذشته است."


def of_licence(renewal: Renewal, card: MemberCard | None, today: date) -> Iterator[str]:
    licence = card.licence if card else renewal.licence
    if licence != renewal.licence:
        yield f"پس از ثبت درخواست، پروانه در بانک اعضا تغییر کرده است: اکنون {display.licence(licence)}."
    if licence.expires_on is None:
        return
    if licence.expires_on < today:
        yield "اعتبار پروانهٔ اشتغال پایان یافته است."
    elif licence.expires_on < persian.year_bounds(renewal.year)[1]:
        yield words.capacity_code("licence_expires_early")


def of_conflicts(declared: Declaration) -> Iterator[str]:
    if declared.is_public_employee:
        yield "عضو کارمند دستگاه صادرکنندهٔ مجوز معدنی است (تعارض منافع)."
    if declared.is_mine_operator:
        yield "عضو بهره‌بردار یا ذی‌نفع معدن است (تعارض منافع)."


def of_jobs(units: JobUnits | None) -> Iterator[str]:
    """What the capacity policy holds against all jobs together; a single job's problems stand at the job."""
    for place, code in (units.problems if units else {}).items():
        if not place.startswith("jobs."):
            _, _, field = place.partition("fields.")
            where = f"{words.FIELDS[field]}: " if field in words.FIELDS else ""
            yield where + words.capacity_code(code)
