"""Notes for the review of a declaration: differences from the register, conflicts, and a decision that came first; pure."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta

from markupsafe import Markup

from clients.gateway import web
from shared.contract.auth.answers import MemberCard
from shared.contract.capacity.answers import JobUnits
from shared.contract.refusals import Reason
from shared.contract.renewal.answers import Renewal
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
) -> list[str]:
    """Sentences, none of which stops an approval."""
    return [
        *of_places(renewal, declared, today),
        *of_licence(renewal, card, today),
        *of_conflicts(declared),
        *of_jobs(units),
        *of_mines(renewal),
    ]


def of_places(renewal: Renewal, declared: Declaration, today: date) -> Iterator[str]:
    membership = web.labels.province(renewal.province)
    if declared.province != renewal.province:
        yield f"استان سکونت ({web.labels.province(declared.province)}) با استان عضویت ({membership}) یکی نیست."
    work = declared.employment.province
    if declared.employment.status in FULL_TIME and work and work != renewal.province:
        yield f"شغل تمام‌وقت در استان {web.labels.province(work)} است؛ عضویت باید به آن استان منتقل شود."
    if declared.residence_since and today - declared.residence_since < timedelta(days=RESIDENCE_DAYS_MIN):
        yield "از شروع سکونت در این نشانی کمتر از شش ماه گذشته است."


def of_licence(renewal: Renewal, card: MemberCard | None, today: date) -> Iterator[str]:
    licence = card.licence if card else renewal.licence
    if licence != renewal.licence:
        yield f"پس از ثبت درخواست، پروانه در بانک اعضا تغییر کرده است: اکنون {web.filters.licence(licence)}."
    if licence.expires_on is None:
        return
    if licence.expires_on < today:
        yield "اعتبار پروانهٔ اشتغال پایان یافته است."
    elif licence.expires_on < persian.year_bounds(renewal.year)[1]:
        yield web.labels.capacity_code("licence_expires_early")


def of_conflicts(declared: Declaration) -> Iterator[str]:
    if declared.is_public_employee:
        yield "عضو کارمند دستگاه صادرکنندهٔ مجوز معدنی است (تعارض منافع)."
    if declared.is_mine_operator:
        yield "عضو بهره‌بردار یا ذی‌نفع معدن است (تعارض منافع)."


def of_jobs(units: JobUnits | None) -> Iterator[str]:
    """Problems of all jobs together by the capacity policy; a single job's problems are shown at the job."""
    if units is not None:
        yield from web.sentences.job_unit_warnings(units)


def of_mines(renewal: Renewal) -> Iterator[str]:
    """Mines that other members claim too, with who claimed first: a mine has one technical manager."""
    for mine in renewal.contested_mines:
        others = [claimant(one) for one in mine.claims if one.member != renewal.member]
        if left := others[CLAIMANTS_SHOWN:]:
            others[CLAIMANTS_SHOWN:] = [f"{persian.format_number(len(left))} عضو دیگر"]
        first = mine.claims[0].member == renewal.member
        order = "پس از این عضو" if first else "پیش از این عضو"
        sentence = Markup("معدن با کد کاداستر {} مسئول فنی دیگری هم دارد: {} آن را {} اعلام کرده است.")
        yield sentence.format(web.filters.code(mine.cadastre_code), "، ".join(others), order)


def claimant(claim: MineClaim) -> str:
    """A member by number and province: the name of another province's member must not be shown."""
    days = f"{web.filters.shown_day(claim.starts_on)} تا {web.filters.shown_day(claim.ends_on)}"
    return f"عضو {persian.digits_to_persian(claim.member)} ({web.labels.province(claim.province)}، {days})"
