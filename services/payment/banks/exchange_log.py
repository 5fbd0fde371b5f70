"""Exchange log: each request to a bank and its raw answer is a row before anything is done about it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, insert

from services.payment.banks import circuit_breaker
from services.payment.banks.port import Exchange, RecordExchange
from services.payment.tables import EXCHANGES
from shared.event_store.database import Database


def recorder(database: Database, bank: str, clock: Callable[[], datetime]) -> RecordExchange:
    """Keeps a bank's exchanges in a database; when that fails, nothing is done about the answer either."""

    def record(exchange: Exchange) -> None:
        database.write(lambda connection: insert_exchange(connection, bank, exchange, clock()))

    return record


def insert_exchange(connection: Connection, bank: str, exchange: Exchange, at: datetime) -> None:
    columns = {name: value for name, value in vars(exchange).items() if name != "is_late"}
    connection.execute(insert(EXCHANGES).values(bank=bank, at=at, **columns))
    circuit_breaker.record_answer(connection, bank, at, is_well=exchange.is_usable and not exchange.is_late)
