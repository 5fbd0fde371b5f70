"""Worker of the approval rule: in office hours it approves what is due, unchanged and clean, each once, however many copies run."""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, RowMapping, select

from services.renewal.approval_rule.domain import ACTOR, Request, hindrances, is_left_for_people
from services.renewal.declarations import limits
from services.renewal.office_hours import calendar
from services.renewal.office_hours.rules import Rule
from services.renewal.renewals import desk, handler, projection, queries
from services.renewal.renewals.domain import renewal_decider
from services.renewal.tables import APPROVAL_RULES, APPROVALS, CASE_NOTES, DECISIONS, MEMBERS, RENEWALS
from shared.contract.envelope import Metadata
from shared.contract.refusals import Reason, Refused
from shared.contract.renewal import commands
from shared.contract.values import Employment, Licence
from shared.event_store import command_handler
from shared.event_store.command_handler import Records
from shared.subscriptions.timers import Timer

ROUND_MAX = 50
"""Requests of a province that one round looks at."""
AGAIN_AFTER = timedelta(minutes=5)
"""One whose approval has failed is tried again then."""

logger = logging.getLogger(__name__)


class ApproveByRule(NamedTuple):
    """Approve a request where the rule may; from its timer."""

    id: UUID
    at: datetime
    actor: str
    member: str
    year: int


def approve_due(records: Records, rule: Rule, at: datetime) -> None:
    """Look at what is due in the provinces whose office is open now."""
    with records.read() as connection:
        due = APPROVALS.owners_due(connection, at)
        provinces = [province for province in due if is_open(connection, rule, province, at)]
    for province in provinces:
        for timer in APPROVALS.claim_each(
            records.database, at, lambda _: at + AGAIN_AFTER, owner=province, most=ROUND_MAX
        ):
            look_at(records, rule, timer, at)


def is_open(connection: Connection, rule: Rule, province: str, at: datetime) -> bool:
    window = calendar.working_hours(connection, rule, province, at).next_window(at)
    return window is not None and window.opens_at <= at


def look_at(records: Records, rule: Rule, timer: Timer, at: datetime) -> None:
    """Approve or leave it for people; the timer stays only where another append came in between too often, or no server could say."""
    member, _, year = timer.key.partition("/")
    command = ApproveByRule(uuid4(), at, ACTOR, member, int(year))
    try:
        approve(records, rule, command)
    except Refused as refused:
        if refused.reason in (Reason.CONFLICT, Reason.NO_ANSWER):
            return
        logger.info("the approval rule leaves renewal %s for people: %s", timer.key, refused.reason)
    records.write(lambda connection: APPROVALS.cancel(connection, timer.key))


def approve(records: Records, rule: Rule, command: ApproveByRule) -> bool:
    """Whether the request was approved, which no manager has opened and to which the member has added nothing.

    All is read under the log's lock: whoever switches the rule off or changes the request first is seen.
    """
    log = records.own_log()
    stream = f"renewal/{command.member}/{command.year}"

    def work(connection: Connection, metadata: Metadata) -> bool:
        log.lock(connection)
        row = row_of(connection, command)
        if row is None or not is_unchanged_and_clean(connection, row, command.at):
            return False
        approval = commands.ApproveRenewal(
            id=command.id,
            deadline=command.at,
            actor=command.actor,
            at=command.at,
            member=command.member,
            year=command.year,
            declaration_version=row["declaration_version"],
        )
        decider = renewal_decider(handler.decision_context(connection, rule, approval))
        renewal = decider.fold(one.event for one in log.stream(connection, stream))
        if renewal.opened_version or renewal.member_notes:
            return False
        return command_handler.handle(connection, log, stream, approval, decider, metadata).is_new

    return records.transact(command, work)


def row_of(connection: Connection, command: ApproveByRule) -> RowMapping | None:
    """The request, where the rule is on and its rows have nothing for people: submitted once, unchanged, no debt, no flag."""
    query = (
        select(RENEWALS, APPROVAL_RULES.c.salt, MEMBERS.c.licence.label("licence_now"), MEMBERS.c.paid_through)
        .select_from(desk.WITH_MEMBERS.join(APPROVAL_RULES, APPROVAL_RULES.c.province == RENEWALS.c.province))
        .where(
            RENEWALS.c.member == command.member,
            RENEWALS.c.year == command.year,
            RENEWALS.c.status == "submitted",
            RENEWALS.c.change == "same",
            RENEWALS.c.declaration_version == 1,
            APPROVAL_RULES.c.is_on,
            MEMBERS.c.paid_through >= RENEWALS.c.year - 1,
            MEMBERS.c.licence == RENEWALS.c.licence,
            MEMBERS.c.province == RENEWALS.c.province,
            desk.flagged("none"),
        )
    )
    return connection.execute(query).mappings().one_or_none()


def is_unchanged_and_clean(connection: Connection, row: RowMapping, at: datetime) -> bool:
    """Whether it is as it was approved for the year before, has nothing to look at, and is not of the tenth for people."""
    member, year = row["member"], row["year"]
    if is_left_for_people(row["salt"], member, year) or was_worked_on(connection, member, year):
        return False
    if not keeps_to_policy(connection, row):
        return False
    form = queries.last_form(connection, member, year)
    before = queries.find_renewal(connection, member, year - 1)
    if form is None or before is None or before.status != "approved":
        return False
    earlier = queries.last_form(connection, member, year - 1)
    jobs = projection.JOBS.validate_json(row["jobs"])
    return not any(hindrances(Request(year, row["province"], jobs, form, earlier), at))


def was_worked_on(connection: Connection, member: str, year: int) -> bool:
    """Whether a manager has decided, though it was undone, or has written an internal note: the command line opens no review for either."""
    tables = (DECISIONS, CASE_NOTES)
    rows = [select(one.c.member).where(one.c.member == member, one.c.year == year).limit(1) for one in tables]
    return any(connection.execute(query).first() for query in rows)


def keeps_to_policy(connection: Connection, row: RowMapping) -> bool:
    """Whether there is a capacity policy of the year by now, and the declaration breaks none of its limits."""
    policy = limits.policy_of(connection, row["year"])
    licence, employment = Licence.model_validate_json(row["licence"]), Employment.model_validate_json(row["employment"])
    jobs = projection.JOBS.validate_json(row["jobs"])
    return policy is not None and not any(limits.limits(policy, licence, employment, jobs).values())
