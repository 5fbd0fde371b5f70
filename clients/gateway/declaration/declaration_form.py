"""The self-declaration as a form: labels, filling it from a declaration, parsing it into one, and its errors."""

from collections.abc import Iterable, Mapping
from typing import Any

from clients.gateway import web
from clients.gateway.declaration import job_rows
from shared import translations
from shared.contract.auth.answers import MemberCard
from shared.contract.renewal.declaration import Declaration
from shared.text import persian

LABELS: Mapping[str, str] = {
    "mobile": "تلفن همراه",
    "email": "رایانامه",
    "phone": "تلفن ثابت",
    "province": "استان سکونت",
    "city": "شهر سکونت",
    "address": "نشانی سکونت",
    "postal_code": "کد پستی",
    "residence_since": "سکونت در این نشانی از",
    "education": "مدرک تحصیلی",
    "discipline": "رشتهٔ تحصیلی",
    "licence_no": "شمارهٔ پروانهٔ اشتغال",
    "employment.status": "وضعیت اشتغال",
    "employer": "کارفرما",
    "job_title": "سمت",
    "employment.province": "استان محل کار",
    "employment.from_on": "اشتغال از تاریخ",
    "employment.to_on": "اشتغال تا تاریخ",
    "weekly_hours": "ساعت کار در هفته",
    "is_public_employee": "کارمند دستگاه صادرکنندهٔ مجوز معدنی هستم",
    "is_mine_operator": "بهره‌بردار یا ذی‌نفع معدن هستم",
    "note": "توضیحات",
    "truth_ack": "تأیید درستی اظهارات",
}
JOB_LABELS: Mapping[str, str] = {
    "kind": "نوع شغل",
    "title": "عنوان کار یا نام معدن",
    "client": "کارفرما",
    "province": "استان",
    "field": "رسته",
    "degree": "درجه",
    "quantity": "مقدار",
    "starts_on": "تاریخ شروع",
    "ends_on": "تاریخ پایان",
    "cadastre_code": "کد کاداستر",
    "contract_no": "شمارهٔ قرارداد",
}
FIELD_TEXTS: Mapping[str, str] = {
    "mobile": "تلفن همراه را با ۱۱ رقم بنویسید، مانند ۰۹۱۳۱۲۳۴۵۶۷.",
    "email": "رایانامه را کامل بنویسید، مانند name@example.ir.",
    "phone": "تلفن ثابت را با کد استان و ۱۱ رقم بنویسید، مانند ۰۳۱۳۲۲۱۱۲۲۳.",
    "postal_code": "کد پستی را با ۱۰ رقم بنویسید.",
    "city": "شهر سکونت را بنویسید.",
    "address": "نشانی سکونت را کامل بنویسید؛ دست‌کم ۱۰ نویسه.",
    "province": "استان سکونت را انتخاب کنید.",
    "education": "مدرک تحصیلی را انتخاب کنید.",
    "discipline": "رشتهٔ تحصیلی را انتخاب کنید.",
    "employment.status": "وضعیت اشتغال را انتخاب کنید.",
    "weekly_hours": "ساعت کار در هفته را با عددی از ۱ تا ۶۰ بنویسید.",
}
"""Error sentences of fields that explain more than the error's own."""
OWN_SENTENCES = {"postal_code_repeats", "employer_needed", "employment_start_needed", "truth_ack_needed"}
"""Errors whose own sentence names the field."""
CHOICES = {"province", "kind", "field", "degree", "status", "education", "discipline"}
DATES = {"residence_since", "from_on", "to_on", "starts_on", "ends_on"}
DRAFT_TEXT_MAX = 1000
NUMBERS = {"quantity", "weekly_hours"}
ROUNDS_MAX = 5
FITTING: Mapping[str, str] = {
    "mobile": "09000000000",
    "province": "isfahan",
    "city": "شهر",
    "address": "نشانی سکونت",
    "postal_code": "1234567890",
    "education": "bachelor",
    "discipline": "mining",
    "employment.status": "unemployed",
    "employer": "کارفرما",
    "employment.from_on": "2000-01-01",
}
"""Answers that are right, in place of those that are not looked at; the other fields may be empty."""
FITTING_JOB: Mapping[str, str] = {
    "kind": "person_hour",
    "title": "عنوان",
    "client": "کارفرما",
    "province": "isfahan",
    "field": "extraction",
    "degree": "1",
    "quantity": "1",
    "starts_on": "1950-01-01",
    "ends_on": "2070-01-01",
    "cadastre_code": "",
    "contract_no": "",
}
CODES = {"mobile", "phone", "postal_code", "cadastre_code"}
"""With the numbers what is stored in ASCII digits; all other texts are shown as they were written."""


