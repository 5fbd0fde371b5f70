"""Nameko extensions that a service class declares: RPC server and client, event store, subscriptions, web server, background jobs."""

from shared.app_context import AppContext
from shared.nameko_extensions.admin_rpc import EventLogRpc, ReadsRpc, SubscriptionRpc
from shared.nameko_extensions.event_store import EventStore
from shared.nameko_extensions.native_threads import NativeThreads
from shared.nameko_extensions.personal_data_rpc import PersonalDataRpc
from shared.nameko_extensions.projections_rpc import Background, Jobs, ProjectionsRpc
from shared.nameko_extensions.rpc_client import RpcClient
from shared.nameko_extensions.rpc_server import Caller, Configured, Passports, rpc
from shared.nameko_extensions.subscription import Subscription

__all__ = [
    "AppContext",
    "Background",
    "Caller",
    "Configured",
    "EventLogRpc",
    "EventStore",
    "Jobs",
    "NativeThreads",
    "Passports",
    "PersonalDataRpc",
    "ProjectionsRpc",
    "ReadsRpc",
    "RpcClient",
    "Subscription",
    "SubscriptionRpc",
    "rpc",
]
