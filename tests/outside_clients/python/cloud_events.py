"""The SDK of CloudEvents reads events of renewal's log as messages of RabbitMQ in the structured mode."""

import os
from pathlib import Path

from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_structured_event

last = 0
for line in Path(os.environ["EVENTS"]).read_text(encoding="utf-8").splitlines():
    event = from_structured_event(RabbitMQMessage({}, "application/cloudevents+json", line.encode()))
    assert event.get_source() == "renewal"
    assert event.get_time().tzinfo is not None
    assert event.get_data()
    assert event.get_extension("sequence") == last + 1
    last += 1
print(f"{last} events valid, sequence 1 to {last} without a gap")
