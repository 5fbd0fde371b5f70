"""The sandbox bank's fault switches: what shall go wrong, and how many more times."""

from enum import StrEnum

from sqlalchemy import Connection, delete, insert, select, update

from clients.bank.sandbox.tables import FAULTS

VALUE_MAX = 1_000


class Fault(StrEnum):
    """What can be made to go wrong, that many times; a delay's value is its seconds, until it is cleared."""

    CREATE_500 = "create_500"
    VERIFY_502 = "verify_502"
    VERIFY_BUSY = "verify_busy"
    VERIFY_DROP = "verify_drop"
    """The verify succeeds, and the connection breaks before the answer."""
    VERIFY_DELAY = "verify_delay"
    SETTLE_DROP = "settle_drop"
    """The second bank's settle succeeds, and its answer is lost."""
    SETTLE_FAILS = "settle_fails"
    """The second bank declines to settle."""
    INQUIRY_502 = "inquiry_502"
    AMOUNT_TAMPERED = "amount_tampered"
    """The amount that was paid is not the one that was asked for."""
    CALLBACK_OK_UNPAID = "callback_ok_unpaid"
    """The browser comes back with OK from a cancelled session."""
    CALLBACK_NOK_PAID = "callback_nok_paid"
    """The browser comes back with NOK from a paid session."""
    CALLBACK_OTHER = "callback_other"
    """The browser comes back with an authority that nobody gave out."""
    UNVERIFIED_EMPTY = "unverified_empty"


def switch(connection: Connection, fault: Fault, value: int) -> None:
    """Set a fault's value; 0 clears it."""
    connection.execute(delete(FAULTS).where(FAULTS.c.name == fault.value))
    if value:
        connection.execute(insert(FAULTS).values(name=fault.value, value=value))


def clear(connection: Connection) -> None:
    """Let everything go well again."""
    connection.execute(delete(FAULTS))


def switched(connection: Connection) -> dict[str, int]:
    """What is switched on."""
    return {row.name: row.value for row in connection.execute(select(FAULTS).order_by(FAULTS.c.name))}


def value_of(connection: Connection, fault: Fault) -> int:
    """A fault's value, 0 when it is off."""
    return connection.execute(select(FAULTS.c.value).where(FAULTS.c.name == fault.value)).scalar() or 0


def happens(connection: Connection, fault: Fault) -> bool:
    """Whether it goes wrong this time; one time less is left."""
    left = update(FAULTS).where(FAULTS.c.name == fault.value, FAULTS.c.value > 0).values(value=FAULTS.c.value - 1)
    return connection.execute(left).rowcount == 1
