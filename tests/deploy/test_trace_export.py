"""Where spans go: nowhere as it is, into a file where the setting says so, each under the name of its program."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import trace_export
from shared.observability import request_context, tracing
from shared.observability.request_context import RequestContext
from shared.settings import Settings


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
