"""Where spans go: nowhere as it is, into a file where the setting says so, to a collector by OTLP, each under the name of its program."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from uuid import uuid4

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from deploy import trace_export
from shared.contract.envelope import Recorded
from shared.messaging.relay import BATCH_MAX
from shared.observability import request_context, tracing
from shared.observability.request_context import RequestContext
from shared.settings import Settings
from tests.conftest import TRUSTED
from tests.support.sample_log import AT, metadata
from tests.support.servers import instance

WAIT_SECONDS = 60
PROTOBUF = "application/x-protobuf"
Named = tuple[str, Span]
"""The program's `service.name`, and a span of it."""


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    tracing.configure(None)


def test_nothing_is_traced_where_nobody_wants_it(tmp_path: Path) -> None:
    trace_export.configure(Settings(var=tmp_path))
    assert not tracing.is_on()
    assert list(tmp_path.iterdir()) == []


def test_spans_are_written_a_line_each_under_the_name_of_their_program(tmp_path: Path) -> None:
    trace_export.configure(Settings(var=tmp_path / "var", trace=True))
    with request_context.within(RequestContext("gateway")), tracing.rpc_client("renewal", "get_renewal"):
        pass
    with request_context.within(RequestContext("renewal")), tracing.rpc_server("get_renewal"):
        pass
    written = [json.loads(line) for line in (tmp_path / "var" / trace_export.FILE).read_text().splitlines()]
    assert [one["name"] for one in written] == ["renewal/get_renewal"] * 2
    assert [one["resource"]["attributes"]["service.name"] for one in written] == ["gateway", "renewal"]


def test_a_start_is_refused_where_the_sdk_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_export, "find_spec", lambda _name: None)
    assert list(trace_export.problems(Settings(var=tmp_path))) == []
    assert "tamdid[trace]" in next(trace_export.problems(Settings(var=tmp_path, trace=True)))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    assert len(list(trace_export.problems(Settings(var=tmp_path)))) == 1


def test_nothing_is_traced_where_opentelemetrys_own_setting_disables_its_sdk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", " True ")
    trace_export.configure(Settings(var=tmp_path, trace=True))
    assert not tracing.is_on()


@pytest.mark.parametrize(
    ("sampler", "part", "recorded"),
    [
        ("parentbased_traceidratio", "0.001", 0.001),
        ("ParentBased_TraceIdRatio", "0", 0),
        ("traceidratio", "1", 1),
        ("always_off", "", 0),
        ("parentbased_always_on", "", 1),
        ("", "0.001", 1),
    ],
)
def test_opentelemetrys_settings_say_how_many_traces_are_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sampler: str, part: str, recorded: float
) -> None:
    monkeypatch.setenv(trace_export.SAMPLER, sampler)
    monkeypatch.setenv(trace_export.PART, part)
    assert list(trace_export.problems(Settings(var=tmp_path, trace=True))) == []
    assert trace_export.part() == recorded


@pytest.mark.parametrize(
    ("sampler", "part", "wrong"),
    [
        ("parentbased_traceidratio", "0,001", trace_export.PART),
        ("parentbased_traceidratio", "5", trace_export.PART),
        ("traceidratio", "nan", trace_export.PART),
        ("traceidratio", "", trace_export.PART),
        ("parentbased_ratio", "0.001", trace_export.SAMPLER),
        ("ratio", "", trace_export.SAMPLER),
    ],
)
def test_a_sampler_that_cannot_be_read_keeps_a_program_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sampler: str, part: str, wrong: str
) -> None:
    """OpenTelemetry's SDK would trace everything."""
    monkeypatch.setenv(trace_export.SAMPLER, sampler)
    monkeypatch.setenv(trace_export.PART, part)
    assert list(trace_export.problems(Settings(var=tmp_path))) == []
    [found] = trace_export.problems(Settings(var=tmp_path, trace=True))
    assert found.split()[0] == wrong


def test_the_part_that_is_configured_is_recorded_and_not_a_part_of_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(trace_export.SAMPLER, "traceidratio")
    monkeypatch.setenv(trace_export.PART, "0.25")
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(trace_export, "span_processors", lambda _settings: [SimpleSpanProcessor(exporter)])
    trace_export.configure(Settings(var=tmp_path, trace=True))
    assert tracing.CONFIGURATION.part == 0.25
    monkeypatch.setattr(tracing.CONFIGURATION, "part", 1)
    for _ in range(50):
        with tracing.rpc_client("renewal", "get_renewal"):
            pass
    assert len(exporter.get_finished_spans()) == 50


@pytest.mark.parametrize(("limit", "kept"), [("", BATCH_MAX), ("7", 7)])
def test_a_publication_is_linked_to_each_append_of_its_batch_unless_the_operator_wants_fewer(
    monkeypatch: pytest.MonkeyPatch, limit: str, kept: int
) -> None:
    monkeypatch.setenv(trace_export.LINKS_MAX, limit)
    exporter = InMemorySpanExporter()
    tracer = trace_export.tracer("renewal", [SimpleSpanProcessor(exporter)])
    tracing.configure(lambda _program: tracer)
    traced = [
        metadata().model_copy(update={"traceparent": f"00-{uuid4().hex}-{n:016x}-01"}) for n in range(1, BATCH_MAX + 1)
    ]
    with tracing.publish(
        "renewal", [Recorded("renewal", 1, "renewal/1", 1, uuid4(), "E", "{}", one, AT) for one in traced]
    ):
        pass
    [published] = exporter.get_finished_spans()
    assert len(published.links) == kept


@contextmanager
def collector() -> Iterator[tuple[str, Queue[Named]]]:
    """A receiver of OTLP over HTTP: its address, and the spans that it was sent."""
    received: Queue[Named] = Queue()

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_ours = (self.path, self.headers["Content-Type"]) == ("/v1/traces", PROTOBUF)
            for sent in ExportTraceServiceRequest.FromString(body).resource_spans if is_ours else ():
                names = {one.key: one.value.string_value for one in sent.resource.attributes}
                for span in (one for scope in sent.scope_spans for one in scope.spans):
                    received.put((names["service.name"], span))
            self.send_response(200 if is_ours else 404)
            self.send_header("Content-Type", PROTOBUF)
            self.end_headers()
            self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", received
        server.shutdown()
        thread.join()


def received_until(received: Queue[Named], *wanted: tuple[str, str]) -> list[Named]:
    """Every span up to the last of those that are wanted, by program and name."""
    found: list[Named] = []
    while not set(wanted) <= {(program, span.name) for program, span in found}:
        found.append(received.get(timeout=WAIT_SECONDS))
    return found


@pytest.mark.slow
def test_a_running_instance_sends_the_spans_of_a_request_to_a_collector() -> None:
    with (
        collector() as (address, received),
        instance.standalone(OTEL_EXPORTER_OTLP_ENDPOINT=address, OTEL_BSP_SCHEDULE_DELAY="100") as running,
        httpx.Client(verify=TRUSTED, trust_env=False) as client,
    ):
        assert client.get(f"{running.portal}/sign-in").status_code == 200
        found = received_until(received, ("gateway", "GET /sign-in"), ("auth", "auth/get_sign_in_rule"))
        (page,) = [span for program, span in found if (program, span.name) == ("gateway", "GET /sign-in")]
        received_by_auth = [span for program, span in found if program == "auth" and span.trace_id == page.trace_id]
        assert "auth/get_sign_in_rule" in {span.name for span in received_by_auth}
        assert page.parent_span_id == b""
        assert 0 < page.start_time_unix_nano < page.end_time_unix_nano
