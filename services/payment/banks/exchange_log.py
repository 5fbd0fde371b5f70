"""Exchange log: each request to a bank and its raw answer is a row before anything is done about it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from services.payment.banks import circuit_breaker
from services.payment.banks.port import Exchange, RecordExchange
from services.payment.tables import EXCHANGES
from shared.event_store.database import Database
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared

EXCHANGES_PER_ATTEMPT_MAX = 60
"""The first and the last of an attempt are kept, as evidence; of more, those between are deleted."""

OF_ATTEMPT = Prepared(
    select(EXCHANGES.c.number)
    .where(EXCHANGES.c.bank == bindparam("of"), EXCHANGES.c.authority == bindparam("of_authority"))
    .order_by(EXCHANGES.c.number)
)


def recorder(database: Database, bank: str, clock: Callable[[], datetime]) -> RecordExchange:
    """Keeps a bank's exchanges in a database; when that fails, nothing is done about the answer either."""

    def record(exchange: Exchange) -> None:
        database.write(lambda connection: insert_exchange(connection, bank, exchange, clock()))

    return record


def insert_exchange(connection: Connection, bank: str, exchange: Exchange, at: datetime) -> None:
    columns = {name: value for name, value in vars(exchange).items() if name != "is_late"}
    by_key.add(connection, EXCHANGES, {"bank": bank, "at": at, **columns})
    if exchange.authority:
        delete_middle(connection, bank, exchange.authority)
    circuit_breaker.record_answer(connection, bank, at, is_well=exchange.is_usable and not exchange.is_late)


def delete_middle(connection: Connection, bank: str, authority: str) -> None:
    """Delete the middle exchange of an attempt that has more than its share."""
    stored = OF_ATTEMPT.rows(connection, {"of": bank, "of_authority": authority})
    if len(stored) > EXCHANGES_PER_ATTEMPT_MAX:
        by_key.remove(connection, EXCHANGES, stored[EXCHANGES_PER_ATTEMPT_MAX // 2]._asdict())
