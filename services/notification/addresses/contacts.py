"""A person's addresses and choices in their rows: a new address, its code, its proof, and what is known when something is to be sent."""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, select, update

from services.notification.addresses import domain
from services.notification.persons import member_of
from services.notification.tables import CHOICES, CODES, CONTACTS
from shared import personal_data
from shared.contract.notification import answers, commands
from shared.contract.notification.values import Way
from shared.contract.refusals import Reason, Refused
from shared.event_store.sql import upsert
from shared.text import persian

CODE_HOLDS_FOR = timedelta(minutes=10)
CODE_AGAIN_AFTER = timedelta(minutes=1)
CODES_A_DAY_MAX = 5
"""For one person and way: a code costs, and a stranger's telephone could be called by it."""
CODE_TRIES_MAX = 5
FAILURES_MAX = 3
"""Hard failures in a row, after which an address gets no messages."""
QUIET_FROM, QUIET_TO = time(21), time(8)
NEVER_FAILED: Mapping[str, Any] = {"failures": 0, "stopped_at": None}
EMAIL = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"']+")


class Contact(NamedTuple):
    """What is known of an address when something is to be sent."""

    value: str
    is_usable: bool


class Choices(NamedTuple):
    """By which ways and when a person wants to be told; the hours are those of Tehran."""

    ways: tuple[Way, ...] = (Way.SMS, Way.EMAIL)
    wants_reminders: bool = True
    quiet_from: time = QUIET_FROM
    quiet_to: time = QUIET_TO


def normal(way: Way, typed: str) -> str:
    """An address in its normal form, or `Refused(BAD_INPUT)`."""
    if way is Way.SMS:
        found = persian.mobile(typed)
    else:
        text = persian.normalise(typed).strip()
        found = text if EMAIL.fullmatch(text) and text.isascii() else None
    if found is None:
        raise Refused(Reason.BAD_INPUT, {"address": "string_pattern_mismatch"})
    return found


def row_of(connection: Connection, person: str, way: Way) -> RowMapping | None:
    this = (CONTACTS.c.person == person, CONTACTS.c.way == way.value)
    return connection.execute(select(CONTACTS).where(*this)).mappings().one_or_none()


def expect(connection: Connection, person: str, way: Way, typed: str, at: datetime) -> None:
    """Store a new address that is still to be proved, and have a code sent to it; the proved one stays until then."""
    value, row = normal(way, typed), row_of(connection, person, way)
    if personal_data.is_erased(connection, member_of(person)):
        raise Refused(Reason.NOT_ALLOWED)
    sent_at, sent = (row["code_sent_at"], row["codes_sent"]) if row else (None, 0)
    if sent_at is not None and sent_at + timedelta(days=1) < at:
        sent = 0
    too_soon = sent_at is not None and at < sent_at + CODE_AGAIN_AFTER
    if sent >= CODES_A_DAY_MAX or too_soon:
        raise Refused(Reason.TOO_MANY_ATTEMPTS)
    change = {"awaited": value, "code_hash": "", "code_sent_at": at, "codes_sent": sent + 1, "code_tries": 0}
    new = {"member": member_of(person), "value": "", "failures": 0}
    upsert.put(connection, CONTACTS, {"person": person, "way": way.value}, change, new=new)
    CODES.arm(connection, f"{person}/{way.value}", at)


def code_hash(person: str, code: str) -> str:
    """A code lives for minutes and has a few tries; its hash keeps it out of backups and logs."""
    return hashlib.scrypt(code.encode(), salt=person.encode(), n=2**12, r=8, p=1).hex()


def set_code(connection: Connection, person: str, way: Way, code: str, at: datetime) -> str | None:
    """Store the code that is about to be sent; returns to which address, None where none is awaited any more."""
    row = row_of(connection, person, way)
    if row is None or not row["awaited"] or row["code_sent_at"] + CODE_HOLDS_FOR < at:
        return None
    change(connection, person, way, code_hash=code_hash(person, code))
    return str(row["awaited"])


def try_code(connection: Connection, command: commands.ProveAddress, person: str) -> str | None:
    """The address that the typed code proves, None where it is wrong; that is counted, and the transaction must be committed for it."""
    row = row_of(connection, person, command.way)
    if row is None or not row["awaited"] or row["code_sent_at"] + CODE_HOLDS_FOR < command.at:
        raise Refused(Reason.WRONG_CODE)
    if row["code_tries"] >= CODE_TRIES_MAX:
        raise Refused(Reason.TOO_MANY_ATTEMPTS)
    change(connection, person, command.way, code_tries=row["code_tries"] + 1)
    is_right = hmac.compare_digest(str(row["code_hash"]), code_hash(person, command.code))
    return str(row["awaited"]) if is_right else None


