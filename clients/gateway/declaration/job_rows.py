"""The rows of the form's table of jobs: numbered from 0 without holes, added and removed without JavaScript."""

import re
from collections.abc import Mapping

from clients.gateway import web
from shared.contract.refusals import Reason, Refused
from shared.contract.values import JOBS_MAX

ROW = re.compile(r"jobs\.([0-9]{1,3})\.([a-z_]+)")
ESSENTIAL = {"kind", "title", "client", "quantity", "starts_on", "ends_on", "cadastre_code", "contract_no"}
"""A row without an answer to any of these is blank; the others may be suggestions."""


def numbers(form: web.Form) -> list[int]:
    """The numbers of the rows on the form, in order."""
    return sorted({int(found[1]) for name in form.values if (found := ROW.fullmatch(name))})


def require_few(form: web.Form) -> None:
    """Refuse more rows than the table has: no page of ours sends them."""
    if len(numbers(form)) > JOBS_MAX:
        raise Refused(Reason.BAD_INPUT, {"jobs": "too_long"})


def add(form: web.Form, suggested: Mapping[str, str]) -> int | None:
    """Append a new row; its number, or None where the table is full."""
    drop_blank(form)
    row = len(numbers(form))
    if row >= JOBS_MAX:
        return None
    form.values |= {f"jobs.{row}.kind": ""} | {f"jobs.{row}.{name}": text for name, text in suggested.items()}
    return row


def remove(form: web.Form, row: int) -> None:
    """Remove a row; the rows after it move up."""
    _renumber(form, [number for number in numbers(form) if number != row])


def drop_blank(form: web.Form) -> None:
    """Remove the rows in which nothing is answered."""
    _renumber(form, [row for row in numbers(form) if not _is_blank(form, row)])


def _is_blank(form: web.Form, row: int) -> bool:
    return not any(form.text(f"jobs.{row}.{name}") for name in ESSENTIAL)


def _renumber(form: web.Form, rows: list[int]) -> None:
    after = {row: index for index, row in enumerate(rows)}
    values: dict[str, str] = {}
    for name, text in form.values.items():
        found = ROW.fullmatch(name)
        if not found:
            values[name] = text
        elif int(found[1]) in after:
            values[f"jobs.{after[int(found[1])]}.{found[2]}"] = text
    form.values = values
