"""What a web application is made with: how it asks, its settings, and its own records where it keeps any."""

from dataclasses import dataclass

from shared.contract.base import CallService
from shared.event_store.command_handler import Records
from shared.settings import Settings


@dataclass(frozen=True)
class Program:
    """A program as its pages see it."""

    ask: CallService
    settings: Settings
    records: Records | None = None
