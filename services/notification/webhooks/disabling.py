"""A webhook that has failed for days is disabled, and the admins of its provinces are told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import Connection, select, update

from services.notification.notices import notifying
from services.notification.notices.kinds import ToNotify
from services.notification.notices.notifying import Fact
from services.notification.webhook_tables import WEBHOOKS
from shared.contract.envelope import Metadata
from shared.contract.notification.values import NoticeKind, NoticeValues
from shared.contract.values import Role
from shared.event_store.command_handler import Records

DISABLED_AFTER = timedelta(days=3)
"""Of failures without one success: as long as one event is tried."""


@dataclass(frozen=True)
class Disable:
    """Send nothing more to a webhook until an admin enables it."""

    id: UUID
    at: datetime


def disable_if_failing_for_days(records: Records, webhook: UUID, at: datetime) -> None:
    """Disable it where it has failed for so long; what is queued stays in the queue."""
    command = Disable(uuid5(webhook, f"disable/{at.isoformat()}"), at)
    this = (WEBHOOKS.c.webhook == webhook, WEBHOOKS.c.disabled_at.is_(None), WEBHOOKS.c.ended_at.is_(None))
    failing = (*this, WEBHOOKS.c.failing_since <= at - DISABLED_AFTER)
    with records.read() as connection:
        if connection.execute(select(WEBHOOKS.c.webhook).where(*failing)).first() is None:
            return

    def work(connection: Connection, metadata: Metadata) -> None:
        if connection.execute(update(WEBHOOKS).where(*failing).values(disabled_at=at)).rowcount:
            query = select(WEBHOOKS.c.provinces).where(WEBHOOKS.c.webhook == webhook)
            provinces = connection.execute(query).scalar_one().split()
            its_only = provinces[0] if len(provinces) == 1 else ""
            fact = Fact(command.id, at, metadata)
            admins = {one for key in provinces for one in notifying.officers_of(connection, key, Role.ADMIN)}
            for admin in sorted(admins):
                notice = ToNotify(admin, NoticeKind.WEBHOOK_DISABLED, NoticeValues(), its_only)
                notifying.notify(connection, records.own_log(), notice, fact, at)

    records.transact(command, work)
