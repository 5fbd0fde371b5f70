"""Exchange log: each request to a bank and its raw answer is a row before anything is done about it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from services.payment.banks import circuit_breaker
from services.payment.banks.port import Exchange, RecordExchange
from services.payment.tables import EXCHANGES
from shared.event_store.database import Database

EXCHANGES_PER_ATTEMPT_MAX = 60
"""The first and the last of an attempt are kept, as evidence; of more, those between are deleted."""


def recorder(database: Database, bank: str, clock: Callable[[], datetime]) -> RecordExchange:
    """Keeps a bank's exchanges in a database; when that fails, nothing is done about the answer either."""

    def record(exchange: Exchange) -> None:
        database.write(lambda connection: insert_exchange(connection, bank, exchange, clock()))

    return record


def insert_exchange(connection: Connection, bank: str, exchange: Exchange, at: datetime) -> None:
    columns = {name: value for name, value in vars(exchange).items() if name != "is_late"}
    connection.execute(insert(EXCHANGES).values(bank=bank, at=at, **columns))
    if exchange.authority:
        delete_middle(connection, bank, exchange.authority)
    circuit_breaker.record_answer(connection, bank, at, is_well=exchange.is_usable and not exchange.is_late)


def delete_middle(connection: Connection, bank: str, authority: str) -> None:
    """Delete the middle exchange of an attempt that has more than its share."""
    of_attempt = (EXCHANGES.c.bank == bank, EXCHANGES.c.authority == authority)
    numbers = connection.execute(select(EXCHANGES.c.number).where(*of_attempt).order_by(EXCHANGES.c.number)).scalars()
    stored = list(numbers)
    if len(stored) > EXCHANGES_PER_ATTEMPT_MAX:
        middle = stored[EXCHANGES_PER_ATTEMPT_MAX // 2]
        connection.execute(delete(EXCHANGES).where(EXCHANGES.c.number == middle))
