from typing import Any

import pytest
from flask.testing import FlaskClient

from clients.gateway.member import debts
from clients.gateway.member.debts import Debt
from shared.contract.payment.answers import FeeEstimate
from shared.contract.values import InvoiceLine, MemberClass, Waiver
from tests.clients.gateway import samples
from tests.clients.gateway.fake_services import FakeServices


def line(year: int, amount: int) -> InvoiceLine:
    return InvoiceLine(year=year, member_class=MemberClass.GRADE_2, amount_rials=amount)


TWO_YEARS: dict[str, Any] = {"lines": (line(1404, 7_000_000), line(1405, 9_000_000)), "amount_rials": 16_000_000}


@pytest.mark.parametrize(
    ("changes", "owed"),
    [
        ({}, [Debt(1404, 7_000_000, 1405), Debt(1405, 9_000_000, 1405)]),
        ({"received_rials": 8_000_000}, [Debt(1405, 8_000_000, 1405)]),
        ({"replaced_by_year": 1406}, []),
        ({"cancelled_at": samples.NOW}, []),
        (
            {"entrance_rials": 5_000_000, "amount_rials": 21_000_000},
            [Debt(1404, 7_000_000, 1405), Debt(1405, 5_000_000, 1405, True), Debt(1405, 9_000_000, 1405)],
        ),
        (
            {"waivers": (Waiver(year=1404, amount_rials=7_000_000),), "amount_rials": 9_000_000},
            [Debt(1405, 9_000_000, 1405)],
        ),
    ],
)
def test_what_an_open_invoice_still_charges_of_each_year(changes: dict[str, Any], owed: list[Debt]) -> None:
    assert debts.by_year([samples.invoice("open", **(TWO_YEARS | changes))], None) == owed


def test_a_paid_invoice_is_no_debt() -> None:
    assert debts.by_year([samples.invoice("confirmed")], None) == []


def test_years_without_an_invoice_are_estimated_less_the_credit() -> None:
    estimate = FeeEstimate(
        year=1405, member_class=MemberClass.GRADE_2, amount_rials=16_000_000,
        lines=TWO_YEARS["lines"], credit_rials=7_500_000,
    )  # fmt: skip
    assert debts.by_year([], estimate) == [Debt(1405, 8_500_000)]


def test_home_has_the_debts_of_each_year(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    services.invoices = (samples.invoice("open", **TWO_YEARS),)
    for path in ("/member", "/member/account"):
        page = member.get(path).text
        assert "بدهی به تفکیک سال" in page
        assert "۷٬۰۰۰٬۰۰۰ ریال" in page
