"""A replay of auth's log and of the service's own gives all rows of all projections again, and needs no state to do so."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from services.renewal import subscriptions
from services.renewal.declarations import drafts
from services.renewal.office_hours import rules
from services.renewal.office_hours.domain import OFFICE_CALENDAR
from services.renewal.renewals import handler
from services.renewal.renewals.after_decision import ExpireCorrection
from services.renewal.service import LOG, project
from services.renewal.tables import CALENDAR, DECISIONS, DRAFTS, PROJECTIONS, TABLES
from shared.contract import base
from shared.contract.auth import events
from shared.contract.envelope import Metadata, Recorded
from shared.contract.refusals import Refused
from shared.contract.renewal import commands
from shared.contract.values import Role
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from tests.services.renewal import samples
from tests.services.renewal.samples import AT, LICENCE, MANAGER
from tests.support.replay import replayed, rows_of

RULE = rules.load_rule()
MEMBERS = ("0123456", "0123457")
SHORT_FORM = samples.FORM.model_copy(update={"jobs": ()})
ADMIN = "officer:admin"


@dataclass
class Story:
    """Renewal's records, and the events of auth that it has followed."""

    records: Records
    followed: list[Recorded] = field(default_factory=list)

    def follow(self, event: base.Event, stream: str) -> None:
        position = len(self.followed) + 1
        cause = Metadata(correlation_id=uuid4(), causation_id=uuid4())
        about = ("auth", position, stream, position, uuid4(), type(event).__name__)
        recorded = Recorded(*about, event.model_dump_json(), cause, AT)
        self.records.write(lambda connection: subscriptions.on_auth_event(connection, recorded))
        self.followed.append(recorded)

    def of_auth(self, member: str, kind: type[base.Event], **more: Any) -> None:
        about = {"member": member, "province": "isfahan", "licence": LICENCE, **more}
        known = {name: value for name, value in about.items() if name in kind.model_fields}
        self.follow(kind.model_validate(known), f"member/{member}")

    def of_officer(self, kind: type[base.Event], **more: Any) -> None:
        self.follow(kind.model_validate({"officer": "modir", **more}), "officer/modir")

    def send(self, kind: type[Any], member: str, **more: Any) -> None:
        command = kind(**samples.stamped(member=member, **more))
        with suppress(Refused):
            handler.handle(self.records, RULE, command)

    def undo(self, member: str) -> None:
        """The last return of the member."""
        if note := self.last_return(member):
            self.send(commands.UndoDecision, member, actor=MANAGER, decision=note)

    def overdue(self, member: str) -> None:
        if note := self.last_return(member):
            late = ExpireCorrection(uuid4(), AT + timedelta(days=60), member, samples.YEAR, note)
            handler.handle(self.records, RULE, late)

    def last_return(self, member: str) -> UUID | None:
        query = select(DECISIONS.c.note).where(DECISIONS.c.member == member).order_by(DECISIONS.c.position.desc())
        with self.records.read() as connection:
            return connection.execute(query).scalars().first()

    def save_draft(self, member: str) -> None:
        command = commands.SaveDraft(**samples.stamped(member=member, fields={"city": "اردستان"}))
        with suppress(Refused):
            self.records.write(lambda connection: drafts.save(connection, command))

    def close_the_office(self, member: str) -> None:
        """On a day that follows from the member's number: two of them."""
        day = date(2026, 5, int(member[-1]))
        about: dict[str, Any] = {"id": uuid4(), "deadline": AT, "at": AT, "actor": MANAGER, "label": "کشیک"}
        command = commands.SetCalendarDay(**about, province="isfahan", on=day, opens=time(9), closes=time(11))
        self.records.handle("calendar/isfahan", command, OFFICE_CALENDAR)


