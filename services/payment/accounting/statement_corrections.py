"""Differences that a bank statement file makes to those that count, shown before it counts; corrections among them."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

from sqlalchemy import Connection, RowMapping

from services.payment.accounting import bank_statements, daily_reconciliation, statement_lines
from services.payment.accounting.statement_lines import Line
from shared.contract.payment import finance_answers
from shared.contract.payment.finance_answers import StatementChange, StatementDifference

Kind = Literal["added", "changed", "given_back", "gone"]
CHANGES_SHOWN_MAX = 200
"""Changes in one answer."""


class Comparison(NamedTuple):
    """A file beside those that count: each payment before and after."""

    is_correction: bool
    pairs: list[tuple[Line | None, Line | None]]


class Change(NamedTuple):
    """What becomes of one payment."""

    kind: Kind
    was: Line | None
    now: Line | None


def compare(connection: Connection, row: RowMapping) -> Comparison:
    """What counts before a file and with it.

    It is a correction where it names the file that it takes the place of, or where a line of it contradicts one that counts.
    """
    sessions = bank_statements.sessions_of(row["statement"], row["corrects"])
    lines = [
        line
        for line in bank_statements.lines_that_count(connection, row["bank"], sessions)
        if line.statement != row["statement"]
    ]
    stays = [line for line in lines if line.statement != row["corrects"]]
    own = bank_statements.lines_of(connection, row["statement"])
    kept = statement_lines.by_session(stays)
    is_correction = bool(row["corrects"]) or any(
        statement_lines.contradicts(line, kept.get(line.authority, [])) for line in own
    )
    with_own = stays + [line._replace(is_correction=is_correction) for line in own]
    before, after = statement_lines.by_session(lines), statement_lines.by_session(with_own)
    pairs = [pair for one in {**before, **after} for pair in paired(before.get(one, []), after.get(one, []))]
    return Comparison(is_correction, pairs)


def paired(before: list[Line], after: list[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """A session's payments, each beside what it was."""
    left = list(before)
    for now in after:
        place = statement_lines.place_of(now, left)
        yield (None if place is None else left.pop(place)), now
    for was in left:
        yield was, None


def kind_of(was: Line | None, now: Line | None) -> Kind | None:
    """What becomes of a payment; None where it stays as it is."""
    if was is None or now is None:
        return "added" if was is None else "gone"
    if was.rials == now.rials and (was.paid_at == now.paid_at or was.on == now.on):
        return None
    return "given_back" if was.rials and not now.rials else "changed"


def changes_of(comparison: Comparison) -> list[Change]:
    return [Change(kind, *pair) for pair in comparison.pairs if (kind := kind_of(*pair))]


def reopened(connection: Connection, bank: str, comparison: Comparison) -> list[date]:
    """The closed days that a correction touches."""
    if not comparison.is_correction:
        return []
    touched = {line.on for change in changes_of(comparison) for line in (change.was, change.now) if line}
    return sorted(touched & daily_reconciliation.closed_days(connection, bank))


def difference(connection: Connection, row: RowMapping, comparison: Comparison) -> StatementDifference:
    """What is shown of a file before it counts."""
    changes = changes_of(comparison)
    kinds = Counter(change.kind for change in changes)
    shown = [one for one in changes if comparison.is_correction or one.kind != "added"]
    return StatementDifference(
        same=len(comparison.pairs) - len(changes),
        added=kinds["added"],
        changed=kinds["changed"],
        given_back=kinds["given_back"],
        gone=kinds["gone"],
        before_rials=sum(was.rials for was, _ in comparison.pairs if was),
        after_rials=sum(now.rials for _, now in comparison.pairs if now),
        changes=tuple(change_answer(one) for one in shown[:CHANGES_SHOWN_MAX]),
        reopens=tuple(reopened(connection, row["bank"], comparison)),
    )


def change_answer(change: Change) -> StatementChange:
    was, now = change.was, change.now
    key = now or was
    return StatementChange(
        kind=change.kind,
        authority=key.authority if key else "",
        bank_reference=key.bank_reference if key else "",
        before_rials=was.rials if was else 0,
        after_rials=now.rials if now else 0,
        before_on=was.on if was else None,
        after_on=now.on if now else None,
    )


def statement_answer(connection: Connection, row: RowMapping) -> finance_answers.Statement:
    """A file as it is now; what it would change only once it is here whole."""
    lines_here, _ = bank_statements.received(connection, row["statement"])
    is_open = row["counted_at"] is None
    found = finance_answers.Statement.model_validate(
        {**row, "status": "open" if is_open else "counted", "lines_here": lines_here}
    )
    if not is_open or lines_here != row["lines"]:
        return found
    comparison = compare(connection, row)
    shown = {"is_correction": comparison.is_correction, "difference": difference(connection, row, comparison)}
    return found.model_copy(update=shown)


def statements_page(connection: Connection, bank: str, limit: int, offset: int) -> finance_answers.Statements:
    """A bank's files, the latest first."""
    rows, total = bank_statements.latest(connection, bank, limit, offset)
    found = (statement_answer(connection, row).model_copy(update={"difference": None}) for row in rows)
    return finance_answers.Statements(statements=tuple(found), total=total)
