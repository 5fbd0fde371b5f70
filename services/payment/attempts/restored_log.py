"""After a restore of payment's log: the bank is asked again about all that may have changed there since the backup, once for each restore."""

import logging
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from services.payment.attempts import polling
from services.payment.tables import ATTEMPTS, INQUIRIES, RESTORES, SWEEPS
from shared.event_store.command_handler import Records
from shared.event_store.epoch import Epoch, epochs_of
from shared.event_store.log import EVENTS

CHANGEABLE_FOR = timedelta(hours=4)
"""After its end an attempt may change at the bank for so long by what we did there, and have lost: a reversal is accepted for three
hours after the verify (docs/payments.md 5.1), and a session is open for less than one."""

log = logging.getLogger(__name__)


def inquire_again(records: Records, at: datetime) -> int:
    """Where the log has begun another epoch: poll every attempt since the backup's moment, less a margin, and list the unverified payments.

    Attempts that the log has lost are on that list, or in the statement. Returns how many attempts are polled.
    """
    return records.write(lambda connection: inquire_of_epoch(connection, at))


def inquire_of_epoch(connection: Connection, at: datetime) -> int:
    epochs = epochs_of(connection)
    epoch = epochs[-1]
    if len(epochs) == 1 or RESTORES.find(connection, epoch.epoch) is not None:
        return 0
    RESTORES.arm(connection, epoch.epoch, at)
    SWEEPS.make_all_due(connection, at)
    attempts = connection.execute(attempts_since(connection, epoch)).all()
    for attempt, bank in attempts:
        INQUIRIES.arm(connection, attempt, at, owner=bank, payload=polling.MARKED)
    log.warning("the log was restored to %s: the bank is asked again about %s attempts", epoch.began_at, len(attempts))
    return len(attempts)


def attempts_since(connection: Connection, epoch: Epoch) -> Select[Any]:
    """The attempts that may have changed since the last event that the backup had; those without an outcome are polled anyway."""
    last = select(EVENTS.c.recorded_at).where(EVENTS.c.position == epoch.began_at)
    since = connection.execute(last).scalar()
    known = select(ATTEMPTS.c.attempt, ATTEMPTS.c.bank).where(ATTEMPTS.c.status.in_(polling.CHANGEABLE))
    changed_at = func.coalesce(ATTEMPTS.c.ended_at, ATTEMPTS.c.started_at)
    return known if since is None else known.where(changed_at >= since - CHANGEABLE_FOR)
