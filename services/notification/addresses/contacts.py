"""A person's addresses and choices in their rows, and what is known of them when something is to be sent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from services.notification.persons import is_mail_address, member_of
from services.notification.tables import CHOICES, CONTACTS, LEFT_ADDRESSES
from services.notification.timers import CODES
from shared import personal_data
from shared.contract.notification import answers, commands
from shared.contract.notification.values import NoticeKind, Way
from shared.contract.refusals import Reason, Refused
from shared.event_store.sql import by_key, upsert
from shared.text import persian

FAILURES_MAX = 3
"""Hard failures in a row, after which an address gets no messages."""
QUIET_FROM, QUIET_TO = time(21), time(8)
NEVER_FAILED: Mapping[str, Any] = {"failures": 0, "stopped_at": None}


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
        found = text if is_mail_address(text) else None
    if found is None:
        raise Refused(Reason.BAD_INPUT, {"address": "string_pattern_mismatch"})
    return found


def locked(connection: Connection, person: str, way: Way) -> Any:
    """A person's row of a way as it is until the transaction ends, or None: no other copy of the program changes it meanwhile."""
    return by_key.find(connection, CONTACTS, {"person": person, "way": way.value}, locks=True)


def remove(connection: Connection, person: str, way: Way) -> None:
    """Nothing is left of the address; how many codes were sent stays, or whoever removes and sets one could have any number sent."""
    change(connection, person, way, address=None, value="", proved_at=None, awaited="", code_hash="", **NEVER_FAILED)
    CODES.cancel(connection, f"{person}/{way.value}")


def change(connection: Connection, person: str, way: Way, **values: object) -> None:
    by_key.change(connection, CONTACTS, {"person": person, "way": way.value}, values)


def count_failure(connection: Connection, person: str, way: Way, address: UUID | None, at: datetime) -> bool:
    """A message has failed for good at an address, by its id; whether that was one too many. What went to one of before says nothing of the present one."""
    row = locked(connection, person, way)
    if row is None or address is None or row.address != address or row.stopped_at is not None:
        return False
    failures = row.failures + 1
    is_too_many: bool = failures >= FAILURES_MAX
    change(connection, person, way, failures=failures, stopped_at=at if is_too_many else None)
    return is_too_many


def count_success(connection: Connection, person: str, way: Way, address: UUID | None) -> None:
    row = locked(connection, person, way)
    if row is not None and address is not None and row.address == address:
        change(connection, person, way, failures=0)


def contacts_of(connection: Connection, person: str) -> Mapping[Way, Contact]:
    """The proved addresses of a person."""
    rows = by_key.find_all(connection, CONTACTS, {"person": person}, "way")
    return {Way(row.way): Contact(row.value, row.stopped_at is None) for row in rows if row.value}


def contacts_for(connection: Connection, notice: Any) -> Mapping[Way, Contact]:
    """Where a notice may go: to the person's proved addresses, or to the one that was left, which alone is told so."""
    if notice.kind != NoticeKind.ADDRESS_CHANGED:
        return contacts_of(connection, notice.person)
    rows = connection.execute(select(LEFT_ADDRESSES).where(LEFT_ADDRESSES.c.notice == notice.notice))
    return {Way(row.way): Contact(row.value, is_usable=True) for row in rows}


def address_for(connection: Connection, notice: Any, way: Way, value: str) -> UUID | None:
    """The id of the address that a notice is about to go to; None where it was removed, replaced or erased since it was looked at."""
    if notice.kind == NoticeKind.ADDRESS_CHANGED:
        this = (LEFT_ADDRESSES.c.notice == notice.notice, LEFT_ADDRESSES.c.value == value)
        return connection.execute(select(LEFT_ADDRESSES.c.address).where(*this).with_for_update()).scalar()
    row = locked(connection, notice.person, way)
    return row.address if row is not None and row.value == value else None


def choices_of(connection: Connection, person: str) -> Choices:
    row = by_key.find(connection, CHOICES, {"person": person})
    if row is None:
        return Choices()
    return Choices(tuple(map(Way, row.ways.split())), row.wants_reminders, row.quiet_from, row.quiet_to)


def choose(connection: Connection, person: str, command: commands.SetChoices) -> None:
    if personal_data.is_erased(connection, member_of(person)):
        raise Refused(Reason.NOT_ALLOWED)
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
    rows = reversed(by_key.find_all(connection, CONTACTS, {"person": person}, "way"))
    addresses = tuple(address for row in rows for address in shown(row))
    return answers.Contacts(addresses=addresses, **choices_of(connection, person)._asdict())


def shown(row: Any) -> Sequence[answers.Address]:
    """The proved address and the awaited one."""
    way = Way(row.way)
    proved = answers.Address(way=way, address=row.value, is_proved=True, is_stopped=row.stopped_at is not None)
    awaited = answers.Address(way=way, address=row.awaited, is_proved=False, code_sent_at=row.code_sent_at)
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
