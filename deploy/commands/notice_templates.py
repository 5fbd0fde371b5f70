"""`tamdid notices templates check`: what is wrong with the texts of messages in a folder, by file and line, without a server."""

from pathlib import Path
from typing import Annotated

import typer

from clients.admin import exit_codes
from clients.admin.context import RunContext, command
from shared.policies.policy_files import PolicyError
from shared.settings import Settings

app = typer.Typer(help="The texts of messages.", no_args_is_help=True, callback=lambda: None)
Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[FOLDER]", help="With the file fa.toml; by default the texts of TAMDID_TEMPLATES."),
]


@command(app, "check")
def check(run: RunContext, folder: Folder = None) -> None:
    """Check the texts of messages in a folder, SMS with the address of this machine's settings (TAMDID_PUBLIC_URL); the exit code is 1 where one is wrong."""
    from services.notification import templates  # noqa: PLC0415 - loads the providers, and so eventlet
    from services.notification.providers import registry  # noqa: PLC0415

    settings = Settings()
    chosen = folder or settings.templates_folder
    try:
        templates.load(chosen, settings.portal_url, registry.capabilities(settings))
    except PolicyError as error:
        problems = str(error).splitlines()
        run.printer.document({"problems": problems})
        for problem in problems:
            run.printer.line(problem)
        run.printer.warn(run.printer.text("templates_wrong", count=len(problems)))
        raise typer.Exit(exit_codes.REFUSED) from error
    run.printer.document({"problems": []})
    run.printer.line(run.printer.text("templates_right", path=str(chosen)))
