"""The asks that the JSON API offers, by service and method, and which of them need no session."""

from collections.abc import Mapping
from typing import Any

from shared.contract.auth import commands as auth_commands
from shared.contract.auth import queries as auth_queries
from shared.contract.base import Command, Message
from shared.contract.capacity import queries as capacity_queries
from shared.contract.catalogue import MESSAGES
from shared.contract.operations import commands as operations_commands
from shared.contract.operations import queries as operations_queries
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import queries as payment_queries
from shared.contract.renewal import queries as renewal_queries

LOGS = ("auth", "renewal", "payment", "bank")
"""Who keeps a log, to be read by `read_events`."""
FOLLOWERS = ("renewal", "payment", "capacity")
"""Who follows others' logs, and is asked of its lanes."""
OF_FOLLOWERS: tuple[type[Message[Any]], ...] = (
    operations_queries.GetLanes,
    operations_queries.ListParked,
    operations_commands.RetryParked,
    operations_commands.DropParked,
)
INTERNAL = {
    auth_commands.IssuePassport,
    payment_commands.VerifyPayment,
    payment_queries.GetPaymentResult,
    payment_queries.GetReceipt,
    auth_commands.OpenCheckLink,
    capacity_queries.GetCapacityBand,
}
"""Asks that our own programs make for somebody else; an outsider must not make them in this program's name."""
OPEN = {
    auth_commands.NewChallenge,
    auth_commands.SignIn,
    auth_commands.SignOut,
    auth_queries.GetSignInRule,
    auth_queries.GetChallengeSound,
    renewal_queries.GetOfficeHours,
}
"""Asks that need no session: they open one, end the one they name, or tell what anybody may know."""


def names_its_service(kind: type[Message[Any]]) -> bool:
    """Whether an ask is for one service; the others are asked of several, each by its name."""
    return "service" in vars(kind)


OFFERED: Mapping[tuple[str, str], type[Message[Any]]] = {
    **{
        (kind.service, kind.method): kind
        for kind in MESSAGES.values()
        if names_its_service(kind) and kind not in INTERNAL
    },
    **{(service, operations_queries.ReadEvents.method): operations_queries.ReadEvents for service in LOGS},
    **{(service, kind.method): kind for service in FOLLOWERS for kind in OF_FOLLOWERS},
}
"""What may be asked, by service and method."""


def described() -> dict[str, dict[str, dict[str, object]]]:
    """Each ask with what it is, and the JSON schemas of itself and of its answer."""
    services: dict[str, dict[str, dict[str, object]]] = {}
    for (service, method), kind in sorted(OFFERED.items(), key=lambda item: item[0]):
        services.setdefault(service, {})[method] = {
            "kind": "command" if issubclass(kind, Command) else "question",
            "about": kind.__doc__,
            "needs_session": kind not in OPEN,
            "ask": kind.model_json_schema(),
            "answer": kind.answer().model_json_schema(mode="serialization"),
        }
    return services
