"""The nameko extension for an event store: a program's database with its log and projections, and the relay that publishes the log."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from threading import Event
from typing import Any

import eventlet
from nameko.extensions import DependencyProvider, SharedExtension
from sqlalchemy import MetaData

from shared.event_store import idempotency, projection_tables, recorded_types
from shared.event_store import log as event_log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.event_store.projection_versions import OwnLog
from shared.event_store.sql import schema
from shared.keys import Keys
from shared.messaging import relay_cursor
from shared.messaging.relay import POLL_SECONDS, Relay
from shared.observability import request_context
from shared.settings import Settings
from shared.subscriptions import checkpoints, parking

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
NOTICED_SECONDS = 2 * POLL_SECONDS
"""After so long all copies of another version of the projections know of this one, and look for what it writes."""


class ProgramDatabase(SharedExtension):
    """The one database of a program, shared by its event store and its subscriptions."""

    @cached_property
    def database(self) -> Database:
        """Opened by the extension that is set up first: nameko does it already while it binds the first one, so the class is asked."""
        settings: Settings = self.container.config["settings"]
        declared = [getattr(self.container.service_cls, name) for name in dir(self.container.service_cls)]
        versions = [schema.version_of(one.projections) for one in declared if isinstance(one, EventStore)]
        database = Database(settings.database_of(self.container.service_name), *versions)
        database.create_tables(checkpoints.TABLES, parking.TABLES)
        return database

    def stop(self) -> None:
        self.database.close()


class EventStore(DependencyProvider):
    """The program's `Records`: its log (None for a pure projection), its state (rows that no event can give back) and its projections.

    `migrations` is the folder of the program's revisions, from this repository's root; they have made log and state before the start; without one they are created as they are.
    `on_start` runs once at every start with the present instant, when the tables exist and before any call is served.
    """

    own = ProgramDatabase()

    def __init__(
        self,
        log: EventLog | None,
        state: MetaData,
        projections: MetaData | None = None,
        on_start: Callable[[Records, Settings, datetime], None] | None = None,
        *,
        migrations: str | None = None,
    ) -> None:
        self.log = log
        self.state = state
        self.projections = projections or MetaData()
        self.on_start = on_start
        self.migrations = None if migrations is None else ROOT / migrations
        self.relay: Relay | None = None
        self.own_log: OwnLog
        self.stopping = Event()
        self.left_to_fill = 0
        """Events that the projections lack at the start, before any call is served."""

    @property
    def tables(self) -> tuple[MetaData, ...]:
        """All tables of the program: those of its log and its subscriptions, its state and its projections."""
        return (*self.migrated, self.projections)

    @property
    def migrated(self) -> tuple[MetaData, ...]:
        """Those that are migrated: log and state."""
        own = (checkpoints.TABLES, parking.TABLES, self.state)
        return own if self.log is None else (*own, event_log.TABLES, relay_cursor.TABLES)

    def setup(self) -> None:
        database: Database = self.own.database
        if self.migrations is None:
            database.create_tables(*self.migrated)
        else:
            database.require_tables(*self.migrated)
        declared: Any = getattr(self.container.service_cls, "projections", None)
        if declared is None and database.projections_version > 1:
            raise LookupError(f"{self.container.service_name} does not declare of which logs its projections are made")
        sources = [self.container.service_name, *(declared.followed if declared else ())]
        projection_tables.prepare(database, self.projections, sources)
        for one in self.container.dependencies:
            if hasattr(one, "follower"):  # of a subscription that was set up before the tables were
                one.follower.version.find_lacking()
        if self.log is not None:
            self.catch_up_with_other_versions(database, self.log)
            database.write(lambda connection: idempotency.delete_expired(connection, datetime.now(UTC)))
            settings: Settings = self.container.config["settings"]
            recorded_types.register(database, self.log, rollback_possible=settings.rollback_possible)
            keys = Keys(self.log.source, settings.keys_folder)
            self.relay = Relay(database, self.log, self.container.config["AMQP_URI"], keys.sign, settings.evidence)
        if self.on_start is not None:
            with database.startup_lock():
                self.on_start(Records(database, self.log), self.container.config["settings"], datetime.now(UTC))

    def catch_up_with_other_versions(self, database: Database, log: EventLog) -> None:
        """Project what this version of the projections lacks: all of the log, where its tables are new."""
        self.own_log = own = OwnLog(database, log)
        database.catch_up, database.before_reading = own.take_over, own.catch_up
        own.project_known()

        def report(left: int) -> None:
            self.left_to_fill = left
            eventlet.sleep(0)  # others of this process go on, and tell how far it is

        own.catch_up(report)
        self.left_to_fill = 0
        if database.has_other_versions:
            eventlet.sleep(NOTICED_SECONDS)

    def notice_other_versions(self) -> None:
        """Look for copies of another version of the projections until stopped; a thread of its own, because no broker is needed for it."""
        while not self.stopping.is_set():
            try:
                self.own_log.catch_up()
            except Exception as error:  # noqa: BLE001 - a database that is away comes back
                logger.warning("other versions of the projections: %s; trying again", error)
            self.stopping.wait(POLL_SECONDS)

    def start(self) -> None:
        if self.relay is None:
            return
        for work, name in ((self.relay.run, "relay"), (self.notice_other_versions, "other versions")):
            run = partial(request_context.run_as, self.container.service_name, work)
            self.container.spawn_managed_thread(run, identifier=name)

    def stop(self) -> None:
        if self.relay is not None:
            self.relay.stop()
            self.stopping.set()

    def get_dependency(self, _worker_ctx: Any) -> Records:
        epochs = self.relay.epochs if self.relay else None
        return Records(self.own.database, self.log, epochs)
