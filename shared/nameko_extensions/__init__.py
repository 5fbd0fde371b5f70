"""What a service class declares: who calls it, what it keeps, whom it follows, what it answers (nameko)."""

from shared.nameko_extensions.admin_rpc import Follows, KeepsLog
from shared.nameko_extensions.background import Background, Jobs
from shared.nameko_extensions.event_store import Store
from shared.nameko_extensions.rpc_client import Asker, Program
from shared.nameko_extensions.rpc_server import Caller, Configured, Passports, asked
from shared.nameko_extensions.subscription import Lane
from shared.nameko_extensions.web import WebServer

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
