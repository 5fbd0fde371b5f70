"""Years that are not charged: before the approval, on the invoice, and where the register has them as paid later."""

import pytest
from flask.testing import FlaskClient

from clients.gateway.web import sentences
from shared.contract.payment import queries
from shared.contract.renewal import answers
from shared.contract.values import CoveredYear, InvoiceLine, MemberClass
from tests.clients.gateway import samples
from tests.clients.gateway.conftest import SignedIn
from tests.clients.gateway.fake_services import FakeServices

BY_REGISTER = CoveredYear(year=1405, by="register")
BY_PAYMENT = CoveredYear(year=1404, by="payment", invoice_year=1405)
NOT_AGAIN = "سال ۱۴۰۵ در بانک اعضا پرداخت شده است و دوباره گرفته نمی‌شود."


def test_before_the_request_the_member_reads_that_the_register_has_the_year_as_paid(
    member: FlaskClient, services: FakeServices
) -> None:
    services.estimate = {"amount_rials": 0, "lines": (), "covered": (BY_REGISTER,)}
    page = member.get("/member/renewal").text
    assert NOT_AGAIN in page
    assert "چیزی برای پرداخت نیست" in page
    assert "طبق تعرفهٔ" not in page


@pytest.mark.parametrize(
    ("estimate", "shown_text"),
    [
        ({"amount_rials": 0, "lines": (), "covered": (BY_REGISTER,)}, NOT_AGAIN),
        ({"amount_rials": 0, "lines": (), "charged_by_year": 1406}, "در صورت‌حساب پرداخت‌نشدهٔ سال ۱۴۰۶ آمده است"),
    ],
)
def test_before_the_approval_the_manager_reads_which_years_it_will_not_charge(
    manager: FlaskClient, services: FakeServices, estimate: dict[str, object], shown_text: str
) -> None:
    declared = answers.DeclarationOnFile(version=1, submitted_at=samples.NOW, form=samples.DECLARATION)
    services.renewal = samples.renewal("submitted", declarations=(declared,))
    services.estimate = estimate
    assert shown_text in manager.get(f"/desk/{samples.MEMBER}/1405").text
    [query] = services.sent(queries.EstimateFee)
    assert (query.member, query.year) == (samples.MEMBER, 1405)


def test_a_covered_year_stands_on_the_invoice_with_what_covers_it(member: FlaskClient, services: FakeServices) -> None:
    services.renewal = samples.renewal("approved")
    services.invoices = (samples.invoice("settled", lines=(), amount_rials=0, covered=(BY_PAYMENT,)),)
    assert "سال ۱۴۰۴ در صورت‌حساب سال ۱۴۰۵ پرداخت شده است" in member.get("/member/pay/1405").text


def test_a_payment_in_the_register_of_an_unpaid_invoice_is_shown_to_the_member_and_to_finance(
    signed_in: SignedIn, services: FakeServices
) -> None:
    services.renewal = samples.renewal("approved")
    services.invoices = (samples.invoice("open"),)
    services.card = samples.card(paid_through=1405)
    shown_text = "بانک اعضا سال ۱۴۰۵ را پرداخت‌شده می‌داند"
    assert shown_text in signed_in("member-session").get("/member/pay/1405").text
    assert shown_text in signed_in("finance-session").get(f"/desk/account/{samples.MEMBER}").text


@pytest.mark.parametrize(
    ("status", "paid_through", "years"),
    [
        ("open", 1404, "۱۴۰۴"),
        ("open", 1406, "۱۴۰۴، ۱۴۰۵"),
        ("open", 1403, ""),
        ("open", None, ""),
        ("settled", 1405, ""),
    ],
)
def test_the_register_differs_in_the_years_of_an_unpaid_invoice_that_it_has_as_paid(
    status: str, paid_through: int | None, years: str
) -> None:
    lines = tuple(InvoiceLine(year=year, member_class=MemberClass.GRADE_2, amount_rials=1) for year in (1404, 1405))
    said = sentences.register_differs(samples.invoice(status, lines=lines), paid_through)
    assert said.startswith(f"بانک اعضا سال {years} را") if years else said == ""
    assert sentences.register_differs(samples.invoice(status, lines=lines, replaced_by_year=1406), paid_through) == ""
