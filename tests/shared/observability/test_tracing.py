"""One trace through a log, an outage and a pull: from the command over the append and the publication to the follower's own events."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from kombu import Connection
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanKind, StatusCode

from shared.contract.refusals import Reason, Refused
from shared.event_store.command_handler import caused_by
from shared.event_store.decider import Decider
from shared.messaging import topology
from shared.messaging.relay import ConfirmingChannel, Relay
from shared.observability import request_context, tracing
from shared.observability.request_context import RequestContext, span_from, traceparent_of
from shared.subscriptions.follower import Follower
from tests.shared.observability.conftest import Spans
from tests.support import sample_log
from tests.support.restorable_source import Source
from tests.support.sample_log import AT, LOG, append, database, fact, history, see
from tests.support.seals import sign

SENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@dataclass(frozen=True)
class Withdraw:
    """Made-up."""

    id: UUID = field(default_factory=uuid4)
    at: datetime = AT


ALWAYS: Decider[Withdraw, int] = Decider(lambda _command, _state: [fact("001")], lambda state, _event: state + 1, 0)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path)


@contextmanager
def traced(flags: str = "01") -> Iterator[None]:
    """Within a call's trace."""
    with request_context.within(request_context.NOTHING):
        request_context.enter_call("renewal", None, f"{SENT[:-2]}{flags}")
        yield


def id_of(span: ReadableSpan) -> int:
    found = span.get_span_context()
    assert found is not None
    return int(found.span_id)


def parent_of(span: ReadableSpan) -> int | None:
    return int(span.parent.span_id) if span.parent else None


def no_pause(_seconds: float) -> None:
    """Retries come at once."""


def test_an_event_carries_the_span_of_its_append(spans: Spans, source: Source) -> None:
    with traced():
        append(source.database, "001", 0, count=2)
    (span,) = spans.called("append renewal.events")
    assert {one.metadata.traceparent for one in history(source.database)} == {traceparent_of(span)}  # type: ignore[arg-type]
    assert span.resource.attributes["service.name"] == "renewal"
    assert len(span.attributes["tamdid.event.types"]) == 2  # type: ignore[arg-type,index]


def test_without_a_tracer_events_carry_what_the_caller_sent_and_nothing_is_made(source: Source) -> None:
    append(source.database, "001", 0)
    assert [one.metadata.traceparent for one in history(source.database)] == [""]
    assert tracing.rpc_client("renewal", "get_renewal") is tracing.NO_SPAN


def test_a_followers_span_is_linked_to_the_producers_and_what_it_causes_follows_from_it(
    spans: Spans, source: Source, tmp_path: Path
) -> None:
    with traced():
        deliveries = source.record(2)
    own = database(f"sqlite:///{tmp_path / 'own.db'}")
    caused: list[str] = []

    def handler(_connection: Any, event: Any) -> None:
        caused.append(caused_by(event).traceparent)

    with request_context.within(RequestContext("capacity")):
        Follower(own, "renewal", handler, lambda _after, _limit: [], no_pause).receive(deliveries)
    produced, processed = spans.called("append renewal.events"), spans.called("process renewal.events")
    assert len(processed) == 2
    for span in processed:
        assert (span.kind, span.resource.attributes["service.name"]) == (SpanKind.CONSUMER, "capacity")
        assert [one.context.span_id for one in span.links] == [parent_of(span)] == [id_of(produced[0])]
    assert caused == [traceparent_of(span) for span in processed]  # type: ignore[arg-type]


def test_the_link_survives_an_outage_and_a_pull(spans: Spans, source: Source, tmp_path: Path) -> None:
    """What the broker lost is read from the log, minutes or days later."""
    with traced():
        lost = source.record(1)
    own = database(f"sqlite:///{tmp_path / 'own.db'}")
    Follower(
        own, "renewal", see, lambda after, _limit: [one for one in lost if one.position > after], no_pause
    ).catch_up()
    (processed,), (produced,) = spans.called("process renewal.events"), spans.called("append renewal.events")
    assert [one.context.span_id for one in processed.links] == [id_of(produced)]


