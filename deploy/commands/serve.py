"""`tamdid serve`: start the whole portal in one process."""

import os
import sys
from typing import Annotated

import typer


def serve(
    demonstration: Annotated[
        bool, typer.Option("--demonstration", help="Load a demonstration register and say who can sign in.")
    ] = False,
) -> None:
    """Start all programs in one process, with their data in TAMDID_VAR (by default the folder `var` here), until Ctrl-C."""
    options = ["--demonstration"] if demonstration else []
    # -P: what lies in the present folder is no part of the program
    os.execv(sys.executable, [sys.executable, "-P", "-m", "deploy.run", "all", *options])  # noqa: S606 - our own program
