"""What a scenario is: a number of docs/payments.md, what happens to the member, and what must be seen of it once all is quiet."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Literal

from tests.demo import expected
from tests.support.member import Member, Seen
from tests.support.system import YEAR

FEE = expected.due(YEAR).amount_rials
When = Literal["together", "alone", "at a power cut", "at the second bank"]
"""With all the others at once; while nothing else happens, because it concerns everybody; in the middle of a power cut, which a
story waits for with `yield`; or on a portal that is set up for the bank of two phases."""
Story = Callable[[Member], Generator[None] | None]
OF_NOBODY = frozenset({"callback_unknown", "notice_not_signed", "notice_differs", "payment_unknown"})
"""Alerts that name no attempt: another scenario may have raised them as well."""
CHARGE, PAYMENT = ("charge", -FEE), ("payment", FEE)
CREDIT, REVERSAL = ("credit", FEE), ("reversal", -FEE)


@dataclass(frozen=True)
class Case:
    """A failure case with its scenario."""

    number: int
    story: Story
    when: When
    ends: Seen
    settles_elsewhere: bool
    """Whether money came or went that is not in the sandbox bank's book, such as a slip's."""
    paid_through: int
    """The last year that the register has as paid."""
    is_approved: bool
    """Whether the year's renewal is approved before the story begins."""

    @property
    def name(self) -> str:
        """What happens to the member."""
        return self.story.__name__

    @property
    def sentence(self) -> str:
        return self.name.replace("_", " ")


CASES: dict[int, Case] = {}
"""By their numbers in docs/payments.md 4."""


def case(  # noqa: PLR0913 - all that is seen in the end
    number: int,
    *,
    attempts: tuple[str, ...] = ("settled",),
    invoice: str = "settled",
    ledger: tuple[tuple[str, int], ...] = (CHARGE, PAYMENT),
    tasks: tuple[str, ...] = (),
    alerts: tuple[str, ...] = (),
    when: When = "together",
    settles_elsewhere: bool = False,
    paid_through: int = YEAR - 1,
    is_approved: bool = True,
) -> Callable[[Story], Story]:
    """Put a scenario into its place; by default all ends well."""

    def put(story: Story) -> Story:
        assert number not in CASES
        ends = Seen(attempts, invoice, ledger, frozenset(tasks), frozenset(alerts))
        CASES[number] = Case(number, story, when, ends, settles_elsewhere, paid_through, is_approved)
        return story

    return put


def comparable(seen: Seen, ends: Seen) -> Seen:
    """What was seen, without the alerts of nobody that are not asked for."""
    return seen._replace(alerts=seen.alerts - (OF_NOBODY - ends.alerts))


def differences(seen: Seen, ends: Seen) -> list[str]:
    """What is not as it must be."""
    found: dict[str, Any] = comparable(seen, ends)._asdict()
    return [
        f"{name}: {found[name]} instead of {wanted}" for name, wanted in ends._asdict().items() if found[name] != wanted
    ]
