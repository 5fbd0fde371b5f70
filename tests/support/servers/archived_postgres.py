"""A PostgreSQL server of our own with an encrypted pgBackRest repository, set up by the files of deploy/database_backup."""

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from subprocess import PIPE, STDOUT

from deploy.containers.program_settings import REPOSITORY_KEY
from tests.support.servers import installed_servers
from tests.support.servers.free_ports import HOST, free_port
from tests.support.servers.installed_servers import POSTGRES_START_SECONDS, USER, ProcessPower
from tests.support.servers.server_handles import Postgres, ServersMissing

FILES = Path(__file__).parents[3] / "deploy" / "database_backup"
RESTORE_SECONDS = 1_800
SEGMENT = re.compile(r"[0-9A-F]{24}-")
"""A file of the write-ahead log in the repository, which has nothing else by such names."""


class BackupFailed(Exception):  # noqa: N818 - named as what happened
    """A command of the backup ended with an error."""


@dataclass(frozen=True)
class Archived:
    """The server, and how its backups are made and restored by the user that runs it."""

    server: Postgres
    home: Path
    as_user: Sequence[str]
    environment: Mapping[str, str] = field(repr=False)

    @property
    def repository(self) -> Path:
        return self.home / "repository"

    def run(self, *command: str) -> str:
        """Run a command as the server's user; what it prints."""
        with subprocess.Popen(
            [*self.as_user, *command], stdout=PIPE, stderr=STDOUT, env=dict(self.environment), cwd=self.home, text=True
        ) as process:
            try:
                output, _ = process.communicate(timeout=RESTORE_SECONDS)
            except BaseException:
                process.terminate()  # so that it ends what it has started
                raise
        if process.returncode != 0:
            raise BackupFailed(f"{' '.join(command)}: {output}")
        return output

    def pgbackrest(self, *arguments: str) -> str:
        return self.run("pgbackrest", "--stanza=tamdid", *arguments)

    def verify(self) -> None:
        """Read the repository back; `BackupFailed` with what is wrong."""
        self.run(str(FILES / "verify.sh"))

    def restore_database(self, name: str, moment: datetime | None) -> str:
        """Restore one database to a moment, or to the last one that the archive has."""
        target = moment.isoformat(" ") if moment else "latest"
        return self.run(str(FILES / "restore-database.sh"), name, target)

    def archived_at(self) -> datetime:
        """When the archive got its last file: without the server's disk, whatever came later is lost."""
        segments = [path for path in (self.repository / "archive").rglob("*") if SEGMENT.match(path.name)]
        return datetime.fromtimestamp(max(path.stat().st_mtime for path in segments), UTC)


@contextmanager
def archived_postgres(archive_timeout: int) -> Iterator[Archived]:
    """A server that archives within so many seconds, with a first backup to be made; `ServersMissing` where it is not installed."""
    programs = installed_servers.find_postgres()
    if programs is None or not shutil.which("pgbackrest"):
        raise ServersMissing(
            "PostgreSQL with pgBackRest: Debian's packages postgresql and pgbackrest are not installed"
        )
    port, password = free_port(), secrets.token_hex(16)
    home = Path(tempfile.mkdtemp(prefix="tamdid-archived-", dir=installed_servers.ON_DISK))
    as_user = installed_servers.make_data_directory(programs, home, password)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "TAMDID_"))} | {
        "TMPDIR": str(home),
        "PGHOST": str(home),
        "PGPORT": str(port),
        "PGUSER": USER,
        "PGPASSWORD": password,
        "PGBACKREST_CONFIG": str(home / "pgbackrest.conf"),
        REPOSITORY_KEY: secrets.token_hex(32),
    }
    write_settings(home, port, archive_timeout)
    options = {"listen_addresses": HOST, "port": port, "unix_socket_directories": home, "max_connections": 200}
    command = [
        *as_user,
        str(programs / "postgres"),
        "-D",
        str(home / "data"),
        *(f"--{k}={v}" for k, v in options.items()),
    ]
    with closing(ProcessPower(home, home / "data", "SIGINT", command, environment)) as power:
        archived = Archived(Postgres(HOST, port, USER, password, power), home, as_user, environment)
        power.start()
        installed_servers.wait_for("PostgreSQL", archived.server, power, POSTGRES_START_SECONDS)
        archived.pgbackrest("stanza-create")
        yield archived


def write_settings(home: Path, port: int, archive_timeout: int) -> None:
    """The files of deploy/database_backup as an operator writes them: with the paths of this machine."""
    with (home / "data" / "postgresql.conf").open("a") as file:
        file.write((FILES / "archiving.conf").read_text())
        # fsync: the data is thrown away; a crash of the server takes none of it
        file.write(f"archive_timeout = {archive_timeout}\nfsync = off\n")
    settings = (FILES / "pgbackrest.conf").read_text()
    settings = re.sub(
        "(?m)^repo1-path=.*", f"repo1-path={home}/repository\nlock-path={home}\nspool-path={home}", settings
    )
    settings = re.sub(
        "(?m)^pg1-path=.*", f"pg1-path={home}/data\npg1-port={port}\npg1-socket-path={home}\npg1-user={USER}", settings
    )
    (home / "pgbackrest.conf").write_text(settings)
    (home / "pgbackrest.conf").chmod(0o644)
