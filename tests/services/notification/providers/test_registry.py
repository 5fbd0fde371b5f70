"""The providers of the settings, in the operator's order, each with its key and base address."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.notification.providers import registry
from services.notification.providers.port import Message, Outcome, Provider
from shared.contract.notification.values import Way
from shared.settings import Settings, SmsProvider
from tests.support.scripted_http import Scripted

SECRET = "s3cret-key"
KEYS = SecretStr(f"kavenegar={SECRET}, smsir=two=, ghasedak=three,melipayamak=four")


def address_of(provider: Provider) -> str:
    """The base address of an SMS provider's client."""
    base: str = vars(vars(provider)["_http"])["_base_url"]
    return base.removesuffix("/rest/api/v1/WebService").removesuffix("/api").removesuffix(f"/v1/{SECRET}")


def test_without_settings_there_is_none() -> None:
    assert registry.providers(Settings(development=False)) == ()


def test_they_come_in_the_operators_order_and_mail_last() -> None:
    order: tuple[SmsProvider, ...] = ("smsir", "kavenegar", "ghasedak", "melipayamak")
    smtp_url = SecretStr("smtps://tamdid:p%40ss@mail.example.ir")
    settings = Settings(sms_providers=order, sms_keys=KEYS, smtp_url=smtp_url, mail_from="tamdid@example.ir")
    found = registry.providers(settings)
    assert [one.name for one in found] == [*order, "smtp"]
    assert [one.capabilities.way for one in found] == [*[Way.SMS] * 4, Way.EMAIL]
    assert [address_of(one) for one in found[:4]] == [
        "https://api.sms.ir",
        "https://api.kavenegar.com",
        "https://gateway.ghasedak.me",
        "https://console.melipayamak.com",
    ]


def test_in_development_they_are_those_of_the_phone() -> None:
    sms, mail = registry.providers(Settings(development=True, phone_port=8102, phone_smtp_port=8125))
    assert (sms.name, mail.name) == ("kavenegar", "smtp")
    assert address_of(sms) == "http://127.0.0.1:8102/kavenegar/v1/development"
    assert vars(mail)["_server"].port == 8125


def test_each_is_given_its_own_key(script: Scripted, message: Message, tmp_path: Path) -> None:
    (tmp_path / "template_numbers.toml").write_text(
        "[smsir]\ntamdid-approved = 11\n[melipayamak]\ntamdid-approved = 22\n"
    )
    order: tuple[SmsProvider, ...] = ("ghasedak", "kavenegar", "melipayamak", "smsir")
    settings = Settings(sms_providers=order, sms_keys=KEYS, sms_url=f"{script.url}/", templates=tmp_path)
    for one in registry.providers(settings):
        one.send(message)
    ghasedak, kavenegar, melipayamak, smsir = script.received
    assert (ghasedak.path, ghasedak.headers["apikey"]) == ("/ghasedak/rest/api/v1/WebService/SendOtpSMS", "three")
    assert kavenegar.path == f"/kavenegar/v1/{SECRET}/verify/lookup.json"
    assert melipayamak.path == "/melipayamak/api/send/shared/four"
    assert (smsir.path, smsir.headers["x-api-key"]) == ("/smsir/v1/send/verify", "two=")
    assert (smsir.json["templateId"], melipayamak.json["bodyId"]) == (11, 22)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"sms_providers": ("kavenegar",)}, "TAMDID_SMS_KEYS"),
        ({"sms_providers": ("kavenegar",), "sms_keys": SecretStr(SECRET)}, "TAMDID_SMS_KEYS"),
        ({"sms_providers": ("kavenegar",), "sms_keys": SecretStr(f"smsir={SECRET}")}, "TAMDID_SMS_KEYS"),
        ({"sms_providers": ("smsir",), "sms_keys": SecretStr(f"smsir={SECRET}\nکلید")}, "TAMDID_SMS_KEYS"),
        ({"smtp_url": SecretStr(f"smtp://tamdid:{SECRET}@mail.example.ir")}, "TAMDID_MAIL_FROM"),
        *[
            ({"smtp_url": SecretStr(url), "mail_from": "tamdid@example.ir"}, "TAMDID_SMTP_URL")
            for url in (SECRET, f"http://{SECRET}", f"smtp://x:{SECRET}@", f"smtp://{SECRET}:port", f"smtp://[{SECRET}")
        ],
    ],
)
def test_a_setting_that_cannot_be_used_is_named_without_its_value(settings: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named) as raised:
        registry.providers(Settings(**settings))  # type: ignore[arg-type]
    assert SECRET not in str(raised.value)


def test_the_clock_is_in_utc() -> None:
    assert registry.utc_now().tzinfo is UTC
    assert registry.utc_now() >= datetime(2026, 1, 1, tzinfo=UTC)


def test_nothing_at_the_addresses_is_a_refusal(message: Message) -> None:
    (sms, *_) = registry.providers(Settings(development=True, phone_port=1))
    assert sms.send(message).outcome is Outcome.REFUSED
