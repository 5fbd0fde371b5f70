"""What a service class declares: who calls it, what it keeps, whom it follows, what it answers (nameko)."""

from shared.extensions.asking import Asker, Program
from shared.extensions.background import Background, Jobs
from shared.extensions.calls import Caller, Configured, Passports, asked
from shared.extensions.lane import Lane
from shared.extensions.operations import Follows, KeepsLog
from shared.extensions.store import Store
from shared.extensions.web import WebServer

__all__ = [
    "Asker",
    "Background",
    "Caller",
    "Configured",
    "Follows",
    "Jobs",
    "KeepsLog",
    "Lane",
    "Passports",
    "Program",
    "Store",
    "WebServer",
    "asked",
]
