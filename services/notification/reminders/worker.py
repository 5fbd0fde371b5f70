"""Tells what is due by now: reminders of invoices, promises and payments, and each morning those of the season and of licences."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID, uuid5

from sqlalchemy import Connection, RowMapping, exists, or_, select

from services.notification.notices import notifying
from services.notification.notices.kinds import ToNotify
from services.notification.notices.notifying import Fact
from services.notification.reminders import arming, working_days
from services.notification.reminders.rules import Occasion, Rules
from services.notification.tables import ATTEMPTS_TO_PAY, INVOICES, MEMBERS, OFFICERS, RENEWALS
from services.notification.timers import GRANTS, INVOICE_ENDS, MORNINGS, PAYMENTS, PROMISES, SWEEPS
from shared.contract.envelope import Metadata
from shared.contract.notification.values import NoticeKind, NoticeValues
from shared.contract.values import Role
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.subscriptions.timers import Timer, Timers
from shared.text import persian

ROUND_MAX = 100
BATCH_MAX = 200
"""Members whom one transaction of a sweep reminds."""
LEASE = timedelta(minutes=2)
DAYS_BACK_MAX = 7
"""Mornings that a program which was not running looks back at; what is of before is not even recorded."""
OCCASIONS = UUID("6f1f8d1e-6b0e-5b6e-9d0a-6f6e74696365")
"""The namespace of the ids of occasions."""
SETTLED = ("submitted", "approved", "rejected")
"""A renewal in one of these states is nothing to remind of."""

Look = Callable[[Connection, Timer], Iterator[tuple[ToNotify, Fact]]]
"""What is still so when a timer is due: whom it is told to, and as which fact."""


@dataclass(frozen=True)
class Reminders:
    """The rules and the log."""

    records: Records
    rules: Rules

    def notify_due(self, at: datetime) -> None:
        """Everything that is due."""
        for timers, look in (
            (INVOICE_ENDS, self.invoice),
            (PROMISES, self.promise),
            (PAYMENTS, self.payment),
            (GRANTS, self.confirmation),
        ):
            for timer in claimed(timers, self.records.database, at):
                self.records.write(partial(self.notify_one, timers=timers, timer=timer, found=look, at=at))
        self.begin_mornings(at)
        for timer in claimed(SWEEPS, self.records.database, at):
            self.records.write(partial(self.sweep, timer=timer, at=at))

    def notify_one(self, connection: Connection, timers: Timers, timer: Timer, found: Look, at: datetime) -> None:
        """Tell whom a timer is about, if what it was armed for is still so, and end it; one that was armed anew meanwhile is not due."""
        if timers.claim(connection, timer, None):
            for one, fact in found(connection, timer):
                notifying.notify(connection, self.records.own_log(), one, fact, at)

    def invoice(self, connection: Connection, timer: Timer) -> Iterator[tuple[ToNotify, Fact]]:
        """An invoice that is still open, and ends when it was said to."""
        member, year, days = timer.key.split("/")
        this = (INVOICES.c.member == member, INVOICES.c.year == int(year), INVOICES.c.is_open)
        row = connection.execute(select(INVOICES).where(*this)).mappings().one_or_none()
        if row is not None:
            until = row["payable_until"]
            values = NoticeValues(year=int(year), amount_rials=row["amount_rials"], until=until)
            happened_at = until - timedelta(days=int(days))
            occasion = occasion_id(f"invoice/{timer.key}/{until.isoformat()}")
            yield ToNotify(f"member:{member}", NoticeKind.INVOICE_ENDS, values), occasion_at(occasion, happened_at)

    def payment(self, connection: Connection, timer: Timer) -> Iterator[tuple[ToNotify, Fact]]:
        """A payment of which the bank has said nothing."""
        attempt = UUID(timer.key)
        this = (ATTEMPTS_TO_PAY.c.attempt == attempt, ATTEMPTS_TO_PAY.c.is_open)
        row = connection.execute(select(ATTEMPTS_TO_PAY).where(*this)).mappings().one_or_none()
        if row is not None:
            values = NoticeValues(year=row["year"], amount_rials=row["amount_rials"])
            yield (
                ToNotify(f"member:{row['member']}", NoticeKind.PAYMENT_UNKNOWN, values),
                occasion_at(attempt, arming.armed_for(timer)),
            )

    def confirmation(self, _connection: Connection, timer: Timer) -> Iterator[tuple[ToNotify, Fact]]:
        """A confirmed payment whose capacity is not known, such as of a year without a policy; one that was told with its capacity is not told again."""
        member, year = timer.key.split("/")
        event, recorded_at = arming.confirmation_in(timer)
        yield (
            ToNotify(f"member:{member}", NoticeKind.PAYMENT_CONFIRMED, NoticeValues(year=int(year))),
            occasion_at(event, recorded_at),
        )

    def promise(self, connection: Connection, timer: Timer) -> Iterator[tuple[ToNotify, Fact]]:
        """A review that is due soon and not decided: each manager of the province is told."""
        member, year, _ = timer.key.split("/")
        this = (RENEWALS.c.member == member, RENEWALS.c.year == int(year), RENEWALS.c.status == "submitted")
        row = connection.execute(select(RENEWALS).where(*this)).mappings().one_or_none()
        if row is None or row["review_due_at"] is None:
            return
        until = row["review_due_at"]
        remind_at = until - timedelta(minutes=self.rules.minutes.promise)
        if remind_at <= arming.armed_for(timer):  # else a later version's promise, which has a timer of its own
            values = NoticeValues(tracking_code=row["tracking_code"], year=int(year), until=until)
            fact = occasion_at(occasion_id(f"promise/{member}/{year}/{until.isoformat()}"), remind_at)
            for officer in notifying.officers_of(connection, row["province"], Role.MANAGER):
                yield ToNotify(officer, NoticeKind.PROMISE_ENDS, values, row["province"]), fact

    def begin_mornings(self, at: datetime) -> None:
        """Arm the sweeps of each morning that has begun since the last one, once over all copies."""
        next_at = self.rules.next_morning(at)
        with self.records.read() as connection:
            before = MORNINGS.find(connection, "morning")
        if before is not None and before.due_at > at:
            return

        def begin(connection: Connection) -> None:
            if not MORNINGS.claim_recurring(connection, "morning", at, next_at):
                return
            last = date.fromisoformat(before.payload) if before and before.payload else None
            today = persian.day_of(next_at) - timedelta(days=1)
            first = max(last + timedelta(days=1), today - timedelta(days=DAYS_BACK_MAX)) if last else today
            for number in range((today - first).days + 1):
                self.arm_sweeps(connection, first + timedelta(days=number), at)
            MORNINGS.mark(connection, "morning", today.isoformat())

        self.records.write(begin)

    def arm_sweeps(self, connection: Connection, day: date, at: datetime) -> None:
        for occasion in self.rules.occasions(day):
            SWEEPS.arm(connection, f"season/{day}/{occasion.year}/{occasion.province}", at)
        SWEEPS.arm(connection, f"licence/{day}", at)
        SWEEPS.arm(connection, f"digest/{day}", at)

    def sweep(self, connection: Connection, timer: Timer, at: datetime) -> None:
        """Tell the next members of a morning's occasion; those of before are known by the timer's payload."""
        if not SWEEPS.claim(connection, timer, None):
            return  # another copy has gone on
        kind, day, *rest = timer.key.split("/")
        happened_at = self.rules.morning(date.fromisoformat(day))
        fact = occasion_at(occasion_id(timer.key), happened_at)
        if kind == "digest":
            found = [(one, one.person) for one in self.digests(connection, date.fromisoformat(day))]
        elif kind == "licence":
            found = [*self.licences(connection, date.fromisoformat(day), timer.payload)]
        else:
            year, province = int(rest[0]), rest[1]
            occasion = Occasion(province, year, self.rules.deadline_of(province, year))
            found = [*self.season(connection, occasion, timer.payload)]
        for one, _ in found:
            notifying.notify(connection, self.records.own_log(), one, fact, at)
        if kind != "digest" and len(found) == BATCH_MAX:
            SWEEPS.arm(connection, timer.key, at, payload=found[-1][1])

    def season(self, connection: Connection, occasion: Occasion, after: str) -> Iterator[tuple[ToNotify, str]]:
        """Members of a province who have neither paid for the year nor wait for the office."""
        settled = exists().where(
            RENEWALS.c.member == MEMBERS.c.member, RENEWALS.c.year == occasion.year, RENEWALS.c.status.in_(SETTLED)
        )
        unpaid = or_(MEMBERS.c.paid_through.is_(None), MEMBERS.c.paid_through < occasion.year)
        here = (MEMBERS.c.province == occasion.province, MEMBERS.c.member > after, unpaid, ~settled)
        query = select(MEMBERS.c.member).where(*here).order_by(MEMBERS.c.member).limit(BATCH_MAX)
        until = persian.midnight(occasion.deadline + timedelta(days=1)) - timedelta(minutes=1)
        values = NoticeValues(year=occasion.year, until=until)
        for member in connection.execute(query).scalars():
            yield ToNotify(f"member:{member}", NoticeKind.SEASON_REMINDER, values), member

    def licences(self, connection: Connection, day: date, after: str) -> Iterator[tuple[ToNotify, str]]:
        """Members whose licence ends so many days after."""
        ends = [day + timedelta(days=days) for days in self.rules.days.licence]
        these = (MEMBERS.c.licence_ends_on.in_(ends), MEMBERS.c.member > after)
        query = select(MEMBERS).where(*these).order_by(MEMBERS.c.member).limit(BATCH_MAX)
        for row in connection.execute(query).mappings():
            yield licence_reminder(row), row["member"]

    def digests(self, connection: Connection, day: date) -> Iterator[ToNotify]:
        """How many requests wait in each manager's provinces whose office is open that day; nothing where none does."""
        waiting: dict[str, int] = {}
        for province in connection.execute(
            select(RENEWALS.c.province).where(RENEWALS.c.status == "submitted")
        ).scalars():
            waiting[province] = waiting.get(province, 0) + 1
        closed = working_days.closed_provinces(connection, self.rules, day, frozenset(waiting))
        managers = (
            select(OFFICERS).where(OFFICERS.c.roles.contains(f" {Role.MANAGER.value} ")).order_by(OFFICERS.c.officer)
        )
        for row in connection.execute(managers).mappings():
            count = sum(waiting.get(province, 0) for province in row["provinces"].split() if province not in closed)
            if count:
                yield ToNotify(f"officer:{row['officer']}", NoticeKind.DESK_DIGEST, NoticeValues(count=count))


def licence_reminder(row: RowMapping) -> ToNotify:
    until = persian.midnight(row["licence_ends_on"])
    return ToNotify(f"member:{row['member']}", NoticeKind.LICENCE_ENDS, NoticeValues(until=until))


def claimed(timers: Timers, database: Database, at: datetime) -> Iterator[Timer]:
    """What is due, one after another, as its row is while it is claimed."""
    for timer in timers.claim_each(database, at, lambda _: at + LEASE, most=ROUND_MAX):
        yield timer._replace(due_at=at + LEASE, tries=timer.tries + 1)


def occasion_id(name: str) -> UUID:
    return uuid5(OCCASIONS, name)


def occasion_at(occasion: UUID, happened_at: datetime) -> Fact:
    return Fact(
        occasion, happened_at, Metadata(correlation_id=occasion, causation_id=occasion, actor="program:notification")
    )
