"""Somebody with the broker account of one program: publishes what it likes as that program's events, and answers those who read its log."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.contract.seal import GENESIS, digest_of, extended, signed_text
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

    def forged(self, body: str) -> tuple[str, str | None]:
        """An event that never happened, made of a true one's message, at a position where somebody may wait for it."""
        event: dict[str, Any] = json.loads(body)
        event["sequence"] += self.random.choice([0, 0, 1, 2])
        event["actor"] = ACTOR
        event["id"] = str(UUID(int=self.random.randrange(2**64)))
        forged = json.dumps(event)
        self.environment.tally["events forged"] += 1
        return forged, self.seal(event["sequence"], forged)

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

    def answer(self, bodies: Sequence[str], seal: str) -> tuple[list[str], str]:
        """An answer of the log with an event of its own in it, without one, or in another order; the seal stays, or is forged."""
        self.has_answered = True
        changed = list(bodies)
        place = self.random.randrange(len(changed))
        match self.random.choice(["altered", "left out", "longer"]):
            case "altered":
                changed[place] = self.forged(changed[place])[0]
            case "left out" if len(changed) > 1:
                del changed[place]
            case _:
                event = json.loads(changed[-1])
                event["sequence"] += 1
                event["actor"] = ACTOR
                changed.append(json.dumps(event))
        self.environment.tally["answers forged"] += 1
        last = json.loads(changed[-1])["sequence"]
        return changed, self.random.choice([seal, self.seal(last, changed[-1]) or ""])
