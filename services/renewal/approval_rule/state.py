"""Where the approval rule is on: its projection, the timers of the requests that it is to look at, and the answer about a province."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from services.renewal.approval_rule.domain import salt_of
from services.renewal.tables import APPROVAL_RULES, APPROVALS, RENEWALS
from shared.contract.envelope import Recorded
from shared.contract.renewal import events, rule_answers
from shared.event_store.sql import upsert
from shared.event_store.sql.prepared import Prepared

WAIT = timedelta(minutes=15)
"""After the submission: until then a member may still see an own mistake, and a colleague take the request."""

WAITING = (
    select(RENEWALS.c.member, RENEWALS.c.year, RENEWALS.c.province, RENEWALS.c.submitted_at)
    .join(APPROVAL_RULES, APPROVAL_RULES.c.province == RENEWALS.c.province)
    .where(RENEWALS.c.status == "submitted", RENEWALS.c.change == "same")
)
OF_PROVINCE = Prepared(WAITING.where(RENEWALS.c.province == bindparam("of")))
OF_RENEWAL = Prepared(
    WAITING.where(RENEWALS.c.member == bindparam("of"), RENEWALS.c.year == bindparam("of_year"), APPROVAL_RULES.c.is_on)
)


def project(connection: Connection, recorded: Recorded) -> None:
    """Apply an event of the service's own log, in its transaction; the salt is that of the province's first switch."""
    match recorded.event:
        case events.ApprovalRuleSwitched() as event:
            row = {"is_on": event.is_on, "switched_by": event.switched_by, "switched_at": event.switched_at}
            upsert.put(connection, APPROVAL_RULES, {"province": event.province}, row, new={"salt": salt_of(recorded)})
        case _:
            pass


def react(connection: Connection, recorded: Recorded) -> None:
    """Arm a timer for a declaration that changes nothing where the rule is on, and when it is switched on for all that wait.

    It is not cancelled by what comes in between: the decision looks at that.
    """
    match recorded.event:
        case events.DeclarationSubmitted() as event:
            arm(connection, OF_RENEWAL.rows(connection, {"of": event.member, "of_year": event.year}))
        case events.ApprovalRuleSwitched(is_on=True) as event:
            arm(connection, OF_PROVINCE.rows(connection, {"of": event.province}))
        case _:
            pass


def arm(connection: Connection, waiting: Iterable[Any]) -> None:
    for row in waiting:
        APPROVALS.arm(connection, f"{row.member}/{row.year}", row.submitted_at + WAIT, owner=row.province)


def of_province(connection: Connection, province: str) -> rule_answers.ApprovalRule:
    """Whether the rule is on in a province, by whom and since when, and how many renewals it has approved."""
    row = connection.execute(select(APPROVAL_RULES).where(APPROVAL_RULES.c.province == province)).one_or_none()
    approved = select(func.count()).select_from(RENEWALS)
    here = (RENEWALS.c.province == province, RENEWALS.c.approved_by_rule)
    count = connection.execute(approved.where(*here)).scalar_one()
    if row is None:
        return rule_answers.ApprovalRule(province=province, is_on=False)
    return rule_answers.ApprovalRule(
        province=province, is_on=row.is_on, by=row.switched_by, at=row.switched_at, salt=row.salt, approved=count
    )
