"""Statement files that overlap, repeat and correct each other: what each would change, who counts it, and which days open again."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from services.payment.accounting import bank_statements, daily_reconciliation, statement_counting
from services.payment.tables import INQUIRIES
from shared.contract.payment import commands, finance_events
from shared.contract.refusals import Reason, Refused
from shared.contract.values import StatementLine
from shared.event_store.command_handler import Records
from tests.services.payment.accounting.test_bank_statements import (
    DAY,
    FILE,
    OTHER_FILE,
    SARA,
    close,
    count,
    day,
    hand_over,
    kinds,
    line,
    refusal,
    shown,
    stamped,
    two_paid,
)
from tests.services.payment.samples import AMOUNT, AT, AUTHORITY, OTHER_AUTHORITY, OTHER_REFERENCE, REFERENCE

MODIR = "officer:modir"
OTHER_LINE = line(OTHER_AUTHORITY, bank_reference=OTHER_REFERENCE)
THIRD_FILE = "c" * 64


def reopenings(records: Records) -> list[tuple[date, str]]:
    with records.read() as connection:
        read = [one.event for one in records.own_log().read(connection, 0, 100)]
    return [(one.on, one.reopened_by) for one in read if isinstance(one, finance_events.DayReopened)]


def test_a_line_that_stands_in_two_files_counts_once(records: Records) -> None:
    two_paid(records)
    hand_over(records, line())
    count(records)
    hand_over(records, line(), OTHER_LINE, file=OTHER_FILE)
    found = shown(records, OTHER_FILE)
    assert found.difference is not None
    assert (found.is_correction, found.difference.same, found.difference.added) == (False, 1, 1)
    assert found.difference.changes == ()
    count(records, OTHER_FILE)
    assert (day(records).bank_rials, day(records).ledger_rials, kinds(records)) == (2 * AMOUNT, 2 * AMOUNT, [])


def test_a_file_of_which_all_is_there_already_changes_nothing(records: Records) -> None:
    two_paid(records)
    for file in (FILE, OTHER_FILE, THIRD_FILE):
        hand_over(records, line(), OTHER_LINE, file=file)
        count(records, file)
    assert (day(records).bank_rials, kinds(records)) == (2 * AMOUNT, [])


def test_a_file_that_contradicts_another_is_a_correction_that_a_colleague_counts(records: Records) -> None:
    two_paid(records)
    hand_over(records, line(amount_rials=AMOUNT - 10), OTHER_LINE)
    count(records)
    assert kinds(records) == ["amount_differs"]
    hand_over(records, line(), file=OTHER_FILE)
    found = shown(records, OTHER_FILE)
    assert found.is_correction
    assert found.difference is not None
    [change] = found.difference.changes
    assert (change.kind, change.before_rials, change.after_rials) == ("changed", AMOUNT - 10, AMOUNT)
    assert (found.difference.before_rials, found.difference.after_rials) == (AMOUNT - 10, AMOUNT)
    assert refusal(records, OTHER_FILE).reason is Reason.OWN_CORRECTION
    assert count(records, OTHER_FILE, MODIR).counted_by == MODIR
    assert (day(records).bank_rials, kinds(records)) == (2 * AMOUNT, [])


def test_nobody_puts_other_lines_into_a_colleagues_file_and_counts_it(records: Records) -> None:
    hand_over(records, line())
    count(records)
    hand_over(records, line(amount_rials=2 * AMOUNT), file=OTHER_FILE)
    about = stamped(statement=OTHER_FILE, first_line=1, actor=MODIR)
    with pytest.raises(Refused, match=Reason.CONFLICT):
        records.write(
            lambda one: bank_statements.add_lines(
                one, commands.AddStatementLines(**about, lines=(line(amount_rials=1),))
            )
        )
    count(records, OTHER_FILE, MODIR)
    assert day(records).bank_rials == 2 * AMOUNT


def test_what_stands_only_in_the_corrected_file_is_gone_unless_another_has_it(records: Records) -> None:
    two_paid(records)
    stranger = line("S0" + "9" * 34, bank_reference="77")
    hand_over(records, line(), OTHER_LINE, stranger)
    count(records)
    hand_over(records, OTHER_LINE, file=OTHER_FILE)
    count(records, OTHER_FILE)
    hand_over(records, line(), file=THIRD_FILE, corrects=FILE)
    found = shown(records, THIRD_FILE)
    assert found.difference is not None
    assert [(one.kind, one.bank_reference) for one in found.difference.changes] == [("gone", "77")]
    assert found.difference.same == 2
    count(records, THIRD_FILE, MODIR)
    assert (day(records).bank_rials, kinds(records)) == (2 * AMOUNT, [])
    assert shown(records).corrected_by == THIRD_FILE


def test_a_correction_that_was_changed_since_a_colleague_saw_it_is_not_counted(records: Records) -> None:
    """Its own opener may hand lines over again, of the same number and total."""
    two_paid(records)
    hand_over(records, line(amount_rials=7), OTHER_LINE)
    count(records)
    hand_over(records, line(), OTHER_LINE, file=OTHER_FILE, corrects=FILE)
    seen = shown(records, OTHER_FILE).opened_at
    later = stamped(statement=OTHER_FILE, first_line=1) | {"at": AT + timedelta(minutes=1)}

    def add(one: StatementLine) -> None:
        batch = commands.AddStatementLines(**later, lines=(one,))
        records.write(lambda connection: bank_statements.add_lines(connection, batch))

    count_seen = commands.CountStatement(**stamped(statement=OTHER_FILE, actor=MODIR, opened_at=seen))
    add(line())
    assert shown(records, OTHER_FILE).opened_at == seen, "the same lines again change nothing"
    add(line(authority="A" * 36))
    with pytest.raises(Refused, match="conflict"):
        statement_counting.count_statement(records, count_seen)
    add(line())
    count(records, OTHER_FILE, MODIR)
    assert day(records).bank_rials == 2 * AMOUNT


def test_the_bank_is_asked_about_a_payment_that_a_correction_takes_out(sqlite_records: Records) -> None:
    two_paid(sqlite_records)
    hand_over(sqlite_records, line(), OTHER_LINE)
    count(sqlite_records)
    hand_over(sqlite_records, OTHER_LINE, file=OTHER_FILE, corrects=FILE)
    count(sqlite_records, OTHER_FILE, MODIR)
    assert kinds(sqlite_records) == ["missing_there"]
    with sqlite_records.read() as connection:
        assert INQUIRIES.first_due(connection, AT, "zarinpal") is not None


def test_a_closed_day_that_a_correction_touches_is_opened_again_and_closed_anew(records: Records) -> None:
    two_paid(records)
    hand_over(records, line(amount_rials=AMOUNT - 10), OTHER_LINE)
    count(records)
    daily_reconciliation.close(records, close())
    hand_over(records, line(), OTHER_LINE, file=OTHER_FILE, corrects=FILE)
    found = shown(records, OTHER_FILE)
    assert found.difference is not None
    assert found.difference.reopens == (DAY,)
    count(records, OTHER_FILE, MODIR)
    assert reopenings(records) == [(DAY, MODIR)]
    assert (day(records).closed_at, day(records).reopened_by) == (None, MODIR)
    with pytest.raises(Refused, match="own_statement"):
        daily_reconciliation.close(records, close().model_copy(update={"actor": MODIR}))
    closed = daily_reconciliation.close(records, close())
    assert (closed.closed_by, closed.bank_rials, closed.reopened_by) == (SARA, 2 * AMOUNT, "")


def test_a_line_that_a_correction_puts_on_another_day_touches_both(records: Records) -> None:
    two_paid(records)
    hand_over(records, line(), OTHER_LINE)
    count(records)
    daily_reconciliation.close(records, close())
    tomorrow = AT + timedelta(days=1)
    later = {"on": DAY + timedelta(days=1), "at": AT + timedelta(days=2)}
    daily_reconciliation.close(records, commands.CloseDay(**stamped(**later)))
    hand_over(records, line(paid_at=tomorrow), OTHER_LINE, file=OTHER_FILE)
    count(records, OTHER_FILE, MODIR)
    assert [on for on, _ in reopenings(records)] == [DAY, DAY + timedelta(days=1)]
    assert day(records).bank_rials == AMOUNT


def test_only_what_counts_can_be_corrected_and_once(records: Records) -> None:
    two_paid(records)
    with pytest.raises(Refused, match="unknown_statement"):
        hand_over(records, line(), corrects=OTHER_FILE)
    hand_over(records, line(amount_rials=7))
    count(records)
    hand_over(records, line(), file=OTHER_FILE, corrects=FILE)
    hand_over(records, line(), file=THIRD_FILE, corrects=FILE)
    count(records, OTHER_FILE, MODIR)
    with pytest.raises(Refused, match="statement_corrected"):
        count(records, THIRD_FILE, MODIR)
    with pytest.raises(Refused, match="statement_corrected"):
        hand_over(records, line(), file=THIRD_FILE, corrects=FILE)


def test_the_same_word_again_that_a_correction_counts_is_the_first_one(records: Records) -> None:
    hand_over(records, line())
    command = commands.CountStatement(**stamped(statement=FILE))
    first = statement_counting.count_statement(records, command)
    assert statement_counting.count_statement(records, command) == first
    with pytest.raises(Refused, match="statement_counted"):
        statement_counting.count_statement(records, command.model_copy(update={"id": uuid4()}))


def test_a_file_that_contradicts_itself_is_refused_whole(records: Records) -> None:
    hand_over(records, line(), line(amount_rials=AMOUNT - 10))
    assert refusal(records).details == {"authority": AUTHORITY}
    with records.read() as connection:
        assert bank_statements.row_of(connection, FILE) is None


def test_a_payment_that_has_gone_back_since_is_told_and_is_no_correction(records: Records) -> None:
    two_paid(records)
    hand_over(records, line(bank_reference="", status="paid"))
    count(records)
    hand_over(records, line(bank_reference=REFERENCE, status="reversed"), file=OTHER_FILE)
    found = shown(records, OTHER_FILE)
    assert found.difference is not None
    assert [one.kind for one in found.difference.changes] == ["given_back"]
    assert not found.is_correction
    count(records, OTHER_FILE)
    assert sorted(kinds(records)) == ["missing_there", "missing_there"]
