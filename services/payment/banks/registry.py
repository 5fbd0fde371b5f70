"""The bank's adapter by the settings."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from services.payment.banks import exchange_log
from services.payment.banks.mellat import Credentials, Mellat
from services.payment.banks.port import Bank
from services.payment.banks.zarinpal import Zarinpal
from shared.event_store.database import Database
from shared.settings import Settings


def bank_of(settings: Settings, database: Database, clock: Callable[[], datetime]) -> Bank:
    """The adapter of the settings; in development browsers meet the sandbox at its public address."""
    page_url = settings.bank_portal_url if settings.development else settings.bank_api_url
    callback_url = f"{settings.portal_url}/payment/return"
    if settings.bank_kind == "mellat":
        credentials = Credentials(settings.bank_terminal, settings.bank_user, settings.bank_password)
        return adapter(Mellat, settings.bank_api_url, page_url, callback_url, credentials, database, clock)
    return adapter(Zarinpal, settings.bank_api_url, page_url, callback_url, settings.merchant_id, database, clock)


@cache
def adapter(  # noqa: PLR0913 - all that the adapter differs by
    bank: type[Mellat] | type[Zarinpal],
    api_url: str,
    page_url: str,
    callback_url: str,
    merchant: Any,
    database: Database,
    clock: Callable[[], datetime],
) -> Bank:
    """One adapter; its exchanges are logged in the program's database."""
    record = exchange_log.recorder(database, bank.capabilities.name, clock)
    return bank(api_url, page_url, callback_url, merchant, record=record)
