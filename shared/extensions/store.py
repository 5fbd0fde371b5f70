"""Keeping: a program's own database with its log and views, and the relay that publishes the log."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from nameko.extensions import DependencyProvider, SharedExtension
from sqlalchemy import MetaData

from shared import event_log, follower, parking, relay_cursor
from shared.broker.relay import Relay
from shared.command_handler import Records
from shared.database import Database
from shared.event_log import EventLog
from shared.settings import Settings


class OwnDatabase(SharedExtension):
    """The one database of a program, shared by its store and its lanes."""

    def setup(self) -> None:
        settings: Settings = self.container.config["settings"]
        self.database = Database(settings.database_of(self.container.service_name))
        self.database.create_tables(follower.TABLES, parking.TABLES)

    def stop(self) -> None:
        self.database.close()


class Store(DependencyProvider):
    """The program's `Records`: its log (None for a pure projection) and the tables of its views.

    `first` runs once at every start, when the tables are there and before anybody is served.
    """

    own = OwnDatabase()

    def __init__(
        self,
        log: EventLog | None,
        views: MetaData,
        first: Callable[[Records, Settings], None] | None = None,
    ) -> None:
        self.log = log
        self.views = views
        self.first = first
        self.relay: Relay | None = None

    def start(self) -> None:
        database: Database = self.own.database
        database.create_tables(self.views)
        if self.log is not None:
            database.create_tables(event_log.TABLES, relay_cursor.TABLES)
            self.relay = Relay(database, self.log, self.container.config["AMQP_URI"])
            self.container.spawn_managed_thread(self.relay.run, identifier="relay")
        self.records = Records(database, self.log)
        if self.first is not None:
            self.first(self.records, self.container.config["settings"])

    def stop(self) -> None:
        if self.relay is not None:
            self.relay.stop()

    def get_dependency(self, worker_ctx: Any) -> Records:
        correlation = worker_ctx.data.get("correlation_id")
        return Records(self.own.database, self.log, UUID(correlation) if correlation else None)
