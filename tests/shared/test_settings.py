"""Settings from the environment are refused at the start where nothing could run by them."""

import pytest
from pydantic import ValidationError

from shared.settings import Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GATEWAY_PORT", "99999"),
        ("BANK_PORT", "-1"),
        ("BANK_SINCE", "1405/09/10"),
        ("BANK_SINCE", "2026-12-01T10:00:00"),
        ("BANK_SINCE", "2999-12-01T10:00:00+03:30"),
        ("BANK_TIME_SCALE", "0"),
        ("BANK_TIME_SCALE", "2.5"),
        ("MESSAGE_TIME_SCALE", "0"),
        ("TRUSTED_PROXIES", "-1"),
        ("HOME_PROVINCE", "atlantis"),
        ("CHALLENGE", "sometimes"),
        ("DEVELOPMENT", "بله"),
        ("MAIL_FROM", "Tamdid <tamdid@example.ir>"),
        ("MAIL_FROM", "tamdid@example.ir\nBcc: all@example.ir"),
        ("SMS_PROVIDERS", "kavenegar,pigeon"),
    ],
)
def test_a_setting_that_nothing_could_run_by_is_refused_by_its_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"TAMDID_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_the_sms_providers_are_tried_in_the_order_of_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAMDID_SMS_PROVIDERS", "smsir, ghasedak,kavenegar")
    assert Settings().sms_order == ("smsir", "ghasedak", "kavenegar")


def test_without_a_provider_nothing_is_sent_but_in_development() -> None:
    assert Settings(development=False).sms_order == ()
    assert Settings(development=True).sms_order == ("kavenegar",)
