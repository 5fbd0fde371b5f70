"""A shop that pays by irgateway at the sandbox bank, with its prices in rials and in toman."""

import os

import requests
from irgateway.zarinpal import ZarinpalClient, ZarinpalConfig
from irgateway.zarinpal.enums import Environment, PaymentStatus

CALLBACK = "http://127.0.0.1:8099/return?order=7"

seen = []
for currency, amount in (("IRR", 1_500_000), ("IRT", 150_000)):
    with ZarinpalClient(os.environ["MERCHANT"], Environment.SANDBOX, ZarinpalConfig(currency=currency)) as shop:
        shop._base_url = f"{os.environ['BANK']}/"  # loopback instead of the bank's own sandbox
        quoted = shop.calculate_fee(amount, amount_currency=currency)
        ordered = shop.request(amount, CALLBACK, "سفارش ۷")
        assert shop.inquiry(ordered.authority) == PaymentStatus.IN_BANK
        back = requests.post(ordered.payment_url, data={"do": "pay"}, allow_redirects=False, timeout=20)
        assert back.headers["Location"] == f"{CALLBACK}&Authority={ordered.authority}&Status=OK"
        assert ordered.authority in [one.authority for one in shop.unverified().authorities]
        paid = shop.verify(ordered.authority, amount)
        assert paid.code == 100
        assert paid.ref_id
        assert shop.inquiry(ordered.authority) == PaymentStatus.VERIFIED
        assert shop.reverse(ordered.authority)
        seen.append(f"{amount:,} {currency}, fee {quoted.fee:,} rials")
print(f"requested, paid, verified, reversed: {'; '.join(seen)}")