def label(name: str) -> str:
    """A field's label; a job's field with the number of its row."""
    if found := job_rows.ROW.fullmatch(name):
        row = persian.digits_to_persian(int(found[1]) + 1)
        return f"{JOB_LABELS.get(found[2], found[2])} در ردیف {row}"
    return LABELS.get(name, "فعالیت‌های جاری" if name == "jobs" else name)


def filled(declaration: Declaration | None, card: MemberCard | None) -> web.Form:
    """The form filled with the last declaration; the very first one with the province in the register."""
    if declaration is None:
        return web.Form({"province": card.province} if card else {})
    values = {name: _shown(name, answer(declaration, name)) for name in LABELS if name != "truth_ack"}
    for row, job in enumerate(declaration.jobs):
        values |= {f"jobs.{row}.{name}": _shown(name, getattr(job, name)) for name in JOB_LABELS}
    return web.Form(values)


def known_fields(form: web.Form) -> dict[str, str]:
    """The texts of the form that are answers, each of at most a draft's length."""
    known = (name for name in form.values if name in LABELS or job_rows.ROW.fullmatch(name))
    return {name: form.values[name][:DRAFT_TEXT_MAX] for name in known if form.values[name]}


def answer(declaration: Declaration, name: str) -> Any:
    """A declaration's answer by its dotted name."""
    whole, _, part = name.rpartition(".")
    return getattr(declaration.employment if whole else declaration, part)


def _shown(name: str, value: Any) -> str:
    last = name.rpartition(".")[2]
    if value is None or isinstance(value, bool):
        return "true" if value else ""
    if last in DATES:
        return web.filters.shown_day(value)
    return persian.shown_code(value) if last in NUMBERS | CODES else str(value)


def parse(form: web.Form, *, truth_ack: bool) -> Declaration | None:
    """The declaration, or None with a sentence on the form for each field that is wrong."""
    known = [name for name in form.values if name in LABELS or job_rows.ROW.fullmatch(name)]
    values = {name: canonical(name, form) for name in known}
    declaration = _parse(form, values, truth_ack=truth_ack)
    if declaration is None and not form.notice:
        _find_all(form, values)
    return declaration


def find_wrong(form: web.Form, names: Iterable[str]) -> None:
    """Put a sentence on the form for each of these fields that is wrong, whatever the others are."""
    values = dict(FITTING) | {name: canonical(name, form) for name in names}
    _find_all(form, values)


def _find_all(form: web.Form, values: dict[str, str]) -> None:
    """Put every error on the form in one round: what is wrong is replaced by what fits, until the rest is right as well.

    Without that, what one answer makes necessary of another would be looked at only after all others are right.
    """
    for _ in range(ROUNDS_MAX):
        trial = web.Form(values)
        if _parse(trial, values, truth_ack=True) is not None or trial.errors.keys() <= form.errors.keys():
            break
        form.errors = trial.errors | form.errors
        values = values | {name: _fitting(name) for name in trial.errors}
    form.errors = dict(sorted(form.errors.items(), key=lambda error: _place_on_form(error[0])))


def _fitting(name: str) -> str:
    return FITTING_JOB[found[2]] if (found := job_rows.ROW.fullmatch(name)) else FITTING.get(name, "")


def _parse(form: web.Form, values: Mapping[str, str], *, truth_ack: bool) -> Declaration | None:
    content = {"employment": {}, **web.forms.nested(values), "truth_ack": truth_ack}
    return web.forms.parse(form, Declaration, content, error_text)


def _place_on_form(name: str) -> tuple[int, int]:
    """The order of errors follows the fields on the page: all of the member, then row by row."""
    if found := job_rows.ROW.fullmatch(name):
        return int(found[1]), list(JOB_LABELS).index(found[2]) if found[2] in JOB_LABELS else 0
    return -1, list(LABELS).index(name) if name in LABELS else len(LABELS)


def error_text(field_path: str, code: str) -> tuple[str, str]:
    """The field to correct, and a sentence that repeats its label."""
    name = f"{field_path}.ends_on" if job_rows.ROW.fullmatch(f"{field_path}.x") else field_path
    if code in OWN_SENTENCES:
        return name, translations.field_error(code)
    if name in FIELD_TEXTS:
        return name, translations.form_error(FIELD_TEXTS, name, code)
    if code in {"missing", "enum"}:
        verb = "انتخاب کنید" if name.rpartition(".")[2] in CHOICES else "بنویسید"
        return name, f"{label(name)} را {verb}."
    return name, f"{label(name)}: {translations.field_error(code)}"


def canonical(name: str, form: web.Form) -> str:
    last, text = name.rpartition(".")[2], form.paragraphs(name)
    if last in NUMBERS:
        return form.number(name)
    return web.forms.day(text) if text and last in DATES else text
