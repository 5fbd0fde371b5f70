"""A bank statement file that is staged: its totals, what it would change, and which file it may correct."""

from collections import Counter
from datetime import date

import flask
from flask.typing import ResponseReturnValue

from clients.gateway import web
from clients.gateway.finance import finance_lists
from shared.contract import base
from shared.contract.payment import commands, finance_answers, queries
from shared.contract.values import Role, StatementLine
from shared.tabular import bank_statement
from shared.tabular.bank_statement import StatementFile
from shared.text import persian

BLUEPRINT = flask.Blueprint("bank_statements", __name__)
LISTED_MAX = 50
"""Files that are looked through for corrections that wait, and offered to be corrected."""


@BLUEPRINT.get("/desk/statement/file/<statement>")
def show(statement: str) -> ResponseReturnValue:
    """A staged file, for the colleague who counts it."""
    visitor = web.session.officer(Role.TREASURY)
    return statement_page(visitor, visitor.call(base.parse(queries.GetStatement, {"statement": statement})))


def statement_page(
    visitor: web.Visitor, found: finance_answers.Statement, file: StatementFile | None = None
) -> ResponseReturnValue:
    """A file before it counts; its days are shown only right after the upload."""
    web.lists.offer(visitor, finance_lists.changes(found))
    web.queries.load_officer_names(visitor, (found.opened_by, found.counted_by))
    changed = found.difference.changes if found.difference else ()
    days = sorted({on for one in changed for on in (one.before_on, one.after_on) if on})
    in_file = days_of(file) if file else {}
    return flask.render_template(
        "finance/statement.html",
        found=found,
        days=in_file,
        statuses=statuses_of(file) if file else Counter(),
        last=max(in_file, default=days[-1] if days else None),
        is_own=found.is_correction and found.opened_by == visitor.passport.actor,
    )


def stage(visitor: web.Visitor, bank: str, file: StatementFile, corrects: str) -> finance_answers.Statement:
    """Stage all lines; the same file again starts again. The last answer has what it would change."""
    about = {"statement": file.digest, "lines": len(file.lines), "total_rials": file.total_rials, "bank": bank}
    opening = {**about, "corrects": corrects or None, **web.rpc.new_command()}
    found = visitor.call(base.parse(commands.OpenStatement, opening))
    for start in range(0, len(file.lines), commands.STATEMENT_BATCH_MAX):
        batch = file.lines[start : start + commands.STATEMENT_BATCH_MAX]
        found = visitor.call(
            commands.AddStatementLines(
                statement=file.digest, first_line=start + 1, lines=batch, **web.rpc.new_command()
            )
        )
    return found


def latest(visitor: web.Visitor, bank: str) -> tuple[finance_answers.Statement, ...]:
    found = visitor.call_if_known(queries.ListStatements(bank=bank, limit=LISTED_MAX))
    return found.statements if found else ()


def waiting(found: tuple[finance_answers.Statement, ...]) -> list[finance_answers.Statement]:
    """Corrections that a colleague has to count."""
    return [one for one in found if one.status == "open" and one.is_correction]


def correctable(found: tuple[finance_answers.Statement, ...]) -> dict[str, str]:
    """Labels of the files that count, by their digest."""
    return {one.statement: named(one) for one in found if one.status == "counted" and not one.corrected_by}


def named(one: finance_answers.Statement) -> str:
    when = persian.digits_to_persian(persian.format_instant(one.counted_at)) if one.counted_at else ""
    return f"{when}، {persian.format_number(one.lines)} ردیف، {persian.format_number(one.total_rials)} ریال"


def days_of(file: StatementFile) -> dict[date, tuple[int, int]]:
    """How many booked lines each day has, and what they come to, the oldest day first."""
    found: dict[date, tuple[int, int]] = {}
    for line in sorted(booked(file), key=lambda one: one.paid_at):
        on = persian.day_of(line.paid_at)
        number, total = found.get(on, (0, 0))
        found[on] = number + 1, total + line.amount_rials
    return found


def booked(file: StatementFile) -> list[StatementLine]:
    return [line for line in file.lines if line.status in bank_statement.BOOKED]


def statuses_of(file: StatementFile) -> Counter[str]:
    return Counter(line.status for line in file.lines)
