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
    assert rules.payment_order(REQUEST, PORTAL) == PaymentOrder(
        MERCHANT, 9_000_000, "حق عضویت سال ۱۴۰۵", CALLBACK, "IRR"
    )
    assert rules.payment_order({**REQUEST, "amount": 9e6}, PORTAL) == rules.payment_order(REQUEST, PORTAL)
    in_toman = rules.payment_order({**REQUEST, "amount": "900000", "currency": "IRT"}, PORTAL)
    assert isinstance(in_toman, PaymentOrder)
    assert (in_toman.amount_rials, in_toman.currency) == (9_000_000, "IRT")


def test_a_session_in_toman_is_verified_in_toman_whether_or_not_the_shop_says_so_again() -> None:
    in_toman = replace(PAID, currency="IRT")
    said = {"merchant_id": MERCHANT, "authority": SESSION.authority}
    assert rules.verify_code({**said, "amount": "900000"}, in_toman, AT) == 100
    assert rules.verify_code({**said, "amount": 900_000, "currency": "IRT"}, in_toman, AT) == 100
    assert rules.verify_code({**said, "amount": 9_000_000, "currency": "IRR"}, in_toman, AT) == 100
    assert rules.verify_code({**said, "amount": 9_000_000}, in_toman, AT) == -50


@pytest.mark.parametrize(
    "callback_url",
    [
        "http://127.0.0.1:3000/verify?order=1",
        "http://127.8.9.10/",
        "http://[::1]:8080/verify",
        "http://localhost:5173/verify",
        "https://shop.localhost/verify",
    ],
)
def test_any_shop_on_this_machine_may_be_returned_to(callback_url: str) -> None:
    order = rules.payment_order({**REQUEST, "callback_url": callback_url}, PORTAL)
    assert isinstance(order, PaymentOrder)
    assert order.callback_url == callback_url


def test_the_fee_is_in_the_currency_of_the_request_and_limited() -> None:
    assert rules.fee(9_000_000, "IRR") == 45_000
    assert rules.fee(9_000_000, "IRT") == 4_500
    assert rules.fee(2_000_000_000, "IRR") == 120_000


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"merchant_id": None}, -9),
        ({"merchant_id": "short"}, -9),
        ({"merchant_id": "x" * 36}, -10),
        ({"amount": 9_999}, -9),
        ({"amount": 2_000_000_001}, -9),
        ({"amount": 9_000_000.5}, -9),
        ({"amount": 9e300}, -9),
        ({"amount": float("inf")}, -9),
        ({"amount": float("nan")}, -9),
        ({"amount": True}, -9),
        ({"amount": "nine"}, -9),
        ({"amount": "9_000_000"}, -9),
        ({"amount": "۹۰۰۰۰۰۰"}, -9),
        ({"amount": "9" * 5000}, -9),
        ({"currency": "USD"}, -9),
        ({"currency": ["IRR"]}, -9),
        ({"description": ""}, -9),
        ({"description": "x" * 501}, -9),
        ({"callback_url": "javascript:alert(1)"}, -9),
        ({"callback_url": "http://["}, -9),
        ({"callback_url": "http://elsewhere.test/payment/return"}, -14),
        ({"callback_url": "https://portal.test/payment/return"}, -14),
        ({"callback_url": "http://127.0.0.1.example/"}, -14),
        ({"callback_url": "http://10.0.0.1/"}, -14),
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
