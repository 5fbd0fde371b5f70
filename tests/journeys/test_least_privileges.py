"""Programs on PostgreSQL as roles that own nothing: a whole renewal and a rebuild run, and whoever has stolen a role changes no event."""

from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import psycopg
import pytest

from bench.environment import Environment
from bench.measures import renewals
from bench.runner import Side, worker
from clients.admin.transport.amqp import AmqpServer
from clients.admin.transport.http import HttpServer
from deploy import demonstration
from deploy.containers import broker_users
from shared.contract.auth import queries as auth_queries
from shared.contract.operations.commands import RebuildProjections
from shared.contract.operations.queries import GetRebuild, ListReads
from shared.services import SERVICES, SOURCES, WITH_MEMBERS
from tests.demo import steps, users
from tests.demo.event_logs import until
from tests.demo.steps import Scenario
from tests.journeys import driver
from tests.support.servers import forks, instance, servers
from tests.support.servers.instance import Instance

REBUILD_SECONDS = 30
ATTACKS = (
    "ALTER TABLE events DISABLE TRIGGER facts_stay",
    "ALTER TABLE events DISABLE TRIGGER ALL",
    "DROP TRIGGER facts_stay ON events",
    "CREATE OR REPLACE FUNCTION public.facts_stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE RULE rewriting AS ON INSERT TO events DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "UPDATE events SET data = ''",
    "DELETE FROM events",
    "INSERT INTO events SELECT * FROM events ON CONFLICT (position) DO UPDATE SET data = ''",
    "TRUNCATE events",
    "DROP TABLE events",
    "ALTER TABLE events RENAME TO gone",
    "CREATE TABLE public.mine (n int)",
    "CREATE SCHEMA mine",
    "DELETE FROM log_head",
    "INSERT INTO log_head VALUES (2, 0)",
    "DELETE FROM relay_cursor",
    "DROP TABLE log_head",
    "DELETE FROM checkpoints",
    "SET ROLE {owner}",
    "SET ROLE {superuser}",
    "COPY (SELECT 1) TO PROGRAM 'true'",
)


@pytest.fixture(scope="module")
def after_a_renewal(rabbitmq_server: servers.RabbitMQ, postgres_server: servers.Postgres) -> Iterator[Instance]:
    with (
        patch.object(forks, "ENABLED", False),  # each program with no other code than its own
        instance.distributed(rabbitmq_server, postgres_server) as running,
    ):
        with closing(demonstration.signed_in(running.portal, "admin", demonstration.admin_password())) as admin:
            scenario = Scenario(running.portal, users.newcomer(admin), users.officer("manager"))
            with closing(scenario):
                driver.until(scenario, steps.see_capacity)
            for service, check in product(WITH_MEMBERS, (False, True)):
                rebuild(admin, service, check=check)
        yield running


def rebuild(admin: HttpServer, service: str, *, check: bool) -> None:
    """All rows are made again in temporary tables, which are a right of their own."""
    admin.call(RebuildProjections(id=uuid4(), deadline=demonstration.deadline(), check=check), service)
    until(lambda: admin.call(GetRebuild(), service).status != "running", REBUILD_SECONDS, f"rebuild of {service}")
    found = admin.call(GetRebuild(), service)
    assert (found.status, found.differences, found.error) == ("checked" if check else "switched", {}, "")
    assert found.events > 0


@pytest.mark.slow
@pytest.mark.parametrize("program", SOURCES)
def test_a_stolen_role_changes_no_event(
    after_a_renewal: Instance, postgres_server: servers.Postgres, program: str
) -> None:
    refused = {attack: outcome(after_a_renewal, postgres_server, program, attack) for attack in ATTACKS}
    assert {attack: code for attack, code in refused.items() if code != "42501"} == {}


def outcome(running: Instance, server: servers.Postgres, program: str, attack: str) -> str | None:
    """PostgreSQL's error code for an attack as a program's role, which is undone where it succeeds."""
    with psycopg.connect(url_of(running, program)) as connection:
        statement: Any = attack.format(owner=f"{connection.info.dbname}_owner", superuser=server.user)
        try:
            connection.execute(statement)
        except psycopg.Error as error:
            return error.sqlstate
        finally:
            connection.rollback()
    return None


@pytest.mark.slow
def test_the_benchmark_of_whole_renewals_needs_no_more_than_the_gateways_rights(
    after_a_renewal: Instance, tmp_path: Path
) -> None:
    environment = Environment(quick=True, long=False, folder=tmp_path)
    arguments = {"environment": renewals.environment_of_caller(after_a_renewal), "at_once": 2}
    with worker(Side("renewals", renewals.SIDE, arguments, green=True), environment) as one:
        assert len(one.run(2).latencies) == 2


@pytest.mark.slow
def test_the_role_of_the_projection_owns_nothing_but_the_rows_that_a_rebuild_replaces(
    after_a_renewal: Instance,
) -> None:
    owned = "SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_get_userbyid(relowner) = current_user"
    for program in SERVICES:
        with psycopg.connect(url_of(after_a_renewal, program)) as connection:
            tables = {name for (name,) in connection.execute(owned)}
        of_capacity = {"capacity_facts", "capacity_lines", "capacity_summary"}
        assert tables == (of_capacity if program == "capacity" else set())


@pytest.mark.slow
def test_what_an_officer_reads_over_the_broker_is_on_record_too(
    after_a_renewal: Instance, rabbitmq_server: servers.RabbitMQ
) -> None:
    keys = after_a_renewal.home / "keys"
    url = broker_url_of_admins(after_a_renewal, rabbitmq_server)
    number = users.applicant().name
    with closing(AmqpServer(url, None, driver.ANSWER_SECONDS, keys)) as nobody:
        manager = users.officer("manager")
        session = demonstration.session_of(nobody, manager.name, manager.secret)
        auditor = demonstration.session_of(nobody, *vars(users.officer("auditor")).values())
    with closing(AmqpServer(url, session, driver.ANSWER_SECONDS, keys)) as server:
        server.call(auth_queries.GetMember(member=number))
    with closing(AmqpServer(url, auditor, driver.ANSWER_SECONDS, keys)) as server:
        found = server.call(ListReads(member=number, officer=manager.name), service="auth")
    assert "GetMember" in {one.message for one in found.reads}


def broker_url_of_admins(running: Instance, rabbitmq: servers.RabbitMQ) -> str:
    """The broker's address for the command line, whose user has no more rights than a deployment gives it."""
    vhost = running.processes[0].environment["TAMDID_BROKER_URL"].rpartition("/")[2]
    password = f"admin-of-{rabbitmq.password}"
    rabbitmq.manage("POST", "definitions", broker_users.definitions({"admin": password}, vhost))
    return rabbitmq.vhost_url(vhost, "admin", password)


def url_of(running: Instance, program: str) -> str:
    """The database as the program's own environment gives it."""
    process = next(process for process in running.processes if process.name == program)
    url = process.environment["TAMDID_DATABASE_URL"].format(program=program)
    return url.replace("postgresql+psycopg://", "postgresql://")
