"""Records in capacity's log what others follow, where an event has changed a member's year; a replay records nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import Connection

from services.capacity.grants import domain
from services.capacity.ledger.domain import EVENT_TYPES, EVERY_MEMBER, TYPES_OF_EVERY_MEMBER, Ledger, Summary
from services.capacity.tables import rows
from services.capacity.tables.projections import SUMMARIES
from services.capacity.tables.rows import Key
from shared.contract import upcasting
from shared.contract.envelope import Metadata, Recorded
from shared.contract.payment import events as payment_events
from shared.event_store.command_handler import caused_by, handle
from shared.event_store.log import EventLog
from shared.event_store.sql import by_key

CONFIRMED = payment_events.PaymentConfirmed.__name__
CauseOf = Callable[[str], Metadata]
"""What has changed a member's ledgers."""
Derived = Mapping[Key, tuple[str, Ledger]]
"""The province and the ledger of members and years."""


def project_nothing(_connection: Connection, _recorded: Recorded) -> None:
    """The rows follow from the other services' facts; the log only says what they came to."""


LOG = EventLog("capacity", project_nothing)


@dataclass(frozen=True)
class Batch:
    """The events that are applied together."""

    events: Sequence[Recorded]

    def cause_of(self, member: str) -> Metadata:
        """The last of the events that is about a member, or about all."""
        return caused_by(self.last_of_member.get(member) or self.last_of_member[EVERY_MEMBER])

    def confirmation(self, position: int) -> UUID | None:
        """The event of a confirmation, where it is among the events."""
        return self.confirmations.get(position)

    @cached_property
    def confirmations(self) -> Mapping[int, UUID]:
        """The confirmations among the events, by their positions in payment's log."""
        return {one.position: one.event_id for one in self.events if one.type == CONFIRMED}

    @cached_property
    def last_of_member(self) -> Mapping[str, Recorded]:
        found: dict[str, Recorded] = {}
        for one in self.events:
            if one.type in TYPES_OF_EVERY_MEMBER:
                found = {EVERY_MEMBER: one}
            elif one.type in EVENT_TYPES:
                found[upcasting.data_of(one.type, one.data)["member"]] = one
        return found


def record_batch(connection: Connection, derived: Derived, batch: Batch) -> None:
    """Record what a batch of events has changed; the rows are still those of before."""
    record(connection, derived, batch.cause_of, batch.confirmation)


def record(
    connection: Connection,
    derived: Derived,
    cause_of: CauseOf,
    confirmation: Callable[[int], UUID | None] = lambda _position: None,
) -> None:
    """Record what is new about these members' years; the rows are still those of before."""
    before = summaries(connection, derived)
    for (member, year), (province, ledger) in derived.items():
        if has_changed(before.get((member, year)), ledger.summary):
            line, cause = domain.grant_line(ledger), cause_of(member)
            observe = domain.Observe(
                id=cause.causation_id,
                at=changed_at(before.get((member, year)), ledger),
                member=member,
                year=year,
                province=province,
                ledger=ledger,
                confirmation=confirmation(line.origin.position) if line else None,
            )
            handle(connection, LOG, domain.stream_of(member, year), observe, domain.GRANT, cause)


def changed_at(before: Summary | None, ledger: Ledger) -> datetime:
    """When a ledger became what it is; where a grant turns out never to have been, when that was."""
    if ledger.summary is not None:
        return ledger.summary.updated_at
    if ledger.lines or before is None:
        return ledger.lines[-1].effective_at
    return before.updated_at


def has_changed(before: Summary | None, after: Summary | None) -> bool:
    """Whether anything was granted, withdrawn, used or freed."""
    return (before and before.updated_at) != (after and after.updated_at)


def summaries(connection: Connection, derived: Derived) -> dict[Key, Summary]:
    """The present summaries of these members and years."""
    found = by_key.find_among(connection, SUMMARIES, "member", {member for member, _ in derived})
    return {(row.member, row.year): rows.summary_of(row) for row in found}
