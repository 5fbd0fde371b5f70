"""The providers of the settings: SMS providers in the operator's order, each with its key and base address, and the mail server."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import assert_never

from pydantic import SecretStr

from services.notification.providers.ghasedak import Ghasedak
from services.notification.providers.kavenegar import Kavenegar
from services.notification.providers.melipayamak import Melipayamak
from services.notification.providers.port import Capabilities, Provider
from services.notification.providers.smsir import SmsIr
from services.notification.providers.smtp import MailServer, Smtp
from services.notification.providers.template_numbers import number_of
from shared.settings import Settings, SmsProvider

ADDRESSES = {
    "kavenegar": "https://api.kavenegar.com",
    "smsir": "https://api.sms.ir",
    "melipayamak": "https://console.melipayamak.com",
    "ghasedak": "https://gateway.ghasedak.me",
}
KEY = re.compile(r"[!-~]{1,500}")
DEVELOPMENT_KEY = "development"
DEVELOPMENT_SENDER = "tamdid@phone.invalid"


CAPABILITIES: Mapping[str, Capabilities] = {
    "kavenegar": Kavenegar.capabilities,
    "smsir": SmsIr.capabilities,
    "melipayamak": Melipayamak.capabilities,
    "ghasedak": Ghasedak.capabilities,
}


def capabilities(settings: Settings) -> Mapping[str, Capabilities]:
    """What the SMS providers of the settings can do, without a key of any."""
    return {name: CAPABILITIES[name] for name in settings.sms_order}


def utc_now() -> datetime:
    return datetime.now(UTC)


def providers(settings: Settings, clock: Callable[[], datetime] = utc_now) -> tuple[Provider, ...]:
    """An adapter for each provider of the settings; a setting that can't be used is a ValueError without its value."""
    return (*sms_providers(settings), *mail_servers(settings, clock))


def sms_providers(settings: Settings) -> Iterator[Provider]:
    """In development they are the phone's fakes, at its address and with any key."""
    keys = keys_of(settings.sms_keys)
    rehearsal = settings.sms_url or (settings.phone_url if settings.development else "")
    for name in settings.sms_order:
        key = keys.get(name) or (DEVELOPMENT_KEY if settings.development else "")
        if not KEY.fullmatch(key):
            raise ValueError(f"TAMDID_SMS_KEYS needs a key of {name}, as {name}=<key>")
        url = f"{rehearsal.rstrip('/')}/{name}" if rehearsal else ADDRESSES[name]
        yield sms_provider(name, url, key, settings)


def sms_provider(name: SmsProvider, url: str, key: str, settings: Settings) -> Provider:
    match name:
        case "kavenegar":
            return Kavenegar(url, key)
        case "smsir":
            return SmsIr(url, key, number_of(settings, name))
        case "melipayamak":
            return Melipayamak(url, key, number_of(settings, name))
        case "ghasedak":
            return Ghasedak(url, key)
        case _:
            assert_never(name)


def keys_of(setting: SecretStr) -> dict[str, str]:
    """Each provider's key, of `<name>=<key>` separated by commas."""
    parts = (part.partition("=") for part in setting.get_secret_value().split(","))
    return {name.strip(): key.strip() for name, _, key in parts}


def mail_servers(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Provider]:
    """The mail server, where there is one; in development the phone's."""
    url, sender = settings.smtp_url, settings.mail_from
    if settings.development:
        url = SecretStr(url.get_secret_value() or f"smtp+plain://{settings.phone_host}:{settings.phone_smtp_port}")
        sender = sender or DEVELOPMENT_SENDER
    if url.get_secret_value():
        if not sender:
            raise ValueError("TAMDID_SMTP_URL needs TAMDID_MAIL_FROM, the address that e-mail is sent from")
        yield Smtp(MailServer.of(url), sender, clock)
