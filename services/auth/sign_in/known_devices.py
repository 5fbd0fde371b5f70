"""Devices that have signed in to an account before, by the SHA-256 of a random token in a cookie of theirs."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from services.auth.sign_in.sessions import hashed
from services.auth.tables import KNOWN_DEVICES
from shared.event_store.sql import upsert

LIFE = timedelta(days=180)
"""Since the last sign-in of the device to the account."""
DEVICES_MAX = 10
"""Of one account; one more forgets the one that has not signed in for longest."""
KEY_CHARACTERS = 32
"""Of the hash, by which the throttle counts a device's failures."""


def recognize(connection: Connection, account: str, token: str, at: datetime) -> str:
    """The key of a device that has signed in to this account before; empty for any other."""
    known = select(KNOWN_DEVICES).where(
        KNOWN_DEVICES.c.token_hash == hashed(token),
        KNOWN_DEVICES.c.account == account,
        KNOWN_DEVICES.c.seen_at > at - LIFE,
    )
    return hashed(token)[:KEY_CHARACTERS] if token and connection.execute(known).first() else ""


def has_any(connection: Connection, account: str) -> bool:
    """Whether any device has signed in to this account, since its password has changed."""
    return (
        connection.execute(select(KNOWN_DEVICES.c.account).where(KNOWN_DEVICES.c.account == account)).first()
        is not None
    )


def remember(connection: Connection, account: str, token: str, new: str, at: datetime) -> str:
    """Remember a device that has signed in; returns its token, `new` unless the one it has was given out by us."""
    given = select(KNOWN_DEVICES.c.account).where(KNOWN_DEVICES.c.token_hash == hashed(token)).limit(1)
    kept = token if token and connection.execute(given).first() else new
    upsert.put(connection, KNOWN_DEVICES, {"token_hash": hashed(kept), "account": account}, {"seen_at": at})
    own = KNOWN_DEVICES.c.account == account
    by_use = (KNOWN_DEVICES.c.seen_at.desc(), KNOWN_DEVICES.c.token_hash)
    surplus = select(KNOWN_DEVICES.c.token_hash).where(own).order_by(*by_use).offset(DEVICES_MAX)
    hashes = connection.execute(surplus).scalars().all()
    connection.execute(delete(KNOWN_DEVICES).where(own, KNOWN_DEVICES.c.token_hash.in_(hashes)))
    return kept


def forget_all(connection: Connection, account: str) -> None:
    """Forget the devices of an account whose password has changed: one of them may be somebody else's."""
    connection.execute(delete(KNOWN_DEVICES).where(KNOWN_DEVICES.c.account == account))


def delete_expired(connection: Connection, at: datetime) -> None:
    connection.execute(delete(KNOWN_DEVICES).where(KNOWN_DEVICES.c.seen_at <= at - LIFE))
