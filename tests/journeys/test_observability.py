"""What an operator finds of a request in a distributed instance: every line of its log by the id that the page shows, and one trace to the ledger."""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus

import pytest
from psycopg import sql
from rich.console import Console
from sqlalchemy import make_url

from deploy import trace_export
from tests.demo import __main__ as demo
from tests.demo import environment, steps, trace_tree, users
from tests.demo.browser import Browser
from tests.demo.report import Report
from tests.support.servers import instance, servers
from tests.support.servers.instance import Instance

PUBLISHED = "publish payment.events"
"""A batch's publication is in one trace, and linked to the others."""
SHOWN = re.compile("این شناسه را بگویید: ([0-9a-f-]{36})")


@pytest.fixture(scope="module")
def traced(rabbitmq_server: servers.RabbitMQ, postgres_server: servers.Postgres) -> Iterator[Instance]:
    """An instance that writes its spans, after one renewal."""
    with instance.distributed(rabbitmq_server, postgres_server, TAMDID_TRACE="true") as running:
        with environment.private(running) as here:
            assert demo.drive(here, "pay", Report()) == 0
        yield running


@pytest.mark.slow
def test_one_trace_leads_from_the_click_over_all_programs_to_the_ledger(traced: Instance) -> None:
    trace = trace_tree.to_ledger(traced.var / trace_export.FILE)
    by_id = {span.id: span for span in trace}
    (granted,) = [span for span in trace if span.name == trace_tree.LEDGER]
    path = [granted]
    while path[-1].parent in by_id:
        path.append(by_id[path[-1].parent or ""])
    root = path[-1]
    assert (root.service, root.kind) == ("gateway", "SERVER")
    assert root.name.startswith("POST /")
    programs = [span.service for span in reversed(path)]
    assert programs == sorted(programs, key=["gateway", "payment", "renewal", "capacity"].index)
    assert all(span.links == (span.parent,) for span in trace if span.name.startswith("process"))
    publications = [span for span in trace_tree.read(traced.var / trace_export.FILE) if span.name == PUBLISHED]
    assert all(span.links[0] == span.parent for span in publications)
    links = {link for span in publications for link in span.links}
    assert links & {span.id for span in path if span.name == "append payment.events"}
    words = Console(width=200, color_system=None)
    with words.capture() as shown:
        words.print(trace_tree.shown(trace))
    assert "append capacity.events CapacityGranted" in shown.get()


@pytest.mark.slow
def test_no_span_has_a_member_in_it(traced: Instance) -> None:
    written = (traced.var / trace_export.FILE).read_text(encoding="utf-8")
    person = users.applicant()
    assert "append capacity.events" in written
    assert not [word for word in (person.name, person.secret) if word in written]


@pytest.mark.slow
def test_the_id_that_a_page_shows_finds_the_lines_of_all_services(
    traced: Instance, postgres_server: servers.Postgres
) -> None:
    """The bug is a table that is gone: the service logs it, and the page's id is in its line as in the gateway's."""
    manager = users.officer("manager")
    browser = Browser(traced.portal)
    with closing(browser), renamed(traced, postgres_server, "renewals"):
        browser.go("/desk")
        steps.sign_in(browser, "officer", manager.name, manager.secret)
        assert browser.status == HTTPStatus.INTERNAL_SERVER_ERROR
        (shown,) = SHOWN.findall(browser.page.words)
    lines = {process.name: process.log.read_text().splitlines() for process in traced.processes}
    found = [json.loads(line) for own in lines.values() for line in own if shown in line]
    assert {line["service"] for line in found} == {"gateway", "renewal"}
    assert {line["correlation_id"] for line in found} == {shown}
    assert len({line["trace_id"] for line in found}) == 1
    (bug,) = [line for line in found if line["service"] == "renewal"]
    assert bug["exception"].splitlines()[-1] == "sqlalchemy.exc.ProgrammingError"


@pytest.mark.slow
def test_every_line_that_a_program_logs_is_a_json_object(traced: Instance) -> None:
    for process in traced.processes:
        for line in process.log.read_text().splitlines():
            assert {"time", "level", "service", "logger", "message"} <= set(json.loads(line)), line


@contextmanager
def renamed(running: Instance, server: servers.Postgres, table: str) -> Iterator[None]:
    """Within the block the table has another name."""
    (renewal,) = [one for one in running.processes if one.name == "renewal"]
    database = make_url(renewal.environment["TAMDID_DATABASE_URL"].format(program="renewal")).database or ""
    rename = sql.SQL("ALTER TABLE {}.{} RENAME TO {}")
    with server.connect(database) as connection:
        found = connection.execute("SELECT schemaname FROM pg_tables WHERE tablename = %s", [table])
        ((schema,),) = found.fetchall()
        connection.execute(rename.format(*map(sql.Identifier, (schema, table, "gone"))))
        try:
            yield
        finally:
            connection.execute(rename.format(*map(sql.Identifier, (schema, "gone", table))))
