"""Answers with character, for the command line to show."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from shared.contract.auth import answers as auth_answers
from shared.contract.capacity import answers as capacity_answers
from shared.contract.payment import answers as payment_answers
from shared.contract.renewal import answers as renewal_answers
from shared.contract.renewal.declaration import Declaration, DeclaredJob, Discipline, Education
from shared.contract.values import (
    Employment,
    EmploymentStatus,
    InvoiceLine,
    Job,
    JobKind,
    Licence,
    LicenceField,
    MemberClass,
)

MEMBER = "0123456"
OTHER = "0099001"
GRADE_2 = Licence(member_class=MemberClass.GRADE_2, fields=(LicenceField.EXTRACTION,), expires_on=date(2027, 3, 20))
NAMES = auth_answers.MemberNames(names={MEMBER: "زهرا رضایی", OTHER: "[bold]Reza[/] \x1b[31mAhmadi"})
WORK = EmploymentStatus.PRIVATE_FULL_TIME
MINE = DeclaredJob(
    kind=JobKind.MINE_TECHNICAL_MANAGER,
    degree=4,
    field=LicenceField.EXTRACTION,
    quantity=Decimal(1),
    starts_on=date(2026, 9, 23),
    ends_on=date(2027, 3, 20),
    title="معدن سنگ آهن",
    client="شرکت نمونه",
    province="isfahan",
)
DECLARATION = Declaration(
    mobile="09131234567",
    province="isfahan",
    city="اصفهان",
    address="خیابان چهارباغ، پلاک ۱۲",
    postal_code="8144716999",
    education=Education.MASTER,
    discipline=Discipline.MINING,
    employment=Employment(status=WORK, province="isfahan", from_on=date(2026, 3, 21)),
    employer="شرکت نمونه",
    jobs=(MINE,),
    truth_ack=True,
)
SUBMITTED = renewal_answers.Renewal(
    member=MEMBER,
    year=1405,
    province="isfahan",
    licence=GRADE_2,
    status="submitted",
    tracking_code="TM-1405-7K2Q",
    requested_at=datetime(2026, 10, 7, 5, 0, tzinfo=UTC),
    submitted_at=datetime(2026, 10, 7, 5, 30, tzinfo=UTC),
    review_due_at=datetime(2026, 10, 7, 9, 30, tzinfo=UTC),
)
DECLARED = SUBMITTED.model_copy(
    update={
        "declarations": (
            renewal_answers.DeclarationOnFile(version=1, submitted_at=SUBMITTED.requested_at, form=DECLARATION),
            renewal_answers.DeclarationOnFile(version=2, submitted_at=SUBMITTED.requested_at, form=DECLARATION),
        ),
        "decisions": (
            renewal_answers.Decision(
                outcome="returned",
                by="officer:maryam",
                at=datetime(2026, 10, 7, 5, 15, tzinfo=UTC),
                reason="نشانی کامل نیست؛ کد پستی را بنویسید.",
            ),
        ),
    }
)
APPROVED = DECLARED.model_copy(update={"status": "approved"})
SETTLED = payment_answers.Invoice(
    member=MEMBER,
    year=1405,
    province="isfahan",
    lines=(InvoiceLine(year=1405, member_class=MemberClass.GRADE_2, amount_rials=9_000_000),),
    amount_rials=9_000_000,
    status="settled",
    issued_at=datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
    payable_until=datetime(2026, 11, 6, 9, 0, tzinfo=UTC),
    settled_at=datetime(2026, 10, 7, 20, 29, tzinfo=UTC),
    bank_reference="201",
    card_mask="621986****8080",
)
CONFIRMED = SETTLED.model_copy(update={"status": "confirmed"})
CAPACITY = capacity_answers.Capacity(
    member=MEMBER,
    year=1405,
    province="isfahan",
    status="active",
    ceiling_units=72_000,
    used_units=39_025,
    remaining_units=32_975,
    valid_until=date(2027, 3, 20),
    warnings=("over_ceiling",),
    updated_at=datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
)
EXPLANATION = capacity_answers.Explanation(
    capacity=CAPACITY,
    lines=(
        capacity_answers.CapacityLine(
            kind="grant",
            units=72_000,
            field=LicenceField.EXTRACTION,
            rule="1405 ceilings.grade_2.extraction",
            source="payment",
            position=17,
            effective_at=datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
        ),
        capacity_answers.CapacityLine(
            kind="use",
            units=-15_000,
            field=LicenceField.EXTRACTION,
            job=Job.model_validate({name: getattr(MINE, name) for name in Job.model_fields}),
            rule="1405 deductions.mine_technical_manager.4",
            source="renewal",
            position=8,
            effective_at=datetime(2026, 10, 7, 9, 0, tzinfo=UTC),
        ),
    ),
)
CARD = auth_answers.MemberCard(
    member=MEMBER,
    first_name="زهرا",
    last_name="رضایی",
    national_code_masked="127*****87",
    province="isfahan",
    licence=GRADE_2,
    paid_through=1404,
    has_own_password=False,
)
CAPTCHA = auth_answers.Captcha(
    captcha_id=UUID(int=7), image_png="iVBORw0KGgo=", expires_at=datetime(2026, 10, 7, 11, 5, tzinfo=UTC)
)
