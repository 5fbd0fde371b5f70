"""Faults of the bank in the demo, by name: the sandbox bank's switches, what the payer does, and the events that must follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NOTICE = "BankNoticeReceived"
TIME_SCALE = 10
"""Inquiries at the bank are repeated so many times sooner, so that no run waits for minutes; `make up` does not scale."""


@dataclass(frozen=True)
class BankScenario:
    """What happens at the bank; in each scenario the payment is recorded without anybody's help."""

    paying: str
    coming_back: str
    button: str = "پرداخت"
    comes_back: bool = True
    """Whether the browser returns to a page that shows the outcome."""
    notices: int = 1
    """How many notices of the bank are recorded."""
    seconds: float = 60
    """The unscaled time within which the payment must be recorded."""
    switches: Mapping[str, int] = field(default_factory=dict)
    """The sandbox bank's faults for this session; its clock is set for all sessions."""

    @property
    def brings(self) -> tuple[str, ...]:
        """The events that must follow."""
        return ("PaymentSettled", *[NOTICE] * self.notices)


NO_FAULT = BankScenario(
    "The member pays at the bank.",
    "The bank sends the browser back, and sends a notice; we verify the payment at the bank at once.",
)
PAYS = NO_FAULT.paying
FAULTS: Mapping[str, BankScenario] = {
    "lost-redirect": BankScenario(
        "The member pays at the bank and closes the page: the browser never comes back.",
        "The bank sends a notice; we verify the payment at the bank at once.",
        button="پرداخت و بستن صفحه",
        comes_back=False,
    ),
    "lost-everything": BankScenario(
        "The member pays at the bank, and neither the browser nor a notice comes back.",
        "An inquiry about unfinished attempts finds the payment.",
        button="پرداخت بدون هیچ خبری",
        comes_back=False,
        notices=0,
        seconds=150,
    ),
    "lost-answer": BankScenario(
        PAYS,
        "The bank takes our verify, and its answer is lost; a second verify is answered as verified before.",
        switches={"verify_drop": 1},
    ),
    "bank-error": BankScenario(
        PAYS,
        "The bank answers our verify with nonsense, twice: that is no answer, and the member's page says to wait.",
        switches={"verify_502": 2},
    ),
    "bank-busy": BankScenario(
        PAYS, "The bank is too busy for our verify, twice; we retry with growing delays.", switches={"verify_busy": 2}
    ),
    "bank-down": BankScenario(
        PAYS,
        "The bank goes down before our verify: its health is checked at intervals, and we verify when it is up again.",
        seconds=150,
        switches={"down": 5},
    ),
    "false-failure": BankScenario(
        PAYS,
        "The browser comes back as unpaid; the bank's answer to our inquiry decides.",
        switches={"callback_nok_paid": 1},
    ),
    "foreign-key": BankScenario(
        PAYS,
        "The browser comes back with an unknown key, which settles nothing; the bank's notice does.",
        comes_back=False,
        switches={"callback_other": 1},
    ),
    "double-callback": BankScenario(
        PAYS,
        "Two browsers come back with one payment, and the bank sends a notice too.",
        switches={"callback_twice": 1},
    ),
    "double-notice": BankScenario(
        PAYS,
        "The bank sends its notice twice, with the browser in between; the payment is recorded once.",
        switches={"notice_twice": 1},
    ),
    "forged-notice": BankScenario(
        "The member pays at the bank and closes the page; somebody else's notice of it comes first.",
        "The notice without the bank's signature is refused; the bank sends its own, and we verify.",
        button="پرداخت و بستن صفحه",
        comes_back=False,
        switches={"notice_forged": 1},
    ),
    "wrong-clock": BankScenario(
        "The member pays at a bank whose clock is ten minutes ahead.",
        "The bank's notices have a wrong time and are refused; the browser comes back, and we verify.",
        notices=0,
        switches={"clock_ahead": 10},
    ),
}
"""By the names that `make demo FAULT=…` takes."""
BANKS: Mapping[str, BankScenario] = {"pay": NO_FAULT, **FAULTS}
OF_ALL_SESSIONS = frozenset({"clock_ahead", "down"})
