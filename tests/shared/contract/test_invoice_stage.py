from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.contract.payment import invoice_stage
from shared.contract.payment.answers import Attempt, Invoice

AT = datetime(2026, 10, 5, 8, 0, tzinfo=UTC)


def attempt(status: str, number: int = 1) -> Attempt:
    about = {"attempt": UUID(int=number), "status": status, "amount_rials": 9_000_000, "started_at": AT}
    return Attempt.model_validate(about)


def invoice(status: str = "open", *attempts: Attempt, **changes: Any) -> Invoice:
    about = {"member": "0412009", "year": 1405, "province": "isfahan", "lines": (), "amount_rials": 9_000_000}
    times = {"issued_at": AT, "payable_until": AT + timedelta(days=30)}
    return Invoice.model_validate(about | times | {"status": status, "attempts": attempts} | changes)


STARTED, HELD, FAILED = attempt("started"), attempt("held", 2), attempt("failed", 3)


@pytest.mark.parametrize(
    ("one", "stage"),
    [
        (invoice(), "open"),
        (invoice("open", FAILED), "open"),
        (invoice("open", STARTED, FAILED), "pending"),
        (invoice("open", STARTED, HELD), "held"),
        (invoice("settled", STARTED), "settled"),
        (invoice("settled", written_off_rials=1), "written_off"),
        (invoice("settled", amount_rials=0), "written_off"),
        (invoice("confirmed", written_off_rials=9_000_000), "confirmed"),
        (invoice("open", STARTED, replaced_by_year=1406), "replaced"),
        (invoice("open", HELD, cancelled_at=AT), "cancelled"),
    ],
)
def test_nothing_is_called_paid_or_unpaid_that_may_not_be(one: Invoice, stage: str) -> None:
    assert invoice_stage.stage(one) == stage


def test_of_several_invoices_a_payment_under_way_is_found_wherever_it_is() -> None:
    assert invoice_stage.first_doubtful(()) is None
    assert invoice_stage.first_doubtful((invoice("open", FAILED), invoice("settled", STARTED))) is None
    assert invoice_stage.first_doubtful((invoice("settled"), invoice("open", HELD))) == HELD
    assert invoice_stage.first_doubtful((invoice("open", HELD, replaced_by_year=1406),)) == HELD
