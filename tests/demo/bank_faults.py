"""What can go wrong at the bank in the demo, by name: what is switched there, what the payer does, and what must come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

NOTICE = "BankNoticeReceived"
TIME_SCALE = 10
"""How many times sooner than in life we ask the bank again, so that nobody waits for minutes; `make up` has none of it."""


@dataclass(frozen=True)
class AtTheBank:
    """How it goes at the bank; however it does, the payment ends on record without anybody's help."""

    paying: str
    coming_back: str
    button: str = "پرداخت"
    comes_back: bool = True
    """Whether the browser comes to a page of ours that tells the outcome."""
    notices: int = 1
    """How often the bank's word of it is taken."""
    seconds: float = 60
    """How soon it must be on record, in life."""
    switches: Mapping[str, int] = field(default_factory=dict)
    """What is switched at the sandbox bank for this session; its clock for all."""

    @property
    def brings(self) -> tuple[str, ...]:
        """The events that must follow."""
        return ("PaymentSettled", *[NOTICE] * self.notices)


WITHOUT = AtTheBank(
    "The member pays at the bank.",
    "The bank sends the browser back, and tells us itself; we ask the bank at once.",
)
PAYS = WITHOUT.paying
FAULTS: Mapping[str, AtTheBank] = {
    "lost-redirect": AtTheBank(
        "The member pays at the bank and closes the page: the browser never comes back.",
        "The bank tells us itself; we ask it at once.",
        button="پرداخت و بستن صفحه",
        comes_back=False,
    ),
    "lost-everything": AtTheBank(
        "The member pays at the bank, and neither the browser nor the bank tells us.",
        "We ask the bank about what is unfinished, and find the payment.",
        button="پرداخت بدون هیچ خبری",
        comes_back=False,
        notices=0,
        seconds=150,
    ),
    "lost-answer": AtTheBank(
        PAYS,
        "The bank takes our verify, and its answer is lost; asked again, it says that it was verified before.",
        switches={"verify_drop": 1},
    ),
    "bank-error": AtTheBank(
        PAYS,
        "The bank answers our verify with nonsense, twice: that is no answer, and the member is told to wait.",
        switches={"verify_502": 2},
    ),
    "bank-busy": AtTheBank(
        PAYS, "The bank is too busy for our verify, twice; we ask again, later each time.", switches={"verify_busy": 2}
    ),
    "bank-down": AtTheBank(
        PAYS,
        "The bank goes down before our verify: we ask now and then how it is, and verify when it is back.",
        seconds=150,
        switches={"down": 5},
    ),
    "false-failure": AtTheBank(
        PAYS,
        "The browser comes back and says that it was not paid; we ask the bank, and believe the bank.",
        switches={"callback_nok_paid": 1},
    ),
    "foreign-key": AtTheBank(
        PAYS,
        "The browser comes back with a key that nobody gave out, which settles nothing; the bank tells us itself.",
        comes_back=False,
        switches={"callback_other": 1},
    ),
    "double-callback": AtTheBank(
        PAYS, "Two browsers come back with one payment, and the bank tells us too.", switches={"callback_twice": 1}
    ),
    "double-notice": AtTheBank(
        PAYS,
        "The bank tells us twice, with the browser in between; it is on record once.",
        switches={"notice_twice": 1},
    ),
    "forged-notice": AtTheBank(
        "The member pays at the bank and closes the page; somebody else's notice of it comes first.",
        "The notice without the bank's signature is refused; the bank tells us again, and we ask it.",
        button="پرداخت و بستن صفحه",
        comes_back=False,
        switches={"notice_forged": 1},
    ),
    "wrong-clock": AtTheBank(
        "The member pays at a bank whose clock is ten minutes ahead.",
        "The bank's notices are of another time and are refused; the browser comes back, and we ask the bank.",
        notices=0,
        switches={"clock_ahead": 10},
    ),
}
"""By the names that `make demo FAULT=…` takes."""
BANKS: Mapping[str, AtTheBank] = {"pay": WITHOUT, **FAULTS}
OF_ALL_SESSIONS = frozenset({"clock_ahead", "down"})
