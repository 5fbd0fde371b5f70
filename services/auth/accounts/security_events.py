"""Security events of an account, which its holder is shown: a new device, a new password, a changed second factor."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, delete, insert, select, update

from services.auth.tables import SECURITY_EVENTS
from shared.contract.auth import security_answers
from shared.contract.auth.security_answers import SecurityEventKind
from shared.event_store.sql.prepared import Prepared

LIFE = timedelta(days=30)
"""How long an event is shown."""
EVENTS_MAX = 50
"""Of an account; one more forgets the oldest."""

UNSEEN = Prepared(
    select(SECURITY_EVENTS.c.id)
    .where(
        SECURITY_EVENTS.c.account == bindparam("of_account"),
        SECURITY_EVENTS.c.at > bindparam("after"),
        SECURITY_EVENTS.c.session_hash != bindparam("of_session"),
        ~SECURITY_EVENTS.c.is_seen,
    )
    .limit(1)
)


def record(  # noqa: PLR0913 - a row
    connection: Connection, account: str, kind: SecurityEventKind, at: datetime, *, device: str = "", session: str = ""
) -> None:
    """Record what its holder should know of; `session` is the hash of the one in which it was done, which needs no notice."""
    row = {"account": account, "kind": kind, "at": at, "device": device, "session_hash": session, "is_seen": False}
    connection.execute(insert(SECURITY_EVENTS).values(row))
    own = SECURITY_EVENTS.c.account == account
    surplus = select(SECURITY_EVENTS.c.id).where(own).order_by(SECURITY_EVENTS.c.id.desc()).offset(EVENTS_MAX)
    ids = connection.execute(surplus).scalars().all()
    connection.execute(delete(SECURITY_EVENTS).where(SECURITY_EVENTS.c.id.in_(ids)))


def list_all(connection: Connection, account: str, at: datetime) -> security_answers.SecurityEvents:
    """The events of an account, the newest first."""
    shown = and_(SECURITY_EVENTS.c.account == account, SECURITY_EVENTS.c.at > at - LIFE)
    rows = connection.execute(select(SECURITY_EVENTS).where(shown).order_by(SECURITY_EVENTS.c.id.desc()))
    return security_answers.SecurityEvents(
        events=tuple(
            security_answers.SecurityEvent(kind=row.kind, at=row.at, device=row.device, is_seen=row.is_seen)
            for row in rows
        )
    )


def has_unseen(connection: Connection, account: str, session: str, at: datetime) -> bool:
    """Whether the holder of a session should look at what was done elsewhere."""
    of_others = {"of_account": account, "of_session": session, "after": at - LIFE}
    return UNSEEN.first(connection, of_others) is not None


def acknowledge(connection: Connection, account: str) -> None:
    """End the notice; the list stays as it is."""
    connection.execute(update(SECURITY_EVENTS).where(SECURITY_EVENTS.c.account == account).values(is_seen=True))


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(SECURITY_EVENTS).where(SECURITY_EVENTS.c.at <= at - LIFE))
