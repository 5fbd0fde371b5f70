"""Services that answer the gateway from a few facts a test sets: a fake of the port `Asking`, with no broker behind it."""

import base64
from collections import deque
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar, cast
from uuid import UUID

from shared.contract import answers, commands, questions
from shared.contract.answers import Answer
from shared.contract.asks import Ask, Command
from shared.contract.declaration import DeclaredJob, Declaration, Discipline, Education
from shared.contract.passport import Bearer, Passport
from shared.contract.refusals import Reason, Refused
from shared.contract.values import (
    Employment,
    EmploymentStatus,
    InvoiceLine,
    JobKind,
    Licence,
    LicenceField,
    MemberClass,
    Role,
)

A = TypeVar("A", bound=Answer)

NOW = datetime.now(UTC)
MEMBER = "0012345"
YEAR = 1405
ATTEMPT = UUID("7f2a9a52-3c51-4a3e-9f35-0d6a2a4f1b11")
AUTHORITY = "A00000000000000000000000000217885159"
PIXEL = base64.b64encode(bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f0005000"
    "1ff89993d1d0000000049454e44ae426082"
)).decode()  # fmt: skip
LICENCE = Licence(
    member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2028, 9, 1)
)
JOB = DeclaredJob(
    kind=JobKind.MINE_TECHNICAL_MANAGER,
    degree=4,
    field=LicenceField.EXTRACTION,
    quantity="1",
    starts_on=date(2026, 9, 23),
    ends_on=date(2027, 3, 20),
    cadastre_code="K-1288",
    title="معدن سنگ آهن گل‌گهر",
    client="شرکت معادن نمونه",
    province="isfahan",
)
DECLARATION = Declaration(
    mobile="09131234567",
    email="maryam@example.ir",
    province="isfahan",
    city="اصفهان",
    address="خیابان چهارباغ بالا، کوچهٔ ۱۲، پلاک ۷",
    postal_code="8163745678",
    education=Education.MASTER,
    discipline=Discipline.MINING,
    employment=Employment(
        status=EmploymentStatus.PRIVATE_FULL_TIME, province="isfahan", from_on=date(2026, 3, 21), to_on=date(2026, 9, 22)
    ),
    employer="شرکت معادن نمونه",
    job_title="مهندس استخراج",
    weekly_hours=44,
    jobs=(JOB,),
    truth_ack=True,
)


def renewal(status: str, **changes: Any) -> answers.Renewal:
    """A renewal of the member, as far as `status` says."""
    declared = status not in {"requested"}
    content = {
        "member": MEMBER,
        "year": YEAR,
        "province": "isfahan",
        "licence": LICENCE,
        "status": status,
        "tracking_code": "7K3MX09QTB",
        "requested_at": NOW - timedelta(hours=3),
        "submitted_at": NOW - timedelta(hours=2) if declared else None,
        "review_due_at": NOW + timedelta(hours=5) if declared else None,
        "declarations": (
            (answers.DeclarationOnFile(version=1, submitted_at=NOW - timedelta(hours=2), form=DECLARATION),)
            if declared
            else ()
        ),
        "employment": DECLARATION.employment if declared else None,
        "jobs": (JOB.job,) if declared else (),
    }
    return answers.Renewal.model_validate(content | changes)


def decision(outcome: str, reason: str = "") -> answers.Decision:
    return answers.Decision.model_validate(
        {"outcome": outcome, "by": "officer:maryam", "at": NOW - timedelta(hours=1), "reason": reason}
    )


def invoice(status: str, **changes: Any) -> answers.Invoice:
    """The member's invoice, as far as `status` says."""
    paid = status != "open"
    content = {
        "member": MEMBER,
        "year": YEAR,
        "province": "isfahan",
        "lines": (InvoiceLine(year=YEAR, member_class=MemberClass.GRADE_2, amount_rials=9_000_000),),
        "amount_rials": 9_000_000,
        "status": status,
        "issued_at": NOW - timedelta(hours=1),
        "payable_until": NOW + timedelta(days=30),
        "settled_at": NOW - timedelta(minutes=9) if paid else None,
        "confirmed_at": NOW - timedelta(minutes=3) if status == "confirmed" else None,
        "bank_reference": "100200300" if paid else "",
        "card_mask": "502229******5995" if paid else "",
    }
    return answers.Invoice.model_validate(content | changes)


def capacity(**changes: Any) -> answers.Capacity:
    content = {
        "member": MEMBER,
        "year": YEAR,
        "province": "isfahan",
        "status": "active",
        "ceiling_units": 72000,
        "used_units": 39000,
        "remaining_units": 33000,
        "valid_until": date(2027, 3, 20),
        "updated_at": NOW,
    }
    return answers.Capacity.model_validate(content | changes)


def payment_result(outcome: str) -> answers.PaymentResult:
    return answers.PaymentResult.model_validate({
        "attempt": ATTEMPT, "outcome": outcome, "amount_rials": 9_000_000, "year": YEAR,
        "bank_reference": "100200300" if outcome == "paid" else "", "settled_at": NOW if outcome == "paid" else None,
    })  # fmt: skip


class FakeServices:
    """Answers every ask from its attributes, remembers what was asked as whom, and refuses what it is told to refuse."""

    def __init__(self) -> None:
        self.asked: list[tuple[Ask[Any], str | None]] = []
        self.refusals: dict[type[Ask[Any]], deque[Refused]] = {}
        self.passports = {
            "member-session": Passport(bearer=Bearer.MEMBER, subject=MEMBER),
            "manager-session": Passport(
                bearer=Bearer.OFFICER,
                subject="maryam",
                roles=frozenset({Role.MANAGER}),
                provinces=frozenset({"isfahan", "yazd"}),
            ),
            "finance-session": Passport(
                bearer=Bearer.OFFICER, subject="reza", roles=frozenset({Role.FINANCE}), provinces=frozenset({"isfahan"})
            ),
        }
        self.challenge_needed = True
        self.renewal: answers.Renewal | None = None
        self.last_declaration: Declaration | None = None
        self.invoices: tuple[answers.Invoice, ...] = ()
        self.capacity: answers.Capacity | None = None
        self.lines: tuple[answers.CapacityLine, ...] = ()
        self.result = payment_result("paid")
        self.units = answers.JobUnits(units=(15000,), employment_units=24000, ceiling_units=72000)
        self.desk: tuple[answers.Renewal, ...] = ()
        self.days: tuple[answers.CalendarDay, ...] = ()

    def __call__(self, ask: Ask[A], passport: str | None = None, service: str | None = None) -> A:
        assert passport != "", "an empty passport would be taken for none"
        self.asked.append((ask, passport))
        if waiting := self.refusals.get(type(ask)):
            raise waiting[0] if len(waiting) == 1 else waiting.popleft()
        found = getattr(self, f"answer_{ask.method}" if service is None else f"answer_{ask.method}")(ask)
        return cast("A", found)

    def refuse(self, kind: type[Ask[Any]], reason: Reason, details: dict[str, str] | None = None) -> None:
        self.refusals[kind] = deque([Refused(reason, details)])

    def sent(self, kind: type[A]) -> list[A]:
        """Every ask of a kind, in order."""
        return [ask for ask, _ in self.asked if isinstance(ask, kind)]
