"""A Django shop that pays by az-iranian-bank-gateways at the sandbox bank: in toman, by its own callback view."""

import os
import re

import django
import requests
from django.conf import settings
from django.core.management import call_command
from django.urls import path

BANK = os.environ["BANK"]
SHOP = "127.0.0.1:8099"
AMOUNT_RIALS = 1_500_000

settings.configure(
    SECRET_KEY="of no shop",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "azbankgateways"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    AZ_IRANIAN_BANK_GATEWAYS={
        "GATEWAYS": {"ZARINPAL": {"MERCHANT_CODE": os.environ["MERCHANT"], "SANDBOX": 1}},
        "IS_SAMPLE_FORM_ENABLE": False,
        "DEFAULT": "ZARINPAL",
        "CURRENCY": "IRR",
        "TRACKING_CODE_QUERY_PARAM": "tc",
        "TRACKING_CODE_LENGTH": 16,
        "SETTING_VALUE_READER_CLASS": "azbankgateways.readers.DefaultReader",
        "BANK_PRIORITIES": [],
        "IS_SAFE_GET_GATEWAY_PAYMENT": False,
        "CUSTOM_APP": None,
    },
)
django.setup()

from azbankgateways import bankfactories
from azbankgateways import models as bank_models
from azbankgateways.urls import az_bank_gateways_urls
from django.test import Client, RequestFactory

urlpatterns = [path("bankgateways/", az_bank_gateways_urls())]
send = requests.Session.request


def to_loopback(self: requests.Session, method: str, url: str, **options: object) -> requests.Response:
    return send(self, method, re.sub(r"^https://[a-z]+\.zarinpal\.com", BANK, url), **options)


requests.Session.request = to_loopback
call_command("migrate", run_syncdb=True, verbosity=0)
bank = bankfactories.BankFactory().create(bank_models.BankType.ZARINPAL)
bank.set_request(RequestFactory().get("/", HTTP_HOST=SHOP))
bank.set_amount(AMOUNT_RIALS)
bank.set_client_callback_url(f"http://{SHOP}/finished")
record = bank.ready()
bank.redirect_gateway()  # the record is saved with it
sent = bank.get_pay_data()
paid = requests.post(
    f"{BANK}/pg/StartPay/{record.reference_number}", data={"do": "pay"}, allow_redirects=False, timeout=20
)
back = paid.headers["Location"]
assert back.startswith(f"http://{SHOP}/bankgateways/callback"), back
finished = Client(HTTP_HOST=SHOP).get(back.removeprefix(f"http://{SHOP}"))
assert finished.status_code == 302, finished.content
record.refresh_from_db()
assert record.status == bank_models.PaymentStatus.COMPLETE, record.status
print(f"requested {sent['amount']:,} {sent['currency']}, paid, its callback view verified: {record.status}")
