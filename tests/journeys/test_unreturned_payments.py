"""A payment of which nobody told us ends paid by itself."""

import pytest

from shared.services import SOURCES
from tests.demo import steps
from tests.demo.event_logs import Logs
from tests.demo.steps import Scenario
from tests.journeys import driver


@pytest.mark.slow
def test_a_payment_that_nobody_told_us_of_is_found_and_confirmed(lost_payment: Scenario, logs: Logs) -> None:
    logs.heads = dict.fromkeys(SOURCES, 0)  # it began long before this test
    steps.come_back(lost_payment)
    steps.confirm(lost_payment)
    steps.see_capacity(lost_payment)
    money = [
        one
        for one in driver.types(logs, lost_payment)
        if not one.startswith(("Renewal", "Declaration", "Review", "Member"))
    ]
    assert money == ["InvoiceIssued", "PaymentStarted", "PaymentSettled", "PaymentConfirmed", "CapacityGranted"]
