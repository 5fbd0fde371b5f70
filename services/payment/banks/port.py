"""Port of banks: the methods that every adapter implements, and the results they can have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable
from uuid import UUID


@dataclass(frozen=True)
class Capabilities:
    """What differs between banks (docs/payments.md 5.1)."""

    name: str
    """How events name the bank."""
    can_reverse: bool
    least_rials: int = 0
    """The least amount that the bank takes."""
    reverse_window: timedelta = timedelta(minutes=30)
    """How long after the payment it may still be given back by the bank itself."""


@dataclass(frozen=True)
class Exchange:
    """A question to the bank and its answer as they crossed the wire, with our own id and secrets masked."""

    query: str
    authority: str
    request: str
    answer: str
    is_usable: bool
    """Whether the answer could be read as one; silence and nonsense can't."""
    is_late: bool = False
    """Whether it took so long that the bank counts as failing, although its answer counts."""


RecordExchange = Callable[[Exchange], None]
"""Stores an exchange; runs before anything is done about the answer."""


def discard(_exchange: Exchange) -> None:
    """For an adapter whose exchanges are not logged."""


@dataclass(frozen=True)
class Order:
    """What is to be paid: the amount is always our own record's."""

    attempt: UUID
    amount_rials: int
    description: str


@dataclass(frozen=True)
class Opened:
    """The bank has opened a session; nothing is paid yet."""

    authority: str
    redirect_url: str


@dataclass(frozen=True)
class NotOpened:
    """No session was opened, or nobody will ever see it: nothing can be paid."""

    cause: str


@dataclass(frozen=True)
class Paid:
    """Verified: the amount of the request is paid, under the bank's reference."""

    reference: str
    card_mask: str = ""


@dataclass(frozen=True)
class NotPaid:
    """Not paid at this moment; whether it still can be, `inquire` answers."""

    cause: str


@dataclass(frozen=True)
class Mismatch:
    """The bank contradicts our record: another amount, another's session, no such session."""

    cause: str


@dataclass(frozen=True)
class Unknown:
    """No usable answer: nothing is known, and least of all that it failed."""

    cause: str


Verdict = Paid | NotPaid | Mismatch | Unknown


class SessionStatus(StrEnum):
    """The status of a session at the bank; it never replaces a verify."""

    IN_BANK = "in_bank"
    PAID = "paid"
    VERIFIED = "verified"
    FAILED = "failed"
    REVERSED = "reversed"
    UNKNOWN = "unknown"

    @property
    def is_over(self) -> bool:
        """Whether no payment can come of it any more."""
        return self in {SessionStatus.FAILED, SessionStatus.REVERSED}


@dataclass(frozen=True)
class Unverified:
    """A session that is paid and waits for our verify."""

    authority: str
    amount_rials: int


@dataclass(frozen=True)
class Reversed:
    """The money goes back to the payer."""


@dataclass(frozen=True)
class NotReversed:
    """The bank declines to reverse, with its cause."""

    cause: str


@dataclass(frozen=True)
class Settled:
    """The second phase is done: the money is ours."""


@dataclass(frozen=True)
class NotSettled:
    """The bank declines to settle a verified payment."""

    cause: str


class Bank(Protocol):
    """A bank's adapter. No method raises for what a bank or a network does: that is an answer too."""

    @property
    def capabilities(self) -> Capabilities: ...

    def create(self, order: Order) -> Opened | NotOpened:
        """Open a session for the browser to pay in."""

    def page(self, authority: str) -> str:
        """The address where the browser pays in an open session."""

    def verify(self, authority: str, amount_rials: int) -> Verdict:
        """Claim the payment; asking again is safe."""

    def inquire(self, authority: str) -> SessionStatus:
        """Look at a session without claiming anything."""

    def list_unverified(self) -> Sequence[Unverified] | Unknown:
        """The latest sessions that are paid and not verified."""

    def reverse(self, authority: str) -> Reversed | NotReversed | Unknown:
        """Give a payment back while the bank still allows it."""


@runtime_checkable
class TwoPhaseBank(Bank, Protocol):
    """A bank whose verified payments must be settled as well, or they go back."""

    def settle(self, authority: str) -> Settled | NotSettled | Unknown:
        """Take the money of a verified payment; asking again is safe."""
