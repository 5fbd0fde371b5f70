"""A bank that follows its own rules, and whose answers are late, lost or repeated; it never forgets what was paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

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
from tests.simulation.environment import Environment, InvariantViolated

SESSION = timedelta(minutes=35)
"""So long the payment page of a session stays open."""
VERIFY_WINDOW = timedelta(minutes=30)
"""So long after the payment it may be verified; then the money goes back."""
SILENT = Unknown("timeout")


@dataclass
class Session:
    """One session as the bank knows it."""

    authority: str
    order: Order
    opened_at: datetime
    state: Literal["in_bank", "paid", "verified", "failed", "reversed"] = "in_bank"
    paid_at: datetime | None = None
    reference: str = ""


class ScriptedBank:
    """The bank behind payment's port, with the payers at its pages."""

    capabilities = Capabilities("zarinpal", False)

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.sessions: dict[str, Session] = {}

    def create(self, order: Order) -> Opened | NotOpened:
        if self.is_silent("create"):
            return NotOpened("timeout")
        authority = f"S0{len(self.sessions):034}"
        self.sessions[authority] = Session(authority, order, self.environment.now)
        if self.is_silent("create, after it has opened a session"):
            return NotOpened("timeout")
        return Opened(authority, self.page(authority))

    def page(self, authority: str) -> str:
        return f"https://bank.test/{authority}"

    def verify(self, authority: str, amount_rials: int) -> Verdict:
        if self.is_silent("verify"):
            return SILENT
        verdict = self.verified(authority, amount_rials)
        return SILENT if self.is_silent("verify, after it has answered") else verdict

    def verified(self, authority: str, amount_rials: int) -> Verdict:
        session = self.session(authority)
        if session is None or session.order.amount_rials != amount_rials:
            return Mismatch("no_such_session" if session is None else "amount_differs")
        if session.state == "verified":
            return Paid(session.reference)
        if session.state != "paid":
            return NotPaid(session.state)
        session.state = "verified"
        session.reference = self.new_reference()
        return Paid(session.reference)

    def new_reference(self) -> str:
        given = [session.reference for session in self.sessions.values() if session.reference]
        if given and self.environment.random.occurs(self.environment.fault_rates.reference_reused):
            return self.environment.random.choice(given)
        return str(200_000_000 + len(given))

    def inquire(self, authority: str) -> SessionStatus:
        if self.is_silent("inquire"):
            return SessionStatus.UNKNOWN
        session = self.session(authority)
        return SessionStatus.UNKNOWN if session is None else SessionStatus(session.state)

    def list_unverified(self) -> Sequence[Unverified] | Unknown:
        if self.is_silent("list of unverified payments"):
            return SILENT
        sessions = [one for one in map(self.session, self.sessions) if one is not None]
        return [Unverified(one.authority, one.order.amount_rials) for one in sessions if one.state == "paid"]

    def reverse(self, authority: str) -> Reversed | NotReversed | Unknown:
        return NotReversed(authority)

    def session(self, authority: str) -> Session | None:
        """The session at the present time: pages close, and what is not verified goes back to the payer."""
        session = self.sessions.get(authority)
        if session is not None:
            if session.state == "in_bank" and self.environment.now - session.opened_at > SESSION:
                session.state = "failed"
            if session.state == "paid" and session.paid_at and self.environment.now - session.paid_at > VERIFY_WINDOW:
                session.state = "reversed"
        return session

    def require_unpaid(self, authority: str, *, may_be_open: bool = False) -> None:
        """What is recorded as failed has not been paid, and is over at the bank."""
        session = self.session(authority)
        forbidden = ("paid", "verified") if may_be_open else ("in_bank", "paid", "verified")
        if session is not None and session.state in forbidden:
            raise InvariantViolated(f"{authority} is recorded as failed, and at the bank it is {session.state}")

    def pay(self, authority: str) -> bool:
        """A payer pays, or finds the page closed."""
        session = self.session(authority)
        if session is None or session.state != "in_bank":
            return False
        session.state, session.paid_at = "paid", self.environment.now
        return True

    def cancel(self, authority: str) -> None:
        session = self.session(authority)
        if session is not None and session.state == "in_bank":
            session.state = "failed"

    def is_silent(self, query: str) -> bool:
        """Whether a query gets no answer; time passes while it is on its way."""
        self.environment.point(f"the bank's {query}")
        self.environment.interleave()
        return self.environment.random.occurs(self.environment.fault_rates.bank_silent)
