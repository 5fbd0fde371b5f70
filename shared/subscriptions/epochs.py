"""The epoch of a followed log: whether a source that was restored from a backup still has the events that were followed."""

from typing import NamedTuple

from shared.contract.seal import IsSealed
from shared.subscriptions.checkpoints import Checkpoint
from shared.subscriptions.seal_check import SealBroken


class LogState(NamedTuple):
    """What a source's answer says of its log."""

    after: int
    """The position after which its events were asked for."""
    head: int
    epoch: str = ""
    """Nothing where the source has signed none."""
    began_at: int = 0
    """The last position that this epoch has in common with the one before."""
    is_sealed: IsSealed | None = None
    """Whether the source has signed a chain at `after`; None where the answer has no seal of that position."""

    def proves(self, checkpoint: Checkpoint) -> bool:
        """Whether the source has signed that its log begins with the events up to the checkpoint."""
        return self.is_sealed is not None and self.is_sealed(checkpoint.chain)


class LogReplaced(SealBroken):
    """The source's log no longer has what was followed: it was restored from an older backup, and uses positions again."""


def is_other(checkpoint: Checkpoint, log: LogState) -> bool:
    """Whether the log has another epoch than the one that was followed."""
    return bool(log.epoch and checkpoint.epoch) and log.epoch != checkpoint.epoch


def require_followed(source: str, checkpoint: Checkpoint, log: LogState) -> None:
    """`LogReplaced` where a log without events after the checkpoint lacks some that were followed, or does not prove that it has them."""
    if checkpoint.position == 0 or log.proves(checkpoint):
        return
    if log.head < checkpoint.position or log.is_sealed is not None or is_other(checkpoint, log):
        raise replaced(source, checkpoint, log)


def replaced(source: str, checkpoint: Checkpoint, log: LogState) -> LogReplaced:
    """The alarm, with what an operator needs to know."""
    return LogReplaced(
        f"the log of {source} is another one than was followed: its epoch {short(log.epoch)} began after {log.began_at} and ends at "
        f"{log.head}; epoch {short(checkpoint.epoch)} was followed up to {checkpoint.position}"
    )


def short(epoch: str) -> str:
    return epoch[:8] or "unknown"
