"""Daily reconciliation with the bank: the upload of a statement file, a day's totals and differences, and its close."""

from collections.abc import Iterator
from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from clients.gateway import web
from clients.gateway.finance import bank_statements, finance_lists, tasks
from shared import translations
from shared.contract.payment import commands, finance_answers, queries
from shared.contract.refusals import Refused
from shared.contract.values import Role
from shared.tabular import Fault, Unreadable, bank_statement
from shared.text import numbers, persian

BLUEPRINT = flask.Blueprint("daily_reconciliation", __name__)
FILE_BYTES_MAX = 2 * 1024 * 1024
"""Some ten thousand lines; larger files go by `tamdid statement import`."""
REST_BYTES_MAX = 64 * 1024
TOO_LARGE = "فایل از ۲ مگابایت بزرگ‌تر است؛ از بانک فایل روزهای کمتری بگیرید، یا آن را با خط فرمان وارد کنید."
FAULTS_SHOWN = 50


def allow_file() -> None:
    """Allow the size of a file to the one form that uploads one."""
    if flask.request.endpoint == "daily_reconciliation.upload":
        flask.request.max_content_length = FILE_BYTES_MAX + REST_BYTES_MAX


@BLUEPRINT.get("/desk/statement")
def day() -> ResponseReturnValue:
    visitor = web.session.officer(Role.TREASURY)
    return day_page(visitor, web.Form({"on": flask.request.args.get("on", "")}), web.Form())


@BLUEPRINT.post("/desk/statement")
def upload() -> ResponseReturnValue:
    """Read a statement file, stage its lines, and show its totals; it counts when that is confirmed."""
    visitor = web.session.officer(Role.TREASURY)
    form = web.forms.posted()
    content = web.forms.posted_file(FILE_BYTES_MAX)
    total = form.number("total_rials")
    faults: tuple[Fault, ...] = ()
    try:
        typed = numbers.rials(total) if total else None
    except numbers.NumberWrong as wrong:
        form.errors["total_rials"] = translations.field_error(wrong.code)
    if not content:
        form.errors["file"] = "فایل صورت‌حساب بانک را انتخاب کنید."
    elif len(content) > FILE_BYTES_MAX:
        form.errors["file"] = TOO_LARGE
    if form.is_wrong:
        return day_page(visitor, web.Form(), form)
    columns = {name: form.text(name) for name in bank_statement.HEADINGS if form.text(name)}
    try:
        file = bank_statement.read(content, columns, typed)
        staged = bank_statements.stage(visitor, bank(visitor), file, form.text("corrects"))
    except Unreadable as wrong:
        faults = wrong.faults
        form.errors["file"] = f"فایل پذیرفته نشد و هیچ ردیفی به حساب نیامد: {persian.format_number(len(faults))} خطا."
    except Refused as refused:
        web.forms.put_refusal(form, refused)
    if form.is_wrong:
        return day_page(visitor, web.Form(), form, faults)
    return bank_statements.statement_page(visitor, staged, file)


@BLUEPRINT.errorhandler(RequestEntityTooLarge)
def refuse_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Nothing of such a form is read, so only the file can be what is too large."""
    try:
        return day_page(web.session.officer(Role.TREASURY), web.Form(), web.Form(errors={"file": TOO_LARGE}))
    except Refused:  # others than treasurers only see that the form is too large
        return web.error_pages.http_page(error)


@BLUEPRINT.post("/desk/statement/count")
def count() -> ResponseReturnValue:
    """Count a staged file, once for ever; then its last day shows the differences."""
    visitor = web.session.officer(Role.TREASURY)
    form = web.forms.posted()
    content = {"statement": form.text("statement"), "opened_at": form.value("opened_at") or None}
    counted = web.forms.send(form, visitor, commands.CountStatement, content)
    if counted is None:
        return day_page(visitor, web.Form({"on": form.text("on")}), form)
    lines, total = persian.format_number(counted.lines), persian.format_number(counted.total_rials)
    return web.forms.done(
        f"صورت‌حساب بانک با {lines} ردیف و جمع {total} ریال به حساب آمد.", "daily_reconciliation.day", on=form.text("on")
    )


@BLUEPRINT.post("/desk/statement/close")
def close() -> ResponseReturnValue:
    """Close a day: record its totals as they were shown."""
    visitor = web.session.officer(Role.TREASURY)
    form = web.forms.posted()
    content = {"bank": bank(visitor), "on": web.forms.day(form.text("on")), "figures": form.text("figures")}
    if web.forms.send(form, visitor, commands.CloseDay, content, tasks.error_text) is None:
        return day_page(visitor, form, web.Form())
    return web.forms.done("روز بسته شد و جمع‌های آن ثبت شد.", "daily_reconciliation.day", on=form.text("on"))


def day_page(
    visitor: web.Visitor, of_day: web.Form, of_file: web.Form, faults: tuple[Fault, ...] = ()
) -> ResponseReturnValue:
    """A day's totals and differences, and the form for the next file. Without a day, it is yesterday."""
    today = persian.day_of(web.rpc.now())
    on = web.forms.typed_day(of_day, "on") or today - timedelta(days=1)
    health = web.queries.bank_health(visitor)
    bank_name = health.bank if health else "zarinpal"
    found = visitor.call_if_known(queries.GetDay(bank=bank_name, on=on))
    if found:
        web.lists.offer(visitor, finance_lists.day(found))
    files = bank_statements.latest(visitor, bank_name)
    waiting = bank_statements.waiting(files)
    by = (found.closed_by, found.reopened_by, *found.counted_by) if found else ()
    web.queries.load_officer_names(visitor, (*by, *(one.opened_by for one in waiting)))
    wrong = of_file if of_file.is_wrong else of_day
    return web.forms.render(
        "finance/daily_reconciliation.html",
        wrong,
        of_file=of_file,
        found=found,
        exceptions=list(by_kind(found)) if found else [],
        on=on,
        typed_on=of_day.value("on") if of_day.is_wrong else web.filters.shown_day(on),
        is_past=on < today,
        is_own=found is not None and visitor.passport.actor in {*found.counted_by, found.reopened_by},
        health=health,
        waiting=waiting,
        correctable=bank_statements.correctable(files),
        faults=faults[:FAULTS_SHOWN],
        faults_hidden=max(0, len(faults) - FAULTS_SHOWN),
        columns={name: known[0] for name, known in bank_statement.HEADINGS.items()},
    )


def by_kind(found: finance_answers.ReconciledDay) -> Iterator[tuple[str, list[finance_answers.StatementException]]]:
    """The day's exceptions, kind by kind."""
    for kind in web.labels.EXCEPTION_KINDS:
        of_kind = [one for one in found.exceptions if one.kind == kind]
        if of_kind:
            yield kind, of_kind


def bank(visitor: web.Visitor) -> str:
    """The bank that payment works with."""
    return visitor.call(queries.GetBankHealth()).bank
