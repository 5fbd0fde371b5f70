"""The script that makes the databases of the containers, on a real server: it makes what is missing, and leaves what is there as it is."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.conftest import fresh_name
from tests.support.servers import servers

SCRIPT = Path(__file__).parents[3] / "deploy" / "containers" / "create-databases.sh"
ROLES = "SELECT rolname FROM pg_roles WHERE rolname LIKE %s ORDER BY rolname"
DATABASES = """
    SELECT datname, pg_get_userbyid(datdba), setconfig FROM pg_database JOIN pg_db_role_setting ON setdatabase = pg_database.oid
    WHERE datname LIKE %s ORDER BY datname
"""


@pytest.fixture
def prefix(postgres_server: servers.Postgres) -> Iterator[str]:
    made = fresh_name().replace("-", "_")
    yield made
    for name, *_ in look(postgres_server, DATABASES, made):
        postgres_server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
    postgres_server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier("migration")))
    for (name,) in look(postgres_server, ROLES, made):
        postgres_server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


def look(server: servers.Postgres, query: str, prefix: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        return connection.execute(query, [f"{prefix}%"]).fetchall()


def create(server: servers.Postgres, password: str, *programs: str) -> None:
    passwords = {f"PASSWORD_OF_{name}": password for name in (*programs, "migration")}
    place = {
        "PGHOST": server.host,
        "PGPORT": str(server.port),
        "PGPASSWORD": server.password,
        "POSTGRES_USER": server.user,
    }
    environment = os.environ | passwords | place | {"TAMDID_ROLES": " ".join(programs)}
    subprocess.run(["bash", str(SCRIPT)], env=environment, check=True, capture_output=True)


def test_a_program_that_came_later_gets_its_database_beside_those_that_are_there(
    postgres_server: servers.Postgres, prefix: str
) -> None:
    old, new = f"{prefix}_auth", f"{prefix}_later"
    create(postgres_server, "first", old)
    before = look(postgres_server, DATABASES, prefix)
    assert before == [(old, f"{old}_owner", [f"role={old}_owner"])]
    create(postgres_server, "second", old, new)
    assert look(postgres_server, DATABASES, prefix) == [*before, (new, f"{new}_owner", [f"role={new}_owner"])]
    assert [name for (name,) in look(postgres_server, ROLES, prefix)] == [old, f"{old}_owner", new, f"{new}_owner"]
    for role, password in ((old, "first"), (new, "second")):
        psycopg.connect(
            host=postgres_server.host, port=postgres_server.port, user=role, password=password, dbname=role
        ).close()


def test_what_was_broken_off_is_completed(postgres_server: servers.Postgres, prefix: str) -> None:
    program = f"{prefix}_auth"
    postgres_server.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(f"{program}_owner")))
    create(postgres_server, "secret", program)
    assert look(postgres_server, DATABASES, prefix) == [(program, f"{program}_owner", [f"role={program}_owner"])]
