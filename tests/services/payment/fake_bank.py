"""A bank that says what the test tells it to, also what no real one should."""

from collections.abc import Sequence

from services.payment.banks.port import (
    Capabilities,
    NotOpened,
    NotReversed,
    Opened,
    Order,
    Reversed,
    SessionStatus,
    Unknown,
    Unverified,
    Verdict,
)


class FakeBank:
    """Answers every verify and inquiry alike, and counts them; `broken` raises, as no adapter may."""

    def __init__(self, verdict: Verdict | None = None, session_status: SessionStatus = SessionStatus.UNKNOWN) -> None:
        self.capabilities = Capabilities("zarinpal", True)
        self.verdict = verdict or Unknown("silent")
        self.session_status = session_status
        self.reversal: Reversed | NotReversed | Unknown = NotReversed("code -61")
        self.opened: list[str] = []
        self.inquiries: list[str] = []
        self.broken: set[str] = set()

    def create(self, order: Order) -> Opened | NotOpened:
        authority = f"S0{order.attempt.int % 10**34:034}"
        self.opened.append(authority)
        return Opened(authority, self.page(authority))

    def page(self, authority: str) -> str:
        return f"http://bank.test/{authority}"

    def verify(self, authority: str, amount_rials: int) -> Verdict:  # noqa: ARG002
        self.note(authority)
        return self.verdict

    def inquire(self, authority: str) -> SessionStatus:
        self.note(authority)
        return self.session_status

    def note(self, authority: str) -> None:
        self.inquiries.append(authority)
        if authority in self.broken:
            raise LookupError("a fault of the adapter")

    def list_unverified(self) -> Sequence[Unverified] | Unknown:
        return []

    def reverse(self, authority: str) -> Reversed | NotReversed | Unknown:
        self.note(authority)
        return self.reversal
