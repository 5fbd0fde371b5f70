"""Whatever happens to a member's money, in any order: each year is charged once, and each rial counts once."""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from services.payment.accounting import statement_lines
from services.payment.invoices import cross_year, four_eyes, lifecycle, state
from services.payment.invoices import cross_year as lost_coverage
from services.payment.invoices import cross_year as streams
from services.payment.invoices.coverage import Coverage
from services.payment.invoices.state import Attempt, Invoice
from tests.services.payment.properties.money_machine import MoneyInAnyOrder

EXAMPLES = int(os.environ.get("MONEY_EXAMPLES", "400"))
"""More of them look further (`make money`): every run of as many plays the same."""
ANY_ORDER = settings(
    max_examples=EXAMPLES,
    stateful_step_count=14,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
Patch = pytest.MonkeyPatch


@pytest.mark.slow
def test_each_year_is_charged_once_and_each_rial_counts_once() -> None:
    run_state_machine_as_test(MoneyInAnyOrder, settings=ANY_ORDER)


# ---------------------------------------------------------------- each rule in turn is left out, and is missed


def without_paid_later_years(patch: Patch) -> None:
    """As an approval was charged before: its own year always."""
    cover_of = Coverage.cover_of
    patch.setattr(Coverage, "cover_of", lambda self, year: cover_of(earlier(self, year), year))


def earlier(coverage: Coverage, year: int) -> Coverage:
    return replace(coverage, invoices={key: one for key, one in coverage.invoices.items() if key <= year})


def without_unpaid_later_years(patch: Patch) -> None:
    patch.setattr(Coverage, "charged_by", lambda _self, _year: None)


def without_missed_years(patch: Patch) -> None:
    patch.setattr(Coverage, "last_covered_before", lambda _self, year: year - 1)


def without_what_gave_way(patch: Patch) -> None:
    patch.setattr(Coverage, "classes_given_way", lambda _self, _year: {})


def without_the_registers_word(patch: Patch) -> None:
    coverage = cross_year.coverage
    patch.setattr(streams, "coverage", lambda connection, log, member, _=None: coverage(connection, log, member))


def with_slips_for_what_stands_no_more(patch: Patch) -> None:
    def settled(one: Invoice) -> Invoice:
        return one if one.due_rials or one.status != "open" else replace(one, status="settled")

    patch.setattr(four_eyes, "must_be_valid", lambda _invoice: None)
    patch.setattr(state, "settled_if_nothing_is_due", settled)


def with_covers_that_outlast_their_money(patch: Patch) -> None:
    patch.setattr(lost_coverage, "lose_covers", lambda *_: None)


def with_slips_that_stop_no_reversal(patch: Patch) -> None:
    patch.setattr(lifecycle, "may_be_of_a_slip", lambda _attempt, _invoice: False)


def with_slips_compared_by_amount(patch: Patch) -> None:
    """As if one slip had to be the whole payment."""
    may_be = lifecycle.may_be_of_a_slip

    def alike(attempt: Attempt, one: Invoice) -> bool:
        same = {key: slip for key, slip in one.requests.items() if slip.event.amount_rials == attempt.amount_rials}
        return may_be(attempt, replace(one, requests=same))

    patch.setattr(lifecycle, "may_be_of_a_slip", alike)


def with_refunds_of_what_is_needed(patch: Patch) -> None:
    def left(request: Any, one: Invoice, except_request: Any = None) -> int:
        return four_eyes.left_of(request.attempt, one, except_request)

    patch.setattr(four_eyes, "refundable", left)


def with_credit_that_outlasts_its_money(patch: Patch) -> None:
    patch.setattr(lost_coverage, "withdraw_credit", lambda *_: None)


def with_confirmations_that_outlast_their_slip(patch: Patch) -> None:
    patch.setattr(lifecycle, "withdraw", lambda *_: [])


def with_each_files_lines(patch: Patch) -> None:
    patch.setattr(statement_lines, "place_of", lambda _line, _payments: None)


Steps = list[tuple[Callable[..., None], dict[str, Any]]]
M = MoneyInAnyOrder
BOTH_YEARS_ON_ONE_INVOICE = (M.begin, {"first": 1405, "through": 1403})
PAID = (M.go_to_bank, {"which": 0, "ends": "paid"})
THE_EARLIER_YEAR, THE_LATER_YEAR = ((M.approve_another, {"which": 2, "waived_rials": 0}) for _ in range(2))
A_FILE = (M.a_statement_counts, {"first": 0, "lines": 1, "repeats": False})
SLIP = {"which": 0, "rials": 6_000_000, "grants": False}
A_SLIP = (M.hand_in_a_slip, SLIP | {"grants": True})
TAKE_IT_BACK = (M.take_a_slip_back, {"which": 0, "grants": True})
FOUND: list[tuple[Callable[[Patch], None], str, Steps]] = [
    (without_paid_later_years, "charged though covered", [BOTH_YEARS_ON_ONE_INVOICE, PAID, THE_EARLIER_YEAR]),
    (without_unpaid_later_years, "charged twice", [BOTH_YEARS_ON_ONE_INVOICE, THE_EARLIER_YEAR]),
    (
        without_missed_years,
        "owed and charged to nobody",
        [
            (M.begin, {"first": 1402, "through": None, "is_paid": True}),
            (M.approve_another, {"which": 1, "waived_rials": 0}),
        ],
    ),
    (
        without_what_gave_way,
        "charged to nobody any more",
        [(M.begin, {"first": 1404, "through": None}), THE_LATER_YEAR],
    ),
    (without_the_registers_word, "charged though covered", [(M.begin, {"first": 1405, "through": 1405})]),
    (
        with_slips_for_what_stands_no_more,
        "settled without standing",
        [
            (M.begin, {"first": 1404, "through": 1403}),
            (M.hand_in_a_slip, SLIP),
            THE_LATER_YEAR,
            (M.grant, {"which": 0}),
        ],
    ),
    (
        with_covers_that_outlast_their_money,
        "nothing covers 1404",
        [
            BOTH_YEARS_ON_ONE_INVOICE,
            PAID,
            THE_EARLIER_YEAR,
            (M.confirm, {"which": 0}),
            (M.the_bank_takes_it_back, {"which": 0, "tells": True}),
        ],
    ),
    (
        with_slips_that_stop_no_reversal,
        "a slip counts in its place",
        [
            (M.begin, {"first": 1404, "through": 1403}),
            (M.go_to_bank, {"which": 0, "ends": "silent"}),
            (M.time_passes, {"days": 0}),
            (M.hand_in_a_slip, SLIP | {"grants": True}),
            (M.inquire, {"which": 0}),
            (M.time_passes, {"days": 0}),
        ],
    ),
    (
        with_slips_compared_by_amount,
        "a slip counts in its place",
        [
            (M.begin, {"first": 1404, "through": 1403}),
            (M.go_to_bank, {"which": 0, "ends": "silent"}),
            (M.time_passes, {"days": 0}),
            (M.hand_in_a_slip, SLIP | {"grants": True, "rials": 1_500_000}),
            (M.hand_in_a_slip, SLIP | {"grants": True, "rials": 4_500_000}),
            (M.inquire, {"which": 0}),
            (M.time_passes, {"days": 0}),
        ],
    ),
    (
        with_refunds_of_what_is_needed,
        "1402 is settled, 3000000 is missing",
        [
            (M.begin, {"first": 1402, "through": 1401}),
            PAID,
            (M.refund, {"which": 0, "part": 1, "ends": False, "grants": True}),
        ],
    ),
    (
        with_credit_that_outlasts_its_money,
        "credit counts of what is gone",
        [
            (M.begin, {"first": 1405, "through": 1401}),
            PAID,
            (M.refund, {"which": 0, "part": 2, "ends": True, "grants": True}),
            THE_EARLIER_YEAR,
            (M.the_bank_takes_it_back, {"which": 0, "tells": True}),
        ],
    ),
    (
        with_confirmations_that_outlast_their_slip,
        r"capacity of \{1404\}, confirmed set",
        [(M.begin, {"first": 1404, "through": 1403}), A_SLIP, (M.confirm, {"which": 0}), TAKE_IT_BACK],
    ),
    (with_each_files_lines, "counts 2 times", [BOTH_YEARS_ON_ONE_INVOICE, PAID, A_FILE, A_FILE]),
]
"""What the machine found without each rule, as short as it made it, and without its search."""


def play(steps: Steps) -> None:
    machine = MoneyInAnyOrder()
    try:
        for step, about in steps:
            step(machine, **about)
            machine.all_that_must_hold()
    finally:
        machine.world.close()


@pytest.mark.parametrize(("leave_out", "missed", "steps"), FOUND, ids=[one[0].__name__ for one in FOUND])
def test_what_happens_without_a_rule_is_found(
    leave_out: Callable[[Patch], None], missed: str, steps: Steps, monkeypatch: Patch
) -> None:
    play(steps)
    leave_out(monkeypatch)
    with pytest.raises(AssertionError, match=missed):
        play(steps)
