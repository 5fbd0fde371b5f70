"""The log of a restored source, read for a reconciliation: pages by their seals, its epochs and what it has by signature."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from shared.contract.operations.answers import FoundEvents, RecordedEvents
from shared.contract.operations.queries import FIND_EVENTS_MAX, READ_EVENTS_MAX
from shared.contract.seal import SEALED_EVERY, Delivery, chained, signed_epochs_text, signed_found_text
from shared.event_store.epoch import Epoch
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.seal_check import SealBroken
from shared.subscriptions.source_signatures import SourceSignatures

SEALS_WITHIN = 2 * SEALED_EVERY
"""Events before a position among which there is a seal, unless the source was late with sealing."""

Read = Callable[[int, int], RecordedEvents]
"""The source's answer to `read_events` with `verifying`, after a position and with a limit."""
Find = Callable[[Sequence[UUID]], FoundEvents]


class NotSealed(Exception):  # noqa: N818 - a state that passes
    """The source has not sealed yet what must be compared."""


class SourceLog:
    """What a source's own answers prove of its log."""

    def __init__(self, signatures: SourceSignatures, read: Read, find: Find) -> None:
        self.signatures = signatures
        self.read = read
        self.find = find

    def state(self) -> tuple[int, Sequence[Epoch]]:
        """The log's head and all of its epochs, the present one last; none where version 0.1.0 answers."""
        answer = self.read(0, 1)
        epochs = [Epoch(one.epoch, one.began_at) for one in answer.epochs]
        if epochs and not self._is_signed(signed_epochs_text(self.signatures.source, epochs), answer.epochs_signature):
            raise SealBroken(f"{self.signatures.source} has not signed the epochs of its log")
        return answer.head, epochs

    def at(self, position: int) -> tuple[Checkpoint, datetime | None]:
        """The checkpoint of whoever has followed this log up to a position, and when the event there was recorded."""
        if position == 0:
            return Checkpoint(), None
        for delivery, chain in self._events(self._last_seal(position - 1), position):
            if delivery.position == position:
                return Checkpoint(position, chain, event_id=delivery.event_id), delivery.recorded_at
        raise SealBroken(f"the log of {self.signatures.source} has no event {position}")

    def lacking(self, ids: Collection[UUID], epoch: str) -> set[UUID]:
        """Those of some events that the log does not have in its present epoch."""
        wanted, lacking = sorted(ids), set(ids)
        for first in range(0, len(wanted), FIND_EVENTS_MAX):
            answer = self.find(wanted[first : first + FIND_EVENTS_MAX])
            text = signed_found_text(self.signatures.source, epoch, answer.ids)
            if answer.epoch != epoch or not self._is_signed(text, answer.signature):
                raise SealBroken(f"{self.signatures.source} has not signed which events it has")
            lacking -= set(answer.ids)
        return lacking

    def _events(self, after: Checkpoint, until: int) -> Iterator[tuple[Delivery, str]]:
        """The events after a sealed position up to the first seal at or behind another, each with the chain there."""
        position, chain = after.position, after.chain
        while position < until:
            page = self.signatures.deliveries(self.read(position, min(until - position, READ_EVENTS_MAX)))
            if not page:
                raise NotSealed
            chains = chained(chain, page)
            is_sealed = page[-1].is_sealed
            if is_sealed is None or not is_sealed(chains[-1]):
                raise SealBroken(f"the seal of {self.signatures.source} {page[-1].position} does not hold")
            yield from zip(page, chains, strict=True)
            position, chain = page[-1].position, chains[-1]

    def _last_seal(self, position: int) -> Checkpoint:
        """The chain at the last seal up to a position; that of the beginning where there is none."""
        after = position
        while after > 0:
            after = max(0, after - SEALS_WITHIN)
            seals = [one for one in self.read(after, SEALS_WITHIN).seals if one.position <= position]
            if seals:
                last = seals[-1]
                if not self.signatures.seal(last.signature)(self.signatures.source, last.position, last.chain):
                    raise SealBroken(f"the seal of {self.signatures.source} {last.position} does not hold")
                return Checkpoint(last.position, last.chain)
        return Checkpoint()

    def _is_signed(self, text: bytes, signature: str) -> bool:
        return self.signatures.is_signed(text, signature)
