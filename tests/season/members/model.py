"""What each person of a season deserves to be told, by the facts alone and by rules written once more, without the service's code."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple

from holidays import country_holidays

from shared.contract.envelope import Recorded
from shared.text import persian

REMIND_AT = time(9)
DEADLINE = "02/31"
SEASON_DAYS = (30, 15, 7, 1, -1)
INVOICE_DAYS = (7, 1)
LICENCE_DAYS = 60
THURSDAY, FRIDAY = 3, 4
PROMISE, PAYMENT = timedelta(minutes=60), timedelta(minutes=30)
KINDS = {
    "PasswordChanged": "password_changed",
    "PasswordReset": "password_reset",
    "SecondFactorSet": "factor_changed",
    "SecondFactorRemoved": "factor_changed",
    "NewDeviceSignedIn": "new_device",
    "AccountLocked": "account_locked",
    "DeclarationSubmitted": "request_received",
    "RenewalReturned": "returned",
    "RenewalRejected": "rejected",
    "RenewalExpired": "expired",
    "InvoiceIssued": "approved",
    "PaymentSettled": "payment_received",
    "PaymentConfirmed": "payment_confirmed",
    "CapacityNearlyUsed": "capacity_nearly_used",
    "PaymentHeld": "payment_unknown",
    "PaymentReversed": "money_back",
    "RefundGranted": "money_back",
    "ManualPaymentReversed": "slip_reversed",
}
"""What a member is told of a fact."""
FOR_FINANCE = ("PaymentHeld", "RefundDue")
STATUS = {
    "RenewalRequested": "requested",
    "DeclarationSubmitted": "submitted",
    "DecisionUndone": "submitted",
    "RenewalReturned": "returned",
    "RenewalRejected": "rejected",
    "RenewalApproved": "approved",
    "RenewalWithdrawn": "withdrawn",
    "RenewalExpired": "expired",
}
NOTHING_TO_REMIND_OF = ("submitted", "approved", "rejected")


class Key(NamedTuple):
    """What is told once: the fact by its event's id, or a reminder's occasion by its instant; to whom; and the kind."""

    fact: str
    person: str
    kind: str


class Deserved(NamedTuple):
    """When it was so."""

    at: datetime
    is_occasion: bool


def occasion(at: datetime, case: str) -> str:
    """An occasion by its instant, and by the tracking code where its notice has one."""
    return f"{at.astimezone(UTC).isoformat()} {case}".strip()


@dataclass
class Model:
    """What is known of members, renewals, invoices and payments, fact by fact."""

    deserved: dict[Key, Deserved] = field(default_factory=dict)
    undone: set[Key] = field(default_factory=set)
    members: dict[str, Any] = field(default_factory=dict)
    officers: list[Any] = field(default_factory=list)
    status: dict[tuple[str, int], str] = field(default_factory=dict)
    provinces: dict[tuple[str, int], str] = field(default_factory=dict)
    tracking_codes: dict[tuple[str, int], str] = field(default_factory=dict)
    promises: dict[tuple[str, int], datetime | None] = field(default_factory=dict)
    """Until when the review of the version that waits is promised."""
    open_invoices: set[tuple[str, int]] = field(default_factory=set)
    open_payments: set[Any] = field(default_factory=set)
    occasions: list[tuple[datetime, int, str, Any]] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=count)
    decisions: dict[tuple[str, int], Key] = field(default_factory=dict)

    def deserve(self, fact: str, person: str, kind: str, at: datetime, *, is_occasion: bool = False) -> Key:
        """Once: what the half hour has told of a payment, the bank's contradiction tells no more."""
        key = Key(fact, person, kind)
        self.deserved.setdefault(key, Deserved(at, is_occasion))
        return key

    def await_occasion(self, at: datetime, kind: str, about: Any) -> None:
        heappush(self.occasions, (at, next(self.numbers), kind, about))

    def apply(self, fact: Recorded) -> None:
        """What a fact tells and changes."""
        event: Any = fact.event
        name, case = fact.type, (getattr(event, "member", ""), getattr(event, "year", 0))
        if name in KINDS:
            person = getattr(event, "account", "") or f"member:{event.member}"
            about = event.attempt if name == "PaymentHeld" else fact.event_id
            kind = "approved_without_fee" if getattr(event, "amount_rials", None) == 0 else KINDS[name]
            key = self.deserve(str(about), person, kind, fact.recorded_at)
            if KINDS[name] in ("returned", "rejected"):
                self.decisions[case] = key
        if name in FOR_FINANCE:
            for officer in self.officers_of(self.provinces[case], "finance"):
                self.deserve(str(fact.event_id), officer, "money_exception", fact.recorded_at)
        if name == "DecisionUndone":
            self.undone.add(self.decisions[case])
        if name == "MemberEnrolled":
            self.members[event.member] = event
        if name in STATUS:
            self.status[case] = STATUS[name]
        self.change(name, event, case)

    def change(self, name: str, event: Any, case: tuple[str, int]) -> None:
        match name:
            case "OfficerAppointed":
                self.officers.append(event)
            case "RenewalRequested":
                self.provinces[case], self.tracking_codes[case] = event.province, event.tracking_code
            case "DeclarationSubmitted":
                self.promises[case] = event.review_due_at if event.review_is_promised else None
                self.await_occasion(event.review_due_at - PROMISE, "promise_ends", case)
            case "InvoiceIssued" if event.amount_rials:
                self.open_invoices.add(case)
                for days in INVOICE_DAYS:
                    self.await_occasion(event.payable_until - timedelta(days=days), "invoice_ends", case)
            case "PaymentStarted":
                self.open_payments.add(event.attempt)
                self.await_occasion(event.started_at + PAYMENT, "payment_unknown", (event.attempt, event.member))
            case "PaymentSettled" | "PaymentHeld":
                self.open_payments.discard(event.attempt)
                self.open_invoices -= {case} if name == "PaymentSettled" else set()
            case _:
                pass

    def officers_of(self, province: str, role: str) -> list[str]:
        these = [one for one in self.officers if role in one.roles and province in one.provinces]
        return [f"officer:{one.officer}" for one in these]

    def remind(self, at: datetime, kind: str, about: Any) -> None:
        """Who is reminded at an instant, by what is so then; a manager of several requests at once."""
        if kind == "promise_ends" and (self.status[about] != "submitted" or self.promises[about] != at + PROMISE):
            return
        case = self.tracking_codes[about] if kind == "promise_ends" else ""
        for person in self.reminded(kind, about, persian.day_of(at)):
            fact = str(about[0]) if kind == "payment_unknown" else occasion(at, case)
            self.deserve(fact, person, kind, at, is_occasion=True)

    def reminded(self, kind: str, about: Any, day: date) -> Iterator[str]:
        mornings: Mapping[str, Callable[[Any, date], Iterator[str]]] = {
            "season_reminder": self.unpaid,
            "licence_ends": self.licences,
            "desk_digest": self.digests,
        }
        if kind == "promise_ends":
            yield from self.officers_of(self.provinces[about], "manager")
        elif kind == "invoice_ends" and about in self.open_invoices:
            yield f"member:{about[0]}"
        elif kind == "payment_unknown" and about[0] in self.open_payments:
            yield f"member:{about[1]}"
        elif kind in mornings:
            yield from mornings[kind](about, day)

    def unpaid(self, year: int, _day: date) -> Iterator[str]:
        """Who has neither paid for the year nor waits for the office."""
        for member, row in self.members.items():
            is_unpaid = row.paid_through is None or row.paid_through < year
            if is_unpaid and self.status.get((member, year)) not in NOTHING_TO_REMIND_OF:
                yield f"member:{member}"

    def licences(self, _about: None, day: date) -> Iterator[str]:
        for member, row in self.members.items():
            if row.licence.expires_on == day + timedelta(days=LICENCE_DAYS):
                yield f"member:{member}"

    def digests(self, _about: None, day: date) -> Iterator[str]:
        """Managers of requests that wait, but on days on which the offices are closed."""
        if day.weekday() in (THURSDAY, FRIDAY) or day in country_holidays("IR", years=day.year):
            return
        waiting = {self.provinces[case] for case, status in self.status.items() if status == "submitted"}
        for province in sorted(waiting):
            yield from self.officers_of(province, "manager")


def deserved(facts: Iterable[Recorded], year: int, first: date, end: datetime) -> Model:
    """All that is deserved from a day to the end, in the order of time."""
    model = Model()
    deadline = persian.parse_date(f"{year}/{DEADLINE}")
    for number in range((persian.day_of(end) - first).days + 1):
        day = first + timedelta(days=number)
        morning = datetime.combine(day, REMIND_AT, persian.TEHRAN)
        model.await_occasion(morning, "desk_digest", None)
        model.await_occasion(morning, "licence_ends", None)
        if (deadline - day).days in SEASON_DAYS:
            model.await_occasion(morning, "season_reminder", year)
    for fact in facts:
        remind_until(model, fact.recorded_at)
        model.apply(fact)
    remind_until(model, end)
    return model


def remind_until(model: Model, at: datetime) -> None:
    while model.occasions and model.occasions[0][0] < at:
        due_at, _, kind, about = heappop(model.occasions)
        model.remind(due_at, kind, about)
