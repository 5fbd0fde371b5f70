"""The server of docker-compose.yml with pgBackRest is the same server, and archives by the settings that the tests of backups run with."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "deploy" / "database_backup"


def postgres_of(file: Path) -> dict[str, Any]:
    server: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]["postgres"]
    return server


def test_the_server_of_the_containers_archives_by_the_same_settings() -> None:
    lines = (FOLDER / "archiving.conf").read_text(encoding="utf-8").splitlines()
    settings = (line.partition(" = ") for line in lines if line and not line.startswith("#"))
    archiving = ["--{}={}".format(name, value.strip("'")) for name, _, value in settings]
    command = postgres_of(ROOT / "docker-compose.yml")["command"]
    assert postgres_of(FOLDER / "docker-compose.override.yml")["command"] == [*command, *archiving]
    assert len(archiving) == 3


def test_what_it_mounts_is_there_and_its_repository_is_where_pgbackrest_is_told() -> None:
    mounted = postgres_of(FOLDER / "docker-compose.override.yml")["volumes"]
    *ours, repository = (one.removesuffix(":ro").rpartition(":") for one in mounted)
    assert [source for source, _, _ in ours if not (ROOT / source).exists()] == []
    assert f"repo1-path={repository[2]}/" in (FOLDER / "pgbackrest.conf").read_text(encoding="utf-8")
