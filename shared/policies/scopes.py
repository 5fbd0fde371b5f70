"""Scopes of program accounts: which operations of the JSON API each of them allows. None is about money or about who may do what."""

from collections.abc import Iterable, Mapping

SCOPES: Mapping[str, tuple[str, ...]] = {
    "desk:read": (
        "renewal.list_desk",
        "renewal.find_renewals",
        "renewal.get_renewal",
        "renewal.get_timeline",
        "renewal.preview_decisions",
    ),
    "desk:approve": ("renewal.approve_renewal",),
    "desk:return": ("renewal.return_renewal",),
    "capacity:read": ("capacity.get_capacity", "capacity.explain_capacity", "capacity.list_over_use"),
    "register:read": ("auth.get_member",),
}
"""By scope, the operations as `<service>.<method>`."""
ABOUT: Mapping[str, str] = {
    "desk:read": "Read the renewals of the account's provinces, with their declarations.",
    "desk:approve": "Approve renewals.",
    "desk:return": "Return renewals for correction.",
    "capacity:read": "Read members' capacity.",
    "register:read": "Read members' entries in the register.",
}


def of_operation(operation: str) -> list[str]:
    """The scopes that allow an operation."""
    return [scope for scope, operations in SCOPES.items() if operation in operations]


def allow(held: Iterable[str], operation: str) -> bool:
    """Whether one of these scopes allows an operation; a scope that this version does not know allows nothing."""
    return any(operation in SCOPES.get(scope, ()) for scope in held)
