from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from clients.bank.sandbox import rules
from clients.bank.sandbox.rules import PaymentOrder, Session, Status
from tests.support.sandbox_bank import AT, CALLBACK, MERCHANT, PORTAL

REQUEST = {
    "merchant_id": MERCHANT,
    "amount": 9_000_000,
    "currency": "IRR",
    "description": "حق عضویت سال ۱۴۰۵",
    "callback_url": CALLBACK,
}
SESSION = Session(1, "S0" + "1" * 34, MERCHANT, 9_000_000, "حق عضویت", CALLBACK, Status.IN_BANK, AT)
PAID = replace(SESSION, status=Status.PAID, paid_at=AT)
VERIFIED = replace(PAID, status=Status.VERIFIED)
HALF_AN_HOUR = timedelta(minutes=30)
MOMENT = timedelta(seconds=1)


def test_a_good_wish_is_in_rials() -> None:
    assert rules.payment_order(REQUEST, PORTAL) == PaymentOrder(MERCHANT, 9_000_000, "حق عضویت سال ۱۴۰۵", CALLBACK)
    in_toman = rules.payment_order({**REQUEST, "amount": "900000", "currency": "IRT"}, PORTAL)
    assert isinstance(in_toman, PaymentOrder)
    assert in_toman.amount_rials == 9_000_000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"merchant_id": None}, -9),
        ({"merchant_id": "short"}, -9),
        ({"merchant_id": "x" * 36}, -10),
        ({"amount": 9_999}, -9),
        ({"amount": 2_000_000_001}, -9),
        ({"amount": 9e6}, -9),
        ({"amount": True}, -9),
        ({"amount": "nine"}, -9),
        ({"amount": "9" * 5000}, -9),
        ({"currency": "USD"}, -9),
        ({"currency": ["IRR"]}, -9),
        ({"description": ""}, -9),
        ({"description": "x" * 501}, -9),
        ({"callback_url": "javascript:alert(1)"}, -9),
        ({"callback_url": "http://["}, -9),
        ({"callback_url": "http://elsewhere.test/payment/return"}, -14),
        ({"callback_url": "https://portal.test/payment/return"}, -14),
    ],
)
def test_a_bad_wish_has_its_code(change: dict[str, Any], code: int) -> None:
    assert rules.payment_order({**REQUEST, **change}, PORTAL) == code


@pytest.mark.parametrize(
    ("change", "session", "code"),
    [
        ({"merchant_id": "", "amount": 1}, None, -9),
        ({"merchant_id": "x" * 36, "amount": 1}, None, -10),
        ({"amount": 1}, None, -54),
        ({"amount": 1}, replace(SESSION, merchant_id="99999999-2222-4333-8444-555555555555"), -53),
        ({"amount": 1}, SESSION, -50),
        ({"amount": 1}, VERIFIED, -50),
        ({}, SESSION, -51),
        ({}, replace(SESSION, status=Status.FAILED), -51),
        ({}, replace(SESSION, status=Status.REVERSED), -51),
        ({}, VERIFIED, 101),
        ({}, PAID, 100),
        ({"amount": "9000000"}, PAID, 100),
    ],
)
def test_a_verify_is_checked_in_the_banks_own_order(change: dict[str, Any], session: Session | None, code: int) -> None:
    assert rules.verify_code({**REQUEST, **change}, session, AT) == code


def test_the_page_lets_one_pay_for_half_an_hour() -> None:
    assert SESSION.session_status(AT + HALF_AN_HOUR) is Status.IN_BANK
    assert SESSION.session_status(AT + HALF_AN_HOUR + MOMENT) is Status.FAILED


def test_what_is_not_verified_within_half_an_hour_goes_back() -> None:
    assert rules.verify_code(REQUEST, PAID, AT + HALF_AN_HOUR) == 100
    assert rules.verify_code(REQUEST, PAID, AT + HALF_AN_HOUR + MOMENT) == -51
    assert PAID.session_status(AT + HALF_AN_HOUR + MOMENT) is Status.REVERSED
    assert rules.verify_code(REQUEST, VERIFIED, AT + 10 * HALF_AN_HOUR) == 101


def test_the_way_back_keeps_the_shops_own_query() -> None:
    session = replace(SESSION, callback_url=f"{CALLBACK}?lang=fa&x=#top")
    assert rules.callback(session, "A1", "NOK") == f"{CALLBACK}?lang=fa&x=&Authority=A1&Status=NOK#top"
