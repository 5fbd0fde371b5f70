"""The sandbox bank's fault switches: what shall go wrong, how many more times, and with which session."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, select, union_all, update

from clients.bank.sandbox.tables import FAULTS, SESSION_FAULTS
from shared.event_store.command_handler import Records
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared

VALUE_MAX = 1_000


class Fault(StrEnum):
    """What can be made to go wrong, that many times; a delay's value is its seconds, a clock's its minutes, until cleared."""

    DOWN = "down"
    """Every question is answered with an error."""
    CLOCK_AHEAD = "clock_ahead"
    """The bank's clock is so many minutes ahead."""
    CREATE_500 = "create_500"
    VERIFY_502 = "verify_502"
    VERIFY_BUSY = "verify_busy"
    VERIFY_DROP = "verify_drop"
    """The verify succeeds, and the connection breaks before the answer."""
    VERIFY_DELAY = "verify_delay"
    REFERENCE_REPEATED = "reference_repeated"
    """The verify gives the reference of the first session that was ever verified."""
    SETTLE_DROP = "settle_drop"
    """The second bank's settle succeeds, and its answer is lost."""
    SETTLE_FAILS = "settle_fails"
    """The second bank declines to settle."""
    INQUIRY_502 = "inquiry_502"
    REVERSE_502 = "reverse_502"
    """The reversal succeeds, and its answer is lost."""
    REVERSE_DROP = "reverse_drop"
    """The reversal succeeds, and its answer is lost with those to as many inquiries after it."""
    REVERSE_REFUSED = "reverse_refused"
    AMOUNT_TAMPERED = "amount_tampered"
    """The amount that was paid is not the one that was asked for."""
    CALLBACK_OK_UNPAID = "callback_ok_unpaid"
    """The browser comes back with OK from a cancelled session."""
    CALLBACK_NOK_PAID = "callback_nok_paid"
    """The browser comes back with NOK from a paid session."""
    CALLBACK_OTHER = "callback_other"
    """The browser comes back with an authority that nobody gave out."""
    CALLBACK_TWICE = "callback_twice"
    """Something opens the way back before the browser does."""
    NOTICE_TWICE = "notice_twice"
    NOTICE_FORGED = "notice_forged"
    """The notice is signed with a secret that nobody gave out."""
    UNVERIFIED_EMPTY = "unverified_empty"


FAULTS_BY_AMOUNT = {
    1: Fault.VERIFY_DROP,
    2: Fault.VERIFY_502,
    3: Fault.VERIFY_BUSY,
    4: Fault.AMOUNT_TAMPERED,
    5: Fault.CALLBACK_NOK_PAID,
    6: Fault.CALLBACK_OTHER,
    7: Fault.CALLBACK_TWICE,
    8: Fault.NOTICE_TWICE,
    9: Fault.NOTICE_FORGED,
    10: Fault.REFERENCE_REPEATED,
}
"""What goes wrong once in a session, by the last two digits of its amount in rials."""
AMOUNT_MODULUS = 100
LEFT_OF_SESSION, LEFT = (
    update(table).where(table.c.name == bindparam("of"), table.c.value > 0).values(value=table.c.value - 1)
    for table in (SESSION_FAULTS, FAULTS)
)
SWITCHED_ON = Prepared(
    union_all(
        select(FAULTS.c.name, FAULTS.c.value).where(FAULTS.c.value > 0),
        select(SESSION_FAULTS.c.name, SESSION_FAULTS.c.value).where(
            SESSION_FAULTS.c.authority == bindparam("of_authority"), SESSION_FAULTS.c.value > 0
        ),
    )
)
ONE_LESS = Prepared(LEFT)
ONE_LESS_OF_SESSION = Prepared(LEFT_OF_SESSION.where(SESSION_FAULTS.c.authority == bindparam("of_authority")))


def switch(connection: Connection, fault: Fault, value: int, authority: str = "") -> None:
    """Set a fault's value, of one session or of all; 0 clears it."""
    if authority:
        upsert.put(connection, SESSION_FAULTS, {"authority": authority, "name": fault.value}, {"value": value})
    elif value:
        upsert.put(connection, FAULTS, {"name": fault.value}, {"value": value})
    else:
        connection.execute(delete(FAULTS).where(FAULTS.c.name == fault.value))


def switch_by_amount(connection: Connection, authority: str, amount_rials: int) -> None:
    """A new session's amount may say what shall go wrong with it."""
    if fault := FAULTS_BY_AMOUNT.get(amount_rials % AMOUNT_MODULUS):
        switch(connection, fault, 1, authority)


def clear(connection: Connection) -> None:
    """Let everything go well again."""
    connection.execute(delete(FAULTS))
    connection.execute(delete(SESSION_FAULTS))


def switched(connection: Connection) -> dict[str, int]:
    """What is switched on for all sessions."""
    return {row.name: row.value for row in connection.execute(select(FAULTS).order_by(FAULTS.c.name))}


def switched_on(connection: Connection, authority: str = "") -> dict[str, int]:
    """What is switched on for a session or for all."""
    return {row.name: row.value for row in SWITCHED_ON.rows(connection, {"of_authority": authority})}


def happens(connection: Connection, fault: Fault, authority: str = "") -> bool:
    """Whether it goes wrong this time; one time less is left."""
    about = {"of": fault.value, "of_authority": authority}
    return fault.value in switched_on(connection, authority) and any(
        one.run(connection, about) == 1 for one in (ONE_LESS_OF_SESSION, ONE_LESS)
    )


def clock_of(records: Records, clock: Callable[[], datetime]) -> Callable[[], datetime]:
    """The bank's own clock, which may be ahead."""

    def now() -> datetime:
        with records.read() as connection:
            return clock() + timedelta(minutes=switched_on(connection).get(Fault.CLOCK_AHEAD, 0))

    return now
