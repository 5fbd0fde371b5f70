"""Notes for the review of a declaration: differences from the register, conflicts, and a decision that came first; pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from markupsafe import Markup

from clients.gateway import web
from shared.contract.auth.answers import MemberCard
from shared.contract.capacity.answers import JobUnits
from shared.contract.refusals import Reason
from shared.contract.renewal.answers import Renewal
from shared.contract.renewal.correction import DeclarationField
from shared.contract.renewal.declaration import FULL_TIME, Declaration
from shared.contract.renewal.mine_answers import MineClaim
from shared.text import persian

RESIDENCE_DAYS_MIN = 183
"""Six months of residence (docs/domain.md 2.1)."""
CLAIMANTS_SHOWN = 3
"""Of a mine, beside the member; the others are counted, so that the warning stays on the first screen."""

OVERTAKEN = {Reason.ALREADY_DECIDED, Reason.NOT_SUBMITTED, Reason.NOT_REQUESTED, Reason.CONFLICT}
"""Refusals of a decision because another act came first."""
ACTS: Mapping[str, tuple[str, str]] = {
    "approved": ("تأیید کرد", "تأیید کرده‌اید"),
    "returned": ("برای اصلاح بازگرداند", "برای اصلاح بازگردانده‌اید"),
    "rejected": ("رد کرد", "رد کرده‌اید"),
}
"""What a colleague did, and what the reader did."""
NOT_RECORDED = "تصمیم شما ثبت نشد"


class Notice(NamedTuple):
    """A sentence for the manager, and the field to return where that would mend it."""

    text: str
    field: DeclarationField | None = None


def overtaken(renewal: Renewal, seen_version: int | None, name_of: Callable[[str], str | None]) -> str:
    """Who acted first, when and how, for the officer whose decision is not recorded because of it."""
    latest = renewal.declarations[-1] if renewal.declarations else None
    if renewal.status == "submitted":
        if latest is None or seen_version in {None, latest.version}:
            return f"هم‌زمان تغییر دیگری ثبت شد. {NOT_RECORDED}؛ دوباره تلاش کنید."
        version, at = persian.digits_to_persian(latest.version), web.filters.long_instant(latest.submitted_at)
        return f"عضو در {at} نسخهٔ {version} خوداظهاری را فرستاد. {NOT_RECORDED}؛ نسخهٔ تازه را ببینید و دوباره تصمیم بگیرید."
    if renewal.status == "expired":
        return f"مهلت اصلاح این درخواست گذشت و بسته شد. {NOT_RECORDED}."
    if renewal.status == "withdrawn":
        return f"عضو از این درخواست انصراف داده است. {NOT_RECORDED}."
    if renewal.recalled_at is not None:
        at = web.filters.long_instant(renewal.recalled_at)
        return f"عضو در {at} خوداظهاری را پس گرفت تا تغییر دهد. {NOT_RECORDED}."
    last = renewal.decision
    if renewal.status == "requested" or last is None:
        return f"خوداظهاری این درخواست در کارتابل نیست. {NOT_RECORDED}."
    why = f" با این دلیل: «{last.reason}»" if last.reason else ""
    who, (did, own) = name_of(last.by), ACTS[last.outcome]
    act = did if who else own
    return f"{who or 'خود شما'} این درخواست را در {web.filters.long_instant(last.at)} {act}{why}. {NOT_RECORDED}."


def warnings(
    renewal: Renewal, declared: Declaration, card: MemberCard | None, units: JobUnits | None, today: date
) -> list[Notice]:
    """What to look at; nothing of it stops an approval."""
    return [
        *of_places(renewal, declared, today),
        *of_licence(renewal, card, today),
        *of_conflicts(declared),
        *of_jobs(units),
        *of_mines(renewal),
    ]


def of_places(renewal: Renewal, declared: Declaration, today: date) -> Iterator[Notice]:
    membership = web.labels.province(renewal.province)
    if declared.province != renewal.province:
        text = f"استان سکونت ({web.labels.province(declared.province)}) با استان عضویت ({membership}) یکی نیست."
        yield Notice(text, DeclarationField.PROVINCE)
    work = declared.employment.province
    if declared.employment.status in FULL_TIME and work and work != renewal.province:
        text = f"شغل تمام‌وقت در استان {web.labels.province(work)} است؛ عضویت باید به آن استان منتقل شود."
        yield Notice(text, DeclarationField.EMPLOYMENT_PROVINCE)
    if declared.residence_since and today - declared.residence_since < timedelta(days=RESIDENCE_DAYS_MIN):
        yield Notice("از شروع سکونت در این نشانی کمتر از شش ماه گذشته است.", DeclarationField.RESIDENCE_SINCE)


def of_licence(renewal: Renewal, card: MemberCard | None, today: date) -> Iterator[Notice]:
    licence = card.licence if card else renewal.licence
    if licence != renewal.licence:
        yield Notice(f"پس از ثبت درخواست، پروانه در بانک اعضا تغییر کرده است: اکنون {web.filters.licence(licence)}.")
    if licence.expires_on is None:
        return
    if licence.expires_on < today:
        yield Notice("اعتبار پروانهٔ اشتغال پایان یافته است.")
    elif licence.expires_on < persian.year_bounds(renewal.year)[1]:
        yield Notice(web.labels.capacity_code("licence_expires_early"))


def of_conflicts(declared: Declaration) -> Iterator[Notice]:
    if declared.is_public_employee:
        yield Notice("عضو کارمند دستگاه صادرکنندهٔ مجوز معدنی است (تعارض منافع).")
    if declared.is_mine_operator:
        yield Notice("عضو بهره‌بردار یا ذی‌نفع معدن است (تعارض منافع).")


def of_jobs(units: JobUnits | None) -> Iterator[Notice]:
    """Problems by the capacity policy: of all jobs together, then of single jobs, which are shown at the job too."""
    if units is None:
        return
    for text in web.sentences.job_unit_warnings(units):
        yield Notice(text, DeclarationField.JOBS)
    for place, code in units.problems.items():
        if place.startswith("jobs."):
            number = persian.digits_to_persian(int(place.split(".")[1]) + 1)
            yield Notice(f"فعالیت {number}: {web.labels.capacity_code(code)}", DeclarationField.JOBS)


def of_mines(renewal: Renewal) -> Iterator[Notice]:
    """Mines that other members claim too, with who claimed first: a mine has one technical manager."""
    for mine in renewal.contested_mines:
        others = [claimant(one) for one in mine.claims if one.member != renewal.member]
        if left := others[CLAIMANTS_SHOWN:]:
            others[CLAIMANTS_SHOWN:] = [f"{persian.format_number(len(left))} عضو دیگر"]
        first = mine.claims[0].member == renewal.member
        order = "پس از این عضو" if first else "پیش از این عضو"
        sentence = Markup("معدن با کد کاداستر {} مسئول فنی دیگری هم دارد: {} آن را {} اعلام کرده است.")
        text = sentence.format(web.filters.code(mine.cadastre_code), "، ".join(others), order)
        yield Notice(text, DeclarationField.JOBS)


def claimant(claim: MineClaim) -> str:
    """A member by number and province: the name of another province's member must not be shown."""
    days = f"{web.filters.shown_day(claim.starts_on)} تا {web.filters.shown_day(claim.ends_on)}"
    return f"عضو {persian.digits_to_persian(claim.member)} ({web.labels.province(claim.province)}، {days})"
