"""A column more in payment's invoices: version 2 of its projections is filled from the log while version 1 goes on, and both are right from then on."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, select, update

from services.payment import process, projection, tables
from services.payment.invoices.internal_commands import ReverseAttempt
from shared.contract.envelope import Recorded
from shared.event_store import projection_versions
from shared.event_store.command_handler import Records
from shared.event_store.database import Database, Instant
from shared.event_store.log import EventLog
from shared.event_store.projection_versions import OwnLog
from tests.services.payment import samples
from tests.services.payment.samples import AT, FIRST, OTHER_AUTHORITY, OTHER_REFERENCE, SECOND, record
from tests.support.projection_versions import first_version, other_version, own_log
from tests.support.replay import replayed, rows_of

VERSION_2 = MetaData(info={"version": 2})
for table in tables.PROJECTIONS.sorted_tables:
    table.to_metadata(VERSION_2)
INVOICES_2: Table = VERSION_2.tables["invoices"]
INVOICES_2.append_column(Column("last_changed_at", Instant))


def project_2(connection: Connection, recorded: Recorded) -> None:
    """The projection of today, and the new column."""
    projection.project(connection, recorded)
    if recorded.stream.startswith("invoice/"):
        _, member, year = recorded.stream.split("/")
        changed = update(INVOICES_2).where(INVOICES_2.c.member == member, INVOICES_2.c.year == int(year))
        connection.execute(changed.values(last_changed_at=recorded.recorded_at))


def copy_of(database: Database, project: object) -> tuple[Records, OwnLog]:
    log = EventLog("payment", project, process.react)  # type: ignore[arg-type]
    return Records(database, log), own_log(database, log)


def require_replays(own: OwnLog, of: MetaData) -> None:
    """Its rows are those that the log alone gives."""
    with own.database.read() as connection:
        events, live = own.log.read(connection, 0, 1_000), rows_of(connection, of)
    assert replayed(of, (own.log.project, events)) == live


@pytest.fixture
def prepare() -> None:
    """Its tables are of two versions."""


def test_a_new_column_is_filled_while_payments_go_on_and_taken_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projection_versions, "PAGE_MAX", 2)
    database = first_version(database_url, tables.PROJECTIONS, ["payment"])
    database.create_tables(tables.STATE)
    old, own_1 = copy_of(database, projection.project)
    record(old, samples.issue(), samples.start(), samples.start(SECOND, OTHER_AUTHORITY, AT + timedelta(hours=1)))

    new, own_2 = copy_of(other_version(database_url, VERSION_2, ["payment"]), project_2)
    new.database.write(own_2._catch_up_page)  # killed after the first page of the fill
    record(old, samples.settle())
    own_2.catch_up()
    own_1.catch_up()
    require_replays(own_2, VERSION_2)
    with new.read() as connection:
        assert all(connection.execute(select(INVOICES_2.c.last_changed_at)).scalars())

    record(new, samples.settle(SECOND, OTHER_REFERENCE))
    require_replays(own_1, tables.PROJECTIONS)
    record(old, ReverseAttempt(uuid4(), AT + timedelta(hours=2), FIRST, "by_bank"), member=samples.MEMBER)
    record(new, samples.issue(samples.OTHER_MEMBER), member=samples.OTHER_MEMBER)
    for _ in range(2):
        require_replays(own_1, tables.PROJECTIONS)
        require_replays(own_2, VERSION_2)
    new.database.close()

    record(old, samples.start(uuid4(), "S0" + "7" * 34), member=samples.OTHER_MEMBER)  # back with version 1 alone
    require_replays(own_1, tables.PROJECTIONS)
    old.database.close()
