"""`tamdid database`: what is to be migrated in the databases of this machine's settings, and migrating them."""

import os
from typing import Annotated, Any

import typer

from clients.admin import exit_codes
from clients.admin.context import RunContext, command
from deploy.instance_lock import InUse, RestoreUnfinished
from shared.services import SERVICES
from shared.settings import Settings

PRIVATE_UMASK = 0o077
app = typer.Typer(
    help="Migrate the databases of this machine's settings (TAMDID_VAR, TAMDID_DATABASE_URL, TAMDID_MIGRATION_URL).",
    no_args_is_help=True,
    callback=lambda: None,
)
Programs = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PROGRAM]…", help=f"{', '.join(SERVICES)}; by default all."),
]


@command(app, "check")
def check(run: RunContext, programs: Programs = None) -> None:
    """Show each database's revision, and what is to run or to be made; the exit code is 1 where there is any. Changes nothing."""
    from shared.event_store.sql.schema import TablesOutOfDate  # noqa: PLC0415 - other commands start without SQLAlchemy

    databases = load_databases()
    try:
        found = databases.check(chosen(databases, programs), Settings())
    except (TablesOutOfDate, databases.DatabaseFailed) as error:
        raise failed(run, error) from error
    run.printer.document(
        [{"program": one.program, **one.state._asdict(), "lacks_projections": one.lacks_projections} for one in found]
    )
    run.printer.table(
        found,
        ("database", lambda one: one.program),
        ("revision", lambda one: one.state.current or "–"),
        ("pending_revisions", lambda one: ", ".join(one.pending)),
    )
    if any(one.pending for one in found):
        run.printer.line(run.printer.text("database_pending"))
        raise typer.Exit(exit_codes.REFUSED)
    run.printer.line(run.printer.text("database_current"))


@command(app, "upgrade")
def upgrade(
    run: RunContext,
    programs: Programs = None,
    contract: Annotated[
        bool,
        typer.Option(
            "--contract",
            help="Also drop the tables of other versions of the projections; then there is no way back to them.",
        ),
    ] = False,
) -> None:
    """Run what is to be migrated, each revision in a transaction. Back up first; it may be interrupted, and started again.

    Where the tables have an owner of their own (TAMDID_MIGRATION_URL), it also grants each program's role what it needs.
    """
    from shared.event_store.sql.schema import TablesOutOfDate  # noqa: PLC0415 - other commands start without SQLAlchemy

    os.umask(PRIVATE_UMASK)  # SQLite gives its files no mode of their own
    databases = load_databases()
    ran: list[dict[str, str]] = []

    def report(program: str, name: str) -> None:
        ran.append({"program": program, "revision": name})
        run.printer.line(f"{program}: {name}")

    try:
        databases.upgrade(chosen(databases, programs), Settings(), report, contracts=contract)
    except (TablesOutOfDate, databases.DatabaseFailed, InUse, RestoreUnfinished, OSError) as error:
        raise failed(run, error) from error
    run.printer.done({"ran": ran}, "database_upgraded", count=len(ran))


def load_databases() -> Any:
    from deploy import databases  # noqa: PLC0415 - other commands start without SQLAlchemy

    return databases


def chosen(databases: Any, programs: list[str] | None) -> list[str]:
    """The programs that are named, or all; another name is refused."""
    for name in programs or ():
        if name not in databases.STORES:
            raise typer.BadParameter(f"{name}: one of {', '.join(databases.STORES)}", param_hint="PROGRAM")
    return programs or list(databases.STORES)


def failed(run: RunContext, error: Exception) -> typer.Exit:
    """Say why nothing more was done."""
    run.printer.document({"failed": str(error)})
    run.printer.warn(str(error))
    return typer.Exit(exit_codes.FAILED)
