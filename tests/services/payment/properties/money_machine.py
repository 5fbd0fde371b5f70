"""A member's approvals, payments, slips, refunds and statements in any order: a state machine of Hypothesis over the real code."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.payment.accounting import bank_statements, statement_counting
from services.payment.attempts import queries as attempt_queries
from services.payment.invoices.state import Invoice
from services.payment.refunds import worker
from shared.contract.payment import commands, finance_events
from shared.contract.refusals import Refused
from shared.contract.values import StatementLine
from tests.services.payment.properties import invariants
from tests.services.payment.properties.money_world import BEGIN, DEPUTY, FINANCE, MANAGER, OWNER, REASON, Session, World

ALL_YEARS = (1402, 1403, 1404, 1405)
YEARS = st.sampled_from(ALL_YEARS)
THROUGH = st.sampled_from((1401, 1402, 1403, 1404, 1405, 1406, None))
RIALS = st.sampled_from((1_000_000, 4_500_000, 6_000_000, 15_000_000))
ANY = st.integers(0, 3)
"""Which of those that there are, counted from the newest."""
MOSTLY = st.sampled_from((True, True, False))
GRANTS: dict[type, Any] = {
    finance_events.RefundRequested: commands.GrantRefund,
    finance_events.WriteOffRequested: commands.GrantWriteOff,
    finance_events.ManualPaymentRequested: commands.GrantManualPayment,
    finance_events.ManualPaymentReversalRequested: commands.GrantManualPaymentReversal,
}


def has_invoices(machine: Any) -> bool:
    return bool(machine.world.fold())


def has_attempts(machine: Any) -> bool:
    return any(one.attempts for one in machine.world.fold().values())


def slips(machine: Any) -> list[tuple[int, Any]]:
    """The requests of slips with their years, whatever became of them."""
    return [
        (year, key)
        for year, invoice in machine.world.fold().items()
        for key, one in invoice.requests.items()
        if isinstance(one.event, finance_events.ManualPaymentRequested)
    ]


def has_slips(machine: Any) -> bool:
    return bool(slips(machine))


def has_requests(machine: Any) -> bool:
    return bool(machine.open_requests)


class MoneyInAnyOrder(RuleBasedStateMachine):
    """One member, whose years are approved in any order, and whose money comes and goes in every way."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.open_requests: list[tuple[int, Any]] = []
        self.seen = 0

    def teardown(self) -> None:
        try:
            invariants.the_rows_say_the_same(self.world)
            invariants.a_replay_gives_the_same_rows(self.world)
        finally:
            self.world.close()

    @invariant()
    def all_that_must_hold(self) -> None:
        if len(self.world.recorded) != self.seen:
            self.seen = len(self.world.recorded)
            invariants.hold(self.world)

    def invoice(self, year: int) -> Invoice:
        return self.world.fold().get(year, Invoice())

    def year(self, which: int) -> int:
        """One of the years that have an invoice."""
        years = sorted(self.world.fold())
        return years[which % len(years)]

    def attempt(self, which: int) -> attempt_queries.Attempt:
        return self.world.attempt(which)

    # ---------------------------------------------------------------- approvals and the register

    @initialize(first=YEARS, through=THROUGH, is_paid=st.booleans(), then=st.sampled_from((None, *ALL_YEARS)))
    def begin(self, *, first: int, through: int | None, is_paid: bool = False, then: int | None = None) -> None:
        """Half of the stories begin with a payment and go on with another year, where most of what may go wrong begins."""
        self.world.paid_through = through
        self.approve(first, 0)
        if is_paid:
            self.go_to_bank(which=0, ends="paid")
            self.confirm(0)
        if then is not None and then != first:
            self.approve(then, 0)

    @precondition(lambda self: len(self.world.approvals) < len(ALL_YEARS))
    @rule(which=ANY, waived_rials=st.sampled_from((0, 0, 0, 2_000_000, 9_000_000)))
    def approve_another(self, *, which: int, waived_rials: int) -> None:
        left = [year for year in ALL_YEARS if year not in self.world.approved_through]
        self.approve(left[which % len(left)], waived_rials)

    def approve(self, year: int, waived_rials: int) -> None:
        before = dict(self.world.fold())
        self.world.approve(year, waived_rials)
        known = before[year].requests if year in before else {}
        self.open_requests += [(year, key) for key in self.invoice(year).requests if key not in known]
        after = self.world.fold()
        if year not in before and year in after:
            invariants.an_approval_charges_what_is_owed(year, before, after, self.world.paid_through)

    @rule(through=THROUGH)
    def the_register_changes(self, through: int | None) -> None:
        self.world.paid_through = through

    # ---------------------------------------------------------------- the bank

    @precondition(has_invoices)
    @rule(which=ANY, ends=st.sampled_from(("paid", "paid", "differs", "silent", "left")))
    def go_to_bank(self, *, which: int, ends: str) -> None:
        try:
            self.world.go_to_bank(self.year(which))
        except Refused:
            return
        session = self.world.bank.book[self.attempt(0).authority]
        session.differs = session.differs if session.is_paid else ends == "differs"
        if ends != "left":
            self.pay(0)
        if ends != "silent":
            self.inquire(0)

    @precondition(has_attempts)
    @rule(which=ANY)
    def pay(self, which: int) -> None:
        """In silence: nobody tells us."""
        self.world.bank.book[self.attempt(which).authority].is_paid = True

    @precondition(has_attempts)
    @rule(which=ANY)
    def inquire(self, which: int) -> None:
        self.world.inquire(self.attempt(which))

    @precondition(has_attempts)
    @rule(which=ANY, tells=MOSTLY)
    def the_bank_takes_it_back(self, *, which: int, tells: bool) -> None:
        session = self.world.bank.book[self.attempt(which).authority]
        session.is_reversed = session.is_paid
        if tells:
            self.inquire(which)

    @rule(is_silent=st.booleans(), declines=st.booleans())
    def the_bank_changes(self, *, is_silent: bool, declines: bool) -> None:
        self.world.bank.is_silent, self.world.bank.declines = is_silent, declines

    @rule(days=st.sampled_from((0, 31)))
    def time_passes(self, days: int) -> None:
        """And the bank is asked for what is too much, as long as it may give it back."""
        self.world.now += timedelta(days=days, hours=1)
        worker.reverse_due_payments(self.world.verification, self.world.now)

    @rule(first=ANY, lines=st.integers(1, 4), repeats=st.booleans())
    def a_statement_counts(self, *, first: int, lines: int, repeats: bool) -> None:
        """Any part of the bank's book, as often as one likes."""
        sessions = [(key, one) for key, one in self.world.bank.book.items() if one.is_verified][first : first + lines]
        statement_lines = tuple(line(key, one) for key, one in (sessions * 2 if repeats else sessions))
        if not statement_lines:
            return
        self.world.files += 1
        file = f"{self.world.files:064}"
        total = sum(one.amount_rials for one in statement_lines if one.status != "reversed")
        opened = commands.OpenStatement(**self.of_file(file), lines=len(statement_lines), total_rials=total)
        added = commands.AddStatementLines(**self.of_file(file), first_line=1, lines=statement_lines)
        self.world.records.write(lambda connection: bank_statements.open_statement(connection, opened))
        self.world.records.write(lambda connection: bank_statements.add_lines(connection, added))
        with suppress(Refused):
            statement_counting.count_statement(self.world.records, commands.CountStatement(**self.of_file(file)))

    def of_file(self, statement: str) -> dict[str, Any]:
        about = self.world.about(0, FINANCE)
        return {"statement": statement} | {name: about[name] for name in ("id", "deadline", "at", "actor")}

    # ---------------------------------------------------------------- people

    def act(self, command: Any) -> bool:
        """Do what somebody may or may not do; whether it was allowed."""
        try:
            self.world.do(command)
        except Refused:
            return False
        return True

    @precondition(has_invoices)
    @rule(which=ANY)
    def confirm(self, which: int) -> None:
        year = self.year(which)
        issued = self.invoice(year).issued
        amount = issued.amount_rials if issued else 0
        for actor in (MANAGER, DEPUTY):
            self.act(commands.ConfirmPayment(**self.world.about(year, actor), amount_rials=amount))

    @precondition(has_invoices)
    @rule(which=ANY)
    def have_it_issued_again(self, which: int) -> None:
        self.act(commands.RenewInvoice(**self.world.about(self.year(which), OWNER)))

    @precondition(has_invoices)
    @rule(which=ANY, rials=RIALS, grants=MOSTLY)
    def hand_in_a_slip(self, *, which: int, rials: int, grants: bool) -> None:
        self.call(self.world.slip(self.year(which), rials), grants=grants)

    @precondition(has_slips)
    @rule(which=ANY, grants=MOSTLY)
    def take_a_slip_back(self, *, which: int, grants: bool) -> None:
        """Granted or not, and of whichever invoice."""
        known = slips(self)
        year, slip = known[-1 - which % len(known)]
        about: dict[str, Any] = {"manual_payment": slip, "reason": REASON}
        self.call(commands.RequestManualPaymentReversal(**self.world.about(year, FINANCE), **about), grants=grants)

    @precondition(has_invoices)
    @rule(which=ANY, rials=RIALS, grants=MOSTLY)
    def give_up(self, *, which: int, rials: int, grants: bool) -> None:
        about = self.world.about(self.year(which), FINANCE)
        self.call(commands.RequestWriteOff(**about, amount_rials=rials, reason=REASON), grants=grants)

    @precondition(has_attempts)
    @rule(which=ANY, part=st.sampled_from((1, 2)), ends=st.booleans(), grants=MOSTLY)
    def refund(self, *, which: int, part: int, ends: bool, grants: bool) -> None:
        attempt = self.attempt(which)
        about: dict[str, Any] = {"attempt": attempt.attempt, "ends_membership": ends, "reason": REASON}
        about |= self.world.about(attempt.year, FINANCE)
        self.call(commands.RequestRefund(**about, amount_rials=attempt.amount_rials // part), grants=grants)
        if grants and self.open_requests:
            self.send(0)

    def call(self, command: Any, *, grants: bool) -> None:
        if self.act(command):
            self.open_requests.append((command.year, command.id))
            if grants:
                self.grant(0)

    @precondition(has_requests)
    @rule(which=ANY)
    def grant(self, which: int) -> None:
        year, request = self.open_requests[-1 - which % len(self.open_requests)]
        before = self.invoice(year).requests[request]
        kind = GRANTS[type(before.event)]
        for actor in (MANAGER, FINANCE):
            self.act(kind(**self.world.about(year, actor), request=request))
        is_done = before.status != "done" and self.invoice(year).requests[request].status == "done"
        if is_done and isinstance(before.event, finance_events.ManualPaymentRequested):
            self.world.slips_rials += before.event.amount_rials
        if is_done and isinstance(before.event, finance_events.ManualPaymentReversalRequested):
            self.world.slips_rials -= before.event.amount_rials

    @precondition(has_requests)
    @rule(which=ANY)
    def send(self, which: int) -> None:
        """What was granted to be refunded."""
        year, request = self.open_requests[-1 - which % len(self.open_requests)]
        before = self.invoice(year).requests[request]
        sent = f"PAYA{request.int}"
        self.act(commands.RecordRefund(**self.world.about(year, FINANCE), request=request, bank_reference=sent))
        if (before.status, self.invoice(year).requests[request].status) == ("granted", "done"):
            self.world.refunds_rials += before.event.amount_rials

    @precondition(has_requests)
    @rule(which=ANY)
    def decline(self, which: int) -> None:
        year, request = self.open_requests[-1 - which % len(self.open_requests)]
        self.act(commands.DeclineRequest(**self.world.about(year, MANAGER), request=request, reason=REASON))


def line(key: str, session: Session) -> StatementLine:
    """A session as the bank's statement has it."""
    return StatementLine(
        authority=key,
        amount_rials=session.amount_rials,
        bank_reference=session.reference,
        status="reversed" if session.is_reversed else "verified",
        paid_at=BEGIN,
    )
