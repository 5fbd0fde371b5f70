"""The steady load: members who complete a renewal, from the register to their capacity, during the faults."""

import itertools
import queue
import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from shared.contract.auth import commands as auth_commands
from shared.contract.base import Answer, Command, Event
from shared.contract.capacity import queries as capacity_queries
from shared.contract.payment import commands as payment_commands
from shared.contract.payment import events as payment_events
from shared.contract.payment import queries as payment_queries
from shared.contract.refusals import Reason
from shared.contract.renewal import commands as renewal_commands
from shared.contract.renewal import events as renewal_events
from shared.contract.renewal.declaration import Declaration, DeclaredJob, Discipline, Education
from shared.contract.values import Employment, EmploymentStatus, JobKind, LicenceField, MemberClass
from shared.text import persian
from tests.demo import users
from tests.demo.users import Person
from tests.support.retrying_client import Client, Tally, http_to

IMPORT_ROWS = 20
MINES_MAX = 3
PROVINCE = "isfahan"
CHOICES = ("pay", "pay", "close")
"""At the bank's page: two of three times the browser returns."""
YEAR = persian.jalali_year(datetime.now(UTC))
UNKNOWN = frozenset({Reason.UNKNOWN_MEMBER})
"""Who has just been imported; also once a renewal is requested, where a copy with another version of the projections answers next."""
NOT_YET_FOLLOWED = frozenset({Reason.UNKNOWN_MEMBER, Reason.NOT_ALLOWED})
NO_INVOICE = frozenset({Reason.NO_INVOICE})


@dataclass(frozen=True)
class Accepted:
    """A command that was answered: exactly this event must be in the log, once."""

    service: str
    stream: str
    type: str
    command: UUID


@dataclass
class Renewal:
    """One member's renewal, and how far it has come."""

    member: str
    accepted: list[Accepted] = field(default_factory=list)
    is_completed: bool = False
    trouble: str = ""


def of_nobody(error: Exception) -> Renewal:
    """One that could not begin, because the register took no more members."""
    return Renewal("nobody", trouble=f"{type(error).__name__}: {error}")


def seeded_rng(seed: int) -> random.Random:
    """A seeded random generator."""
    return random.Random(seed)  # noqa: S311 - nothing secret hangs on it


