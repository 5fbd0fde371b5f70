"""Raw evidence: each exchange with a bank is a row before anything is done about it, and tells whether the bank is well."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, insert

from services.payment.banks import circuit_breaker
from services.payment.banks.port import Exchange, Keep
from services.payment.tables import EVIDENCE
from shared.event_store.database import Database


def keeper(database: Database, bank: str, clock: Callable[[], datetime]) -> Keep:
    """Keeps a bank's exchanges in a database; when that fails, nothing is done about the answer either."""

    def keep(exchange: Exchange) -> None:
        database.write(lambda connection: write(connection, bank, exchange, clock()))

    return keep


def write(connection: Connection, bank: str, exchange: Exchange, at: datetime) -> None:
    said = {name: told for name, told in vars(exchange).items() if name != "is_late"}
    connection.execute(insert(EVIDENCE).values(bank=bank, at=at, **said))
    circuit_breaker.note(connection, bank, at, is_well=exchange.is_usable and not exchange.is_late)
