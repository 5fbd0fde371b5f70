"""Answers of operations to its commands and queries."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contract.base import Answer
from shared.contract.values import Role


class RecordedEvent(Answer):
    """An event as read from a log: a CloudEvent's fields as JSON text."""

    cloud_event: str


class Seal(Answer):
    """A source's signature over its hash chain at a position, as it is stored."""

    position: int
    chain: str
    signature: str


class LogEpoch(Answer):
    """An epoch of a log, and the last position that it has in common with the epoch before."""

    epoch: str
    began_at: Annotated[int, Field(ge=0)]


class RecordedEvents(Answer):
    """Events after a position up to one that the source has sealed, in order, and the log's head."""

    events: tuple[RecordedEvent, ...]
    altered: tuple[int, ...] = ()
    """Positions whose rows the service would have written otherwise, although they mean the same."""
    seals: tuple[Seal, ...] = ()
    seal: str = ""
    """The source's signature over its chain at the last of the events; none where there are no events."""
    seal_before: str = ""
    """Where there are no events: the source's signature over its chain at the position that was asked for, where it has one there."""
    head: Annotated[int, Field(ge=0)]
    epoch: str = ""
    """Of the log, another one after each restore, as `<epoch>.<signature>`; version 0.1.0 answers with none."""
    epoch_began_at: Annotated[int, Field(ge=0)] = 0
    """The position after which the log goes on in this epoch; what an earlier epoch had after it is lost."""
    epochs: tuple[LogEpoch, ...] = ()
    """All epochs of the log, the present one last, where the query is `verifying`."""
    epochs_signature: str = ""
    """The source's over all of them."""


class FoundEvents(Answer):
    """Which of some events a log has, by their ids; with the source's signature over these and its present epoch."""

    ids: tuple[UUID, ...]
    epoch: str
    signature: str


class ParkedEvent(Answer):
    """An event whose handler kept failing, or (without an error) one that waits behind such a one of the same member."""

    source: str
    position: int
    partition_key: str
    type: str
    error: str
    attempts: int
    recorded_at: AwareDatetime


class ParkedEvents(Answer):
    """What a service has parked, in order; `total` counts beyond the page."""

    parked: tuple[ParkedEvent, ...]
    total: int


class Retried(Answer):
    """How many events of a partition key were applied, and how many still wait."""

    applied: int
    waiting: int


class SubscriptionState(Answer):
    """How far a service follows a source; lag in events, and in seconds since the oldest event not yet applied."""

    source: str
    checkpoint: int
    head: int
    lag_events: int
    lag_seconds: float
    parked: int
    unknown: int = 0
    """Events that only a later version of the service knows: passed, and applied by that version."""
    full: bool = False
    """So many events are parked that the subscription stops."""
    is_stopped: bool = False
    """It is before an event that can neither be applied nor parked, and goes on only when that is mended."""
    connected: bool = True
    """Whether the copy that answers listens at the broker."""
    error: str = ""
    """Why it does not, or did not lately."""
    alarm: str = ""
    """The last delivery or answer that its source has not sealed, or that contradicts what the source has answered before; until the program starts again."""


class Subscriptions(Answer):
    """All subscriptions of a service; of a source in `unreachable`, which does not answer, the head is the last that was seen."""

    subscriptions: tuple[SubscriptionState, ...]
    unreachable: tuple[str, ...] = ()


class ComparedSource(Answer):
    """What a service and one of its sources have in common after a restore, and what was followed beyond it."""

    source: str
    state: Literal["following", "beyond", "no_epoch", "not_sealed", "unreachable"]
    """`following` goes on by itself, `beyond` followed what the source does not have any more; the other three can't be compared:
    the source was restored without a new epoch, has not sealed its last events yet, or does not answer."""
    checkpoint: int
    common: int
    head: int = 0
    followed_epoch: str = ""
    epoch: str = ""
    notes: int = 0
    """Events beyond what is common that are parked, dropped or unknown."""
    orphaned: int = 0
    """Own events whose cause the source does not have any more."""
    taken_back_at: AwareDatetime | None = None
    """When something of the source was last taken back: nothing is followed before a rebuild that began later has ended."""


class Comparison(Answer):
    """A service compared with all its sources."""

    sources: tuple[ComparedSource, ...]


class OrphanedEvent(Answer):
    """An own event whose cause was an event that its source has lost in a restore: a case for a person, until somebody settles it."""

    position: int
    """In the service's own log."""
    stream: str
    type: str
    recorded_at: AwareDatetime
    correlation_id: UUID
    """Of the request: what else follows from the cause has the same."""
    source: str
    cause: UUID
    """The id of the event that is lost."""
    found_by: str
    found_at: AwareDatetime
    settled_by: str = ""
    settled_at: AwareDatetime | None = None
    reason: str = ""


class OrphanedEvents(Answer):
    """A page of orphaned events, the open ones first, in the order of the service's own log."""

    events: tuple[OrphanedEvent, ...]
    total: int


class RetainedKind(Answer):
    """A kind of rows about members: the days it is stored, and how many rows the last run and all runs have deleted."""

    kind: str
    days: int
    last_at: AwareDatetime | None
    deleted: int
    deleted_ever: int


class Retention(Answer):
    """What the retention of a service deletes."""

    kinds: tuple[RetainedKind, ...]


class Read(Answer):
    """An officer has got an answer that shows rows of a member; the same again within ten minutes is one read."""

    member: str
    """Empty where a whole log was read."""
    year: int | None = None
    """Of the case, where the query or the row names one."""
    officer: str
    """By name; a program account as `program:<name>`."""
    roles: tuple[Role, ...]
    """As they were then."""
    message: str
    """The query or command, such as `GetRenewal`."""
    at: AwareDatetime
    """The beginning of the ten minutes."""

    @property
    def actor(self) -> str:
        """Who has read, as events name the reader."""
        return self.officer if self.is_by_program else f"officer:{self.officer}"

    @property
    def is_by_program(self) -> bool:
        return ":" in self.officer


class Reads(Answer):
    """A page of reads, the newest first."""

    reads: tuple[Read, ...]
    total: int


class PersonalRows(Answer):
    """A member's rows of one kind, by column and without secrets; of very many the first ones, and how many there are."""

    kind: str
    rows: tuple[dict[str, Any], ...]
    total: int


class PersonalData(Answer):
    """What a service holds of a member."""

    kinds: tuple[PersonalRows, ...]


class ErasedKind(Answer):
    """How many rows of a kind an erasure has deleted, or left for the reason whose code is in `kept`."""

    kind: str
    rows: int
    kept: str = ""


class ErasureReport(Answer):
    """What a service has erased of a member; without a time: nothing yet."""

    erased_at: AwareDatetime | None
    kinds: tuple[ErasedKind, ...]
    is_overwritten: bool
    """Whether what was deleted is overwritten in the database's files too, as far as the program can do that."""