class Load:
    """A number of members at a time, each in a thread of its own."""

    def __init__(self, portal: str, seed: int, at_once: int, first_member: int = 10**8) -> None:
        self.portal = portal
        self.tally = Tally()
        self.renewals: list[Renewal] = []
        self._waiting: queue.SimpleQueue[Person] = queue.SimpleQueue()
        self._numbers = itertools.count(first_member)
        self._register = threading.Lock()
        self._enough = threading.Event()
        self._http = http_to(portal)
        self.admin, self.manager = (Client(self._http, self.tally, seeded_rng(seed), f"10.0.0.{n}") for n in (1, 2))
        self.admin.sign_in("officer", "admin", users.officer("admin", PROVINCE).secret)
        chief = users.officer("manager", PROVINCE)
        self.manager.sign_in("officer", chief.name, chief.secret)
        self._threads = [
            threading.Thread(target=self._work, args=(seeded_rng(seed + n),), name=f"member-{n}", daemon=True)
            for n in range(at_once)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def completed(self) -> int:
        return sum(one.is_completed for one in self.renewals)

    def finish(self, seconds: float) -> list[Renewal]:
        """Start no more renewals, and wait for those that have begun; return those that are not completed."""
        self._enough.set()
        until = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        return [one for one in self.renewals if not one.is_completed]

    def close(self) -> None:
        """Stop all members, finished or not."""
        self._enough.set()
        self.tally.is_over.set()
        self._http.close()

    def _work(self, rng: random.Random) -> None:
        with http_to(self.portal) as http:
            while not self._enough.is_set():
                try:
                    person = self._next_person()
                except Exception as error:  # noqa: BLE001 - reported at the end
                    self.renewals.append(of_nobody(error))
                    return
                renewal = Renewal(person.name)
                self.renewals.append(renewal)
                address = f"10.{rng.randrange(1, 255)}.{rng.randrange(255)}.{rng.randrange(1, 255)}"
                try:
                    Applicant(Client(http, self.tally, rng, address), self.manager, renewal, rng).renew(person)
                except Exception as error:  # noqa: BLE001 - reported at the end
                    renewal.trouble = f"{type(error).__name__}: {error}"

    def _next_person(self) -> Person:
        """The next of the register; when nobody is left, more are imported."""
        with self._register:
            while self._waiting.empty():
                for person in import_members(self.admin, itertools.islice(self._numbers, IMPORT_ROWS)):
                    self._waiting.put(person)
            return self._waiting.get()


@dataclass
class Applicant:
    """A member with a manager who decides at once."""

    client: Client
    manager: Client
    renewal: Renewal
    rng: random.Random

    def renew(self, person: Person) -> None:
        """All six steps."""
        member = person.name
        of: dict[str, Any] = {"member": member, "year": YEAR}
        self.client.sign_in("member", member, person.secret)
        self.have(self.client, renewal_commands.RequestRenewal, renewal_events.RenewalRequested, UNKNOWN, **of)
        form = declaration(self.rng)
        self.have(
            self.client,
            renewal_commands.SubmitDeclaration,
            renewal_events.DeclarationSubmitted,
            UNKNOWN,
            **of,
            form=form,
        )
        self.have(
            self.manager, renewal_commands.ApproveRenewal, renewal_events.RenewalApproved, **of, declaration_version=1
        )
        page = self.have(self.client, payment_commands.StartPayment, payment_events.PaymentStarted, NO_INVOICE, **of)
        self.pay(page.redirect_url)
        invoices = payment_queries.GetInvoices(member=member)
        paid = self.client.wait_for(invoices, lambda found: found.invoices[0].status == "settled").invoices[0]
        amount = paid.amount_rials
        self.have(
            self.manager, payment_commands.ConfirmPayment, payment_events.PaymentConfirmed, **of, amount_rials=amount
        )
        capacity = capacity_queries.GetCapacity(**of)
        self.client.wait_for(capacity, lambda found: found.status == "active", NOT_YET_FOLLOWED)
        self.renewal.is_completed = True

    def have(
        self,
        who: Client,
        kind: type[Command[Any]],
        brings: type[Event],
        not_yet: frozenset[Reason] = frozenset(),
        **fields: Any,
    ) -> Any:
        """Have a command done, and remember what must have come of it."""
        answer: Answer
        answer, command = who.carry(kind, not_yet, **fields)
        kept_in = "renewal" if kind.service == "renewal" else "invoice"
        stream = f"{kept_in}/{self.renewal.member}/{YEAR}"
        self.renewal.accepted.append(Accepted(kind.service, stream, brings.__name__, command.id))
        return answer

    def pay(self, page: str) -> None:
        """Press a button of the bank's page until it has answered; the browser may then be lost on its way back."""
        choice = self.rng.choice(CHOICES)
        answer: httpx.Response = self.client.persist(lambda: press(self.client.http, page, choice))
        back = answer.headers.get("location", "")
        if urlsplit(back).path.startswith("/payment"):
            try:
                self.client.http.get(back, follow_redirects=True)
            except httpx.HTTPError:
                self.client.tally.note("browser lost")


def press(http: httpx.Client, page: str, choice: str) -> httpx.Response:
    response = http.post(page, data={"do": choice})
    if response.is_server_error:
        raise httpx.RemoteProtocolError(f"the bank answers {response.status_code}")
    return response


def import_members(admin: Client, numbers: Iterable[int]) -> list[Person]:
    """Made-up members whom the register has taken: without those whose code another one has. `ValueError` for whatever else it refuses."""
    batch = [Person(str(number), users.made_up_code()) for number in numbers]
    report, _ = admin.carry(auth_commands.ImportMembers, rows=tuple(map(row_of, batch)))
    wrong = [row for row in report.rows if row.outcome == "wrong"]
    if others := [row for row in wrong if row.errors.keys() != {"national_code"}]:
        raise ValueError(f"the register has refused made-up members: {others}")
    return [person for person, row in zip(batch, report.rows, strict=True) if row not in wrong]


def row_of(person: Person) -> dict[str, str]:
    return {
        "membership_no": person.name,
        "national_code": person.secret,
        "first_name": "ساختگی",
        "last_name": "پایدار",
        "province": PROVINCE,
        "member_class": MemberClass.GRADE_2.value,
        "licence_fields": LicenceField.EXTRACTION.value,
        "licence_expires_on": persian.format_date(persian.year_bounds(YEAR + 2)[1]),
        "paid_through": str(YEAR - 1),
    }


def declaration(rng: random.Random) -> Declaration:
    """A declaration with a number of mines, so that capacities differ."""
    first, last = persian.year_bounds(YEAR)
    return Declaration(
        mobile="09131234567",
        province=PROVINCE,
        city="اصفهان",
        address="خیابان چهارباغ بالا، کوچه ۱۲، پلاک ۷",
        postal_code="8173954321",
        education=Education.BACHELOR,
        discipline=Discipline.MINING,
        employment=Employment(status=EmploymentStatus.UNEMPLOYED),
        jobs=tuple(mine(number, first, last) for number in range(rng.randint(0, MINES_MAX))),
        truth_ack=True,
    )


def mine(number: int, starts_on: date, ends_on: date) -> DeclaredJob:
    return DeclaredJob.model_validate(
        {
            "kind": JobKind.MINE_TECHNICAL_MANAGER, "degree": 4, "field": LicenceField.EXTRACTION, "quantity": 1,
            "starts_on": starts_on, "ends_on": ends_on, "cadastre_code": f"K-{number}", "title": "معدن سنگ لاشه",
            "client": "شرکت نمونه", "province": PROVINCE,
        }
    )  # fmt: skip
