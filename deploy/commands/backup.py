"""`tamdid backup`: back up this machine's standalone instance while it runs, verify a backup, show what it holds, make a key."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Error as SqliteError
from typing import TYPE_CHECKING, Annotated

import typer

from clients.admin import exit_codes
from clients.admin.commands.operations.log_verification import Problem
from clients.admin.context import ProgressBar, RunContext, command, progress_bar
from deploy.backup import archive, streams
from deploy.backup.archive import Manifest
from deploy.backup.errors import BackupError
from deploy.commands.file_group import FileGroup
from deploy.containers import private_files
from shared.settings import Settings

if TYPE_CHECKING:
    from deploy.backup.making import Backup

MEGABYTE = 1_000_000
BackupFile = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key-file", help="The file of `tamdid backup new-key`, to encrypt or decrypt.", dir_okay=False),
]
app = typer.Typer(
    cls=FileGroup,
    help="Back up this machine's standalone instance (TAMDID_VAR): `tamdid backup FILE`.",
    no_args_is_help=True,
    callback=lambda: None,
)


@command(app, "create")
def create(run: RunContext, file: BackupFile, key_file: KeyFile = None) -> None:
    """Write all databases, as they are at one moment, into a new file, and verify it; the instance may run. `tamdid backup FILE` is short for it.

    With a key the file is encrypted, and holds keys and secrets too; without one it holds neither, and all personal data as it is.
    """
    from deploy.backup import making  # noqa: PLC0415 - other commands start without SQLAlchemy

    with reported(run), progress_bar(run) as update_bar:
        made = making.make(Settings(), file, read_key(key_file), in_megabytes(update_bar))
    run.printer.document(as_json(file, made))
    run.printer.line(run.printer.text("backup_made", file=file, made_at=made.manifest.made_at))
    print_contents(run, made.manifest)


@command(app, "check")
def check(run: RunContext, file: BackupFile, key_file: KeyFile = None) -> None:
    """Verify a backup: every byte as it was written, databases whole, logs without holes and sealed, no follower ahead of its source."""
    from deploy.backup import making  # noqa: PLC0415 - other commands start without SQLAlchemy

    with reported(run), progress_bar(run) as update_bar:
        backup = making.check(Settings(), file, read_key(key_file), in_megabytes(update_bar))
        if backup.report.problems:
            raise BackupError("backup_not_verified", problems=backup.report.problems)
    run.printer.document(as_json(file, backup))
    run.printer.table(backup.report.logs, "service", "events", "unsealed")
    run.printer.line(run.printer.text("backup_verified", file=file, made_at=backup.manifest.made_at))


@command(app, "show")
def show(run: RunContext, file: BackupFile, key_file: KeyFile = None) -> None:
    """Show what a backup says of itself, without verifying it."""
    with reported(run), archive.opened(file, read_key(key_file)) as (manifest, _):
        pass
    run.printer.document(manifest)
    run.printer.card(manifest, ("moment", "made_at"), ("program_version", "version"))
    run.printer.table(manifest.files, ("file", "name"), ("bytes", "size"))
    print_contents(run, manifest)


@command(app, "new-key")
def new_key(run: RunContext, file: Annotated[Path, typer.Argument(metavar="FILE", help="The key's file.")]) -> None:
    """Make a key for backups in a new file. Whoever has it reads them all; without it nobody reads any."""
    with reported(run):
        if file.exists():
            raise BackupError("backup_exists", file=file)
        private_files.write(file, streams.new_key().encode(), private_files.PRIVATE)
    run.printer.done({"file": str(file)}, "backup_key_made", file=file)


def print_contents(run: RunContext, manifest: Manifest) -> None:
    """Print the heads of the logs, and who must not read the backup."""
    heads = [{"service": service, "position": position} for service, position in manifest.heads.items()]
    run.printer.table(heads, ("service", lambda row: row["service"]), ("position", lambda row: row["position"]))
    run.printer.note(run.printer.text("backup_is_encrypted" if manifest.has_secrets else "backup_is_plain"))


def read_key(file: Path | None) -> bytes | None:
    return None if file is None else streams.parse_key(file.read_bytes())


def as_json(file: Path, backup: "Backup") -> dict[str, object]:
    return {"file": str(file), "manifest": backup.manifest, "logs": [vars(log) for log in backup.report.logs]}


def in_megabytes(update_bar: ProgressBar) -> Callable[..., None]:
    """A progress bar's update for numbers of bytes."""
    return lambda **numbers: update_bar(**{name: number / MEGABYTE for name, number in numbers.items()})


@contextmanager
def reported(run: RunContext) -> Iterator[None]:
    """Print why the block failed, and exit."""
    try:
        yield
    except BackupError as error:
        problems: Sequence[Problem] = error.values.get("problems", ())  # type: ignore[assignment]  # of this one code
        run.printer.document({"failed": error.code, "problems": [problem._asdict() for problem in problems]})
        run.printer.table(problems, "service", "position", ("problem", "code"), "detail")
        run.printer.warn(run.printer.text(error.code, **error.values))
        raise typer.Exit(exit_codes.REFUSED) from error
    except (OSError, SqliteError) as error:  # such as a full disk
        run.printer.document({"failed": str(error)})
        run.printer.warn(run.printer.text("backup_failed", error=error))
        raise typer.Exit(exit_codes.FAILED) from error
