"""The sandbox bank's payment sessions, and what happens to each of them once."""

import json
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, RowMapping, select, update

from clients.bank.sandbox import faults
from clients.bank.sandbox.rules import PaymentOrder, Session, Status
from clients.bank.sandbox.tables import OUTBOX, SESSIONS
from shared.event_store.sql import by_key

UNVERIFIED_MAX = 100
REFERENCE_BASE = 200_000_000
"""References are this and the session's number: unique as long as the database is."""
AUTHORITY_HEX = 34
AUTHORITY = re.compile(r"[0-9A-Za-z]{1,36}")


def open_session(connection: Connection, order: PaymentOrder, now: datetime) -> str:
    """Open a session and return its authority, which nobody can guess."""
    authority = f"S0{secrets.token_hex(AUTHORITY_HEX // 2)}"
    values = {**vars(order), "authority": authority, "status": Status.IN_BANK.value, "created_at": now}
    by_key.add(connection, SESSIONS, values)
    faults.switch_by_amount(connection, authority, order.amount_rials)
    return authority


def key(authority: object) -> str:
    """An authority as a session may have it; nothing for whatever can be none."""
    return authority if isinstance(authority, str) and AUTHORITY.fullmatch(authority) else ""


def find(connection: Connection, authority: object) -> Session | None:
    """The session of an authority."""
    row = by_key.find(connection, SESSIONS, {"authority": key(authority)})
    return None if row is None else session_of(row._asdict())


def session_of(row: RowMapping | dict[str, Any]) -> Session:
    return Session(**{**row, "status": Status(row["status"])})


def move(connection: Connection, session: Session, to: Status, paid_at: datetime | None = None) -> bool:
    """Take a session from the status it was seen in to the next; False when another request was first."""
    values = {"status": to.value} | ({"paid_at": paid_at} if paid_at else {})
    was = {"number": session.number, "status": session.status.value}
    return by_key.change(connection, SESSIONS, was, values)


def pay(connection: Connection, session: Session, now: datetime, *, with_notice: bool) -> bool:
    """Take the pretend money, and put the notice of it into the outbox with the same stroke."""
    if not session.can_be_paid(now) or not move(connection, session, Status.PAID, paid_at=now):
        return False
    if with_notice:
        send_notice(connection, session, now)
    return True


def send_notice(connection: Connection, session: Session, now: datetime) -> None:
    """Put a notice of a session into the outbox."""
    body = json.dumps({"type": "payment.changed", "timestamp": now.isoformat(), "authority": session.authority})
    OUTBOX.arm(connection, f"msg_{uuid4().hex}", now, payload=body)


def decline(connection: Connection, session: Session, now: datetime) -> bool:
    """Decline the card; the payer may try again."""
    return session.session_status(now) is Status.IN_BANK and move(connection, session, Status.DECLINED)


def take_back(connection: Connection, session: Session, now: datetime) -> bool:
    """The bank gives the money back by itself, and says so."""
    if session.session_status(now) not in {Status.PAID, Status.VERIFIED} or not move(
        connection, session, Status.REVERSED
    ):
        return False
    send_notice(connection, session, now)
    return True


def age(connection: Connection, session: Session, by: timedelta) -> bool:
    """Let a session have begun, and have been paid, so much earlier."""
    paid_at = session.paid_at - by if session.paid_at else None
    values = {"created_at": session.created_at - by, "paid_at": paid_at}
    return connection.execute(update(SESSIONS).where(SESSIONS.c.number == session.number).values(values)).rowcount == 1


def cancel(connection: Connection, session: Session, now: datetime) -> bool:
    """Give the session up unpaid."""
    return session.session_status(now) is Status.IN_BANK and move(connection, session, Status.FAILED)


def tamper(connection: Connection, session: Session) -> None:
    """Let another amount have been paid than was asked for."""
    of_session = SESSIONS.c.number == session.number
    connection.execute(update(SESSIONS).where(of_session).values(amount_rials=SESSIONS.c.amount_rials // 10))


def list_unverified(connection: Connection, merchant_id: str, now: datetime, window: timedelta) -> Sequence[Session]:
    """The latest sessions that are paid and still may be verified."""
    query = (
        select(SESSIONS)
        .where(SESSIONS.c.merchant_id == merchant_id, SESSIONS.c.status == Status.PAID.value)
        .where(SESSIONS.c.paid_at > now - window)
        .order_by(SESSIONS.c.number.desc())
        .limit(UNVERIFIED_MAX)
    )
    return [session_of(row) for row in connection.execute(query).mappings()]


def first_reference(connection: Connection) -> int:
    """The oldest reference that the bank has given."""
    query = select(SESSIONS).where(SESSIONS.c.status == Status.VERIFIED.value).order_by(SESSIONS.c.number).limit(1)
    return reference(session_of(connection.execute(query).mappings().one()))


def reference(session: Session) -> int:
    """The bank's reference of a verified session, always the same."""
    return REFERENCE_BASE + session.number