def prove(connection: Connection, command: domain.Prove) -> None:
    """The address is the person's from now on; refused where another one has come in its place since its code was typed."""
    row = row_of(connection, command.person, command.way)
    if row is None or row["awaited"] != command.proved:
        raise Refused(Reason.WRONG_CODE)
    proved = {"address": command.id, "value": command.proved, "proved_at": command.at}
    change(connection, command.person, command.way, **proved, **NEVER_FAILED, awaited="", code_hash="")


def remove(connection: Connection, person: str, way: Way) -> None:
    """Nothing is left of the address; how many codes were sent stays, or whoever removes and sets one could have any number sent."""
    change(connection, person, way, address=None, value="", proved_at=None, awaited="", code_hash="", **NEVER_FAILED)
    CODES.cancel(connection, f"{person}/{way.value}")


def change(connection: Connection, person: str, way: Way, **values: object) -> None:
    this = (CONTACTS.c.person == person, CONTACTS.c.way == way.value)
    connection.execute(update(CONTACTS).where(*this).values(values))


def count_failure(connection: Connection, person: str, way: Way, at: datetime) -> bool:
    """A message has failed for good at an address; whether that was one too many."""
    row = row_of(connection, person, way)
    if row is None or row["stopped_at"] is not None or not row["value"]:
        return False
    failures = row["failures"] + 1
    is_too_many: bool = failures >= FAILURES_MAX
    change(connection, person, way, failures=failures, stopped_at=at if is_too_many else None)
    return is_too_many


def count_success(connection: Connection, person: str, way: Way) -> None:
    change(connection, person, way, failures=0)


def contacts_of(connection: Connection, person: str) -> Mapping[Way, Contact]:
    """The proved addresses of a person."""
    rows = connection.execute(select(CONTACTS).where(CONTACTS.c.person == person, CONTACTS.c.value != "")).mappings()
    return {Way(row["way"]): Contact(row["value"], row["stopped_at"] is None) for row in rows}


def choices_of(connection: Connection, person: str) -> Choices:
    row = connection.execute(select(CHOICES).where(CHOICES.c.person == person)).mappings().one_or_none()
    if row is None:
        return Choices()
    ways = tuple(Way(one) for one in row["ways"].split())
    return Choices(ways, row["wants_reminders"], row["quiet_from"], row["quiet_to"])


def choose(connection: Connection, person: str, command: commands.SetChoices) -> None:
    row = {
        "member": member_of(person),
        "ways": " ".join(sorted({way.value for way in command.ways})),
        "wants_reminders": command.wants_reminders,
        "quiet_from": command.quiet_from,
        "quiet_to": command.quiet_to,
    }
    upsert.put(connection, CHOICES, {"person": person}, row)


def answer(connection: Connection, person: str) -> answers.Contacts:
    """The addresses and choices of a person, for the person."""
    rows = connection.execute(select(CONTACTS).where(CONTACTS.c.person == person).order_by(CONTACTS.c.way.desc()))
    addresses = tuple(address for row in rows.mappings() for address in shown(row))
    return answers.Contacts(addresses=addresses, **choices_of(connection, person)._asdict())


def shown(row: RowMapping) -> Sequence[answers.Address]:
    """The proved address and the awaited one."""
    way = Way(row["way"])
    proved = answers.Address(way=way, address=row["value"], is_proved=True, is_stopped=row["stopped_at"] is not None)
    awaited = answers.Address(way=way, address=row["awaited"], is_proved=False, code_sent_at=row["code_sent_at"])
    return [one for one in (proved, awaited) if one.address]


def masked(value: str) -> str:
    """An address as others may see it: `0913•••4567`, `m•••@example.ir`."""
    name, at, domain = value.partition("@")
    if at:
        return f"{name[:1]}•••@{domain}"
    return f"{value[:4]}•••{value[-4:]}" if value else ""


def is_quiet(choices: Choices, at: datetime) -> bool:
    """Whether it is between the hours in which a person is sent nothing; over midnight where they end before they begin."""
    now, start, end = at.astimezone(persian.TEHRAN).time(), choices.quiet_from, choices.quiet_to
    return start <= now < end if start <= end else now >= start or now < end


def quiet_ends(choices: Choices, at: datetime) -> datetime:
    """The first instant after the quiet hours in which `at` lies."""
    here = at.astimezone(persian.TEHRAN)
    end = datetime.combine(here.date(), choices.quiet_to, persian.TEHRAN)
    return (end if end > here else end + timedelta(days=1)).astimezone(UTC)
