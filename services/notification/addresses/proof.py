"""Proof of an address by a code: how many codes a person and an address get, and how often one may be tried."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from services.notification.addresses import domain
from services.notification.addresses.contacts import NEVER_FAILED, change, locked, normal
from services.notification.persons import member_of
from services.notification.tables import CONTACTS, SENT_CODES
from services.notification.timers import CODES
from shared import personal_data
from shared.contract.notification import commands
from shared.contract.notification.values import Way
from shared.contract.refusals import Reason, Refused
from shared.event_store.sql import upsert
from shared.keys import Keys

CODE_HOLDS_FOR = timedelta(minutes=10)
CODE_AGAIN_AFTER = timedelta(minutes=1)
DAY = timedelta(days=1)
CODES_A_DAY_MAX = 5
"""For one person and way: a code costs."""
CODES_TO_ADDRESS_A_DAY_MAX = 10
"""Whoever asks for them: a stranger's telephone could be called by many accounts. Some members share one."""
CODE_TRIES_MAX = 5
ADDRESS_LOCK = 1408
"""With the hash of an address, PostgreSQL's advisory locks: codes to one address are counted one after another."""
EXPIRED = "expired"
"""The detail of `WRONG_CODE` about a `code` that was right too long ago, or that nobody awaits; of a wrong one it is `tries_left`."""


class NewAddress(NamedTuple):
    """What a person has typed, and when."""

    person: str
    way: Way
    typed: str
    at: datetime
    may_replace: bool = False
    """Whether the session was confirmed lately, without which no proved address is replaced."""


def digest_key(keys: Keys) -> bytes:
    """The key of the digests of addresses, derived from the program's own private key."""
    return hmac.digest(keys.private.private_bytes_raw(), b"digests of addresses of tamdid", "sha256")


def expect(connection: Connection, new: NewAddress, key: bytes) -> None:
    """Store a new address that is still to be proved, and have a code sent to it; the proved one stays until then."""
    person, way, at, value = new.person, new.way, new.at, normal(new.way, new.typed)
    member = member_of(person)
    if personal_data.is_erased(connection, member):
        raise Refused(Reason.NOT_ALLOWED)
    upsert.add(connection, CONTACTS, {"person": person, "way": way.value, "member": member})
    row = locked(connection, person, way)
    if row is not None and row.value not in ("", value) and not new.may_replace:
        raise Refused(Reason.CODE_NEEDED)
    sent_at, sent = (row.code_sent_at, row.codes_sent) if row else (None, 0)
    if sent_at is not None and sent_at + DAY <= at:
        sent = 0
    digest = hmac.digest(key, mailbox(value).encode(), "sha256").hex()
    if until := free_at(sent_at, sent, sent_to(connection, digest, at), at):
        raise Refused(Reason.TOO_MANY_ATTEMPTS, {"until": until.isoformat()})
    change(connection, person, way, awaited=value, code_hash="", code_sent_at=at, codes_sent=sent + 1, code_tries=0)
    this = {"person": person, "way": way.value, "sent_at": at}
    upsert.put(connection, SENT_CODES, this, {"member": member, "address_digest": digest})
    CODES.arm(connection, f"{person}/{way.value}", at)


def free_at(sent_at: datetime | None, sent: int, to_address: Sequence[datetime], at: datetime) -> datetime | None:
    """When a person may have the next code sent, who has had so many in a row, to an address that got codes at these instants; None for now."""
    found = []
    if sent_at is not None and abs(at - sent_at) < CODE_AGAIN_AFTER:  # also where a clock was set back
        found.append(sent_at + CODE_AGAIN_AFTER)
    if sent_at is not None and sent >= CODES_A_DAY_MAX:
        found.append(sent_at + DAY)
    if len(to_address) >= CODES_TO_ADDRESS_A_DAY_MAX:
        found.append(to_address[-CODES_TO_ADDRESS_A_DAY_MAX] + DAY)
    return max(found, default=None)


def mailbox(value: str) -> str:
    """A number, or an e-mail address without what comes after a plus sign: to most mail servers all of those are one mailbox."""
    name, at, domain = value.lower().partition("@")
    return f"{name.partition('+')[0]}@{domain}" if at else name


def sent_to(connection: Connection, digest: str, at: datetime) -> Sequence[datetime]:
    """When an address got codes within a day, from whichever persons; until the transaction ends no other copy sends it one."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ADDRESS_LOCK, func.hashtext(digest))))
    these = (SENT_CODES.c.address_digest == digest, SENT_CODES.c.sent_at > at - DAY)
    return connection.execute(select(SENT_CODES.c.sent_at).where(*these).order_by(SENT_CODES.c.sent_at)).scalars().all()


def code_hash(person: str, code: str) -> str:
    """A code lives for minutes and has a few tries; its hash keeps it out of backups and logs."""
    return hashlib.scrypt(code.encode(), salt=person.encode(), n=2**12, r=8, p=1).hex()


def set_code(connection: Connection, person: str, way: Way, code: str, at: datetime) -> str | None:
    """Store the code that is about to be sent; returns to which address, None where none is awaited any more."""
    row = locked(connection, person, way)
    if row is None or not is_awaited(row, at):
        return None
    change(connection, person, way, code_hash=code_hash(person, code))
    return str(row.awaited)


def is_awaited(row: Any, at: datetime) -> bool:
    """Whether an address still waits for its code."""
    return bool(row.awaited) and at <= row.code_sent_at + CODE_HOLDS_FOR


def try_code(connection: Connection, command: commands.ProveAddress, person: str) -> Refused | None:
    """Count a try of the typed code; where it is wrong, how that is refused, once the transaction with the count is committed."""
    row = locked(connection, person, command.way)
    if row is None or not is_awaited(row, command.at):
        raise Refused(Reason.WRONG_CODE, {"code": EXPIRED})
    if row.code_tries >= CODE_TRIES_MAX:
        raise Refused(Reason.TOO_MANY_ATTEMPTS)
    change(connection, person, command.way, code_tries=row.code_tries + 1)
    is_right = hmac.compare_digest(str(row.code_hash), code_hash(person, command.code))
    return None if is_right else wrong(row.code_tries + 1)


def tried_before(connection: Connection, command: commands.ProveAddress, person: str) -> Refused | None:
    """What the same try was answered when it came first; it is not counted again."""
    row = locked(connection, person, command.way)
    return None if row and row.address == command.id else wrong(row.code_tries if row else CODE_TRIES_MAX)


def wrong(tries: int) -> Refused:
    return Refused(Reason.WRONG_CODE, {"tries_left": str(CODE_TRIES_MAX - tries)})


def prove(connection: Connection, command: domain.Prove) -> None:
    """The awaited address is the person's from now on, under the command's id."""
    proved = {"address": command.id, "value": CONTACTS.c.awaited, "proved_at": command.at}
    change(connection, command.person, command.way, **proved, **NEVER_FAILED, awaited="", code_hash="")