def test_a_publication_is_in_the_trace_of_its_event(spans: Spans, broker_url: str, tmp_path: Path) -> None:
    db = database(f"sqlite:///{tmp_path / 'log.db'}")
    with traced():
        append(db, "001", 0)
    with Connection(broker_url) as connection:
        topology.declare(connection, "renewal")
        assert Relay(db, LOG, "", sign).publish_once(ConfirmingChannel(connection)) == 1
    (published,), (produced,) = spans.called("publish renewal.events"), spans.called("append renewal.events")
    assert (published.kind, parent_of(published)) == (SpanKind.CLIENT, id_of(produced))
    assert [one.context.span_id for one in published.links] == [id_of(produced)]


def test_a_batch_is_published_in_one_span_with_a_link_to_each_traced_append(spans: Spans, source: Source) -> None:
    append(source.database, "1", 0)
    with traced():
        append(source.database, "2", 0, count=2)
        append(source.database, "3", 0)
    with tracing.publish("renewal", history(source.database)):
        pass
    (published,), produced = spans.called("publish renewal.events"), spans.called("append renewal.events")
    assert parent_of(published) == id_of(produced[0])
    assert [one.context.span_id for one in published.links] == [id_of(one) for one in produced]
    assert published.attributes is not None
    assert published.attributes["messaging.batch.message_count"] == 4


def test_of_a_batch_that_nobody_traces_no_span_is_made(spans: Spans, source: Source) -> None:
    append(source.database, "1", 0)
    assert tracing.publish("renewal", history(source.database)) is tracing.NO_SPAN
    assert spans.ended() == ()


def test_what_was_recorded_before_anybody_traced_is_followed_without_a_span(source: Source, spans: Spans) -> None:
    tracing.configure(None)
    deliveries = source.record(1)
    tracing.configure(spans.tracer_of)
    Follower(database("sqlite://"), "renewal", see, lambda _after, _limit: [], no_pause).receive(deliveries)
    assert spans.ended() == ()


def test_a_command_is_a_child_of_its_call_and_the_append_and_the_commit_of_it(spans: Spans, source: Source) -> None:
    request_context.enter_call("renewal", str(UUID(int=7)), SENT)
    try:
        with tracing.rpc_server("withdraw_renewal"):
            source.records.handle("renewal/001", Withdraw(), ALWAYS)
    finally:
        request_context.enter(request_context.NOTHING)
    by_name = {span.name: span for span in spans.ended()}
    called, command = by_name["renewal/withdraw_renewal"], by_name["handle Withdraw"]
    append_, commit = by_name["append renewal.events"], by_name["COMMIT source"]
    assert (called.kind, parent_of(called)) == (SpanKind.SERVER, int(SENT.split("-")[2], 16))
    assert called.attributes is not None
    assert called.attributes["rpc.response.status_code"] == "OK"
    assert parent_of(command) == id_of(called)
    assert parent_of(append_) == parent_of(commit) == id_of(command)
    [recorded] = history(source.database)
    assert (recorded.metadata.correlation_id, recorded.metadata.traceparent.split("-")[1]) == (
        UUID(int=7),
        SENT.split("-")[1],
    )


def test_of_a_trace_that_is_not_recorded_nothing_is_made(spans: Spans, source: Source) -> None:
    """Its events name no trace, and nor does what follows from them."""
    with traced("00"):
        assert tracing.rpc_server("withdraw_renewal") is tracing.NO_SPAN
        source.records.handle("renewal/001", Withdraw(), ALWAYS)
        assert request_context.headers()["traceparent"] == request_context.LEFT_OUT
    assert [one.metadata.traceparent for one in history(source.database)] == [""]

    def reaction(connection: Any, event: Any) -> None:
        LOG.append(connection, "renewal/002", 0, [fact("002")], caused_by(event), AT)

    Follower(database("sqlite://"), "renewal", reaction, lambda _after, _limit: [], no_pause).receive(
        history(source.database)
    )
    assert spans.ended() == ()


@pytest.mark.parametrize("flags", ["00", "02"])
def test_for_an_event_that_names_a_trace_that_is_left_out_no_span_is_made(
    spans: Spans, source: Source, flags: str
) -> None:
    """A log may have some from before; a span would have an id of its own, also where it is not recorded."""
    append(source.database, "1", 0)
    [recorded] = history(source.database)
    named = recorded.metadata.model_copy(update={"traceparent": f"{SENT[:-2]}{flags}"})
    with tracing.process([replace(recorded, metadata=named)]) as [event]:
        metadata = caused_by(event)
        source.database.write(lambda connection: LOG.append(connection, "renewal/2", 0, [fact("2")], metadata, AT))
    assert [one.metadata.traceparent for one in history(source.database)] == ["", ""]
    assert spans.ended() == ()


