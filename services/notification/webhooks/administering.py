"""What admins do with webhooks: make and end them, replace a secret, enable a disabled one, have events sent again, see what became of them."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, func, insert, select, update

from services.notification.tables import HEALTH
from services.notification.webhook_tables import DELIVERIES, DELIVERING, WEBHOOKS, owner_of
from services.notification.webhooks import signing
from services.notification.webhooks.address_guard import url_problem
from services.notification.webhooks.signing import SecretBox
from shared.contract.notification import commands, queries, webhook_answers
from shared.contract.notification.webhook_events import OFFERED
from shared.contract.refusals import Reason, Refused
from shared.subscriptions.timers import TIMERS

WEBHOOKS_MAX = 20
"""That have not ended; each has a thread while something is sent to it."""
REPLAYED_MAX = 5_000
"""By one command: they are queued in one transaction."""
FORMER_HOLDS_FOR = timedelta(days=1)
"""So long the former secret signs too, so that a receiver takes the new one without missing anything."""


def add(connection: Connection, box: SecretBox, command: commands.AddWebhook, *, is_development: bool) -> None:
    """Store a new webhook under the command's id."""
    if problem := url_problem(command.url, is_development=is_development):
        raise Refused(Reason.BAD_INPUT, {"url": problem})
    if not set(command.events) <= set(OFFERED):
        raise Refused(Reason.BAD_INPUT, {"events": "unknown_event"})
    live = select(func.count()).select_from(WEBHOOKS).where(WEBHOOKS.c.ended_at.is_(None))
    if connection.execute(live).scalar_one() >= WEBHOOKS_MAX:
        raise Refused(Reason.TOO_MANY_WEBHOOKS, {"most": str(WEBHOOKS_MAX)})
    row = {
        "webhook": command.id,
        "url": command.url,
        "events": between_blanks(command.events),
        "provinces": between_blanks(command.provinces),
        "secret": box.encrypt(signing.new_secret(), command.id),
        "made_by": command.actor,
        "made_at": command.at,
    }
    connection.execute(insert(WEBHOOKS).values(row))


def between_blanks(texts: Collection[str]) -> str:
    return f" {' '.join(sorted(set(texts)))} "


def must_find(connection: Connection, webhook: UUID) -> RowMapping:
    row = connection.execute(select(WEBHOOKS).where(WEBHOOKS.c.webhook == webhook)).mappings().one_or_none()
    if row is None:
        raise Refused(Reason.UNKNOWN_WEBHOOK)
    return row


def must_be_live(row: RowMapping) -> None:
    if row["ended_at"] is not None:
        raise Refused(Reason.UNKNOWN_WEBHOOK)


def rotate(connection: Connection, box: SecretBox, row: RowMapping, at: datetime) -> None:
    """A new secret, beside which the one before holds for a while."""
    change(
        connection,
        row["webhook"],
        secret=box.encrypt(signing.new_secret(), row["webhook"]),
        former_secret=row["secret"],
        former_until=at + FORMER_HOLDS_FOR,
    )


def end(connection: Connection, row: RowMapping, by: str, at: datetime) -> None:
    """For good: its secrets are forgotten, and nothing of its queue is sent."""
    own = (TIMERS.c.kind == DELIVERING.kind, TIMERS.c.owner == owner_of(row["webhook"]))
    connection.execute(delete(TIMERS).where(*own))
    change(connection, row["webhook"], ended_by=by, ended_at=at, secret="", former_secret="", former_until=None)


def enable(connection: Connection, row: RowMapping, at: datetime) -> None:
    """Send again to a disabled webhook, what is queued at once; what was given up is to be replayed."""
    change(connection, row["webhook"], disabled_at=None, failing_since=None)
    connection.execute(update(HEALTH).where(HEALTH.c.provider == owner_of(row["webhook"])).values(failures=0))
    own = (TIMERS.c.kind == DELIVERING.kind, TIMERS.c.owner == owner_of(row["webhook"]))
    connection.execute(update(TIMERS).where(*own, TIMERS.c.due_at > at).values(due_at=at))


def change(connection: Connection, webhook: UUID, **values: object) -> None:
    connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.webhook == webhook).values(values))


