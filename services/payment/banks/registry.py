"""The bank's adapter by the settings."""

from collections.abc import Callable
from datetime import datetime
from functools import cache

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
        return mellat(settings.bank_api_url, page_url, callback_url, credentials, database, clock)
    return zarinpal(settings.bank_api_url, page_url, callback_url, settings.merchant_id, database, clock)


@cache
def zarinpal(  # noqa: PLR0913 - all that the adapter differs by
    api_url: str,
    page_url: str,
    callback_url: str,
    merchant_id: str,
    database: Database,
    clock: Callable[[], datetime],
) -> Bank:
    """One adapter, and so one pool of connections; its exchanges are logged in the program's database."""
    record = exchange_log.recorder(database, Zarinpal.capabilities.name, clock)
    return Zarinpal(api_url, page_url, callback_url, merchant_id, record=record)


@cache
def mellat(  # noqa: PLR0913 - all that the adapter differs by
    api_url: str,
    page_url: str,
    callback_url: str,
    credentials: Credentials,
    database: Database,
    clock: Callable[[], datetime],
) -> Bank:
    """The same for the two-phase bank."""
    record = exchange_log.recorder(database, Mellat.capabilities.name, clock)
    return Mellat(api_url, page_url, callback_url, credentials, record=record)
