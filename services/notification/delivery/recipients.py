"""Whether a person may still be told when a message is about to be sent: an officer holds the appointment, a member is not erased."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from services.notification.tables import OFFICERS
from shared import personal_data
from shared.contract.notification.events import PassedCause
from shared.contract.notification.values import NoticeKind
from shared.contract.values import Role
from shared.event_store.sql import by_key

K = NoticeKind
OF_ACCOUNT = frozenset({K.PASSWORD_CHANGED, K.PASSWORD_RESET, K.FACTOR_CHANGED, K.ADDRESS_CHANGED})
"""About the person's own account, whatever the office."""
ROLES: Mapping[NoticeKind, Role] = {
    K.DESK_DIGEST: Role.MANAGER,
    K.PROMISE_ENDS: Role.MANAGER,
    K.MONEY_EXCEPTION: Role.FINANCE,
    K.WEBHOOK_DISABLED: Role.ADMIN,
}
"""Which role an officer is told a kind for."""


def lost(connection: Connection, notice: Any) -> PassedCause | None:
    """Why the person of a notice is told nothing any more out of the portal; None where the person is."""
    kind = NoticeKind(notice.kind)
    if notice.member:
        return "erased" if personal_data.is_erased(connection, notice.member) else None
    if kind in OF_ACCOUNT or holds_office(connection, notice, ROLES.get(kind)):
        return None
    return "dismissed"


def holds_office(connection: Connection, notice: Any, role: Role | None) -> bool:
    """Whether an officer has an appointment, in the province of the notice and in a role where the kind has one."""
    row = by_key.find(connection, OFFICERS, {"officer": notice.person.partition(":")[2]})
    if row is None or (role is not None and f" {role.value} " not in row.roles):
        return False
    return not notice.province or f" {notice.province} " in row.provinces
