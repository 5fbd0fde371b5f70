"""Roles that exclude each other: an admin has no role of money, and an auditor no other role."""

from collections.abc import Iterable

from shared.contract.values import Role

MONEY_ROLES = frozenset({Role.MANAGER, Role.FINANCE, Role.TREASURY})
"""Who waives, moves or counts money; an admin, who says who these are, is none of them."""


def in_force(roles: Iterable[Role]) -> frozenset[Role]:
    """The roles that count: of an admin only that one, also where an appointment of the past gave others with it.

    An auditor decides nothing, and audits no reads of their own work: the role counts alone.
    """
    held = frozenset(roles)
    others = held - MONEY_ROLES if Role.ADMIN in held else held
    return others - {Role.AUDITOR} if len(others) > 1 else others
