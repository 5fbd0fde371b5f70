"""Deliveries compared with the checkpoint, and checked against the source's seals."""

from collections.abc import Sequence
from enum import Enum, auto

from shared.contract.seal import Delivery, chained
from shared.subscriptions.checkpoints import Checkpoint


class Verdict(Enum):
    """What is to be done with deliveries: by their positions and the checkpoint, or for want of a seal."""

    NEXT = auto()
    """Apply it."""
    DUPLICATE = auto()
    """It was applied before: drop it."""
    AHEAD = auto()
    """Events before it were lost: pull them from the source first."""
    MISMATCH = auto()
    """Another copy of this program has moved the checkpoint: undo, and compare again."""
    UNSEALED = auto()
    """The seal that covers it has not come yet: keep it until then."""


def compare(checkpoint: int, position: int) -> Verdict:
    """Compare a delivery's position with the checkpoint."""
    if position <= checkpoint:
        return Verdict.DUPLICATE
    return Verdict.NEXT if position == checkpoint + 1 else Verdict.AHEAD


class SealBroken(Exception):  # noqa: N818 - the name is the state
    """An event does not come from its source, or was altered since: its seal does not hold."""


class OtherEpoch(SealBroken):
    """An event comes from the source's log before or after a restore, and the source has not been compared yet."""

    def __init__(self, source: str, delivery: Delivery) -> None:
        super().__init__(f"{source} {delivery.position} came from another epoch of the log, {delivery.epoch}")


class SealCheck:
    """Tells which deliveries follow a checkpoint, and which of them a seal covers."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._proven: dict[int, str] = {}
        """The chain at each event of the present batch that a seal covers, also when it is applied one event at a time."""

    def following(self, checkpoint: Checkpoint, batch: Sequence[Delivery]) -> tuple[Verdict, list[Delivery]]:
        """The deliveries that follow the checkpoint without a hole, and the verdict on the last one compared.

        `OtherEpoch` where one of them comes from a log of another epoch: none of them is a duplicate, or the next one, until
        the source itself was compared.
        """
        verdict, following, position = Verdict.NEXT, [], checkpoint.position
        for delivery in batch:
            if delivery.epoch and delivery.epoch != checkpoint.epoch and checkpoint.epoch:
                raise OtherEpoch(self.source, delivery)
            verdict = compare(position, delivery.position)
            if verdict is Verdict.AHEAD:
                break
            if verdict is Verdict.NEXT:
                if delivery.source != self.source:
                    raise SealBroken(f"an event of another source came as one of {self.source}")
                following.append(delivery)
                position = delivery.position
        return verdict, following

    def covered(self, chain: str, following: Sequence[Delivery]) -> Sequence[Delivery]:
        """Those of the events after a chain that a seal covers; `SealBroken` where the last seal among them does not hold."""
        chains = chained(chain, following)
        for count in range(len(following), 0, -1):
            delivery, chain_there = following[count - 1], chains[count - 1]
            if self._proven.get(delivery.position) == chain_there:
                return following[:count]
            if delivery.is_sealed is not None:
                if not delivery.is_sealed(chain_there):
                    raise SealBroken(f"the seal of {self.source} {delivery.position} does not hold")
                self._proven = {
                    one.position: there for one, there in zip(following[:count], chains[:count], strict=True)
                }
                return following[:count]
        return ()

    def checkpoint_at(self, covered: Delivery, epoch: str = "") -> Checkpoint:
        """The checkpoint behind a delivery that a seal covers, in the log of an epoch."""
        return Checkpoint(covered.position, self._proven[covered.position], covered.epoch or epoch, covered.event_id)
