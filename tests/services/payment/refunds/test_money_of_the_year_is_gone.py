"""What finance is left with once the bank has taken a year's money back: a task as long as it is owed, an alert about each further year."""

from services.payment.attempts import alerts
from shared.contract.payment import queries
from shared.event_store.command_handler import Records
from tests.services.payment import samples
from tests.services.payment.invoices.test_credits import (
    FEE,
    FEE_BEFORE,
    LAST_YEAR,
    OWED,
    approve,
    balance,
    do,
    invoice,
    pay,
    refund,
    request_refund,
    slip,
    take_back,
    waiting,
)
from tests.services.payment.samples import AUTHORITY, FIRST, MEMBER, OTHER_AUTHORITY, PROVINCE, SECOND, YEAR

HALF = FEE_BEFORE // 2


def lose_last_years_payment(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    do(records, *pay(FIRST, AUTHORITY, "one"))
    take_back(records, FIRST)
    assert waiting(records) == [("taken_back", FEE_BEFORE)]


def test_a_slip_settles_what_the_bank_took_back(records: Records) -> None:
    lose_last_years_payment(records)
    do(records, *slip(HALF - 1))
    assert waiting(records) == [("taken_back", FEE_BEFORE)]
    do(records, *slip(HALF + 1))
    assert (invoice(records, LAST_YEAR).status, waiting(records)) == ("settled", [])


def test_an_invoice_that_charges_the_year_again_ends_the_task(records: Records) -> None:
    lose_last_years_payment(records)
    approve(records, YEAR, 2, OWED)
    assert waiting(records) == []
    do(records, *pay(SECOND, OTHER_AUTHORITY, "two"), year=YEAR)
    assert (invoice(records).status, balance(records), waiting(records)) == ("settled", 0, [])


def test_nothing_is_owed_for_a_membership_that_has_ended(records: Records) -> None:
    approve(records, LAST_YEAR, 1)
    half = request_refund(FIRST, HALF, ends_membership=True)
    do(records, *pay(FIRST, AUTHORITY, "one"), *refund(half, "PAYA-1"))
    take_back(records, FIRST)
    assert waiting(records) == []


def test_a_further_year_that_is_owed_again_is_an_alert(records: Records) -> None:
    """Of the rest of a refunded payment: no surplus payment is behind it."""
    approve(records, LAST_YEAR, 1)
    half = request_refund(FIRST, HALF, ends_membership=True)
    do(records, *pay(FIRST, AUTHORITY, "one"), *refund(half, "PAYA-1"))
    approve(records, YEAR, 2)
    do(records, *slip(FEE - HALF, YEAR), samples.confirm(FEE), year=YEAR)
    take_back(records, FIRST)
    assert invoice(records).status == "open"
    with records.read() as connection:
        found = alerts.page(connection, queries.ListAlerts(province=PROVINCE)).alerts
    assert [(one.kind, one.member, one.year, one.attempt) for one in found] == [("credit_gone", MEMBER, YEAR, None)]
