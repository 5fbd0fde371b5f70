"""The start of capacity: policies of new years are recorded, and the facts received before them are derived by them."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import Connection

from services.capacity.grants import recording
from services.capacity.policies import registry
from services.capacity.projection import projector
from services.capacity.tables.state import lock_projection
from shared.contract.envelope import Metadata
from shared.event_store.command_handler import Records
from shared.policies import capacity_policy
from shared.policies.capacity_policy import Policy
from shared.settings import Settings
from shared.subscriptions.replay import jobs
from shared.text import persian

POLICIES = UUID("8d3f0c52-5d57-5d1e-9a1d-706f6c696379")
"""The namespace of the ids by which a first policy is the cause of what follows from it."""


def record_policies(records: Records, settings: Settings, at: datetime) -> None:
    """Check every policy file, and record those of new years."""
    until = persian.jalali_year(at) if settings.development else 0
    files = capacity_policy.read_folder(settings.policies_folder, until)
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
            cause = caused_by_policies(years)
            projector.derive_years(connection, years, partial(recording.record, cause_of=lambda _member: cause))

    records.write(work)


def caused_by_policies(years: Iterable[int]) -> Metadata:
    """The metadata of what the first policies of years lead to, the same however often they are recorded."""
    policies = uuid5(POLICIES, " ".join(map(str, sorted(years))))
    return Metadata(correlation_id=policies, causation_id=policies, actor="program:capacity")
