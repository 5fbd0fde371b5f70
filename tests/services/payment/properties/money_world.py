"""A member whose money may take any way: the real decisions, views and log on one SQLite connection, and a bank that can be silent."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from services.payment import process, subscriptions, tables
from services.payment import projection as payment_projection
from services.payment.attempts import checkout
from services.payment.attempts import queries as attempt_queries
from services.payment.attempts.verification import Verification
from services.payment.banks.port import (
    Capabilities,
    Mismatch,
    NotPaid,
    NotReversed,
    Opened,
    Order,
    Paid,
    Reversed,
    SessionStatus,
    Unknown,
    Unverified,
)
from services.payment.fees import tariffs
from services.payment.invoices import cross_year, domain, state
from services.payment.invoices.state import Invoice
from shared.contract.envelope import Metadata, Recorded
from shared.contract.payment import commands
from shared.contract.renewal import events
from shared.contract.values import MemberClass, UnpaidYear, Waiver
from shared.event_store import log
from shared.event_store.command_handler import Records, handle
from shared.event_store.log import EventLog
from shared.event_store.sql import engines
from tests.services.payment.samples import APPROVED, MEMBER

T = TypeVar("T")
BEGIN = datetime(2026, 4, 15, 9, 30, tzinfo=UTC)
STEP = timedelta(minutes=1)
FINANCE, MANAGER, OWNER = "officer:hesabdar", "officer:modir", f"member:{MEMBER}"
DEPUTY = "officer:moaven"
"""A manager who waives nothing, and so may confirm whatever was paid."""
REASON = "دلیل در پرونده است"


@cache
def connection() -> Connection:
    """One empty database for all examples: each is undone at its end."""
    opened = engines.connect("sqlite://").connect()
    for table in (log.TABLES, *tables.TABLES):
        table.create_all(opened)
    opened.commit()
    return opened


class OneConnection:
    """Stands for a `Database`: a unit of work is a savepoint."""

    def __init__(self, only: Connection, recorded: list[Recorded]) -> None:
        self.only, self.engine = only, only.engine
        self.recorded = recorded

    def write(self, work: Callable[[Connection], T]) -> T:
        driver: Any = self.only.connection.driver_connection  # SQLAlchemy's savepoints cost as much as the rest
        execute, before = driver.execute, len(self.recorded)
        execute("SAVEPOINT work")
        try:
            result = work(self.only)
        except BaseException:
            execute("ROLLBACK TO work")
            execute("RELEASE work")
            del self.recorded[before:]
            raise
        execute("RELEASE work")
        return result

    @contextmanager
    def read(self) -> Iterator[Connection]:
        yield self.only


@dataclass
class Session:
    """What the bank has of one attempt."""

    amount_rials: int
    reference: str
    is_paid: bool = False
    differs: bool = False
    """Whether it is paid over another amount than we requested."""
    is_verified: bool = False
    is_reversed: bool = False


@dataclass
class AnyBank:
    """Its book is the truth about money; it may be silent, and decline to give back."""

    book: dict[str, Session] = field(default_factory=dict)
    is_silent: bool = False
    declines: bool = False
    capabilities: Capabilities = field(default_factory=lambda: Capabilities("zarinpal", True))

    def create(self, order: Order) -> Opened:
        number = len(self.book) + 1
        authority = f"S{number:035}"
        self.book[authority] = Session(order.amount_rials, f"2000{number:05}")
        return Opened(authority, self.page(authority))

    def page(self, authority: str) -> str:
        return f"http://bank.test/{authority}"

    def verify(self, authority: str, amount_rials: int) -> Paid | NotPaid | Mismatch | Unknown:  # noqa: ARG002
        session = self.book[authority]
        if self.is_silent:
            return Unknown("silent")
        if not session.is_paid or session.is_reversed:
            return NotPaid("code -51")
        if session.differs:
            return Mismatch("amount_differs")
        session.is_verified = True
        return Paid(session.reference)

    def inquire(self, authority: str) -> SessionStatus:
        session = self.book[authority]
        if self.is_silent:
            return SessionStatus.UNKNOWN
        if session.is_reversed:
            return SessionStatus.REVERSED
        if session.is_verified:
            return SessionStatus.VERIFIED
        return SessionStatus.PAID if session.is_paid else SessionStatus.IN_BANK

    def reverse(self, authority: str) -> Reversed | NotReversed | Unknown:
        if self.is_silent:
            return Unknown("silent")
        if self.declines:
            return NotReversed("code -61")
        self.book[authority].is_reversed = True
        return Reversed()

    def list_unverified(self) -> Sequence[Unverified] | Unknown:
        return Unknown("silent") if self.is_silent else []


class World:
    """One member's invoices, and all that was recorded of them."""

    def __init__(self) -> None:
        self.now = BEGIN
        self.number = 0
        self.paid_through: int | None = 1403
        self.approvals: list[Recorded] = []
        self.recorded: list[Recorded] = []
        self.folded = 0
        self.invoices: dict[int, Invoice] = {}
        self.approved_through: dict[int, int | None] = {}
        """The register's last paid year when each year was approved."""
        self.slips_rials = self.refunds_rials = 0
        """What slips have brought that were not taken back, and what people have sent back."""
        self.files = 0
        """Statements that were handed over."""
        self.bank = AnyBank()
        self.connection = connection()
        self.transaction = self.connection.begin()
        self.log = EventLog("payment", payment_projection.project, self.react, lambda: self.now)
        database: Any = OneConnection(self.connection, self.recorded)
        self.records = Records(database, self.log)
        self.verification = Verification(self.records, self.bank)

    def close(self) -> None:
        self.transaction.rollback()

    def react(self, connection: Connection, recorded: Recorded) -> None:
        process.react(connection, recorded)
        self.recorded.append(recorded)

    def fold(self) -> dict[int, Invoice]:
        """The invoices by their years, as the events tell them."""
        for one in self.recorded[self.folded :]:
            year: int | None = getattr(one.event, "year", None)
            if year is not None:
                self.invoices[year] = domain.INVOICE.evolve(self.invoices.get(year, Invoice()), one.event)
        self.folded = len(self.recorded)
        return self.invoices

    # ---------------------------------------------------------------- what may be done

    def id(self) -> UUID:
        self.number += 1
        return UUID(int=self.number)

    def about(self, year: int, actor: str) -> dict[str, Any]:
        """What a command has; time goes on with each."""
        self.now += STEP
        return {"id": self.id(), "deadline": self.now, "at": self.now, "actor": actor, "member": MEMBER, "year": year}

    def do(self, command: domain.OfInvoice) -> None:
        """As the service does it for the people, who give no command twice."""
        stream, cause = (
            state.stream_of(MEMBER, command.year),
            Metadata(correlation_id=command.id, causation_id=command.id),
        )

        def work(connection: Connection) -> None:
            handled = handle(connection, self.log, stream, command, domain.INVOICE, cause)
            cross_year.undo_dependents(self.log)(connection, handled.recorded)

        self.records.write(work)

    def approve(self, year: int, waived_rials: int = 0) -> None:
        """The manager approves a year's renewal, once, and payment hears of it."""
        if year in self.approved_through:
            return
        through = self.paid_through
        unpaid = () if through is None else range(through + 1, year)
        self.now += STEP
        approved = APPROVED.model_copy(
            update={
                "year": year,
                "unpaid_years": tuple(UnpaidYear(year=one, member_class=MemberClass.GRADE_2) for one in unpaid),
                "never_paid": through is None,
                "paid_through": through,
                "waivers": (Waiver(year=year, amount_rials=waived_rials),) if waived_rials else (),
                "approved_at": self.now,
            }
        )
        recorded_event = recorded(approved, len(self.approvals) + 1, self.now)
        self.approvals.append(recorded_event)
        self.approved_through[year] = through
        at = self.now
        self.records.write(
            lambda connection: subscriptions.on_renewal_event(connection, recorded_event, self.log, tariffs.load(), at)
        )

    def go_to_bank(self, year: int) -> None:
        command = commands.StartPayment(**self.about(year, OWNER))
        checkout.start(command, self.id(), self.verification)

    def attempt(self, which: int) -> attempt_queries.Attempt:
        """One of those that are on file, counted from the newest."""
        known = [key for one in self.fold().values() for key in one.attempts]
        known.sort()
        with self.records.read() as connection:
            found = attempt_queries.attempt_of(connection, attempt=known[-1 - which % len(known)])
        assert found is not None
        return found

    def inquire(self, attempt: attempt_queries.Attempt) -> None:
        self.now += STEP
        self.verification.inquire(attempt, self.now)

    def slip(self, year: int, amount_rials: int) -> commands.RequestManualPayment:
        paid_on = date(2026, 4, 14)
        about: dict[str, Any] = {"amount_rials": amount_rials, "slip": f"slip-{self.number}", "paid_on": paid_on}
        return commands.RequestManualPayment(**self.about(year, FINANCE), **about, reason=REASON)


def recorded(event: events.RenewalApproved, position: int, at: datetime) -> Recorded:
    """An approval as it comes out of renewal's log."""
    cause = Metadata(correlation_id=UUID(int=7), causation_id=UUID(int=8), actor=MANAGER)
    key, stream = UUID(int=2**64 + position), f"renewal/{event.member}/{event.year}"
    return Recorded("renewal", position, stream, 1, key, type(event).__name__, event.model_dump_json(), cause, at)
