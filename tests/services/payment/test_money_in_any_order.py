"""Whatever happens to a member's money, in any order: each year is charged once, and each rial counts once."""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.services.payment.money_machine import MoneyInAnyOrder

EXAMPLES = int(os.environ.get("TAMDID_MONEY_EXAMPLES", "2000"))
"""More of them look further: every run of as many plays the same."""
ANY_ORDER = settings(
    max_examples=EXAMPLES,
    stateful_step_count=16,
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_each_year_is_charged_once_and_each_rial_counts_once() -> None:
    run_state_machine_as_test(MoneyInAnyOrder, settings=ANY_ORDER)
