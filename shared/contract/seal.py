"""Seals: a source's signature over the hash chain of its events, by which followers believe only the source and alterations are found.

The chain at a position is the hash of the chain before it and of the event's message; a seal signs source, position and chain.
The relay seals the last event of each batch, and the signature travels with that event. Beside it goes the epoch of the log,
which is another one after each restore; also signed, as `<epoch>.<signature>`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date
from hashlib import sha256
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contract import cloud_events
from shared.contract.envelope import Recorded

GENESIS = "0" * 64
"""The chain before the first event."""
HEADER = "seal"
"""The message header of a sealed event."""
EPOCH_HEADER = "epoch"
"""The message header with the signed epoch of the log; version 0.1.0 sends none."""
SEALED_EVERY = 100
"""So many events at most follow each other without a seal: fewer than a follower takes at once."""

IsSealed = Callable[[str], bool]
"""Whether the source has signed that this is its chain at the event."""


@dataclass(frozen=True)
class Delivery(Recorded):
    """An event as it came from its source."""

    digest: str
    """Of the message's body."""
    is_sealed: IsSealed | None
    """None where no seal came with the event."""
    epoch: str = ""
    """Of the log, where the message had one that the source has signed."""


class SealEvidence(BaseModel):
    """A log's last seal at an instant: a line of JSON in a file that is kept elsewhere, to find a log that was cut off together with its seals."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str
    position: Annotated[int, Field(ge=1)]
    chain: str
    signature: str
    written_at: AwareDatetime

    @property
    def day(self) -> date:
        return self.written_at.astimezone(UTC).date()


def digest_of(body: str | bytes) -> str:
    """The digest of an event's message."""
    return sha256(body.encode() if isinstance(body, str) else body).hexdigest()


def extended(chain: str, digest: str) -> str:
    """The chain after one more event."""
    return sha256(f"{chain}{digest}".encode()).hexdigest()


def signed_text(source: str, position: int, chain: str) -> bytes:
    """What a seal signs."""
    return f"tamdid seal\n{source}\n{position}\n{chain}".encode()


def signed_epoch_text(source: str, epoch: str) -> bytes:
    """What a source signs of its log's epoch."""
    return f"tamdid epoch\n{source}\n{epoch}".encode()


def signed_epochs_text(source: str, epochs: Iterable[tuple[str, int]]) -> bytes:
    """What a source signs of all epochs of its log, each with the position after which it began."""
    return "\n".join(["tamdid epochs", source, *(f"{epoch} {began_at}" for epoch, began_at in epochs)]).encode()


def signed_found_text(source: str, epoch: str, found: Iterable[object]) -> bytes:
    """What a source signs of the events that its log has in this epoch, by their ids."""
    return "\n".join(["tamdid found", source, epoch, *map(str, found)]).encode()


class EpochSigner:
    """Signs the epoch of a program's log, each once."""

    def __init__(self, source: str, sign: Callable[[bytes], str]) -> None:
        self.source = source
        self.sign = sign
        self._signed = ("", "")

    def signed(self, epoch: str) -> str:
        """`<epoch>.<signature>`; nothing for a log without an epoch."""
        if epoch != self._signed[0]:
            self._signed = (epoch, f"{epoch}.{self.sign(signed_epoch_text(self.source, epoch))}")
        return self._signed[1]


def delivered(body: str | bytes, is_sealed: Callable[[str, int, str], bool] | None = None, epoch: str = "") -> Delivery:
    """The event of a message, with the check of its seal by source, position and chain; `ValueError` for what is no event."""
    fields = cloud_events.fields_of(body)
    check = None if is_sealed is None else lambda chain: is_sealed(fields["source"], fields["position"], chain)
    return Delivery(**fields, digest=digest_of(body), is_sealed=check, epoch=epoch)


def chained(chain: str, events: Iterable[Delivery]) -> list[str]:
    """The chain at each of the events that follow one another."""
    chains = []
    for event in events:
        chain = extended(chain, event.digest)
        chains.append(chain)
    return chains
