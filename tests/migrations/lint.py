"""squawk over the SQL that each program's migrations run on PostgreSQL; part of `make check`. Exclusions are in .squawk.toml.

What squawk finds is a change that would hold up readers or writers for long, or break a program of the version before.
"""

import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from shared.event_store.migrations.runner import config_for

ROOT = Path(__file__).parents[2]
TRANSACTION = re.compile(r"^(BEGIN|COMMIT);$", re.MULTILINE)
"""Taken out, because squawk is told to assume it."""


def sql_of(folder: Path) -> str:
    """All of a program's revisions as SQL."""
    config = config_for(folder)
    config.output_buffer = io.StringIO()
    command.upgrade(config, "head", sql=True)
    return TRANSACTION.sub("", config.output_buffer.getvalue())


def main() -> int:
    folders = sorted(file.parent for file in ROOT.glob("[cs]*/*/migrations/r0001_*.py"))
    with tempfile.TemporaryDirectory(prefix="tamdid-migrations-") as home:
        files = [Path(home) / f"{folder.parent.name}.sql" for folder in folders]
        for folder, file in zip(folders, files, strict=True):
            file.write_text(sql_of(folder), encoding="utf-8")
        squawk = Path(sys.executable).parent / "squawk"
        return subprocess.run(
            [squawk, "--assume-in-transaction", "--config", ROOT / ".squawk.toml", *files], check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