def replay(connection: Connection, command: commands.ReplayDeliveries) -> int:
    """Have one event sent again, or all since an instant that have not arrived; returns how many."""
    if command.delivery is not None:
        return send_now(connection, command.webhook, command.at, DELIVERIES.c.delivery == command.delivery)
    if command.since is None:
        raise Refused(Reason.BAD_INPUT, {"since": "missing"})
    has_failed = (DELIVERIES.c.state != "delivered") & (DELIVERIES.c.tries > 0)  # the others are queued
    these = has_failed & (DELIVERIES.c.recorded_at >= command.since)
    return send_now(connection, command.webhook, command.at, these)


def send_now(connection: Connection, webhook: UUID, at: datetime, these: ColumnElement[bool]) -> int:
    """Queue some events of a webhook as if they had not been tried, those that were given up first, the oldest before; returns how many."""
    own = select(DELIVERIES.c.delivery).where(DELIVERIES.c.webhook == webhook, these)
    keys = (
        connection.execute(own.order_by(DELIVERIES.c.state != "failed", DELIVERIES.c.recorded_at).limit(REPLAYED_MAX))
        .scalars()
        .all()
    )
    for key in keys:
        connection.execute(update(DELIVERIES).where(DELIVERIES.c.delivery == key).values(state="waiting", tries=0))
        DELIVERING.arm(connection, key, at, owner=owner_of(webhook))
    return len(keys)


def all_of(connection: Connection, provinces: Collection[str], at: datetime) -> webhook_answers.Webhooks:
    """The webhooks whose provinces are all among these, the newest first."""
    waiting = select(DELIVERIES.c.webhook, func.count().label("waiting")).where(DELIVERIES.c.state == "waiting")
    counts = {row.webhook: row.waiting for row in connection.execute(waiting.group_by(DELIVERIES.c.webhook))}
    rows = connection.execute(select(WEBHOOKS).order_by(WEBHOOKS.c.made_at.desc())).mappings()
    return webhook_answers.Webhooks(
        webhooks=tuple(
            shown(row, counts.get(row["webhook"], 0), at)
            for row in rows
            if set(row["provinces"].split()) <= set(provinces)
        )
    )


def shown(row: RowMapping, waiting: int, at: datetime) -> webhook_answers.Webhook:
    former_until = row["former_until"]
    return webhook_answers.Webhook(
        webhook=row["webhook"],
        url=row["url"],
        events=tuple(row["events"].split()),
        provinces=tuple(row["provinces"].split()),
        state="ended"
        if row["ended_at"]
        else "disabled"
        if row["disabled_at"]
        else "failing"
        if row["failing_since"]
        else "on",
        waiting=0 if row["ended_at"] else waiting,
        made_by=row["made_by"],
        made_at=row["made_at"],
        failing_since=row["failing_since"],
        disabled_at=row["disabled_at"],
        former_secret_until=former_until if former_until and former_until > at else None,
        ended_by=row["ended_by"],
        ended_at=row["ended_at"],
    )


def deliveries(connection: Connection, query: queries.ListDeliveries) -> webhook_answers.Deliveries:
    """What became of the events of a webhook, the last first."""
    own = DELIVERIES.c.webhook == query.webhook
    if query.state:
        own &= DELIVERIES.c.state == query.state
    if query.since:
        own &= DELIVERIES.c.recorded_at >= query.since
    total = connection.execute(select(func.count()).select_from(DELIVERIES).where(own)).scalar_one()
    page = select(DELIVERIES).where(own).order_by(DELIVERIES.c.recorded_at.desc(), DELIVERIES.c.delivery)
    rows = connection.execute(page.limit(query.limit).offset(query.offset)).mappings().all()
    due = DELIVERING.armed(connection, [row["delivery"] for row in rows])
    found = tuple(
        webhook_answers.Delivery(
            **{name: row[name] for name in ("delivery", "event_id", "event", "source", "position", "province")},
            **{name: row[name] for name in ("recorded_at", "state", "tries", "status", "cause", "tried_at")},
            next_at=due.get(str(row["delivery"])),
        )
        for row in rows
    )
    return webhook_answers.Deliveries(deliveries=found, total=total)
