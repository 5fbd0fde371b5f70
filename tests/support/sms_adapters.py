"""The adapters of SMS providers by their name, made alike for tests that hold for all of them."""

from collections.abc import Callable, Mapping

import httpx

from services.notification.providers.ghasedak import Ghasedak
from services.notification.providers.kavenegar import Kavenegar
from services.notification.providers.melipayamak import Melipayamak
from services.notification.providers.port import Provider
from services.notification.providers.smsir import SmsIr
from services.notification.providers.template_numbers import made_of

Make = Callable[[str, str, httpx.Timeout | None], Provider]
ADAPTERS: Mapping[str, Make] = {
    "ghasedak": Ghasedak,
    "kavenegar": Kavenegar,
    "melipayamak": lambda url, key, timeout: Melipayamak(url, key, made_of, timeout),
    "smsir": lambda url, key, timeout: SmsIr(url, key, made_of, timeout),
}
