"""Made-up answers with character: a member whose number begins with zeros, in the middle of a renewal."""

import base64
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.contract import answers
from shared.contract.declaration import Declaration, DeclaredJob, Discipline, Education
from shared.contract.values import (
    Employment,
    EmploymentStatus,
    InvoiceLine,
    JobKind,
    Licence,
    LicenceField,
    MemberClass,
)

NOW = datetime.now(UTC)
MEMBER = "0012345"
YEAR = 1405
ATTEMPT = UUID("7f2a9a52-3c51-4a3e-9f35-0d6a2a4f1b11")
AUTHORITY = "A00000000000000000000000000217885159"
PIXEL = base64.b64encode(bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f0005000"
    "1ff89993d1d0000000049454e44ae426082"
)).decode()  # fmt: skip
LICENCE = Licence(member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2028, 9, 1))
JOB = DeclaredJob(
    kind=JobKind.MINE_TECHNICAL_MANAGER,
    degree=4,
    field=LicenceField.EXTRACTION,
    quantity=Decimal(1),
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
    address="خیابان چهارباغ بالا، کوچه 12، پلاک 7",
    postal_code="8163745678",
    education=Education.MASTER,
    discipline=Discipline.MINING,
    employment=Employment(
        status=EmploymentStatus.PRIVATE_FULL_TIME,
        province="isfahan",
        from_on=date(2026, 3, 21),
        to_on=date(2026, 9, 22),
    ),
    employer="شرکت معادن نمونه",
    job_title="مهندس استخراج",
    weekly_hours=44,
    jobs=(JOB,),
    truth_ack=True,
)


def renewal(status: str, **changes: Any) -> answers.Renewal:
    """A renewal of the member, as far as `status` says."""
    declared = status != "requested"
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


def card(**changes: Any) -> answers.MemberCard:
    content = {
        "member": MEMBER,
        "first_name": "زهرا",
        "last_name": "صفوی‌نیا",
        "national_code_masked": "001*****53",
        "province": "isfahan",
        "licence": LICENCE,
        "paid_through": 1404,
        "has_own_password": False,
    }
    return answers.MemberCard.model_validate(content | changes)


def lines() -> tuple[answers.CapacityLine, ...]:
    """The ledger of docs/domain.md 7.1's worked example: 720 - 240 - 150 = 330 P."""
    common = {"effective_at": NOW - timedelta(minutes=3)}
    grant = {
        "kind": "grant",
        "units": 72000,
        "rule": "1405 ceilings.grade_2.extraction",
        "source": "payment",
        "position": 12,
    }
    work = {
        "kind": "use",
        "units": -24000,
        "rule": "1405 deductions.person_month.3",
        "source": "renewal",
        "position": 7,
    }
    mine = {
        "kind": "use", "units": -15000, "rule": "1405 deductions.mine_technical_manager.4", "source": "renewal",
        "position": 7, "field": LicenceField.EXTRACTION, "job": JOB.job,
    }  # fmt: skip
    return tuple(answers.CapacityLine.model_validate(line | common) for line in (grant, work, mine))
