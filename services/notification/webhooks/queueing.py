"""Which webhooks an event is sent to: a row for each in the transaction in which the event is followed, with the timer by which it is sent."""

from collections.abc import Iterator
from uuid import UUID, uuid5

from sqlalchemy import Connection, select

from services.notification.tables import INVOICES, MEMBERS, RENEWALS
from services.notification.webhook_tables import DELIVERIES, DELIVERING, WEBHOOKS, owner_of
from shared import personal_data
from shared.contract.envelope import Recorded
from shared.contract.notification.webhook_events import OFFERED
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared

LIVE = Prepared(
    select(WEBHOOKS.c.webhook, WEBHOOKS.c.events, WEBHOOKS.c.provinces, WEBHOOKS.c.made_at).where(
        WEBHOOKS.c.ended_at.is_(None)
    )
)
KNOWN = frozenset(OFFERED)


def queue(connection: Connection, recorded: Recorded) -> None:
    """Queue an event for each webhook that wants it; for a disabled one too, which gets it once it is enabled."""
    if recorded.type not in KNOWN or not recorded.is_known:
        return
    wanted = [one for one in LIVE.rows(connection) if f" {recorded.type} " in one.events]
    if not wanted:
        return
    event = recorded.event
    member, year = str(event.member), int(event.year)  # type: ignore[attr-defined]
    if personal_data.is_erased(connection, member):  # between sources there is no order
        return
    province = next(provinces_of(connection, recorded, member, year), "")
    for one in wanted:
        if f" {province} " in one.provinces and recorded.recorded_at >= one.made_at:
            delivery = delivery_id(one.webhook, recorded.event_id)
            row = {
                "delivery": delivery,
                "webhook": one.webhook,
                "event_id": recorded.event_id,
                "event": recorded.type,
                "source": recorded.source,
                "position": recorded.position,
                "member": member,
                "year": year,
                "province": province,
                "recorded_at": recorded.recorded_at,
                "state": "waiting",
            }
            if upsert.add(connection, DELIVERIES, row):
                DELIVERING.arm(connection, delivery, recorded.recorded_at, owner=owner_of(one.webhook))


def delivery_id(webhook: UUID, event: UUID) -> UUID:
    """One for a webhook and an event: an event that is followed again, after a restore, is not sent again by it."""
    return uuid5(webhook, str(event))


def provinces_of(connection: Connection, recorded: Recorded, member: str, year: int) -> Iterator[str]:
    """Where the case is: what the event says, else the renewal, the invoice or the member; between sources there is no order."""
    if said := getattr(recorded.event, "province", ""):
        yield str(said)
    for table in (RENEWALS, INVOICES):
        found = select(table.c.province).where(table.c.member == member, table.c.year == year)
        yield from connection.execute(found).scalars()
    yield from connection.execute(select(MEMBERS.c.province).where(MEMBERS.c.member == member)).scalars()