def test_whether_a_trace_is_recorded_is_decided_once_where_it_begins(spans: Spans) -> None:
    """The service that is called goes by the caller's decision; the next request is decided anew."""
    tracing.configure(spans.tracer_of, part=0)
    with tracing.http_server("GET", lambda: "/desk", "https"):
        assert tracing.rpc_client("renewal", "get_renewal") is tracing.NO_SPAN
        header = request_context.headers()["traceparent"]
        assert request_context.present().trace_id == ""
    assert request_context.headers() == {}
    with request_context.within(request_context.NOTHING):
        request_context.enter_call("renewal", None, header)
        tracing.configure(spans.tracer_of, part=1)
        assert tracing.rpc_server("get_renewal") is tracing.NO_SPAN
    with tracing.http_server("GET", lambda: "/desk", "https"):
        header = request_context.headers()["traceparent"]
    with request_context.within(request_context.NOTHING):
        request_context.enter_call("renewal", None, header)
        tracing.configure(spans.tracer_of, part=0)
        with tracing.rpc_server("get_renewal"):
            pass
    assert [one.name for one in spans.ended()] == ["GET /desk", "renewal/get_renewal"]


def test_so_many_traces_are_recorded_as_is_configured(spans: Spans) -> None:
    tracing.configure(spans.tracer_of, part=0.25)
    for _ in range(2000):
        with tracing.rpc_client("renewal", "get_renewal"):
            pass
    assert 350 < len(spans.ended()) < 650


@pytest.mark.parametrize("part", [0, 1])
def test_what_is_logged_after_a_call_has_the_id_of_its_command(spans: Spans, part: float) -> None:
    """nameko logs an error when the method has returned."""
    tracing.configure(spans.tracer_of, part=part)
    with tracing.rpc_server("withdraw_renewal"):
        request_context.set_command(UUID(int=7))
    assert request_context.present() == RequestContext(command_id=UUID(int=7))


def test_a_block_that_fails_in_a_trace_that_is_not_recorded_leaves_its_context(spans: Spans) -> None:
    tracing.configure(spans.tracer_of, part=0)
    with pytest.raises(ValueError, match="failed"), tracing.rpc_client("renewal", "get_renewal"):
        raise ValueError("failed")
    assert request_context.present() == request_context.NOTHING


def test_within_a_trace_that_is_left_out_what_is_done_for_a_recorded_one_is_in_that_one(
    spans: Spans, source: Source
) -> None:
    """A parked event is retried by an officer's request."""
    metadata = sample_log.metadata().model_copy(update={"traceparent": SENT})
    with traced("00"):
        source.database.write(lambda connection: LOG.append(connection, "renewal/1", 0, [fact("1")], metadata, AT))
        with tracing.process(history(source.database)):
            pass
    assert [one.name for one in spans.ended()] == ["append renewal.events", "process renewal.events"]


def test_an_error_is_told_by_its_type_or_reason_and_never_by_its_text(spans: Spans) -> None:
    with pytest.raises(Refused), tracing.rpc_client("renewal", "get_renewal"):
        raise Refused(Reason.NOT_REQUESTED, {"x": "typed"})
    with pytest.raises(ValueError, match="typed"), tracing.rpc_client("renewal", "get_renewal"):
        raise ValueError("typed")
    refused, failed = spans.ended()
    assert refused.attributes is not None
    assert failed.attributes is not None
    assert (refused.attributes["error.type"], refused.status.status_code) == ("not_requested", StatusCode.UNSET)
    assert (failed.attributes["error.type"], failed.status.status_code) == ("ValueError", StatusCode.ERROR)
    assert "typed" not in refused.to_json() + failed.to_json()


@pytest.mark.parametrize(
    "header",
    ["", "00-0-0-0", f"{SENT}-more", SENT.replace("00f067aa0ba902b7", "0" * 16), f"00-{'0' * 32}-{'0' * 16}-00", 7],
)
def test_a_header_that_holds_no_span_does_no_harm(header: object) -> None:
    assert span_from(header) is None
    with request_context.within(request_context.NOTHING):
        request_context.enter_call("renewal", None, header)
        assert request_context.present() == RequestContext("renewal")
