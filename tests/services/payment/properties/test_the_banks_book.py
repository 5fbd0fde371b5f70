"""Whatever is heard, in whatever order: once all is quiet, the ledger has what the bank's own book has, each reference once."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from services.payment import process, tables
from services.payment import projection as payment_projection
from services.payment.accounting import bank_statements, daily_reconciliation, ledger, statement_counting
from services.payment.attempts import polling, reconciler
from services.payment.attempts import queries as attempt_queries
from services.payment.attempts.verification import Verification
from services.payment.banks.port import (
    Capabilities,
    Mismatch,
    NotOpened,
    NotPaid,
    NotReversed,
    Opened,
    Order,
    Paid,
    Reversed,
    SessionStatus,
    Unknown,
    Unverified,
    Verdict,
)
from services.payment.invoices import domain, queries, state
from services.payment.invoices.internal_commands import StartAttempt
from services.payment.refunds import worker
from shared.contract.payment import commands
from shared.contract.values import StatementLine
from shared.event_store import log
from shared.event_store.command_handler import Records
from shared.event_store.database import Database
from shared.event_store.log import EventLog
from shared.text import persian
from tests.services.payment.samples import AMOUNT, AT, YEAR, confirm, issue
from tests.support.replay import hold_against_replay

MEMBERS = ("0000001", "0000002")
SESSIONS = [f"S0{number:034}" for number in range(6)]
"""Three attempts of each member."""
WINDOW, REVERSE_WINDOW = timedelta(minutes=30), timedelta(minutes=30)


class Book:
    """The bank's own book: what it took and gave back, and answers that may be lost after they took effect."""

    def __init__(self) -> None:
        self.capabilities = Capabilities("zarinpal", True)
        self.now = AT
        self.statuses = dict.fromkeys(SESSIONS, SessionStatus.IN_BANK)
        self.paid_at: dict[str, datetime] = {}
        self.tampered: set[str] = set()
        """Sessions in which another amount is paid than was asked for."""
        self.is_silent = False
        self.loses_answers = False

    def pay(self, authority: str) -> None:
        if self.is_valid(authority) is SessionStatus.IN_BANK:
            self.statuses[authority], self.paid_at[authority] = SessionStatus.PAID, self.now

    def tamper(self, authority: str) -> None:
        if self.is_valid(authority) is SessionStatus.IN_BANK:
            self.tampered.add(authority)

    def cancel(self, authority: str) -> None:
        if self.is_valid(authority) is SessionStatus.IN_BANK:
            self.statuses[authority] = SessionStatus.FAILED

    def take_back(self, authority: str) -> None:
        """The bank reverses a payment by itself."""
        if self.is_valid(authority) in {SessionStatus.PAID, SessionStatus.VERIFIED}:
            self.statuses[authority] = SessionStatus.REVERSED

    def is_valid(self, authority: str) -> SessionStatus:
        if self.statuses[authority] is SessionStatus.PAID and self.now > self.paid_at[authority] + WINDOW:
            self.statuses[authority] = SessionStatus.REVERSED
        return self.statuses[authority]

    def holds(self) -> int:
        """The money that it has taken for us for good."""
        return sum(AMOUNT for authority in SESSIONS if self.is_valid(authority) is SessionStatus.VERIFIED)

    def create(self, order: Order) -> Opened | NotOpened:
        return NotOpened(str(order.attempt))

    def page(self, authority: str) -> str:
        return authority

    def verify(self, authority: str, amount_rials: int) -> Verdict:
        if self.is_silent or amount_rials != AMOUNT:
            return Unknown("silent")
        if authority in self.tampered:
            return Mismatch("amount_differs") if authority in self.paid_at else NotPaid("not_paid")
        first = self.is_valid(authority) is SessionStatus.PAID
        if not first and self.is_valid(authority) is not SessionStatus.VERIFIED:
            return NotPaid("not_paid")
        self.statuses[authority] = SessionStatus.VERIFIED
        return Unknown("lost") if self.loses_answers else Paid(f"9{SESSIONS.index(authority)}")

    def inquire(self, authority: str) -> SessionStatus:
        return SessionStatus.UNKNOWN if self.is_silent else self.is_valid(authority)

    def list_unverified(self) -> Sequence[Unverified] | Unknown:
        paid = [one for one in SESSIONS if self.is_valid(one) is SessionStatus.PAID and one not in self.tampered]
        return Unknown("silent") if self.is_silent else [Unverified(one, AMOUNT) for one in paid]

    def reverse(self, authority: str) -> Reversed | NotReversed | Unknown:
        if self.is_silent:
            return Unknown("silent")
        in_time = self.now <= self.paid_at.get(authority, self.now) + REVERSE_WINDOW
        takes_back = (
            {SessionStatus.VERIFIED, SessionStatus.PAID} if authority in self.tampered else {SessionStatus.VERIFIED}
        )
        if self.is_valid(authority) not in takes_back or not in_time:
            return NotReversed("code -63")
        self.statuses[authority] = SessionStatus.REVERSED
        return Unknown("lost") if self.loses_answers else Reversed()

    def line(self, authority: str) -> StatementLine | None:
        """What its statement says of a session."""
        statuses = self.is_valid(authority)
        if authority not in self.paid_at or statuses is SessionStatus.FAILED:
            return None
        status = {SessionStatus.REVERSED: "reversed", SessionStatus.VERIFIED: "verified"}.get(statuses, "paid")
        amount = AMOUNT // 10 if authority in self.tampered else AMOUNT
        return StatementLine(authority=authority, amount_rials=amount, status=status, paid_at=self.paid_at[authority])


