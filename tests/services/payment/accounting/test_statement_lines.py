"""A bank's payment is one payment, however many files carry its line, and in whatever order they come."""

from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payment.accounting import statement_lines
from services.payment.accounting.statement_lines import Line
from tests.services.payment.samples import AMOUNT, AT, AUTHORITY, OTHER_AUTHORITY, OTHER_REFERENCE, REFERENCE

LINE = Line(AUTHORITY, REFERENCE, AMOUNT, "verified", AT, "first", False)
NO_REFERENCE_YET = LINE._replace(bank_reference="", status="paid")
GIVEN_BACK = LINE._replace(status="reversed", paid_at=AT + timedelta(minutes=20))
SECOND_PAYMENT = LINE._replace(bank_reference=OTHER_REFERENCE)
CORRECTED = LINE._replace(amount_rials=AMOUNT - 10, statement="second", is_correction=True)


def orders(*lines: Line) -> list[tuple[Line, ...]]:
    return list(permutations(lines))


def rials(*lines: Line) -> list[int]:
    """What the session's payments come to."""
    return [one.rials for one in statement_lines.by_session(lines).get(AUTHORITY, [])]


@pytest.mark.parametrize("lines", orders(LINE, LINE._replace(statement="second"), NO_REFERENCE_YET))
def test_a_line_that_several_files_have_is_one_payment(lines: tuple[Line, ...]) -> None:
    assert rials(*lines) == [AMOUNT]
    assert statement_lines.by_session(lines)[AUTHORITY][0].bank_reference == REFERENCE


@pytest.mark.parametrize("written", ["ab 12", "AB12", " Ab1 2"])
def test_a_reference_is_the_same_in_another_case_or_with_other_blanks(written: str) -> None:
    lines = [LINE._replace(bank_reference="AB12"), LINE._replace(bank_reference=written)]
    assert [len(payments) for payments in statement_lines.by_session(lines).values()] == [1]


def test_two_references_in_one_session_are_two_payments() -> None:
    assert rials(LINE, SECOND_PAYMENT) == [AMOUNT, AMOUNT]
    assert not statement_lines.contradicts(SECOND_PAYMENT, [LINE])


@pytest.mark.parametrize("lines", orders(LINE, GIVEN_BACK, LINE._replace(statement="second")))
def test_what_was_given_back_stays_so_whatever_an_older_file_says(lines: tuple[Line, ...]) -> None:
    assert rials(*lines) == [0]


def test_a_correction_has_the_last_word_also_of_what_was_said_to_have_gone_back() -> None:
    assert rials(LINE, CORRECTED) == [AMOUNT - 10]
    assert rials(GIVEN_BACK, CORRECTED) == [AMOUNT - 10]
    assert rials(GIVEN_BACK._replace(statement="second", is_correction=True), CORRECTED) == [0]


@pytest.mark.parametrize(
    ("line", "says_otherwise"),
    [
        (LINE._replace(statement="second"), False),
        (LINE._replace(paid_at=AT + timedelta(minutes=1)), False),
        (LINE._replace(paid_at=AT + timedelta(days=1)), True),
        (LINE._replace(amount_rials=AMOUNT + 1), True),
        (NO_REFERENCE_YET._replace(amount_rials=AMOUNT + 1), True),
        (GIVEN_BACK._replace(paid_at=AT + timedelta(days=1)), False),
    ],
)
def test_another_amount_or_day_of_one_payment_is_a_contradiction(line: Line, says_otherwise: bool) -> None:
    assert statement_lines.contradicts(line, [LINE]) is says_otherwise


lines = st.builds(
    Line,
    st.sampled_from([AUTHORITY, OTHER_AUTHORITY]),
    st.sampled_from(["", REFERENCE, OTHER_REFERENCE]),
    st.just(AMOUNT),
    st.sampled_from(["paid", "verified", "reversed"]),
    st.just(AT),
    st.sampled_from(["first", "second", "third"]),
    st.just(False),
)


@given(st.lists(lines, max_size=12))
def test_repeating_lines_changes_nothing_and_no_payment_counts_more_than_its_references(repeated: list[Line]) -> None:
    once = statement_lines.by_session(repeated)
    again = statement_lines.by_session([*repeated, *repeated])
    assert {key: [one.rials for one in found] for key, found in again.items()} == {
        key: [one.rials for one in found] for key, found in once.items()
    }
    for authority, found in once.items():
        references = {one.bank_reference for one in repeated if one.authority == authority} - {""}
        assert len(found) == max(1, len(references))
