"""The next version of each program's projections, after the declared one: a column more, or a table, with the position of the last event that concerns a row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, func, update

from shared.contract.envelope import Recorded
from shared.event_store.log import OnEvent
from shared.event_store.projection_versions import ProjectAll
from shared.event_store.sql import schema, upsert
from shared.subscriptions.replay.projections import Projections
from tests.simulation.process import ApplyEvent, Process, Program
from tests.simulation.programs import PROGRAMS

COLUMN = "last_position"
ROWS: Mapping[str, tuple[str, Sequence[str]]] = {
    "member": ("members", ("member",)),
    "renewal": ("renewals", ("member", "year")),
    "invoice": ("invoices", ("member", "year")),
}
"""The table in which a stream of each kind has a row, and the key that its name ends with."""
OF_SOURCES = "last_positions"
"""The table more of a program whose tables take rows without names of columns: one row a source."""


def changed(projections: MetaData) -> MetaData:
    """The tables with the column more, wherever a row has its events; where none has, a table more."""
    tables = MetaData(info={"version": schema.version_of(projections) + 1})
    for one in projections.sorted_tables:
        copy = one.to_metadata(tables)
        if one.name in (name for name, _ in ROWS.values()):
            copy.append_column(Column(COLUMN, Integer))
    if not any(COLUMN in one.columns for one in tables.sorted_tables):
        Table(OF_SOURCES, tables, Column("source", String(20), primary_key=True), Column(COLUMN, Integer))
    return tables


class Marking:
    """Writes the new column: a pure function of the logs, which comes to the same in any order."""

    def __init__(self, tables: MetaData) -> None:
        self.tables = tables

    def __call__(self, connection: Connection, recorded: Recorded) -> None:
        kind, *parts = recorded.stream.split("/")
        name, columns = ROWS.get(kind, ("", ()))
        key: dict[str, Any] = dict(zip(columns, parts, strict=False))
        if OF_SOURCES in self.tables.tables:
            name, key = OF_SOURCES, {"source": recorded.source}
            upsert.add(connection, self.tables.tables[name], {**key, COLUMN: 0})
        if name in self.tables.tables:
            table = self.tables.tables[name]
            later = func.max(func.coalesce(table.c[COLUMN], 0), recorded.position)
            here = [table.c[column] == (int(value) if column == "year" else value) for column, value in key.items()]
            connection.execute(update(table).where(*here).values({COLUMN: later}))

    def after(self, project: OnEvent) -> OnEvent:
        """A projection of one event, and then the column."""

        def both(connection: Connection, recorded: Recorded) -> None:
            project(connection, recorded)
            self(connection, recorded)

        return both

    def after_all(self, project_all: ProjectAll) -> ProjectAll:
        """The same of many events."""

        def both(connection: Connection, events: Sequence[Recorded]) -> None:
            project_all(connection, events)
            for one in events:
                self(connection, one)

        return both

    def after_handler(self, apply: ApplyEvent) -> ApplyEvent:
        """The same of a program's handler of a followed event."""

        def both(process: Process, connection: Connection, recorded: Recorded) -> None:
            apply(process, connection, recorded)
            self(connection, recorded)

        return both


def second(program: Program, projections: Projections) -> Program:
    """A program with the next version of its projections."""
    tables = changed(projections.tables)
    mark = Marking(tables)
    followed = {source: mark.after_all(project) for source, project in projections.followed.items()}
    applies = {
        source: mark.after_handler(apply) if source in followed else apply for source, apply in program.applies.items()
    }
    return replace(
        program,
        project=program.project and mark.after(program.project),
        applies=applies,
        applies_batch=program.applies_batch and mark.after_all(program.applies_batch),
        projections=Projections(tables, followed=followed, lock=projections.lock),
    )


SECOND: Mapping[str, Program] = {one.name: second(one, one.projections) for one in PROGRAMS if one.projections}
"""The programs that have projections, by name."""


def tables_of(program: Program) -> list[MetaData]:
    """The tables of each version of a program's projections, the declared one first; none for a program without any."""
    both = (program, SECOND[program.name]) if program.name in SECOND else ()
    return [one.projections.tables for one in both if one.projections]
