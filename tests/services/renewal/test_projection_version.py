"""The program opens its database with the version of its projections, though its subscription is bound before its store."""

from pathlib import Path

from nameko.containers import ServiceContainer

from services.renewal.service import RenewalService
from services.renewal.tables import PROJECTIONS
from shared.event_store.sql import schema
from shared.nameko_extensions import EventStore
from shared.settings import Settings


def test_the_database_is_that_of_the_declared_version(tmp_path: Path) -> None:
    container = ServiceContainer(RenewalService, {"AMQP_URI": "memory://", "settings": Settings(var=tmp_path)})
    [store] = [one for one in container.dependencies if isinstance(one, EventStore)]
    assert store.own.database.projections_version == schema.version_of(PROJECTIONS) > 1
    store.own.database.close()
