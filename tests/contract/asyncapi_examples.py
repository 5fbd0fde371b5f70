"""The examples of the AsyncAPI document: each event's newest sample in its envelope, and requests and answers as the JSON API's examples have them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clients.gateway.api.catalogue import OFFERED
from deploy.reference import webhooks
from shared.contract.base import Command
from shared.contract.catalogue import EVENTS
from tests.clients.gateway.api import examples

SAMPLES = Path(__file__).parent / "samples"
STAMPS = {"id": "7f6c4b1e-4f0e-4f0a-9a53-6a5f3d7b2c10", "deadline": "2026-11-29T08:30:10Z"}
"""Of a command, where its example leaves them to the gateway."""


def messages() -> dict[str, Any]:
    """A payload by the name of its message."""
    return {**dict(events()), **dict(requests()), webhooks.NAME: webhooks.EXAMPLE, **webhooks.BANK_EXAMPLES}


def events() -> Iterator[tuple[str, Any]]:
    envelope = json.loads((SAMPLES / "CloudEvent.v1.json").read_text(encoding="utf-8"))
    for name, event in EVENTS.items():
        newest = max(SAMPLES.glob(f"{name}.v*.json"), key=lambda path: int(path.suffixes[0].removeprefix(".v")))
        data = json.loads(newest.read_text(encoding="utf-8"))
        own = {"source": event.source, "type": name, "subject": f"{event.source}/example", "data": data}
        yield name, {**envelope, **own}


def requests() -> Iterator[tuple[str, Any]]:
    played = examples.played()
    for (service, method), kind in sorted(OFFERED.items(), key=lambda item: item[0]):
        if example := played.get(f"/api/{service}/{method}"):
            stamps = STAMPS if issubclass(kind, Command) else {}
            yield kind.__name__, {"args": [{**stamps, **example["request"]}], "kwargs": {}}
            yield f"{kind.__name__}.reply", {"result": example["answer"], "error": None}
