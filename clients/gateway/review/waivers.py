"""Waivers that a manager types beside an approval: an amount for each charged year and one reason; a second officer grants them. Pure."""

from clients.gateway import web
from shared import translations
from shared.contract.payment.answers import FeeEstimate
from shared.contract.refusals import Reason, Refused

FIELD = "waiver-"
"""The amount's field of a year: `waiver-1404`."""
REASON_FIELD = "approve-reason"
AMOUNT_MISSING = "مبلغی را که باید بخشوده شود بنویسید، یا دلیل را پاک کنید."
REASON_MISSING = translations.group("refusal")[Reason.REASON_NEEDED]


def years(estimate: FeeEstimate | None, year: int) -> dict[int, int | None]:
    """The years that can be waived, the newest first, each with its fee; where that is not known, the renewal's own year."""
    if estimate is None or not estimate.lines:
        return {year: None}
    return {line.year: line.amount_rials for line in sorted(estimate.lines, key=lambda line: -line.year)}


def typed_years(form: web.Form) -> list[str]:
    """The years with an amount, in the order of the command's waivers."""
    return sorted(name.removeprefix(FIELD) for name in form.values if name.startswith(FIELD) and form.text(name))


def content(form: web.Form) -> dict[str, object]:
    """The waivers and their reason as fields of the approval; `Refused(BAD_INPUT)` for a reason without an amount."""
    chosen, reason = typed_years(form), form.paragraphs("reason")
    if not chosen:
        if reason:
            raise Refused(Reason.BAD_INPUT, {"waivers": "missing"})
        return {}
    return {"waivers": [{"year": year, "amount_rials": form.number(FIELD + year)} for year in chosen], "reason": reason}


def error_text(form: web.Form, path: str, code: str) -> tuple[str, str]:
    """The field of an error in an approval, and the sentence at it."""
    if path == "reason":
        return REASON_FIELD, REASON_MISSING
    if path.startswith("waivers."):
        return FIELD + typed_years(form)[int(path.split(".")[1])], translations.field_error(code)
    if path == "waivers":
        return REASON_FIELD, AMOUNT_MISSING if code == "missing" else translations.field_error(code)
    return f"approve-{path}", translations.field_error(code)
