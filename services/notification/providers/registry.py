"""The providers of the settings, in the operator's order."""

from services.notification.providers.port import Provider
from shared.settings import Settings


def providers(_settings: Settings) -> tuple[Provider, ...]:
    """Each provider that the settings name, with its key."""
    return ()
