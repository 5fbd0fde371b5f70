"""What happens about one member in a season, as events of the services that notification follows."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from shared.contract.base import Event
from shared.contract.capacity import events as capacity
from shared.contract.payment import events as payment
from shared.contract.renewal import events as renewal
from shared.contract.values import Employment, EmploymentStatus, InvoiceLine, Licence, MemberClass
from shared.text import persian
from tests.season.members.people import Person

YEAR = 1406
BEGIN = datetime.combine(persian.parse_date(f"{YEAR}/01/20"), time(), persian.TEHRAN)
REQUESTS_FOR = 55
"""Days from the first one on which renewals are requested; an invoice may be paid for 30 more."""
AMOUNT = 6_000_000
GRANTED_BUT_EVERY = 5
"""So many members' confirmations are told with their capacity but for one, as of a year without a policy."""
HOURS = (8, 18)
"""Of the office."""
MINUTES = (15, 49)
"""Facts are of these minutes of an hour, occasions of reminders of its beginning: which was first is then no matter of a kill's delay."""
LICENCE = Licence(member_class=MemberClass.GRADE_2)


@dataclass
class Story:
    """What happens about one member, written down as it goes."""

    person: Person
    chance: random.Random
    at: datetime = BEGIN
    facts: list[tuple[datetime, Event]] = field(default_factory=list)
    version: int = 0

    def add(self, event: Callable[..., Event], instant: str, **values: Any) -> None:
        """A fact of now, which says when it happened in the field `instant`."""
        fields = getattr(event, "model_fields", {})
        about = {"member": self.person.member, "year": YEAR, "province": self.person.province}
        known = {name: value for name, value in about.items() if name in fields}
        self.facts.append((self.at, event(**known, **values, **{instant: self.at})))

    def later(self, least: float, most: float, *, in_office: bool = True) -> None:
        """So many hours later, within the office's hours where an officer acts."""
        minute, second = self.chance.randint(*MINUTES), self.chance.randint(1, 59)
        at = self.at + timedelta(hours=self.chance.uniform(least, most))
        at = at.replace(minute=minute, second=second, microsecond=0)
        if at <= self.at:
            at += timedelta(hours=1)
        if in_office and not HOURS[0] <= at.hour < HOURS[1]:
            at = at.replace(hour=self.chance.randrange(*HOURS)) + timedelta(days=at.hour >= HOURS[1])
        self.at = at

    def full_hour(self, hours: float) -> datetime:
        """The beginning of an hour, so many hours from now."""
        return (self.at + timedelta(hours=hours)).replace(minute=0, second=0)

    def request(self) -> None:
        self.later(24, 24 * REQUESTS_FOR, in_office=False)
        code = f"7K{int(self.person.member):08}"
        self.add(renewal.RenewalRequested, "requested_at", licence=LICENCE, tracking_code=code)
        self.submit()

    def submit(self) -> None:
        self.later(0.2, 20, in_office=False)
        self.version += 1
        job = {"employment": Employment(status=EmploymentStatus.UNEMPLOYED), "jobs": ()}
        promise = {"review_due_at": self.full_hour(30), "review_is_promised": self.chance.random() < 0.9}
        self.add(
            renewal.DeclarationSubmitted,
            "submitted_at",
            declaration_version=self.version,
            licence=LICENCE,
            **job,
            **promise,
        )

    def give_back(self) -> UUID:
        self.later(2, 40)
        note = UUID(int=self.chance.getrandbits(128))
        due = self.full_hour(24 * 10)
        self.add(renewal.RenewalReturned, "returned_at", note=note, returned_by=self.manager, correction_due_at=due)
        return note

    def approve(self, hours: float = 40, amount: int = AMOUNT) -> None:
        """The approval's amount is told by the invoice."""
        self.later(1, hours)
        rows = {"employment": Employment(status=EmploymentStatus.UNEMPLOYED), "jobs": ()}
        self.add(renewal.RenewalApproved, "approved_at", licence=LICENCE, approved_by=self.manager, **rows)
        line = InvoiceLine(year=YEAR, member_class=MemberClass.GRADE_2, amount_rials=amount)
        self.until = self.full_hour(24 * 30)
        self.add(payment.InvoiceIssued, "issued_at", lines=(line,), amount_rials=amount, payable_until=self.until)

    def start_payment(self, least: float = 0.5, most: float = 24 * 5) -> None:
        """On the half hour: half an hour later the member is told not to pay again, at the beginning of an hour."""
        self.later(least, most, in_office=False)
        self.at = self.at.replace(minute=30, second=0)
        self.attempt = {
            "attempt": UUID(int=self.chance.getrandbits(128)),
            "authority": f"A{self.chance.getrandbits(60)}",
        }
        self.add(payment.PaymentStarted, "started_at", **self.attempt, amount_rials=AMOUNT)

    def settle(self, hours: float = 0) -> None:
        """At once, or so many hours later."""
        if hours:
            self.later(hours, hours + 3, in_office=False)
        else:
            self.at = self.at.replace(minute=31 + self.chance.randint(0, 9), second=5)
        bank = {"bank_reference": f"{self.chance.getrandbits(60)}", "card_mask": "6037"}
        self.add(payment.PaymentSettled, "settled_at", **self.attempt, amount_rials=AMOUNT, **bank)

    def confirm(self) -> None:
        self.later(1, 30)
        self.add(payment.PaymentConfirmed, "confirmed_at", amount_rials=AMOUNT, confirmed_by=self.manager)
        number = int(self.person.member)
        units = {"ceiling_units": 72_000, "used_units": 39_000 if number % 3 else 66_000}
        if number % GRANTED_BUT_EVERY:
            last = persian.year_bounds(YEAR)[1]
            self.add(capacity.CapacityGranted, "granted_at", **units, valid_until=last, confirmed_at_position=1)
        if not number % 3:
            self.add(capacity.CapacityNearlyUsed, "nearly_used_at", **units)

    @property
    def manager(self) -> str:
        return f"officer:manager.{self.person.province}"
