"""Deadlines of corrections: a timer for each return, and the expiry of what was not corrected when it is due."""

import logging
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import Connection, select

from services.renewal.office_hours.rules import Rule
from services.renewal.renewals import handler
from services.renewal.renewals.after_decision import ExpireCorrection
from services.renewal.tables import CORRECTIONS, DECISIONS
from shared.contract.envelope import Recorded
from shared.contract.refusals import Refused
from shared.contract.renewal import events
from shared.contract.renewal.correction import ReturnedDeclaration
from shared.event_store.command_handler import Records
from shared.subscriptions.timers import Timer

ROUND_MAX = 100
"""Corrections that one round looks at."""
AGAIN_AFTER = timedelta(minutes=10)
"""One whose expiry has failed is tried again then."""

logger = logging.getLogger(__name__)


def react(connection: Connection, recorded: Recorded) -> None:
    """Arm the timer of a return, and again where its correction is recalled, since it may have run by then.

    It is not cancelled by what comes in between: the decision about the expiry looks at that.
    """
    match recorded.event:
        case events.RenewalReturned(note=note, correction_due_at=datetime() as due_at):
            CORRECTIONS.arm(connection, note, due_at)
        case events.DeclarationRecalled(returned=ReturnedDeclaration(correction_due_at=datetime() as due_at)) as event:
            CORRECTIONS.arm(connection, last_return(connection, event.member, event.year), due_at)
        case _:
            pass


def last_return(connection: Connection, member: str, year: int) -> UUID:
    """The return whose correction was recalled; one that was undone awaits none."""
    of_renewal = (DECISIONS.c.member == member, DECISIONS.c.year == year, DECISIONS.c.outcome == "returned")
    query = select(DECISIONS.c.note).where(*of_renewal, DECISIONS.c.undone_at.is_(None))
    note: UUID = connection.execute(query.order_by(DECISIONS.c.position.desc()).limit(1)).scalar_one()
    return note


def expire_due(records: Records, rule: Rule, at: datetime) -> None:
    """Close the requests whose correction is overdue."""
    for timer in CORRECTIONS.claim_each(records.database, at, lambda _: at + AGAIN_AFTER, most=ROUND_MAX):
        try:
            is_looked_at = expire(records, rule, timer, at)
        except Refused:
            logger.exception("the correction that return %s awaits was not closed", timer.key)
            continue
        if is_looked_at:
            records.write(partial(CORRECTIONS.cancel, key=timer.key))


def expire(records: Records, rule: Rule, timer: Timer, at: datetime) -> bool:
    """Whether the return was found; not so where this version of the projections has still to be filled with it.

    The command's id is random: one that the member can compute would let a command of the member's own take its place.
    """
    note = UUID(timer.key)
    with records.read() as connection:
        query = select(DECISIONS.c.member, DECISIONS.c.year).where(DECISIONS.c.note == note)
        row = connection.execute(query).first()
    if row is None:
        return False
    handler.handle(records, rule, ExpireCorrection(uuid4(), at, row.member, row.year, note))
    return True
