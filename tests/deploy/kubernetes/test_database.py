"""The statements that an empty CloudNativePG cluster begins with, on a real server: the same roles, databases and rights as in the containers."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from deploy.kubernetes import database
from tests.conftest import fresh_name
from tests.support.servers import servers

SCRIPT = Path(__file__).parents[3] / "deploy" / "containers" / "create-databases.sh"
PROGRAM = "_program"
ROLES = """
    SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolinherit,
        ARRAY(SELECT pg_get_userbyid(roleid) FROM pg_auth_members WHERE member = pg_roles.oid ORDER BY 1)
    FROM pg_roles WHERE rolname LIKE %(prefix)s OR rolname = 'migration' ORDER BY rolname
"""
DATABASES = """
    SELECT datname, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, datctype, datacl::text, setrole::regrole::text, setconfig
    FROM pg_database JOIN pg_db_role_setting ON setdatabase = pg_database.oid WHERE datname LIKE %(prefix)s ORDER BY datname
"""


def look(server: servers.Postgres, prefix: str) -> str:
    """Roles and databases of a prefix as text, without the prefix."""
    with psycopg.connect(server.url.replace("+psycopg", "")) as connection:
        rows: list[Any] = [
            connection.execute(query, {"prefix": f"{prefix}%"}).fetchall() for query in (ROLES, DATABASES)
        ]
    return str(rows).replace(prefix, "")


def drop(server: servers.Postgres, prefix: str) -> None:
    program = f"{prefix}{PROGRAM}"
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(program)))
    for role in ("migration", program, f"{program}_owner"):
        server.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


@pytest.fixture
def prefixes(postgres_server: servers.Postgres) -> Iterator[tuple[str, str]]:
    made = tuple(fresh_name().replace("-", "_") for _ in range(2))
    yield made[0], made[1]
    for prefix in made:
        drop(postgres_server, prefix)


def test_an_empty_cluster_begins_as_the_containers_do(
    postgres_server: servers.Postgres, prefixes: tuple[str, str]
) -> None:
    by_script, by_operator = prefixes
    names = {
        "TAMDID_ROLES": f"{by_script}{PROGRAM}",
        f"PASSWORD_OF_{by_script}{PROGRAM}": "x",
        "PASSWORD_OF_migration": "x",
    }
    place = {
        "PGHOST": postgres_server.host,
        "PGPORT": str(postgres_server.port),
        "PGPASSWORD": postgres_server.password,
        "POSTGRES_USER": postgres_server.user,
    }
    subprocess.run(["bash", str(SCRIPT)], env=os.environ | names | place, check=True, capture_output=True)
    expected = look(postgres_server, by_script)
    drop(postgres_server, by_script)

    for statement in database.initial_sql([f"{by_operator}{PROGRAM}"]):
        postgres_server.execute(sql.Composed([sql.SQL(statement)]))  # each alone, as the operator does
    assert look(postgres_server, by_operator) == expected
    assert f"role={PROGRAM}_owner" in expected
