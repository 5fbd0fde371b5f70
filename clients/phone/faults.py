"""What shall go wrong with an SMS provider or the mail server: how many more times, and with which address."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection, delete, select, update

from clients.phone.tables import FAULTS
from shared.event_store.sql import upsert

VALUE_MAX = 1_000


class Fault(StrEnum):
    """What can be made to go wrong, that many times; the value of `slow` is its seconds, until it is cleared."""

    DOWN = "down"
    """Every question is answered with 503; the mail server refuses with 421."""
    SLOW = "slow"
    ERROR_ANSWER = "error_answer"
    """A send is refused by an error in the provider's own form, which may be an answer with status 200."""
    NO_CREDIT = "no_credit"
    """The account has no credit."""
    BLOCKED = "blocked"
    """The number or mailbox takes no messages."""
    NEVER_DELIVERED = "never_delivered"
    """A send is accepted, and its message never arrives."""
    ANSWER_LOST = "answer_lost"
    """A send is accepted, and the connection breaks before the answer: who sends again sends twice."""
    DELIVERY_TWICE = "delivery_twice"
    """An answer about deliveries names each message twice."""


SHOWN: Mapping[Fault, str] = {
    Fault.DOWN: "از کار افتاده",
    Fault.SLOW: "کند (ثانیه)",
    Fault.ERROR_ANSWER: "خطا در پاسخ",
    Fault.NO_CREDIT: "بدون اعتبار",
    Fault.BLOCKED: "شمارهٔ مسدود",
    Fault.NEVER_DELIVERED: "پذیرفته و نرسیده",
    Fault.ANSWER_LOST: "پذیرفته و پاسخ گم‌شده",
    Fault.DELIVERY_TWICE: "گزارش تحویل دوباره",
}
NOT_OF = {"smsir": {Fault.DELIVERY_TWICE}, "smtp": {Fault.DELIVERY_TWICE}}
"""The one is asked about a single message, the other about none."""


def faults_of(provider: str) -> list[Fault]:
    """What can go wrong with a provider."""
    return [fault for fault in Fault if fault not in NOT_OF.get(provider, ())]


def switch(connection: Connection, provider: str, fault: Fault, value: int, address: str = "") -> None:
    """Set a fault's value, with one address or with all; 0 clears it."""
    key = {"provider": provider, "name": fault.value, "address": address}
    upsert.put(connection, FAULTS, key, {"value": value})


def switch_each(connection: Connection, provider: str, values: Mapping[Fault, int | None]) -> None:
    """Set several faults' values with all addresses."""
    for fault, value in values.items():
        switch(connection, provider, fault, value or 0)


def clear(connection: Connection) -> None:
    """Let everything go well again."""
    connection.execute(delete(FAULTS))


def switched(connection: Connection) -> dict[str, dict[str, int]]:
    """What is switched on with all addresses, by provider."""
    rows = connection.execute(select(FAULTS).where(FAULTS.c.address == "", FAULTS.c.value > 0))
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.provider, {})[row.name] = row.value
    return found


def value_of(connection: Connection, provider: str, fault: Fault, address: str = "") -> int:
    """A fault's value, 0 when it is off."""
    query = select(FAULTS.c.value).where(FAULTS.c.provider == provider, FAULTS.c.name == fault.value)
    of_address = query.where(FAULTS.c.address == address)
    return (
        connection.execute(of_address).scalar() or connection.execute(query.where(FAULTS.c.address == "")).scalar() or 0
    )


def happens(connection: Connection, provider: str, fault: Fault, address: str = "") -> bool:
    """Whether it goes wrong this time; one time less is left."""
    left = update(FAULTS).where(FAULTS.c.provider == provider, FAULTS.c.name == fault.value, FAULTS.c.value > 0)
    return any(
        connection.execute(left.where(FAULTS.c.address == one).values(value=FAULTS.c.value - 1)).rowcount == 1
        for one in dict.fromkeys((address, ""))
    )
