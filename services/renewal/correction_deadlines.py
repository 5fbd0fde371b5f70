"""Deadlines of corrections: a timer for each return, and the expiry of what was not corrected when it is due."""

import logging
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import Connection, select

from services.renewal.office_hours.rules import Rule
from services.renewal.renewals import handler
from services.renewal.renewals.after_decision import ExpireCorrection
from services.renewal.tables import CORRECTIONS, DECISIONS
from shared.contract.envelope import Recorded
from shared.contract.refusals import Refused
from shared.contract.renewal import events
from shared.event_store.command_handler import Records
from shared.subscriptions.timers import Timer

ROUND_MAX = 100
"""Corrections that one round looks at."""
AGAIN_AFTER = timedelta(minutes=10)
"""One whose expiry has failed is tried again then."""

logger = logging.getLogger(__name__)


def react(connection: Connection, recorded: Recorded) -> None:
    """Arm the timer of a return. It is not cancelled by what comes in between: the decision about the expiry looks at that."""
    event = recorded.event
    if isinstance(event, events.RenewalReturned) and event.correction_due_at is not None:
        CORRECTIONS.arm(connection, event.note, event.correction_due_at)


def expire_due(records: Records, rule: Rule, at: datetime) -> None:
    """Close the requests whose correction is overdue."""
    for timer in CORRECTIONS.claim_each(records.database, at, lambda _: at + AGAIN_AFTER, most=ROUND_MAX):
        try:
            expire(records, rule, timer, at)
        except Refused:
            logger.exception("the correction that return %s awaits was not closed", timer.key)
            continue
        records.write(partial(CORRECTIONS.cancel, key=timer.key))


def expire(records: Records, rule: Rule, timer: Timer, at: datetime) -> None:
    note = UUID(timer.key)
    with records.read() as connection:
        query = select(DECISIONS.c.member, DECISIONS.c.year).where(DECISIONS.c.note == note)
        row = connection.execute(query).first()
    if row is not None:
        command = ExpireCorrection(uuid5(note, "expired"), at, row.member, row.year, note)
        handler.handle(records, rule, command)
