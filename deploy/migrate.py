"""Create the tables of programs as their owner, and grant each program's own role what it needs: `python -m deploy.migrate auth renewal`."""

import argparse
import sys
import warnings

warnings.filterwarnings("ignore", "\\s*Eventlet is deprecated")  # see deploy/run.py

from sqlalchemy import make_url

from deploy.programs import PROGRAMS
from shared.event_store.database import Database
from shared.event_store.sql.privileges import create_tables_for
from shared.event_store.sql.schema import TablesOutOfDate
from shared.nameko_extensions import EventStore
from shared.settings import Settings

STORES: dict[str, EventStore] = {
    name: store
    for name, program in PROGRAMS.items()
    for store in vars(program).values()
    if isinstance(store, EventStore)
}
"""The event store of each program that has one."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="deploy.migrate", description=__doc__)
    parser.add_argument("programs", nargs="+", choices=[*STORES, "all"], metavar="PROGRAM")
    programs = parser.parse_args(arguments).programs
    settings = Settings()
    if not settings.migration_url.startswith("postgresql"):
        print("TAMDID_MIGRATION_URL is no PostgreSQL URL: it names the owner of the tables.", file=sys.stderr)
        return 1
    try:
        for program in STORES if "all" in programs else programs:
            print(migrate(program, settings), flush=True)
    except TablesOutOfDate as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def migrate(program: str, settings: Settings) -> str:
    """Create and grant for one program; what was done, in words."""
    role = make_url(settings.database_of(program)).username or program
    database = Database(settings.migration_url.format(program=program))
    try:
        create_tables_for(database.engine, role, STORES[program].tables)
    finally:
        database.close()
    return f"{program}: the tables are there, for the role {role}"


if __name__ == "__main__":
    sys.exit(main())
