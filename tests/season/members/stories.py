"""The stories of a season's members, taken in turn, and the facts of all of them in the order of their time."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle
from uuid import UUID, uuid5

from shared.contract.auth import events as auth
from shared.contract.base import Event
from shared.contract.envelope import Metadata, Recorded
from shared.contract.payment import events as payment
from shared.contract.payment import finance_events as finance
from shared.contract.renewal import events as renewal
from tests.season.members.people import Officer, Person
from tests.season.members.story import AMOUNT, BEGIN, LICENCE, YEAR, Story

NAMESPACE = UUID("00000000-0000-4000-8000-000000001406")
ADMIN = "officer:admin"
LICENCE_DAYS = 60
At = tuple[datetime, Event]


def pays_at_once(story: Story) -> None:
    story.request()
    story.approve()
    story.start_payment()
    story.settle()
    story.confirm()


def corrects(story: Story) -> None:
    story.request()
    story.give_back()
    story.submit()
    story.approve()
    story.start_payment()
    story.settle()
    story.confirm()


def has_a_return_undone(story: Story) -> None:
    story.request()
    note = story.give_back()
    story.at += timedelta(minutes=2)
    story.add(renewal.DecisionUndone, "undone_at", decision=note, outcome="returned", undone_by=story.manager)
    story.approve()
    story.start_payment()
    story.settle()


def pays_late(story: Story) -> None:
    """Between the reminders of the invoice's end, or after them."""
    story.request()
    story.approve()
    story.start_payment(24 * 23.5, 24 * 29.5)
    story.settle()
    story.confirm()


def never_pays(story: Story) -> None:
    story.request()
    story.approve()


def is_rejected(story: Story) -> None:
    story.request()
    story.later(2, 60)
    note = UUID(int=story.chance.getrandbits(128))
    story.add(renewal.RenewalRejected, "rejected_at", note=note, rejected_by=story.manager)


def lets_the_correction_expire(story: Story) -> None:
    story.request()
    story.give_back()
    story.later(24 * 10 + 2, 24 * 10 + 3, in_office=False)
    story.add(renewal.RenewalExpired, "expired_at")


def waits_for_the_bank(story: Story) -> None:
    story.request()
    story.approve()
    story.start_payment()
    story.settle(hours=2)
    story.confirm()


def is_held(story: Story) -> None:
    """The bank contradicts what was asked, and later gives the money back."""
    story.request()
    story.approve()
    story.start_payment()
    story.at = story.at.replace(minute=35)
    story.add(payment.PaymentHeld, "held_at", **story.attempt, cause="other_amount")
    story.later(20, 60)
    refund = {"request": UUID(int=story.chance.getrandbits(128)), "amount_rials": AMOUNT, "granted_by": ADMIN}
    story.add(finance.RefundGranted, "granted_at", attempt=story.attempt["attempt"], **refund)


def is_paid_back(story: Story) -> None:
    """Pays, is confirmed, and the bank reverses the payment; a surplus of it is for finance, and a slip is taken back."""
    pays_at_once(story)
    story.later(24, 90)
    bank = {"bank": "zarinpal", "bank_reference": "1", "cause": "by_bank"}
    story.add(payment.PaymentReversed, "reversed_at", **story.attempt, amount_rials=AMOUNT, **bank)
    story.later(1, 9)
    due = {"attempt": story.attempt["attempt"], "amount_rials": AMOUNT, "cause": "surplus"}
    story.add(finance.RefundDue, "due_at", **due)
    story.later(20, 60)
    request, slip = (UUID(int=story.chance.getrandbits(128)) for _ in range(2))
    about = {"request": request, "manual_payment": slip, "slip": "0098-77", "amount_rials": AMOUNT, "granted_by": ADMIN}
    story.add(finance.ManualPaymentReversed, "granted_at", **about)


def changes_the_account(story: Story) -> None:
    """Requests nothing, and so is reminded to the end; changes what a stranger could have changed."""
    for event, field, values in (
        (auth.SecondFactorSet, "set_at", {"account": story.person.name}),
        (auth.SecondFactorRemoved, "removed_at", {"account": story.person.name, "removed_by": ADMIN}),
        (auth.PasswordReset, "reset_at", {"reset_by": ADMIN}),
        (auth.NewDeviceSignedIn, "signed_in_at", {"account": story.person.name}),
        (auth.AccountLocked, "locked_at", {"account": story.person.name}),
    ):
        story.later(24, 24 * 20, in_office=False)
        story.add(event, field, **values)


def is_awaited(story: Story) -> None:
    """Does nothing, to the end of the season and after."""


def owes_nothing(story: Story) -> None:
    story.request()
    story.approve(amount=0)
    story.confirm()


def withdraws(story: Story) -> None:
    story.request()
    story.later(0.2, 3, in_office=False)
    story.add(renewal.RenewalWithdrawn, "withdrawn_at")


STORIES: Sequence[Callable[[Story], None]] = (
    is_held,
    pays_late,
    changes_the_account,
    lets_the_correction_expire,
    waits_for_the_bank,
    is_paid_back,
    corrects,
    owes_nothing,
    is_rejected,
    has_a_return_undone,
    pays_at_once,
    is_awaited,
    never_pays,
    withdraws,
)
"""The first ones have every kind of notice between them."""


def facts_of(people: Sequence[Person], seed: int) -> list[Recorded]:
    """The facts of all of them as their services record them, each source from its first position on."""
    chance = random.Random(seed)  # noqa: S311 - a seed, not a secret
    facts: list[At] = []
    stories = cycle(STORIES)
    for one in people:
        if isinstance(one, Officer):
            facts.append((BEGIN, appointed(one)))
        else:
            facts += of_member(Story(one, chance), next(stories))
    positions = Counter[str]()
    return [recorded(at, event, positions) for at, event in sorted(facts, key=lambda fact: fact[0])]


def of_member(story: Story, happen: Callable[[Story], None]) -> Iterator[At]:
    """The member is on the register before the season and sets a password, then the story is told."""
    licence = LICENCE
    if story.chance.random() < 0.2 or happen is is_awaited:
        ends = BEGIN.date() + timedelta(days=LICENCE_DAYS + story.chance.randint(3, 60))
        licence = LICENCE.model_copy(update={"expires_on": ends})
    enrolled = {"licence": licence, "paid_through": YEAR - 1, "enrolled_by": ADMIN}
    story.add(auth.MemberEnrolled, "enrolled_at", **enrolled)
    story.later(0.5, 24 * 4, in_office=False)
    story.add(auth.PasswordChanged, "changed_at", account=story.person.name, changed_by=story.person.name)
    happen(story)
    yield from story.facts


def appointed(officer: Officer) -> Event:
    return auth.OfficerAppointed(
        officer=officer.name.partition(":")[2],
        roles=(officer.role,),
        provinces=(officer.province,),
        appointed_by=ADMIN,
        appointed_at=BEGIN,
    )


def recorded(at: datetime, event: Event, positions: Counter[str]) -> Recorded:
    positions[event.source] += 1
    position = positions[event.source]
    event_id = uuid5(NAMESPACE, f"{event.source}/{position}")
    metadata = Metadata(correlation_id=event_id, causation_id=event_id, actor=ADMIN)
    stream = f"{event.source}/{getattr(event, 'member', 'none')}"
    data = event.model_dump_json()
    return Recorded(event.source, position, stream, position, event_id, type(event).__name__, data, metadata, at)