Step = Callable[[Story, str], None]
STEPS: dict[str, Step] = {
    "enrolled": lambda story, one: story.of_auth(one, events.MemberEnrolled, enrolled_by=ADMIN, enrolled_at=AT),
    "changed": lambda story, one: story.of_auth(
        one, events.MembershipChanged, province="fars", paid_through=1404, changed_by=ADMIN, changed_at=AT
    ),
    "removed": lambda story, one: story.of_auth(one, events.MemberRemoved, removed_by=ADMIN, removed_at=AT),
    "erased": lambda story, one: story.of_auth(
        one, events.MemberErased, cause="wish_of_member", requested_by=ADMIN, granted_by=MANAGER, erased_at=AT
    ),
    "appointed": lambda story, one: story.of_officer(
        events.OfficerAppointed,
        roles=(Role.ADMIN,),
        provinces=(),
        appointed_by=f"officer:{one}",
        appointed_at=AT + timedelta(days=len(story.followed)),
    ),
    "dismissed": lambda story, _: story.of_officer(events.OfficerDismissed, dismissed_by=ADMIN, dismissed_at=AT),
    "requests": lambda story, one: story.send(commands.RequestRenewal, one),
    "submits": lambda story, one: story.send(commands.SubmitDeclaration, one, form=samples.FORM),
    "submits less": lambda story, one: story.send(commands.SubmitDeclaration, one, form=SHORT_FORM),
    "withdraws": lambda story, one: story.send(commands.WithdrawRenewal, one),
    "is returned": lambda story, one: story.send(
        commands.ReturnRenewal, one, actor=MANAGER, reason=samples.RETURN.reason
    ),
    "recalls": lambda story, one: story.send(commands.RecallDeclaration, one),
    "notes": lambda story, one: story.send(commands.AddMemberNote, one, text="یک یادداشت"),
    "is opened": lambda story, one: story.send(commands.OpenReview, one, actor=MANAGER, declaration_version=1),
    "is undone": lambda story, one: story.undo(one),
    "is overdue": lambda story, one: story.overdue(one),
    "is rejected": lambda story, one: story.send(
        commands.RejectRenewal, one, actor=MANAGER, reason=samples.REJECT.reason
    ),
    "is approved": lambda story, one: story.send(commands.ApproveRenewal, one, actor=MANAGER, declaration_version=1),
    "types": lambda story, one: story.save_draft(one),
    "closes": lambda story, one: story.close_the_office(one),
}
BEGIN = [("enrolled", member) for member in MEMBERS] + [("requests", member) for member in MEMBERS]
ENDING = {"removed", "erased", "withdraws", "is rejected", "is undone", "is overdue"}
EVERY_STEP = [(step, MEMBERS[0]) for step in STEPS if step not in ENDING]
CORRECTED = [
    *("submits less", "is returned", "submits", "recalls", "submits", "is returned", "is undone"),
    *("is returned", "is overdue", "requests"),
]
"""A correction that is recalled, a return that is undone, and one that expires."""
ENDS = [
    *((step, MEMBERS[1]) for step in CORRECTED),
    ("submits", MEMBERS[1]),
    ("erased", MEMBERS[0]),
    ("withdraws", MEMBERS[1]),
    ("removed", MEMBERS[1]),
]


@settings(max_examples=40, deadline=None)
@example([*EVERY_STEP, *ENDS])
@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(MEMBERS)), max_size=25))
def test_a_replay_gives_the_same_rows(steps: list[tuple[str, str]]) -> None:
    database = Database("sqlite:///:memory:")
    database.create_tables(log.TABLES, *TABLES)
    story = Story(Records(database, LOG))
    for step, member in [*BEGIN, *steps]:
        STEPS[step](story, member)
    with database.read() as connection:
        own = LOG.read(connection, 0, 1_000)
        live = rows_of(connection, PROJECTIONS)
    database.close()
    assert replayed(PROJECTIONS, (subscriptions.project_auth, story.followed), (project, own)) == live
    assert replayed(PROJECTIONS, (project, own), (subscriptions.project_auth, story.followed)) == live


def test_a_replay_touches_neither_drafts_nor_the_calendar() -> None:
    """It goes through the events into the live rows once more: what a member has typed since is still there."""
    database = Database("sqlite:///:memory:")
    database.create_tables(log.TABLES, *TABLES)
    story = Story(Records(database, LOG))
    typed = [*BEGIN, ("removed", MEMBERS[0]), ("enrolled", MEMBERS[0]), ("types", MEMBERS[0]), ("closes", MEMBERS[0])]
    for step, member in typed:
        STEPS[step](story, member)

    def state() -> list[Any]:
        with database.read() as connection:
            return [row for table in (DRAFTS, CALENDAR) for row in connection.execute(select(table)).all()]

    def replay(connection: Connection) -> None:
        for one in story.followed:
            subscriptions.project_auth(connection, one)
        for one in LOG.read(connection, 0, 1_000):
            project(connection, one)

    before = state()
    database.write(replay)
    assert len(before) == 2
    assert state() == before
    database.close()
