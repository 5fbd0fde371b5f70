"""Tells somebody something: the notice of a fact or of a reminder's occasion, recorded once, and passed where it helps no more."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection, select

from services.notification.notices import domain
from services.notification.notices.kinds import RULES, ToNotify
from services.notification.persons import member_of
from services.notification.tables import MEMBERS, OFFICERS, STARTS
from shared.contract.envelope import Metadata
from shared.contract.notification import events
from shared.contract.notification.events import PassedCause
from shared.contract.values import Role
from shared.event_store.command_handler import handle
from shared.event_store.log import HEAD, EventLog
from shared.event_store.sql import by_key
from shared.event_store.sql.prepared import Prepared

STARTED = Prepared(select(STARTS.c.started_at).where(STARTS.c.epoch == select(HEAD.c.epoch).scalar_subquery()))


class Fact(NamedTuple):
    """What is told: the event or the occasion by its id, when it happened, and what caused it."""

    id: UUID
    happened_at: datetime
    cause: Metadata


def notify(connection: Connection, log: EventLog, one: ToNotify, fact: Fact, at: datetime) -> None:
    """Record that somebody is to be told, once a fact, person and kind."""
    notice = domain.notice_id(fact.id, one.person, one.kind)
    due = events.NoticeDue(
        notice=notice,
        person=one.person,
        kind=one.kind,
        province=member_province(connection, one.person) or one.province,
        fact=fact.id,
        values=one.values,
        happened_at=fact.happened_at,
        send_at=fact.happened_at + RULES[one.kind].holds_for,
    )
    command = domain.Notify(fact.id, at, due, passed_cause(connection, due, at))
    handle(connection, log, domain.stream_of(one.person, notice), command, domain.NOTICE, fact.cause)


def member_province(connection: Connection, person: str) -> str:
    """Where somebody is a member; empty for an officer, who may serve many."""
    member = member_of(person)
    row = by_key.find(connection, MEMBERS, {"member": member}) if member else None
    return row.province if row else ""


def officers_of(connection: Connection, province: str, role: Role) -> list[str]:
    """The officers of a role in a province, as persons."""
    these = (OFFICERS.c.roles.contains(f" {role.value} "), OFFICERS.c.provinces.contains(f" {province} "))
    query = select(OFFICERS.c.officer).where(*these).order_by(OFFICERS.c.officer)
    return [f"officer:{officer}" for officer in connection.execute(query).scalars()]


def passed_cause(connection: Connection, due: events.NoticeDue, at: datetime) -> PassedCause | None:
    """Why a fact is told in the inbox only: it is too late, or it may have been told before this log's epoch began."""
    if is_before_start(connection, due.happened_at):
        return "before_start"
    return "too_old" if due.happened_at + RULES[due.kind].helps_for < at else None


def is_before_start(connection: Connection, at: datetime) -> bool:
    """Whether an instant lies before the present epoch of the log began."""
    row = STARTED.first(connection)
    return row is not None and at < row.started_at
