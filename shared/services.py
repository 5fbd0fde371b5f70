"""The services by name, who keeps a log and who follows whose: topology, deployment, clients and tests take their lists from here."""

from collections.abc import Mapping

SERVICES = ("auth", "renewal", "payment", "capacity", "notification", "bank")
"""Programs that answer commands and queries; each has a database."""
SUBSCRIPTIONS: Mapping[str, tuple[str, ...]] = {
    "auth": ("renewal", "payment", "capacity", "notification"),
    "renewal": ("payment", "capacity", "notification"),
    "payment": ("capacity", "notification"),
    "capacity": ("notification",),
    "notification": (),
    "bank": ("payment",),
}
"""The subscribers of each service that keeps a log."""
SOURCES = tuple(SUBSCRIPTIONS)
OWN_PROGRAMS = (*SERVICES, "gateway", "admin", "phone")
"""All our programs; no program account has the name of one."""
FOLLOWERS = tuple(name for name in SERVICES if any(name in subscribers for subscribers in SUBSCRIPTIONS.values()))
WITH_MEMBERS = tuple(name for name in SERVICES if name != "bank")
"""Services with rows about members, which they make again of logs; the bank's are of payments, by its own numbers."""
