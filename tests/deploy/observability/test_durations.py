"""Durations of requests by the route's pattern, and of calls by their outcome; nothing that somebody typed becomes a label."""

from types import SimpleNamespace
from typing import Any

import flask
import pytest
from nameko.containers import ServiceContainer
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import update

from deploy.observability import durations
from deploy.observability.definitions import HISTOGRAMS
from services.payment.service import PaymentService
from shared.contract.refusals import Reason, Refused
from shared.event_store.log import HEAD, EventLog
from shared.nameko_extensions import EventStore
from shared.nameko_extensions.event_store import ProgramDatabase
from shared.nameko_extensions.rpc_server import RpcEntrypoint, outcome_of
from shared.nameko_extensions.web import WebServer
from shared.settings import Settings
from tests.support.sample_log import AT, fact, metadata


def small_app(_context: Any) -> flask.Flask:
    app = flask.Flask("small")

    @app.before_request
    def refuse() -> Any:
        return ("full", 503) if "full" in flask.request.args else None

    @app.get("/members/<member>")
    def member(member: str) -> str:
        if member == "0":
            raise LookupError(member)
        return "a page"

    return app


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


def counted(registry: CollectorRegistry, name: str) -> dict[tuple[str, ...], float]:
    """The counts of a histogram by its labels, in the order of its definition."""
    return {
        tuple(sample.labels[label] for label in HISTOGRAMS[name].labels): sample.value
        for family in registry.collect()
        for sample in family.samples
        if sample.name == f"{name}_count"
    }


def test_requests_are_counted_by_pattern_and_by_kind_of_answer(registry: CollectorRegistry) -> None:
    server = WebServer(lambda _settings: 0, small_app)
    container = SimpleNamespace(service_name="gateway", shared_extensions={}, entrypoints=(), dependencies=[server])
    durations.observe(registry, [container])
    client = server.make_app(SimpleNamespace()).test_client()  # type: ignore[arg-type]
    for path in ("/members/0123456", "/members/0654321", "/members/0", "/members/1?full", "/0123456", "/members/1"):
        client.get(path)
    client.post("/members/1")
    assert counted(registry, "tamdid_http_request_duration_seconds") == {
        ("gateway", "GET", "/members/<member>", "2xx"): 3,
        ("gateway", "GET", "/members/<member>", "5xx"): 2,
        ("gateway", "none", "none", "4xx"): 2,
    }
    assert b"0123456" not in generate_latest(registry)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "done"),
        (LookupError("a bug"), "failed"),
        (Refused(Reason.CONFLICT), "refused"),
        (Refused(Reason.NO_ANSWER), "unavailable"),
    ],
    ids=["done", "failed", "refused", "unavailable"],
)
def test_an_outcome_is_a_result_a_refusal_or_a_bug(error: Exception | None, outcome: str) -> None:
    assert outcome_of(None if error is None else (type(error), error, None)) == outcome


def test_a_program_counts_its_calls_and_its_commits_of_events(registry: CollectorRegistry, tmp_path: Any) -> None:
    container = ServiceContainer(PaymentService, {"AMQP_URI": "memory://", "settings": Settings(var=tmp_path)})
    durations.observe(registry, [container])
    (confirm,) = (one for one in container.entrypoints if one.method_name == "confirm_payment")
    assert isinstance(confirm, RpcEntrypoint)
    confirm.observe("refused", 0.2)
    confirm.observe("refused", 0.3)
    key = ("payment", "confirm_payment", "refused")
    assert counted(registry, "tamdid_command_duration_seconds") == {key: 2}

    (store,) = (one for one in container.dependencies if isinstance(one, EventStore))
    database = container.shared_extensions[ProgramDatabase].database
    database.create_tables(*store.tables)
    with database.engine.begin() as connection:  # nothing is to be projected yet
        connection.execute(update(HEAD).values(projections_version=database.projections_version))
    log = EventLog("payment", lambda _connection, _recorded: None)
    database.write(lambda writing: log.append(writing, "invoice/001/1405", 0, [fact("001")], metadata(), AT))
    database.write(lambda _writing: None)
    assert counted(registry, "tamdid_append_duration_seconds") == {("payment",): 1}
    container.shared_extensions[ProgramDatabase].stop()