sessions = st.sampled_from(SESSIONS)
DEEDS = (
    "pay",
    "pay",
    "cancel",
    "tamper",
    "callback",
    "notice",
    "look",
    "round",
    "taken_back",
    "line",
    "confirm",
    "wait",
)
stories = st.lists(
    st.tuples(st.sampled_from(DEEDS), sessions, st.sampled_from(["", "", "silent", "lost"])), max_size=30
)


class World:
    """Payment before its bank."""

    def __init__(self) -> None:
        self.database = Database("sqlite:///:memory:")
        self.database.create_tables(log.TABLES, *tables.TABLES)
        self.records = Records(self.database, EventLog("payment", payment_projection.project, process.react))
        self.book = Book()
        self.verification = Verification(self.records, self.book)
        for member in MEMBERS:
            self.handle(member, issue(member))
        for number, authority in enumerate(SESSIONS):
            at = AT + number // 2 * domain.RESUMABLE
            self.handle(MEMBERS[number % 2], StartAttempt(uuid4(), at, UUID(int=number), "zarinpal", authority, ""))
        self.book.now = AT + 2 * domain.RESUMABLE

    def handle(self, member: str, command: domain.Command) -> None:
        self.records.handle(state.stream_of(member, YEAR), command, domain.INVOICE, polling.schedule_first())

    def attempt(self, authority: str) -> attempt_queries.Attempt:
        with self.records.read() as connection:
            found = attempt_queries.attempt_of(connection, authority=authority)
        assert found is not None
        return found

    def do(self, deed: str, authority: str) -> None:
        book, now = self.book, self.book.now
        deeds: dict[str, Callable[[], object]] = {
            "pay": lambda: book.pay(authority),
            "cancel": lambda: book.cancel(authority),
            "tamper": lambda: book.tamper(authority),
            "taken_back": lambda: book.take_back(authority),
            "callback": lambda: self.verification.verify_and_record(self.attempt(authority), now),
            "look": lambda: self.verification.inquire(self.attempt(authority), now),
            "notice": lambda: self.records.write(lambda connection: polling.poll_now(connection, authority, now)),
            "line": lambda: self.count_lines(authority),
            "confirm": lambda: self.confirm(self.attempt(authority).member),
            "wait": self.wait,
            "round": self.round,
        }
        deeds[deed]()

    def wait(self) -> None:
        self.book.now += timedelta(minutes=7)

    def round(self) -> None:
        reconciler.sweep(self.verification, self.book.now)
        reconciler.poll_due_attempts(self.verification, self.book.now)
        worker.reverse_due_payments(self.verification, self.book.now)

    def count_lines(self, *authorities: str) -> None:
        """A statement of some sessions is counted."""
        lines = tuple(line for one in authorities if (line := self.book.line(one)))
        if not lines:
            return
        total = sum(line.amount_rials for line in lines if line.status != "reversed")
        about: dict[str, Any] = {
            "deadline": AT,
            "at": self.book.now,
            "statement": uuid4().hex * 2,
            "actor": "officer:farid",
        }
        opened = commands.OpenStatement(id=uuid4(), lines=len(lines), total_rials=total, **about)
        batch = commands.AddStatementLines(id=uuid4(), first_line=1, lines=lines, **about)
        self.records.write(lambda connection: bank_statements.open_statement(connection, opened))
        self.records.write(lambda connection: bank_statements.add_lines(connection, batch))
        statement_counting.count_statement(
            self.records,
            commands.CountStatement(id=uuid4(), opened_at=self.book.now, **about | {"actor": "officer:maryam"}),
        )

    def confirm(self, member: str) -> None:
        with self.records.read() as connection:
            invoice = queries.invoice(connection, member, YEAR)
        if invoice is not None and invoice.status == "settled":
            self.handle(member, confirm())

    def become_quiet(self) -> None:
        """The bank answers again, time passes, and at last its whole statement comes."""
        self.book.is_silent = self.book.loses_answers = False
        for _ in range(12):
            self.book.now += timedelta(minutes=10)
            self.round()
        self.count_lines(*SESSIONS)
        self.round()

    def money(self) -> int:
        """What the ledger has of the bank's money."""
        with self.records.read() as connection:
            entries = [entry for one in MEMBERS for entry in ledger.balance(connection, one).entries]
        return sum(entry.amount_rials for entry in entries if entry.kind not in {"charge", "adjustment", "write_off"})

    def counted(self) -> list[str]:
        """The references that came into the ledger."""
        with self.records.read() as connection:
            query = select(tables.ENTRIES.c.reference).where(tables.ENTRIES.c.kind.in_(("payment", "credit")))
            return list(connection.execute(query).scalars())

    def kinds_of_exceptions(self) -> set[str]:
        on = AT.astimezone(persian.TEHRAN).date()
        with self.records.read() as connection:
            return {one.kind for one in daily_reconciliation.day(connection, "zarinpal", on).exceptions}


