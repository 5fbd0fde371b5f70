"""Somebody with the broker account of one program: publishes what it likes as that program's events, and answers those who read its log."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.contract.operations.answers import RecordedEvent, RecordedEvents
from shared.contract.seal import (
    EPOCH_HEADER,
    GENESIS,
    HEADER,
    digest_of,
    extended,
    signed_epoch_text,
    signed_text,
)
from tests.simulation import signing
from tests.simulation.environment import Environment
from tests.simulation.in_memory_database import Slot

ACTOR = "officer:forged"
"""Who acts in a forged event, so that it is known where it is applied."""
SEALS = ("none", "garbage", "of another event", "by another key")


class Adversary:
    """It knows the source's true events and seals, which its account may read, and has every key but the source's."""

    def __init__(self, environment: Environment, source: str, slot: Slot) -> None:
        self.environment = environment
        self.random = environment.random
        self.source = source
        self.slot = slot
        self.has_answered = False

    def forged(self, body: str, headers: Mapping[str, str]) -> tuple[str, Mapping[str, str]]:
        """An event that never happened, made of a true one's message, at a position where somebody may wait for it."""
        event: dict[str, Any] = json.loads(body)
        event["sequence"] += self.random.choice([0, 0, 1, 2])
        event["actor"] = ACTOR
        event["id"] = str(UUID(int=self.random.randrange(2**64)))
        forged = json.dumps(event)
        self.environment.tally["events forged"] += 1
        seal = self.seal(event["sequence"], forged)
        return forged, {**self.epoch(headers), **({HEADER: seal} if seal is not None else {})}

    def epoch(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The true epoch beside the event, none, or one that another program has signed; all by what is there already."""
        epoch = str(UUID(int=len(headers.get(HEADER, ""))))
        signed = f"{epoch}.{signing.sign('gateway', signed_epoch_text(self.source, epoch))}"
        return [{EPOCH_HEADER: headers[EPOCH_HEADER]} if EPOCH_HEADER in headers else {}, {}, {EPOCH_HEADER: signed}][
            self.environment.tally["events forged"] % 3
        ]

    def seal(self, position: int, body: str) -> str | None:
        """None, a text that is no signature, a true seal of the source, or the right text signed by another program."""
        kind = self.random.choice(SEALS)
        if kind == "none":
            return None
        if kind == "of another event":
            true = self.slot.rows("SELECT signature FROM seals ORDER BY position")
            if true:
                return str(self.random.choice(true)[0])
        if kind == "by another key":
            query = "SELECT chain FROM seals WHERE position = ?"
            chain = extended(self.slot.value(query, position - 1) or GENESIS, digest_of(body))
            return signing.sign("gateway", signed_text(self.source, position, chain))
        return "garbage"

    def answer(self, page: RecordedEvents) -> RecordedEvents:
        """An answer of the log with an event of its own in it, without one, or in another order; the seal stays, or is forged."""
        self.has_answered = True
        changed = [one.cloud_event for one in page.events]
        place = self.random.randrange(len(changed))
        match self.random.choice(["altered", "left out", "longer"]):
            case "altered":
                changed[place], _ = self.forged(changed[place], {})
            case "left out" if len(changed) > 1:
                del changed[place]
            case _:
                event = json.loads(changed[-1])
                event["sequence"] += 1
                event["actor"] = ACTOR
                changed.append(json.dumps(event))
        self.environment.tally["answers forged"] += 1
        last = json.loads(changed[-1])["sequence"]
        seal = self.random.choice([page.seal, self.seal(last, changed[-1]) or ""])
        events = tuple(RecordedEvent(cloud_event=body) for body in changed)
        return page.model_copy(update={"events": events, "seal": seal})
