"""Polling schedule of attempts: when to inquire about each at the bank, at once after a notice, else with growing pauses."""

import logging
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Select, func, select

from services.payment.attempts import queries
from services.payment.tables import ATTEMPTS, INQUIRIES, RESTORES, SWEEPS, VISITS
from shared.contract import base
from shared.contract.envelope import Recorded
from shared.contract.payment import events
from shared.event_store.command_handler import Records, SideWrites
from shared.event_store.epoch import Epoch, epochs_of
from shared.event_store.log import EVENTS
from shared.subscriptions.timers import NextAt, Timer

FIRST_INQUIRY_SECONDS = 60
"""A browser usually comes back earlier; after this we inquire by ourselves."""
MARKED_PAUSES_SECONDS = (1, 5, 30)
VISIT_PAUSE_SECONDS = 5
"""Between two inquiries about an attempt that browsers cause, however often they come; the payer's own browser apart."""
PAUSES_SECONDS = (60, 120, 180, 240, 300)
"""Between inquiries about an unfinished attempt: at 1, 2, 4, 7, 11 minutes, then every five (docs/payments.md 4, case 2)."""
CHANGEABLE = ("started", "failed", "held", "settled", "duplicate")
"""Statuses that may change at the bank after all; what was reversed stays so."""
CHANGEABLE_FOR = timedelta(hours=4)
"""After its end an attempt may change at the bank for so long by what we did there, and have lost: a reversal is accepted for three
hours after the verify (docs/payments.md 5.1), and a session is open for less than one."""
MARKED = "marked"
"""Payload of an inquiry about an attempt that is believed to have changed at the bank."""

logger = logging.getLogger(__name__)


def schedule_first(time_scale: int = 1) -> SideWrites:
    """Side writes that schedule the first inquiry of attempts that are newly on record."""

    def work(connection: Connection, recorded: tuple[Recorded, ...]) -> None:
        for event in (one.event for one in recorded):
            if isinstance(event, events.PaymentStarted):
                first_at = event.started_at + pause(FIRST_INQUIRY_SECONDS, time_scale)
                INQUIRIES.arm(connection, event.attempt, first_at, owner=event.bank)

    return work


def react(connection: Connection, event: base.Event) -> None:
    """Once an attempt's outcome is known, the polling ends."""
    match event:
        case (
            events.PaymentSettled()
            | events.DuplicatePaymentFound()
            | events.PaymentFailed()
            | events.PaymentHeld()
            | events.PaymentReversed()
        ):
            INQUIRIES.cancel(connection, event.attempt)
            for visitor in (event.attempt, payer_of(event.attempt)):
                VISITS.cancel(connection, visitor)
        case _:
            pass


def is_too_soon(connection: Connection, visitor: str, at: datetime) -> bool:
    """Whether a visitor has caused an inquiry a moment ago: then nothing is claimed, so that a flood writes nothing."""
    return VISITS.armed(connection, [visitor]).get(visitor, at) > at


def may_inquire(records: Records, visitor: str, at: datetime, time_scale: int = 1) -> bool:
    """Whether a browser may cause an inquiry about an attempt now, in whichever copy of the program.

    The payer's session has a pause of its own, so that no stranger's visit keeps the payer waiting.
    """
    next_at = at + pause(VISIT_PAUSE_SECONDS, time_scale)
    return records.write(lambda connection: VISITS.claim_recurring(connection, visitor, at, next_at))


def payer_of(attempt: UUID) -> str:
    """The key of the visits of an attempt's payer."""
    return f"{attempt} payer"


def poll_now(connection: Connection, authority: str, at: datetime) -> None:
    """Inquire at once about a session that may have changed at the bank, also one whose outcome was known."""
    for one in queries.of_session(connection, authority):
        if one.status in CHANGEABLE:
            INQUIRIES.arm(connection, one.attempt, at, owner=one.bank, payload=MARKED)


def is_marked(connection: Connection, attempt: UUID) -> bool:
    """Whether an attempt is polled already as one that is believed to have changed."""
    timer = INQUIRIES.find(connection, attempt)
    return timer is not None and timer.payload == MARKED


class DueInquiry(NamedTuple):
    """An attempt whose inquiry is due; a marked one is believed to have changed at the bank."""

    attempt: UUID
    marked: bool


def due_inquiry(timer: Timer) -> DueInquiry:
    return DueInquiry(UUID(timer.key), timer.payload == MARKED)


def next_inquiry(at: datetime, time_scale: int = 1) -> NextAt:
    """When the bank is asked again about an attempt that it is asked about now."""
    return lambda timer: at + pause(seconds_after(timer.tries, marked=timer.payload == MARKED), time_scale)


def seconds_after(inquiries: int, *, marked: bool) -> int:
    """How long to wait after so many inquiries."""
    seconds = (*MARKED_PAUSES_SECONDS, *PAUSES_SECONDS) if marked else PAUSES_SECONDS
    return seconds[min(inquiries, len(seconds) - 1)]


def pause(seconds: int, time_scale: int) -> timedelta:
    """So many seconds of life, which a rehearsal shortens (`Settings.bank_time_scale`)."""
    return timedelta(seconds=seconds / time_scale)


# --- after a restore of the log


def inquire_again(records: Records, at: datetime) -> int:
    """Where the log has begun another epoch: poll every attempt since the backup's moment, less a margin, and list the unverified payments.

    Attempts that the log has lost are on that list, or in the statement. Returns how many attempts are polled.
    """
    return records.write(lambda connection: inquire_of_epoch(connection, at))


def inquire_of_epoch(connection: Connection, at: datetime) -> int:
    epochs = epochs_of(connection)
    epoch = epochs[-1]
    if not any(former.epoch for former in epochs[:-1]):
        return 0  # none before it but that of a log of 0.1.0, which has ended with the migration
    if RESTORES.find(connection, epoch.epoch) is not None:
        return 0
    RESTORES.arm(connection, epoch.epoch, at)
    SWEEPS.make_all_due(connection, at)
    attempts = connection.execute(attempts_since(connection, epoch)).all()
    for attempt, bank in attempts:
        INQUIRIES.arm(connection, attempt, at, owner=bank, payload=MARKED)
    logger.warning(
        "the log was restored to %s: the bank is asked again about %s attempts", epoch.began_at, len(attempts)
    )
    return len(attempts)


def attempts_since(connection: Connection, epoch: Epoch) -> Select[Any]:
    """The attempts that may have changed since the last event that the backup had; those without an outcome are polled anyway."""
    last = select(EVENTS.c.recorded_at).where(EVENTS.c.position == epoch.began_at)
    since = connection.execute(last).scalar()
    known = select(ATTEMPTS.c.attempt, ATTEMPTS.c.bank).where(ATTEMPTS.c.status.in_(CHANGEABLE))
    changed_at = func.coalesce(ATTEMPTS.c.ended_at, ATTEMPTS.c.started_at)
    return known if since is None else known.where(changed_at >= since - CHANGEABLE_FOR)
