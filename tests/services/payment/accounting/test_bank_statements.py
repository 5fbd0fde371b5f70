"""The bank's statement: whole or not at all, once, and never more than a reason to ask."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from services.payment.accounting import bank_statements, daily_reconciliation, statement_corrections, statement_counting
from services.payment.attempts import alerts, reconciler
from services.payment.attempts.verification import Verification
from services.payment.banks.port import Paid, SessionStatus
from services.payment.invoices import domain
from shared.contract.payment import commands, finance_answers, queries
from shared.contract.refusals import Reason, Refused
from shared.contract.values import StatementLine
from shared.event_store.command_handler import Records
from tests.services.payment.fake_bank import FakeBank
from tests.services.payment.samples import (
    AMOUNT,
    AT,
    AUTHORITY,
    ISSUE,
    MEMBER,
    OTHER_AUTHORITY,
    OTHER_MEMBER,
    OTHER_REFERENCE,
    PROVINCE,
    REFERENCE,
    SECOND,
    issue,
    record,
    settle,
    start,
)

FILE, OTHER_FILE = "a" * 64, "b" * 64
DAY = date(2026, 4, 15)
FARID, SARA = "officer:farid", "officer:sara"


def line(authority: str = AUTHORITY, **changes: Any) -> StatementLine:
    fields = {"amount_rials": AMOUNT, "bank_reference": REFERENCE, "status": "verified", "paid_at": AT, **changes}
    return StatementLine(authority=authority, **fields)


def stamped(**more: Any) -> dict[str, Any]:
    return {"id": uuid4(), "deadline": AT, "at": AT, "actor": FARID, **more}


def hand_over(
    records: Records, *lines: StatementLine, file: str = FILE, claims: int | None = None, corrects: str | None = None
) -> None:
    """All of a file but the last word."""
    total = sum(one.amount_rials for one in lines if one.status != "reversed") if claims is None else claims
    about = stamped(statement=file, lines=len(lines), total_rials=total, corrects=corrects)
    records.write(lambda connection: bank_statements.open_statement(connection, commands.OpenStatement(**about)))
    for number, one in enumerate(lines, start=1):
        batch = commands.AddStatementLines(**stamped(statement=file, first_line=number, lines=(one,)))
        records.write(lambda connection, batch=batch: bank_statements.add_lines(connection, batch))  # type: ignore[misc]


def count(records: Records, file: str = FILE, actor: str = FARID) -> finance_answers.Statement:
    with records.read() as connection:
        row = bank_statements.row_of(connection, file)
    seen = stamped(statement=file, actor=actor, opened_at=row["opened_at"] if row else None)
    return statement_counting.count_statement(records, commands.CountStatement(**seen))


def refusal(records: Records, file: str = FILE) -> Refused:
    with pytest.raises(Refused) as refused:
        count(records, file)
    return refused.value


def shown(records: Records, file: str = FILE) -> finance_answers.Statement:
    with records.read() as connection:
        return statement_corrections.statement_answer(connection, bank_statements.must_find(connection, file))


def day(records: Records) -> finance_answers.ReconciledDay:
    with records.read() as connection:
        return daily_reconciliation.day(connection, "zarinpal", DAY)


def kinds(records: Records) -> list[str]:
    return [one.kind for one in day(records).exceptions]


def two_paid(records: Records) -> None:
    record(records, ISSUE, start(), settle())
    record(records, issue(OTHER_MEMBER), start(SECOND, OTHER_AUTHORITY), member=OTHER_MEMBER)
    record(records, settle(SECOND, OTHER_REFERENCE), member=OTHER_MEMBER)


def test_a_day_on_which_all_agree_has_no_exceptions(records: Records) -> None:
    two_paid(records)
    hand_over(records, line(), line(OTHER_AUTHORITY, bank_reference=OTHER_REFERENCE))
    assert day(records).bank_rials == 0
    assert count(records).status == "counted"
    assert (day(records).bank_rials, day(records).ledger_rials, kinds(records)) == (2 * AMOUNT, 2 * AMOUNT, [])


def test_a_file_with_a_wrong_total_or_a_missing_line_is_refused_whole(records: Records) -> None:
    two_paid(records)
    hand_over(records, line(), claims=AMOUNT + 1)
    assert refusal(records).details == {"total_rials": f"{AMOUNT} instead of {AMOUNT + 1}"}
    assert refusal(records).reason is Reason.UNKNOWN_STATEMENT
    about = stamped(statement=FILE, lines=2, total_rials=AMOUNT)
    records.write(lambda connection: bank_statements.open_statement(connection, commands.OpenStatement(**about)))
    records.write(
        lambda connection: bank_statements.add_lines(
            connection, commands.AddStatementLines(**stamped(statement=FILE, first_line=2, lines=(line(),)))
        )
    )
    assert refusal(records).details == {"lines": "1 of 2"}
    assert day(records).bank_rials == 0


def test_a_file_counts_once(records: Records) -> None:
    two_paid(records)
    hand_over(records, line())
    count(records)
    assert refusal(records).reason is Reason.STATEMENT_COUNTED
    with pytest.raises(Refused, match="statement_counted"):
        hand_over(records, line())


def test_the_same_batch_twice_is_one(records: Records) -> None:
    hand_over(records, line())
    again = commands.AddStatementLines(**stamped(statement=FILE, first_line=1, lines=(line(),)))
    records.write(lambda connection: bank_statements.add_lines(connection, again))
    assert shown(records).lines_here == 1
    beyond = again.model_copy(update={"first_line": 2})
    with pytest.raises(Refused, match="statement_wrong"):
        records.write(lambda connection: bank_statements.add_lines(connection, beyond))


def test_what_only_one_of_the_two_has_is_an_exception(records: Records) -> None:
    two_paid(records)
    stranger = "S0" + "9" * 34
    hand_over(records, line(), line(stranger, amount_rials=5_000_000, bank_reference="77"))
    count(records)
    found = {one.kind: (one.authority, one.bank_rials, one.our_rials) for one in day(records).exceptions}
    assert found == {
        "missing_here": (stranger, 5_000_000, 0),
        "missing_there": (OTHER_AUTHORITY, 0, AMOUNT),
    }


def test_another_amount_and_a_session_that_was_paid_twice_are_exceptions(records: Records) -> None:
    two_paid(records)
    hand_over(records, line(amount_rials=AMOUNT - 10), line(OTHER_AUTHORITY), line(OTHER_AUTHORITY, bank_reference="7"))
    count(records)
    assert sorted(kinds(records)) == ["amount_differs", "duplicate"]
    assert (day(records).bank_rials, day(records).ledger_rials) == (3 * AMOUNT - 10, 2 * AMOUNT)


def test_a_second_payment_is_an_exception_until_it_has_gone_back(records: Records) -> None:
    later = AT + timedelta(minutes=21)
    both: list[domain.Command] = [
        start(),
        start(SECOND, OTHER_AUTHORITY, later),
        settle(),
        settle(SECOND, OTHER_REFERENCE),
    ]
    record(records, ISSUE, *both)
    hand_over(records, line(), line(OTHER_AUTHORITY))
    count(records)
    assert kinds(records) == ["duplicate"]


def test_a_payment_that_only_the_statement_knows_is_asked_about_and_heals(sqlite_records: Records) -> None:
    record(sqlite_records, ISSUE, start())
    bank = FakeBank(session_status=SessionStatus.IN_BANK)
    hand_over(sqlite_records, line())
    count(sqlite_records)
    assert kinds(sqlite_records) == ["missing_here"]
    bank.verdict = Paid(REFERENCE)
    assert reconciler.poll_due_attempts(Verification(sqlite_records, bank), AT) == 1
    assert kinds(sqlite_records) == []


def test_a_payment_that_the_statement_has_as_reversed_is_taken_back_by_the_banks_own_word(
    sqlite_records: Records,
) -> None:
    record(sqlite_records, ISSUE, start(), settle())
    hand_over(sqlite_records, line(status="reversed"))
    count(sqlite_records)
    assert kinds(sqlite_records) == ["missing_there"]
    reconciler.poll_due_attempts(Verification(sqlite_records, FakeBank(session_status=SessionStatus.REVERSED)), AT)
    assert kinds(sqlite_records) == []


def test_a_disputed_payment_is_an_alert_and_moves_nothing_until_the_dispute_is_lost(records: Records) -> None:
    two_paid(records)
    hand_over(records, line(is_disputed=True), line(OTHER_AUTHORITY, bank_reference=OTHER_REFERENCE))
    hand_over(records, line(is_disputed=True), line(OTHER_AUTHORITY, bank_reference=OTHER_REFERENCE))
    with records.read() as connection:
        assert alerts.page(connection, queries.ListAlerts(province=PROVINCE)).total == 0
    count(records)
    with records.read() as connection:
        found = alerts.page(connection, queries.ListAlerts(province=PROVINCE)).alerts
    assert [(one.kind, one.member, one.times) for one in found] == [("disputed", MEMBER, 1)]
    assert day(records).bank_rials == day(records).ledger_rials == 2 * AMOUNT


def close() -> commands.CloseDay:
    return commands.CloseDay(**(stamped(on=DAY, at=AT + timedelta(days=1)) | {"actor": SARA}))


def test_a_day_is_closed_once_with_its_totals_as_they_were(records: Records) -> None:
    two_paid(records)
    hand_over(records, line())
    count(records)
    closed = daily_reconciliation.close(records, close())
    assert (closed.bank_rials, closed.ledger_rials, closed.closed_by) == (AMOUNT, 2 * AMOUNT, SARA)
    again = daily_reconciliation.close(records, close().model_copy(update={"actor": "officer:modir"}))
    assert again.closed_by == SARA


def test_a_day_that_has_changed_since_it_was_seen_stays_open(records: Records) -> None:
    two_paid(records)
    hand_over(records, line())
    count(records)
    seen = day(records).figures
    assert day(records).figures == seen
    other = "S0" + "9" * 34
    hand_over(records, line(other, bank_reference="later"), file=OTHER_FILE)
    count(records, OTHER_FILE)
    with pytest.raises(Refused, match="changed_since"):
        daily_reconciliation.close(records, close().model_copy(update={"figures": seen}))
    assert day(records).closed_at is None
    now = close().model_copy(update={"figures": day(records).figures})
    assert daily_reconciliation.close(records, now).closed_by == SARA


def test_who_counted_a_statement_does_not_close_its_days_but_a_colleague_does(records: Records) -> None:
    """One treasurer who makes a statement up cannot put its day on record as well."""
    two_paid(records)
    hand_over(records, line(), line("S0" + "9" * 34, bank_reference="forged"))
    count(records)
    assert day(records).counted_by == (FARID,)
    own = close().model_copy(update={"actor": FARID})
    with pytest.raises(Refused, match="own_statement"):
        daily_reconciliation.close(records, own)
    assert day(records).closed_at is None
    before = commands.CloseDay(**(stamped(on=DAY - timedelta(days=1), at=AT + timedelta(days=1)) | {"actor": FARID}))
    assert daily_reconciliation.close(records, before).closed_by == FARID
    assert daily_reconciliation.close(records, close()).closed_by == SARA


def test_a_day_that_is_not_over_is_not_closed(records: Records) -> None:
    with pytest.raises(Refused, match="day_not_over"):
        daily_reconciliation.close(records, close().model_copy(update={"at": AT}))
    assert day(records).closed_at is None
