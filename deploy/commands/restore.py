"""`tamdid restore`: restore a backup into the folder of a standalone instance."""

from pathlib import Path
from typing import Annotated

import typer

from clients.admin.context import RunContext, command, progress_bar
from deploy.commands.backup import BackupFile, KeyFile, in_megabytes, print_contents, read_key, reported
from deploy.commands.file_group import FileGroup
from shared.services import SERVICES
from shared.settings import Settings

Programs = Annotated[list[str], typer.Argument(metavar="PROGRAM…", help=f"{', '.join(SERVICES)}.")]
app = typer.Typer(
    cls=FileGroup,
    help="Restore a backup of a standalone instance: `tamdid restore FILE`. Reconcile services after a restore.",
    no_args_is_help=True,
    callback=lambda: None,
)
Into = Annotated[
    Path | None, typer.Option("--into", help="The instance's folder; by default TAMDID_VAR.", file_okay=False)
]
Replace = Annotated[bool, typer.Option("--replace", help="Move an instance that is there aside, into a folder beside.")]


@command(app, "from")
def from_(
    run: RunContext, file: BackupFile, key_file: KeyFile = None, into: Into = None, replace: Replace = False
) -> None:
    """Verify a backup and restore it; the instance must not run. `tamdid restore FILE` is short for it."""
    from deploy.backup import restoring  # noqa: PLC0415 - other commands start without SQLAlchemy

    settings = Settings() if into is None else Settings(var=into)
    with reported(run), progress_bar(run) as update_bar:
        restored = restoring.restore(
            file,
            read_key(key_file),
            settings.var,
            settings.keys_folder,
            replace=replace,
            update_bar=in_megabytes(update_bar),
        )
    printer, manifest = run.printer, restored.manifest
    printer.document(
        {
            "folder": str(settings.var),
            "manifest": manifest,
            "former": restored.aside and str(restored.aside),
            "new_keys": restored.new_keys,
            "erased_again": restored.erased,
        }
    )
    printer.line(printer.text("restore_done", folder=settings.var, made_at=manifest.made_at))
    print_contents(run, manifest)
    if restored.aside:
        printer.line(printer.text("restore_aside", folder=restored.aside))
    if restored.new_keys:
        printer.line(printer.text("restore_new_keys"))
    if restored.erased is None:
        printer.line(printer.text("restore_erasures_unknown", made_at=manifest.made_at))
    elif restored.erased:
        printer.line(printer.text("restore_erased_again", members=printer.labels(restored.erased)))
    printer.line(printer.text("restore_next"))


@command(app, "epoch")
def epoch(run: RunContext, programs: Programs) -> None:
    """Begin a new epoch in a database that was restored on its own (PostgreSQL), before its program starts; then its role may connect.

    In auth's, all sessions end. As the tables' owner, where there is one (TAMDID_MIGRATION_URL).
    """
    from deploy import databases  # noqa: PLC0415 - other commands start without SQLAlchemy
    from deploy.backup import epochs  # noqa: PLC0415 - other commands start without SQLAlchemy

    settings = Settings()
    for program in programs:
        if program not in databases.STORES:
            raise typer.BadParameter(f"{program}: one of {', '.join(databases.STORES)}", param_hint="PROGRAM")
    began = {}
    for program in programs:
        owners_url = databases.owners_url(program, settings)
        began[program] = epochs.begin_of_restored(program, owners_url, settings.database_of(program))
        run.printer.line(run.printer.text("restore_epoch", program=program, position=began[program] or 0))
    run.printer.document(began)
