"""An invoice whose time is over is issued again by its member, at its frozen amount, in the year of its issue."""

from datetime import UTC, datetime, timedelta

import pytest

from services.payment.invoices.domain import INVOICE
from shared.contract import base
from shared.contract.payment import commands, events
from shared.contract.refusals import Reason
from tests.services.payment.samples import (
    ABOUT,
    AMOUNT,
    AT,
    CONFIRMED,
    ISSUED,
    MEMBER,
    PAYABLE_UNTIL,
    PROVINCE,
    SETTLED,
    STARTED,
    YEAR,
    stamped,
    start,
)
from tests.support.given import given

JUST_AFTER = PAYABLE_UNTIL + timedelta(seconds=1)
LAST_MINUTE = datetime(2027, 3, 20, 20, 29, 0, tzinfo=UTC)
"""Of 1405 in Tehran."""
GONE: dict[str, object] = {**ABOUT, "province": PROVINCE, "amount_rials": AMOUNT}
REPLACED = events.InvoiceReplaced.model_validate(GONE | {"replaced_by_year": YEAR + 1, "replaced_at": AT})
CANCELLED = events.InvoiceCancelled.model_validate(GONE | {"cancelled_at": AT})


def renew(at: datetime) -> commands.RenewInvoice:
    return commands.RenewInvoice(**stamped(at, actor=f"member:{MEMBER}"))


@pytest.mark.parametrize(
    ("at", "until"),
    [(JUST_AFTER, JUST_AFTER + timedelta(days=30)), (LAST_MINUTE, LAST_MINUTE + timedelta(seconds=59))],
)
def test_within_the_year_of_its_issue_it_may_be_paid_for_as_long_as_a_new_one(at: datetime, until: datetime) -> None:
    [extended] = given(INVOICE, ISSUED).when(renew(at))
    assert extended == events.InvoiceExtended(**ABOUT, payable_until=until, cause="renewed", extended_at=at)
    [started] = given(INVOICE, ISSUED, extended).when(start(at=until))
    assert isinstance(started, events.PaymentStarted)
    assert started.amount_rials == AMOUNT


def test_it_is_issued_again_as_often_as_its_time_runs_out() -> None:
    [extended] = given(INVOICE, ISSUED).when(renew(JUST_AFTER))
    assert given(INVOICE, ISSUED, extended).when(renew(JUST_AFTER)) == []
    assert given(INVOICE, ISSUED, extended).when(renew(JUST_AFTER + timedelta(days=31)))


def test_before_its_time_is_over_there_is_nothing_to_do() -> None:
    assert given(INVOICE, ISSUED).when(renew(PAYABLE_UNTIL)) == []


def test_after_that_year_the_current_one_is_to_be_renewed() -> None:
    details = given(INVOICE, ISSUED).refuses(renew(LAST_MINUTE + timedelta(minutes=1)), Reason.INVOICE_OUTDATED)
    assert details == {"year": "1406"}


@pytest.mark.parametrize(
    ("past", "reason"),
    [
        ([], Reason.NO_INVOICE),
        ([ISSUED, STARTED, SETTLED], Reason.ALREADY_PAID),
        ([ISSUED, STARTED, SETTLED, CONFIRMED], Reason.ALREADY_PAID),
        ([ISSUED, REPLACED], Reason.INVOICE_REPLACED),
        ([ISSUED, CANCELLED], Reason.INVOICE_CANCELLED),
    ],
)
def test_only_what_stands_and_is_owed_is_issued_again(past: list[base.Event], reason: Reason) -> None:
    given(INVOICE, *past).refuses(renew(JUST_AFTER), reason)