def ledger_after(*deeds: tuple[str, int] | tuple[str, int, str]) -> list[tuple[str, str, str]]:
    return [(deed[0], SESSIONS[deed[1]], deed[2] if len(deed) > 2 else "") for deed in deeds]


@settings(max_examples=30, deadline=None)
@given(stories)
@example(ledger_after(("pay", 0), ("callback", 0), ("confirm", 0), ("taken_back", 0)))
@example(ledger_after(("tamper", 0), ("pay", 0), ("callback", 0), ("pay", 2), ("callback", 2), ("line", 0)))
@example(ledger_after(("tamper", 0), ("pay", 0), ("callback", 0), ("round", 0, "lost"), ("callback", 0), ("notice", 0)))
@example(ledger_after(("pay", 0), ("pay", 2), ("callback", 0), ("callback", 2), ("round", 0, "lost"), ("wait", 0)))
@example(ledger_after(("pay", 0), ("callback", 0, "lost"), ("pay", 2), ("round", 0, "silent"), ("callback", 2)))
@example(ledger_after(("pay", 0), ("pay", 2), ("callback", 2), ("callback", 0), ("taken_back", 2), ("line", 2)))
def test_the_ledger_has_what_the_banks_book_has(story: list[tuple[str, str, str]]) -> None:
    world = World()
    for deed, authority, disturbances in story:
        world.book.is_silent, world.book.loses_answers = disturbances == "silent", disturbances == "lost"
        world.do(deed, authority)
    world.become_quiet()
    assert world.money() == world.book.holds()
    assert all(times == 1 for times in Counter(world.counted()).values())
    assert world.kinds_of_exceptions() <= {"duplicate"}
    with world.records.read() as connection:
        for member in MEMBERS:
            invoice = queries.invoice(connection, member, YEAR)
            assert invoice is not None
            counts = [one for one in invoice.attempts if one.status == "settled"]
            assert len(counts) == (invoice.status != "open")
    hold_against_replay(world.records, tables.PROJECTIONS)
    world.database.close()
