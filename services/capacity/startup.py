"""The start: policies of new years are put on record, and what was heard of those years before is derived by them."""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection

from services.capacity.policies import registry
from services.capacity.projection import projector
from shared.contract.policy import read_all
from shared.event_store.command_handler import Records
from shared.settings import Settings


def take_on_record(records: Records, settings: Settings) -> None:
    """Check every file, put new years on record with the rows that follow from them, and go by the record."""
    texts = read_all(settings.policies_folder)
    put_on_record(records, texts)
    with records.read() as connection:
        registry.warn_of_changes(texts, [registry.in_use(connection, year) for year in registry.IN_USE])


def put_on_record(records: Records, texts: Mapping[int, str]) -> None:
    """A year is on record only with the rows that follow from what was heard of it."""

    def work(connection: Connection) -> None:
        fresh = registry.put_on_record(connection, texts, datetime.now(UTC))
        if fresh:
            projector.take_turn(connection)
            projector.derive_years(connection, fresh)

    records.write(work)
