"""The start of capacity: policies of new years are recorded, and the facts received before them are derived by them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection

from services.capacity.policies import registry
from services.capacity.projection import projector
from services.capacity.tables.state import lock_projection
from shared.event_store.command_handler import Records
from shared.policies import capacity_policy
from shared.policies.capacity_policy import Policy
from shared.settings import Settings
from shared.subscriptions.replay import jobs


def record_policies(records: Records, settings: Settings, at: datetime) -> None:
    """Check every policy file, and record those of new years."""
    files = capacity_policy.read_folder(settings.policies_folder)
    record_and_derive(records, files.values(), at)
    with records.read() as connection:
        registry.warn_of_changed_files(connection, files)


def record_and_derive(records: Records, policies: Iterable[Policy], at: datetime) -> None:
    """Record new years together with the rows that follow from the facts of those years."""

    def work(connection: Connection) -> None:
        years = registry.record(connection, policies, at)
        if years:
            jobs.cancel(connection)  # its rows would lack those years
            lock_projection(connection)
            projector.derive_years(connection, years)

    records.write(work)
