"""Stock nameko follows our events with its own decorator alone, and only with the content type that they have."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kombu import Connection

from shared.contract import cloud_events
from shared.messaging import topology
from shared.messaging.relay import ConfirmingChannel, SealedMessage

PROGRAM = Path(__file__).with_name("stock_follower.py")
SAMPLE = (Path(__file__).parents[2] / "contract" / "samples" / "CloudEvent.v1.json").read_text(encoding="utf-8")
STRUCTURED = "application/cloudevents+json"


@contextmanager
def following(broker_url: str) -> Iterator["subprocess.Popen[str]"]:
    """A process of stock nameko that has bound its queue."""
    command = [sys.executable, "-W", "ignore", "-I", str(PROGRAM), broker_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def test_a_stock_event_handler_gets_the_event_as_it_was_recorded(rabbitmq_url: str) -> None:
    recorded = cloud_events.from_json(SAMPLE)
    with Connection(rabbitmq_url) as connection, following(rabbitmq_url) as process:
        topology.declare(connection, "renewal")
        ConfirmingChannel(connection).publish("renewal", [SealedMessage(recorded, SAMPLE.encode(), None)])
        assert process.stdout is not None
        assert json.loads(process.stdout.readline()) == json.loads(SAMPLE)


def test_stock_nameko_loses_what_has_the_content_type_of_cloud_events(rabbitmq_url: str) -> None:
    """Why ours is `application/json`: DECISIONS.md."""
    with Connection(rabbitmq_url) as connection, following(rabbitmq_url) as process:
        producer = connection.Producer(auto_declare=False)
        for content_type, body in ((STRUCTURED, SAMPLE), ("application/json", '{"sequence": 421}')):
            producer.publish(
                body, "RenewalApproved", exchange="renewal.events", content_type=content_type, content_encoding="utf-8"
            )
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline()) == {"sequence": 421}
        assert any("ContentDisallowed" in line for line in process.stderr)
