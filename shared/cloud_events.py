"""Events to and from their message: CloudEvents 1.0 in structured JSON, the data carried as the log has it."""

import json

from shared.contract.envelope import CloudEvent, Metadata, Recorded


def to_json(recorded: Recorded) -> str:
    """The message's body. The event's own JSON is put in as it stands, without parsing it."""
    envelope = CloudEvent.model_construct(
        data={},
        id=recorded.event_id,
        source=recorded.source,
        type=recorded.type,
        subject=recorded.stream,
        time=recorded.recorded_at,
        sequence=recorded.position,
        streamversion=recorded.version,
        correlationid=recorded.metadata.correlation_id,
        causationid=recorded.metadata.causation_id,
        actor=recorded.metadata.actor,
        traceparent=recorded.metadata.traceparent,
    ).model_dump_json(exclude={"data"})
    return f'{envelope[:-1]},"data":{recorded.data}}}'


def from_json(body: str | bytes) -> Recorded:
    """The event of a message; `ValueError` for what is no event of ours."""
    envelope = CloudEvent.model_validate_json(body)
    return Recorded(
        source=envelope.source,
        position=envelope.sequence,
        stream=envelope.subject,
        version=envelope.streamversion,
        event_id=envelope.id,
        type=envelope.type,
        data=json.dumps(envelope.data, ensure_ascii=False, separators=(",", ":")),
        metadata=Metadata(
            correlation_id=envelope.correlationid,
            causation_id=envelope.causationid,
            actor=envelope.actor,
            traceparent=envelope.traceparent,
        ),
        recorded_at=envelope.time,
    )
