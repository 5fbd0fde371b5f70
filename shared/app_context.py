"""The context of a web application: its RPC client, its settings, and its own event store where it has one."""

from dataclasses import dataclass

from shared.contract.base import CallService
from shared.event_store.command_handler import Records
from shared.settings import Settings


@dataclass(frozen=True)
class AppContext:
    """The context that a web application is made with."""

    call: CallService
    settings: Settings
    records: Records | None = None
