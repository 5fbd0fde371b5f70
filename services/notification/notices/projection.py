"""Projects notification's own events into the rows of notices and of messages: a pure function of the log."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from services.notification.persons import member_of
from services.notification.tables import ATTEMPTS, NOTICES
from shared.contract.envelope import Recorded
from shared.contract.notification import events
from shared.event_store.sql import by_key, upsert


def project(connection: Connection, recorded: Recorded) -> None:
    """Write what an event means for the rows."""
    match recorded.event:
        case events.NoticeDue() as due:
            row = {
                "notice": due.notice,
                "person": due.person,
                "member": member_of(due.person),
                "province": due.province,
                "year": due.values.year,
                "kind": due.kind.value,
                "fact": due.fact,
                "values": due.values.model_dump_json(exclude_defaults=True),
                "happened_at": due.happened_at,
                "notified_at": due.send_at,
                "resent_at": due.happened_at,
            }
            by_key.add(connection, NOTICES, row)
        case events.NoticePassed() as passed:
            change(connection, passed, passed=passed.cause)
        case events.NoticeRead() as read:
            change(connection, read, read_at=read.read_at)
        case events.ResendRequested() as resend:
            change(connection, resend, passed="", delivered_at=None, resent_at=resent_at(connection, resend))
        case events.NoticeSent() as sent:
            row = {"state": "sent", "segments": sent.segments, "cost_rials": sent.cost_rials, "at": sent.sent_at}
            put_attempt(connection, sent, row)
        case events.NoticeDelivered() as delivered:
            put_attempt(connection, delivered, {"state": "delivered", "at": delivered.delivered_at})
            change(connection, delivered, delivered_at=delivered.delivered_at)
        case events.NoticeFailed() as failed:
            row = {"state": "failed", "cause": failed.cause, "at": failed.failed_at}
            put_attempt(connection, failed, row)
        case _:
            pass


def change(connection: Connection, event: events.NoticeKey, **values: object) -> None:
    by_key.change(connection, NOTICES, {"notice": event.notice}, values)


def resent_at(connection: Connection, event: events.ResendRequested) -> datetime:
    """After every message that came before it in the log, whatever a clock said."""
    query = select(func.max(ATTEMPTS.c.began_at)).where(ATTEMPTS.c.notice == event.notice)
    last = connection.execute(query).scalar()
    return event.requested_at if last is None else max(event.requested_at, last + timedelta(microseconds=1))


def put_attempt(connection: Connection, event: events.NoticeAttempt, row: dict[str, Any]) -> None:
    notice = by_key.find(connection, NOTICES, {"notice": event.notice})
    new = {
        "notice": event.notice,
        "province": notice.province,
        "way": event.way.value,
        "provider": event.provider,
        "began_at": max(row["at"], notice.resent_at),  # it came after it in the log, whatever a clock said
    }
    upsert.put(connection, ATTEMPTS, {"attempt": event.attempt}, row, new=new)
