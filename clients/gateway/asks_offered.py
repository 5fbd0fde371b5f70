"""The asks that the JSON API offers, by service and method, and which of them need no session."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.contract import commands, questions
from shared.contract.asks import Ask, Command

LOGS = ("auth", "renewal", "payment", "bank")
"""Who keeps a log, to be read by `read_events`."""
FOLLOWERS = ("renewal", "payment", "capacity")
"""Who follows others' logs, and is asked of its lanes."""
OF_FOLLOWERS: tuple[type[Ask[Any]], ...] = (
    questions.GetLanes,
    questions.ListParked,
    commands.RetryParked,
    commands.DropParked,
)
INTERNAL = {
    commands.IssuePassport,
    commands.VerifyPayment,
    questions.GetPaymentResult,
    questions.GetReceipt,
    commands.OpenCheckLink,
    questions.GetCapacityBand,
}
"""Asks that our own programs make for somebody else; an outsider must not make them in this program's name."""
OPEN = {
    commands.NewChallenge,
    commands.SignIn,
    commands.SignOut,
    questions.GetSignInRule,
    questions.GetChallengeSound,
    questions.GetOfficeHours,
}
"""Asks that need no session: they open one, end the one they name, or tell what anybody may know."""


def all_asks() -> Iterator[type[Ask[Any]]]:
    """Every ask of the contract; the generic classes that they stand on are none."""
    for module in (commands, questions):
        for found in vars(module).values():
            is_ask = isinstance(found, type) and issubclass(found, Ask) and found.__module__ == module.__name__
            if is_ask and not found.__pydantic_generic_metadata__["args"]:
                yield found


def names_its_service(kind: type[Ask[Any]]) -> bool:
    """Whether an ask is for one service; the others are asked of several, each by its name."""
    return "service" in vars(kind)


OFFERED: Mapping[tuple[str, str], type[Ask[Any]]] = {
    **{(kind.service, kind.method): kind for kind in all_asks() if names_its_service(kind) and kind not in INTERNAL},
    **{(service, questions.ReadEvents.method): questions.ReadEvents for service in LOGS},
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
