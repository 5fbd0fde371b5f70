"""How an event travels: its place in its log, and the CloudEvents 1.0 message made of it."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contract import upcasting
from shared.contract.base import Event


class Metadata(BaseModel):
    """Where an event comes from: the first request, the message that caused it, and who acted."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    correlation_id: UUID
    causation_id: UUID
    actor: str = ""
    traceparent: str = ""


@dataclass(frozen=True)
class Recorded:
    """An event in its place in a log: `position` counts from 1 without holes, `version` within its stream."""

    source: str
    position: int
    stream: str
    version: int
    event_id: UUID
    type: str
    data: str
    """The event as JSON text."""
    metadata: Metadata
    recorded_at: datetime

    @cached_property
    def event(self) -> Event:
        """The fact itself in its newest shape; one that this program does not know yet is a bare `Event`, which readers pass by."""
        return upcasting.event_of(self.type, self.data)

    @property
    def is_known(self) -> bool:
        """Whether this program knows its type, and this version of its data."""
        return upcasting.is_known(self.type, self.schema_version)

    @property
    def schema_version(self) -> int:
        return upcasting.schema_version(self.data)


class CloudEvent(BaseModel):
    """An event as a message: CloudEvents 1.0 JSON, structured mode, with our extensions in lower case."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    specversion: str = "1.0"
    id: UUID
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: str = "application/json"
    data: dict[str, object]
    sequence: Annotated[int, Field(ge=1)]
    streamversion: Annotated[int, Field(ge=1)]
    correlationid: UUID
    causationid: UUID
    actor: str = ""
    traceparent: str = ""
