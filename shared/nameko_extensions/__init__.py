"""Nameko extensions that a service class declares: RPC server and client, event store, subscriptions, web server, background jobs."""

from shared.nameko_extensions.admin_rpc import EventLogRpc, SubscriptionRpc
from shared.nameko_extensions.background import Background, Jobs
from shared.nameko_extensions.event_store import EventStore
from shared.nameko_extensions.rpc_client import Program, RpcClient
from shared.nameko_extensions.rpc_server import Caller, Configured, Passports, asked
from shared.nameko_extensions.subscription import Lane
from shared.nameko_extensions.web import WebServer

__all__ = [
    "Background",
    "Caller",
    "Configured",
    "EventLogRpc",
    "EventStore",
    "Jobs",
    "Lane",
    "Passports",
    "Program",
    "RpcClient",
    "SubscriptionRpc",
    "WebServer",
    "asked",
]
